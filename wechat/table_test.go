package wechat

import (
	"strings"
	"testing"

	"weizheng/platform/errs"
)

func TestEndpointsAreWellFormed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, e := range Endpoints() {
		if seen[e.Path] {
			t.Errorf("%s stands twice", e.Path)
		}
		seen[e.Path] = true
		if !strings.HasPrefix(e.Path, "/") || strings.ContainsAny(e.Path, "? ") {
			t.Errorf("path %q", e.Path)
		}
		if e.Method != "GET" && e.Method != "POST" {
			t.Errorf("%s: method %q", e.Path, e.Method)
		}
		if e.Purpose == "" || e.Host == "" || e.Auth == "" || e.Subscription == "" || e.Service == "" {
			t.Errorf("%s lacks something: %+v", e.Path, e)
		}
		found, ok := EndpointOf(e.Path)
		if !ok || found != e {
			t.Errorf("EndpointOf(%s) = %+v", e.Path, found)
		}
	}
	if len(seen) < 150 {
		t.Errorf("only %d endpoints", len(seen))
	}
	if _, ok := EndpointOf("/cgi-bin/none"); ok {
		t.Error("found what is not there")
	}
}

// TestEndpointFacts spells out rows that cost something when they are wrong.
func TestEndpointFacts(t *testing.T) {
	t.Parallel()
	rows := []struct {
		path         string
		method       string
		subscription Right
		service      Right
		daily        int
		idempotent   bool
	}{
		{"/cgi-bin/token", "GET", Any, Any, 2000, false},
		{"/cgi-bin/stable_token", "POST", Any, Any, 500_000, true},
		{"/cgi-bin/menu/create", "POST", Verified, Verified, 1000, true},
		{"/cgi-bin/user/get", "GET", Verified, Verified, 500, true},
		{"/cgi-bin/qrcode/create", "POST", Never, Verified, 100_000, true},
		{"/cgi-bin/message/custom/send", "POST", Verified, Verified, 500_000, false},
		{"/cgi-bin/message/mass/sendall", "POST", Verified, Verified, 0, false},
		{"/cgi-bin/message/mass/send", "POST", Never, Verified, 0, false},
		{"/cgi-bin/message/template/send", "POST", Never, Verified, 100_000, false},
		{"/cgi-bin/message/subscribe/bizsend", "POST", Never, Verified, 0, false},
		{"/cgi-bin/freepublish/submit", "POST", Verified, Verified, 100, false},
		{"/cgi-bin/draft/add", "POST", Any, Any, 1000, false},
		{"/cgi-bin/media/get", "GET", Any, Any, 200_000, true},
		{"/sns/oauth2/access_token", "GET", Never, Verified, 0, false},
		{"/cgi-bin/ticket/getticket", "GET", Any, Any, 1_000_000, true},
		{"/v3/pay/transactions/jsapi", "POST", Verified, Verified, 0, true},
		{"/v3/pay/transactions/out-trade-no/{out_trade_no}/close", "POST", Verified, Verified, 0, false},
		{"/v3/refund/domestic/refunds", "POST", Verified, Verified, 0, true},
	}
	for _, row := range rows {
		e, ok := EndpointOf(row.path)
		if !ok {
			t.Errorf("%s is missing", row.path)
			continue
		}
		if e.Method != row.method || e.Subscription != row.subscription || e.Service != row.service || e.Daily != row.daily || e.Idempotent != row.idempotent {
			t.Errorf("%+v, want %+v", e, row)
		}
	}
}

func TestAllows(t *testing.T) {
	t.Parallel()
	menu, _ := EndpointOf("/cgi-bin/menu/create")
	qr, _ := EndpointOf("/cgi-bin/qrcode/create")
	token, _ := EndpointOf("/cgi-bin/token")
	rows := []struct {
		e        Endpoint
		kind     Kind
		verified bool
		want     bool
	}{
		{menu, Subscription, true, true}, {menu, Subscription, false, false}, {menu, Service, true, true}, {menu, Service, false, false},
		{qr, Subscription, true, false}, {qr, Service, true, true}, {qr, Service, false, false},
		{token, Subscription, false, true},
	}
	for _, row := range rows {
		if got := row.e.Allows(row.kind, row.verified); got != row.want {
			t.Errorf("%s for %s, verified %v: %v", row.e.Path, row.kind, row.verified, got)
		}
	}
}

func TestEndpointsCannotBeChanged(t *testing.T) {
	t.Parallel()
	Endpoints()[0].Path = "/changed"
	if _, ok := EndpointOf("/changed"); ok || Endpoints()[0].Path == "/changed" {
		t.Error("the table changed")
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	rows := []struct {
		code   Code
		kind   errs.Kind
		action Action
	}{
		{-1, errs.Busy, ActRetry}, {268487001, errs.Busy, ActRetry},
		{40001, errs.Unavailable, ActRefreshToken}, {40014, errs.Unavailable, ActRefreshToken}, {42001, errs.Unavailable, ActRefreshToken},
		{40013, errs.Refused, ActFixConfig}, {40125, errs.Refused, ActFixConfig}, {41002, errs.Refused, ActFixConfig}, {41004, errs.Refused, ActFixConfig},
		{40164, errs.Refused, ActAllowIP}, {89503, errs.Refused, ActAwaitAdmin}, {40243, errs.Refused, ActSuspend}, {50007, errs.Refused, ActSuspend},
		{40003, errs.Refused, ActDropFollower}, {43004, errs.Refused, ActDropFollower}, {43019, errs.Refused, ActDropChannel}, {43101, errs.Refused, ActDropChannel},
		{45015, errs.Refused, ActOtherChannel}, {45047, errs.Exhausted, ActOtherChannel},
		{45009, errs.Exhausted, ActStopPath}, {45011, errs.Busy, ActBackOff}, {42010, errs.Busy, ActBackOff}, {45066, errs.Busy, ActBackOff},
		{45028, errs.Exhausted, ActEndPeriod}, {45065, errs.Conflict, ActAdopt},
		{48001, errs.Refused, ActHideCapability}, {48008, errs.Refused, ActHideCapability}, {61007, errs.Refused, ActHideCapability},
		{48004, errs.Refused, ActAlert}, {48006, errs.Exhausted, ActAlert},
		{40007, errs.Invalid, ActRenewMedia}, {45002, errs.Invalid, ActFixContent},
		{40029, errs.Refused, ActRestartOAuth}, {40163, errs.Refused, ActRestartOAuth}, {42003, errs.Refused, ActRestartOAuth},
		{42002, errs.Refused, ActReauthorise}, {42007, errs.Refused, ActReauthorise}, {40030, errs.Refused, ActReauthorise},
		{40018, errs.Invalid, ActFixMenu}, {65317, errs.Invalid, ActFixMenu}, {40055, errs.Invalid, ActFixMenu},
		{47001, errs.Internal, ActFixRequest}, {47003, errs.Invalid, ActFixTemplate},
		{61501, errs.Internal, ActSplit}, {61503, errs.Unavailable, ActWaitData}, {88000, errs.Refused, ActShow}, {53504, errs.Refused, ActShow},
		{123456, errs.Refused, ActShow},
	}
	for _, row := range rows {
		if row.code.Kind() != row.kind || row.code.Action() != row.action {
			t.Errorf("%d: %v %s", row.code, row.code.Kind(), row.code.Action())
		}
		if row.code.Known() == (row.code == 123456) {
			t.Errorf("%d known: %v", row.code, row.code.Known())
		}
	}
	for _, c := range Codes() {
		if c.Meaning() == "" || !strings.ContainsFunc(c.Meaning(), func(r rune) bool { return r >= 0x4E00 }) {
			t.Errorf("%d has no Chinese meaning: %q", c, c.Meaning())
		}
		if c != 0 && c.Action() == ActNone {
			t.Errorf("%d has no action", c)
		}
	}
	if got := Code(123456).Meaning(); !strings.Contains(got, "123456") {
		t.Errorf("unknown code reads %q", got)
	}
}
