package client

import (
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

func TestDailyQuotaRestsUntilMidnight(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answers("/cgi-bin/tags/get", `{"errcode":45009,"errmsg":"reach max api daily quota limit"}`, `{"tags":[]}`)
	f.answers("/cgi-bin/user/get", `{"total":0,"count":0}`)
	civil := &setClock{now: time.Date(2026, 11, 20, 23, 59, 0, 0, clock.Zone)}
	cfg := f.config()
	cfg.Civil = civil
	var heard []Call
	cfg.Observe = func(c Call) { heard = append(heard, c) }
	c := New(cfg)
	for i := range 3 {
		_, err := c.Tags(short(t))
		if CodeOf(err) != 45009 || !errs.Is(err, errs.Exhausted) {
			t.Fatal(err)
		}
		if heard[i].Local != (i > 0) || heard[i].Code != 45009 {
			t.Errorf("try %d was heard as %+v", i, heard[i])
		}
	}
	if n := len(f.calls("/cgi-bin/tags/get")); n != 1 {
		t.Errorf("WeChat was asked %d times", n)
	}
	if _, err := c.Users(short(t), ""); err != nil {
		t.Errorf("another path rests too: %v", err)
	}
	if _, err := New(cfg).Tags(short(t)); err != nil {
		t.Errorf("another account's client rests too: %v", err)
	}
	civil.move(time.Minute)
	if _, err := c.Tags(short(t)); err != nil {
		t.Errorf("on the next day: %v", err)
	}
}

func TestQuotaLiftsTheRest(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answers("/cgi-bin/tags/get", `{"errcode":45009}`, `{"tags":[]}`)
	f.answers("/cgi-bin/openapi/quota/get", `{"quota":{"daily_limit":1000,"used":1000,"remain":0}}`, `{"quota":{"daily_limit":1000,"used":0,"remain":1000}}`)
	c := f.client()
	for _, want := range []int{45009, 45009, 0} {
		if _, err := c.Tags(short(t)); CodeOf(err) != want {
			t.Errorf("%v, want %d", err, want)
		}
		if _, err := c.Quota(short(t), "/cgi-bin/tags/get"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMinuteQuotaBacksOff(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answers("/cgi-bin/tags/get", `{"errcode":45011}`, `{"tags":[]}`)
	wall := &setClock{now: time.Unix(1_700_000_000, 0)}
	cfg := f.config()
	cfg.Wall = wall
	c := New(cfg)
	for _, step := range []struct {
		move time.Duration
		code int
		sent int
	}{{0, 45011, 1}, {0, 45011, 1}, {rests[45011] - time.Second, 45011, 1}, {time.Second, 0, 2}} {
		wall.move(step.move)
		_, err := c.Tags(short(t))
		if CodeOf(err) != step.code || len(f.calls("/cgi-bin/tags/get")) != step.sent {
			t.Errorf("after %v: %v, %d sent", step.move, err, len(f.calls("/cgi-bin/tags/get")))
		}
		if step.code != 0 && !errs.KindOf(err).Retry() {
			t.Errorf("a job should try again: %v", err)
		}
	}
}

func TestOwnLimit(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answers("/cgi-bin/tags/get", `{"tags":[]}`)
	wall := &setClock{now: time.Unix(1_700_000_000, 0)}
	cfg := f.config()
	cfg.Wall = wall
	cfg.Limit = func(path string) int { return 2 }
	c := New(cfg)
	for i, want := range []int{0, 0, 45011} {
		if _, err := c.Tags(short(t)); CodeOf(err) != want {
			t.Errorf("call %d: %v", i, err)
		}
	}
	wall.move(30 * time.Second)
	if _, err := c.Tags(short(t)); err != nil {
		t.Error(err)
	}
	if n := len(f.calls("/cgi-bin/tags/get")); n != 3 {
		t.Errorf("%d sent", n)
	}
}
