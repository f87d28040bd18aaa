package accountweb

import (
	"strings"
	"testing"
	"time"

	"weizheng/part"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

func (h *house) health() []part.Finding {
	h.t.Helper()
	list, err := h.part.Health[0].Check(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

func TestHealth(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, id, _ := h.connect()
		one := "/accounts/" + number(id)
		if list := h.health(); len(list) != 0 {
			t.Errorf("never checked: %+v", list)
		}
		h.accounts.CallbackSeen(id)
		p.do(200, "POST", one+"/check", nil)
		if list := h.health(); len(list) != 0 {
			t.Errorf("all fine: %+v", list)
		}
		h.net.at(ours, "")
		p.do(200, "POST", one+"/check", nil)
		list := h.health()
		if len(list) != 1 {
			t.Fatalf("%+v", list)
		}
		f := list[0]
		if f.Name != "account.callback" || f.State != "fail" || f.Unit != h.path(h.city) || f.Title != "青云政务：微信的消息送不到这里：连接被拒绝" ||
			!strings.Contains(f.Detail, "自检）") || f.Next == "" {
			t.Errorf("%+v", f)
		}
		// A wrong secret shuts the account out; it is told once.
		h.wx.expect("another")
		p.do(200, "POST", one+"/check", nil)
		names := map[string]int{}
		for _, f := range h.health() {
			names[f.Name]++
			if strings.ContainsAny(f.Title+f.Detail+f.Next, "{}") {
				t.Errorf("%+v", f)
			}
		}
		if names["account.fault"] != 1 || names["account.callback"] != 1 || len(names) != 2 {
			t.Errorf("%v", names)
		}
		a := p.do(200, "GET", one, nil)
		if fault := a["fault"].(object); fault["code"] != 40125.0 || fault["meaning"] != "AppSecret 不正确" {
			t.Errorf("%v", fault)
		}
		p.do(200, "POST", one+"/suspend", object{"version": a["version"], "reason": "合并"})
		if list := h.health(); len(list) != 0 {
			t.Errorf("suspended on purpose: %+v", list)
		}
	})
}

// TestDueChecks: an account is checked by itself a minute after it was connected, once.
func TestDueChecks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		_, id, _ := h.connect()
		sweep := func() int {
			n, err := h.part.Sweeps[0].Run(t.Context(), h.civil.Now())
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := sweep(); n != 0 {
			t.Fatalf("%d due at once", n)
		}
		if err := h.wall.SetOffset(2 * time.Minute); err != nil {
			t.Fatal(err)
		}
		if n := sweep(); n != 1 {
			t.Fatalf("%d due", n)
		}
		sweep() // a second later nothing has run yet: the same work is not asked for twice
		if err := h.jobs.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		deadline := time.After(20 * time.Second)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			_, err := h.accounts.LastCheck(t.Context(), id)
			if err == nil {
				break
			}
			if !errs.Is(err, errs.NotFound) {
				t.Fatal(err)
			}
			select {
			case <-deadline:
				t.Fatal("not checked within 20 s")
			case <-tick.C:
			}
		}
		if n := sweep(); n != 0 {
			t.Errorf("%d due right after the check", n)
		}
		// What is not due any more is not done again.
		calls := h.wx.count("/cgi-bin/stable_token")
		due := dueChecks{Deps{Accounts: h.accounts}}
		if err := due.run(t.Context(), checkArgs{Account: id}, attempt); err != nil {
			t.Error(err)
		}
		if err := h.jobs.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if n := h.wx.count("/cgi-bin/stable_token"); n != calls || n != 1 {
			t.Errorf("WeChat was asked %d times for a token, want 1", n)
		}
	})
}

func TestCertify(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, id, _ := h.connect()
		hear := func(kind, event string) {
			err := h.db.Write(t.Context(), func(tx *db.Tx) error {
				return h.part.Subscriptions[0].Handle(t.Context(), tx, []part.Inbound{{ID: 1, Account: part.Account{ID: id},
					Message: &wechat.Message{MsgType: kind, Event: event, CreateTime: clock.Millis(h.civil.Now()) / 1000}}})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			kind, event string
			verified    bool
		}{
			{"event", "subscribe", true},
			{"text", "verify_expired", true},
			{"event", "verify_expired", false},
			{"event", "qualification_verify_fail", false},
			{"event", "qualification_verify_success", true},
		} {
			hear(c.kind, c.event)
			if a := p.do(200, "GET", "/accounts/"+number(id), nil); a["verified"] != c.verified {
				t.Errorf("after %s %s: verified is %v", c.kind, c.event, a["verified"])
			}
		}
	})
}
