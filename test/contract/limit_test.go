package contract

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
	"weizheng/wechat/sandbox"
)

// TestTagOfTooMany: a tag of more than a hundred thousand followers cannot be deleted.
func TestTagOfTooMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const most = 100_000
	citizens, follows := make([]sandbox.Citizen, most+1), make([]sandbox.Follow, most+1)
	for i := range citizens {
		citizens[i] = sandbox.Citizen{ID: fmt.Sprintf("p%06d", i), Name: "市民"}
		follows[i] = sandbox.Follow{Account: main, Citizen: citizens[i].ID, At: w.wall.Now()}
	}
	if err := w.box.SeedCitizens(w.ctx, citizens); err != nil {
		t.Fatal(err)
	}
	if err := w.box.SeedFollows(w.ctx, follows); err != nil {
		t.Fatal(err)
	}
	c, tag := w.client(main), w.makeTag(main)
	if err := w.box.SeedTag(w.ctx, main, int64(tag)); err != nil {
		t.Fatal(err)
	}
	tags, err := c.Tags(w.ctx)
	if err != nil || tags[1].Count != most+1 {
		t.Fatalf("%+v %v", tags, err)
	}
	err = c.DeleteTag(w.ctx, tag)
	if client.CodeOf(err) != 45057 || !errs.Is(err, errs.Refused) || client.ActionOf(err) != wechat.ActShow {
		t.Errorf("%d followers: %v", most+1, err)
	}
	w.wantCode("one less", c.UntagUsers(w.ctx, tag, []string{w.openid(main, "p000000")}), 0)
	w.wantCode("a hundred thousand", c.DeleteTag(w.ctx, tag), 0)
	if u, err := c.User(w.ctx, w.openid(main, "p100000")); err != nil || len(u.Tags) != 0 {
		t.Errorf("%+v %v", u, err)
	}
}

// TestStableTokenMinute really makes ten thousand calls in a minute, past any client.
func TestStableTokenMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.account(main)
	body := fmt.Sprintf(`{"grant_type":"client_credential","appid":%q,"secret":%q}`, a.AppID, a.Secret)
	call := func() wechat.Code {
		_, content := w.exchange(http.MethodPost, "http://"+boxHost+"/cgi-bin/stable_token", strings.NewReader(body), nil)
		code, _ := w.asObject(content)["errcode"].(float64)
		return wechat.Code(code)
	}
	for n := range 10_000 {
		if code := call(); code != 0 {
			t.Fatalf("call %d: %d", n+1, code)
		}
	}
	if code := call(); code != 45011 {
		t.Errorf("the 10 001st: %d", code)
	}
	w.wall.pass(time.Minute)
	if code := call(); code != 0 {
		t.Errorf("the next minute: %d", code)
	}
	q, err := w.client(main).Quota(w.ctx, "/cgi-bin/stable_token")
	if err != nil || q.Used != 10_002 { // with the client's own, without the refused one
		t.Errorf("%+v %v", q, err)
	}
}

// TestClientSlowsItself: the client does not even send what is beyond the minute's allowance of the table.
func TestClientSlowsItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cfg := w.config(main)
	cfg.Limit = func(string) int { return 2 }
	c := client.New(cfg)
	for range 2 {
		_, err := c.CallbackIPs(w.ctx)
		w.wantCode("two a minute", err, 0)
	}
	_, err := c.CallbackIPs(w.ctx)
	e, ok := errors.AsType[*client.Error](err)
	if !ok || e.Code != 45011 || !e.Local || !errs.Is(err, errs.Busy) || w.calls("/cgi-bin/getcallbackip") != 2 {
		t.Errorf("%v", err)
	}
	w.wall.pass(30 * time.Second)
	_, err = c.CallbackIPs(w.ctx)
	w.wantCode("half a minute later", err, 0)
}
