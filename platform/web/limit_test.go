package web

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"weizheng/platform/clock"
)

func TestTake(t *testing.T) {
	t.Parallel()
	wall := clock.NewCivil(clock.Wall{}, 0)
	l := newLimiter(wall, map[Limit]Allowance{"login": {Rate: 0.5, Burst: 2}, "off": {Rate: 0}})
	for i, want := range []bool{true, true, false, false} {
		if wait, ok := l.take("login", "a"); ok != want || (!ok && (wait <= 0 || wait > 2*time.Second)) {
			t.Errorf("%d: %v %v", i, ok, wait)
		}
	}
	if _, ok := l.take("login", "b"); !ok {
		t.Error("another key is held up")
	}
	if err := wall.SetOffset(2 * time.Second); err != nil {
		t.Fatal(err)
	}
	if _, ok := l.take("login", "a"); !ok {
		t.Error("no token after the time that was told")
	}
	for range 1000 {
		if _, ok := l.take("off", "a"); !ok {
			t.Fatal("a rate of 0 is no limit")
		}
		if _, ok := l.take("unknown", "a"); !ok {
			t.Fatal("an unknown row is no limit")
		}
	}
}

func TestBucketsAreBounded(t *testing.T) {
	t.Parallel()
	l := newLimiter(clock.Wall{}, map[Limit]Allowance{"address": {Rate: 0.001, Burst: 1}})
	l.take("address", "first")
	for i := range bucketsKept - 1 {
		l.take("address", strconv.Itoa(i))
	}
	if _, ok := l.take("address", "first"); ok {
		t.Error("a bucket in use was forgotten")
	}
	for i := range bucketsKept {
		l.take("address", "more "+strconv.Itoa(i))
	}
	if n := len(l.buckets); n != bucketsKept || l.recent.Len() != n {
		t.Errorf("%d buckets", n)
	}
	if _, ok := l.take("address", "first"); !ok {
		t.Error("the oldest bucket was kept")
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	routes := []Route{ticketRoute(), Raw(Public, "GET", "/page", Anyone, nil, nothing), Raw(Callback, "POST", "/wx/{account}", Anyone, nil, nothing),
		Raw(Citizen, "GET", "/c/{account}/page", Anyone, nil, nothing), Raw(Public, "POST", "/login", Anyone, nil, nothing).Limited(LimitLogin)}
	files, err := Files(Console, "/console/", fstest.MapFS{"index.html": {Data: []byte("应用")}}, "index.html")
	if err != nil {
		t.Fatal(err)
	}
	routes = append(routes, files)
	tight := func(limits ...Limit) func(*Config) {
		return func(c *Config) {
			c.Limits = map[Limit]Allowance{}
			for _, l := range limits {
				c.Limits[l] = Allowance{Rate: 0.01, Burst: 3}
			}
		}
	}
	rows := []struct {
		label        string
		limit        Limit
		method, path string
		staff        int64
		refused      bool
	}{
		{"pages per address", LimitAddress, "GET", "/page", 0, true},
		{"console per address", LimitConsoleAddress, "GET", "/console/api/tickets/40", 0, true},
		{"console per session", LimitStaff, "GET", "/console/api/tickets/40", 1, true},
		{"a row for one route", LimitLogin, "POST", "/login", 0, true},
		{"files of the console are everybody's", LimitConsoleAddress, "GET", "/console/", 0, false},
		{"nor are they counted for whoever is logged in", LimitStaff, "GET", "/console/", 1, false},
		{"callbacks never", LimitAddress, "POST", "/wx/zw", 0, false},
		{"other rows do not count", LimitLogin, "GET", "/page", 0, false},
		{"strangers have no bucket of their own", LimitCitizen, "GET", "/c/zw/page", 0, false},
	}
	for _, row := range rows {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			h := open(t, routes, tight(row.limit))
			b := h.browser(t)
			if row.staff != 0 {
				b.login(row.staff)
			}
			last := 0
			for range 5 {
				w := b.do(row.method, row.path, "")
				last = w.Code
				if last == 429 && (w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "秒后再试")) {
					t.Errorf("429 without a time: %v %s", w.Header(), w.Body)
				}
			}
			if (last == 429) != row.refused {
				t.Errorf("the fifth got %d", last)
			}
			other := h.browser(t)
			other.address = "198.51.100.1:1"
			if w := other.do(row.method, row.path, ""); w.Code == 429 {
				t.Errorf("another address got %d", w.Code)
			}
		})
	}
}

func TestDefaultLimitsNameEveryRow(t *testing.T) {
	t.Parallel()
	table := DefaultLimits()
	for face, rule := range faceRules {
		for _, l := range []Limit{rule.byAddress, rule.byActor} {
			if a, ok := table[l]; l != "" && (!ok || a.Rate <= 0 || a.Burst <= 0) {
				t.Error(fmt.Sprint(face), "names", l, "which the table lacks")
			}
		}
	}
}
