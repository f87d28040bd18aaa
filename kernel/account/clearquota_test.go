package account

import (
	"testing"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// TestClearQuota: what was used up may be called at once after an administrator cleared it, on every replica; WeChat's
// refusal to clear changes nothing.
func TestClearQuota(t *testing.T) {
	t.Parallel()
	const path, clear = "/cgi-bin/getcallbackip", "/cgi-bin/clear_quota/v2"
	each(t, func(t *testing.T, b *bench) {
		a := b.register(t)
		b.wx.set(path, refusal(45009, "reach max api daily quota limit"))
		call := func() error { _, err := b.client(t, a.ID).CallbackIPs(t.Context()); return err }
		if err := call(); !errs.Is(err, errs.Exhausted) {
			t.Fatalf("used up: %v", err)
		}
		if err := b.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.wx.set(path, map[string]any{"ip_list": []string{"127.0.0.1"}})
		b.wx.set(clear, refusal(48006, "forbid to clear quota because of reaching the limit"))
		if err := b.ClearQuota(t.Context(), a.ID); !errs.Is(err, errs.Exhausted) {
			t.Errorf("ten were used this month: %v", err)
		}
		if n := b.count(t, `select count(*) from account_spent`); n != 1 {
			t.Errorf("%d calls are known as used up", n)
		}
		b.wx.set(clear, map[string]any{"errcode": 0, "errmsg": "ok"})
		if err := b.ClearQuota(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
		if n := b.count(t, `select count(*) from account_spent`); n != 0 {
			t.Errorf("%d calls are still known as used up", n)
		}
		if err := call(); err != nil {
			t.Errorf("after clearing: %v", err)
		}
		if err := b.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		list, err := b.Quota(t.Context(), a.ID, clock.Day(b.civil.Now()))
		for _, u := range list {
			if u.Path == path && u.Calls != 1 {
				t.Errorf("counted %d calls since", u.Calls)
			}
		}
		if err != nil {
			t.Error(err)
		}
	})
}
