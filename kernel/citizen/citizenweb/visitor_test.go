package citizenweb

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"weizheng/part"
	"weizheng/platform/errs"
)

func ref(kind string, id int64) part.Ref { return part.Ref{Kind: kind, ID: id} }

// authorise plays WeChat's page: it follows a redirect there and comes back with a code for the openid.
func (b *browser) authorise(location, openid string, snapshot int) string {
	b.h.t.Helper()
	u, err := url.Parse(location)
	if err != nil || u.Host != "open.weixin.qq.com" {
		b.h.t.Fatalf("not sent to WeChat but to %q", location)
	}
	code := fmt.Sprintf("code-%d", time.Now().UnixNano())
	b.h.mu.Lock()
	b.h.codes[code] = fmt.Sprintf(`{"access_token":"U","expires_in":7200,"openid":%q,"is_snapshotuser":%d}`, openid, snapshot)
	b.h.mu.Unlock()
	back, err := url.Parse(u.Query().Get("redirect_uri"))
	if err != nil {
		b.h.t.Fatal(err)
	}
	return back.Path + "?" + url.Values{"code": {code}, "state": {u.Query().Get("state")}}.Encode()
}

// login opens a page without a session and goes all the way round.
func (b *browser) login(page, openid string) {
	b.h.t.Helper()
	status, to, _ := b.page(page)
	if status != 302 || !strings.HasPrefix(to, "/c/qingyun/oauth?return=") {
		b.h.t.Fatalf("a page without a session: %d %q", status, to)
	}
	_, to, _ = b.page(to)
	if status, to, _ = b.page(b.authorise(to, openid, 0)); status != 303 || to != page {
		b.h.t.Fatalf("back from WeChat: %d %q", status, to)
	}
}

func TestMe(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		id := h.follow(h.city, canary+"1")
		b := h.browser()
		b.login("/c/qingyun/me", canary+"1")
		status, _, body := b.page("/c/qingyun/me")
		for _, want := range []string{"我的", h.citizens.Number(id), "起", "还没有办理记录", "大字版", "我的数据", "退出登录", "青云政务"} {
			if status != 200 || !strings.Contains(body, want) {
				t.Errorf("%d, no %q in the page", status, want)
			}
		}
		h.mu.Lock()
		h.items = []part.Line{{Title: "路灯不亮", Note: "办理中", URL: "/c/qingyun/ticket/1", AtMs: h.civil.Now().UnixMilli()}, {Title: "噪声", Note: "已超期", Mark: "bad"}}
		h.held = []part.Line{{Title: "联系电话", Note: "138****5678"}}
		h.mu.Unlock()
		_, _, body = b.page("/c/qingyun/me?elder=1")
		for _, want := range []string{"我的诉求", "路灯不亮", "办理中", "wz-mark_bad", `class="elder"`, "标准版"} {
			if !strings.Contains(body, want) {
				t.Errorf("no %q in the page", want)
			}
		}
		_, _, body = b.page("/c/qingyun/me/data")
		for _, want := range []string{"关注与身份", "关注时间", "诉求", "138****5678", "清除我的数据"} {
			if !strings.Contains(body, want) {
				t.Errorf("no %q among the data", want)
			}
		}
		if strings.Contains(body, "还没有办理记录") {
			t.Error("there are records")
		}
		// A session belongs to one account: in another's pages they log in anew.
		if status, to, _ := b.page("/c/jiaojing/me"); status != 302 || !strings.HasPrefix(to, "/c/jiaojing/oauth") {
			t.Errorf("another account: %d %q", status, to)
		}
		if status, _, _ := b.page("/c/nobody/oauth"); status != 404 {
			t.Errorf("an unknown account: %d", status)
		}
	})
}

var hidden = regexp.MustCompile(`name="_token" value="([^"]+)"`)

// submit sends the form of a page.
func (b *browser) submit(path string, values url.Values) (int, string, string) {
	b.h.t.Helper()
	_, _, body := b.page(path)
	m := hidden.FindStringSubmatch(body)
	if m == nil {
		b.h.t.Fatalf("%s holds no form: %s", path, body)
	}
	values.Set("_token", m[1])
	status, header, answer := b.do("POST", path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
	return status, header.Get("Location"), answer
}

func TestLogout(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.follow(h.city, canary+"1")
		b := h.browser()
		b.login("/c/qingyun/me", canary+"1")
		if status, to, _ := b.submit("/c/qingyun/me/logout", url.Values{}); status != 303 || to != "/c/qingyun/out" {
			t.Fatalf("%d %q", status, to)
		}
		if status, _, body := b.page("/c/qingyun/out"); status != 200 || !strings.Contains(body, "已经退出") {
			t.Errorf("%d", status)
		}
		if status, to, _ := b.page("/c/qingyun/me"); status != 302 || !strings.Contains(to, "/oauth") {
			t.Errorf("still logged in: %d %q", status, to)
		}
	})
}

func TestEraseMe(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		id := h.follow(h.city, canary+"1")
		before, err := h.citizens.Get(t.Context(), h.db, id)
		if err != nil {
			t.Fatal(err)
		}
		one, other := h.browser(), h.browser()
		one.login("/c/qingyun/me", canary+"1")
		other.login("/c/qingyun/me", canary+"1")
		if status, _, body := one.submit("/c/qingyun/me/erase", url.Values{}); status != 422 || !strings.Contains(body, "请先勾选") {
			t.Errorf("without the tick: %d", status)
		}
		if status, to, _ := one.submit("/c/qingyun/me/erase", url.Values{"sure": {"1"}}); status != 303 || to != "/c/qingyun/erased" {
			t.Fatalf("%d %q", status, to)
		}
		if f, err := h.citizens.Get(t.Context(), h.db, id); err != nil || !f.Erased {
			t.Errorf("%+v %v", f, err)
		}
		if status, to, _ := other.page("/c/qingyun/me"); status != 302 || !strings.Contains(to, "/oauth") {
			t.Errorf("their other phone is logged in still: %d", status)
		}
		h.work()
		h.eventually("the other part erased too", func() bool {
			h.mu.Lock()
			defer h.mu.Unlock()
			return len(h.gone) == 2
		})
		for _, want := range []part.Ref{ref("citizen", before.Citizen), ref("follower", id)} {
			if h.gone[0] != want && h.gone[1] != want {
				t.Errorf("not told of %v: %v", want, h.gone)
			}
		}
		// Who comes again is somebody new.
		other.login("/c/qingyun/me", canary+"1")
		if _, _, body := other.page("/c/qingyun/me"); strings.Contains(body, h.citizens.Number(id)) {
			t.Error("known again")
		}
	})
}

func TestOAuthGoesWrong(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		b := h.browser()
		_, to, _ := b.page("/c/qingyun/oauth?return=/c/qingyun/me")
		back := b.authorise(to, canary+"1", 0)

		// A stolen address does not log another browser in, and one that was never sent off cannot use it up.
		if status, _, body := h.browser().page(back); status != 403 || !strings.Contains(body, "登录没有完成") {
			t.Errorf("another browser: %d", status)
		}
		if status, to, _ := b.page(back); status != 303 || to != "/c/qingyun/me" {
			t.Errorf("the browser that was sent off: %d %q", status, to)
		}
		if status, _, _ := b.page(back); status != 403 {
			t.Errorf("the address works once: %d", status)
		}

		// A snapshot is told how to go on.
		_, to, _ = b.page("/c/qingyun/oauth")
		if status, _, body := b.page(b.authorise(to, canary+"snap", 1)); status != 403 || !strings.Contains(body, "使用完整服务") {
			t.Errorf("snapshot: %d", status)
		}

		// A used code is sent round once more, and only once.
		_, to, _ = b.page("/c/qingyun/oauth")
		again := b.authorise(to, canary+"1", 0)
		h.mu.Lock()
		clear(h.codes)
		h.mu.Unlock()
		status, to, _ := b.page(again)
		if status != 302 || !strings.Contains(to, "open.weixin.qq.com") {
			t.Fatalf("not sent round: %d %q", status, to)
		}
		again = b.authorise(to, canary+"1", 0)
		h.mu.Lock()
		clear(h.codes)
		h.mu.Unlock()
		if status, _, body := b.page(again); status != 422 || !strings.Contains(body, "没有确认您的身份") {
			t.Errorf("a loop: %d", status)
		}

		// An account that cannot authorise, without an identity account.
		if status, to, _ := b.page("/c/jiaojing/oauth"); status != 302 || !strings.HasPrefix(to, "/c/jiaojing/code?") {
			t.Errorf("no authoriser: %d %q", status, to)
		}
		if status, _, _ := b.page("/c/qingyun/oauth?return=https://evil.example/"); status != 302 {
			t.Error("it begins all the same")
		}
	})
}

// TestForgetting: unsubscribe, the sweep when the time has come, every part erases, and the citizen goes when bare.
func TestForgetting(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label string
		held  []part.Line
		bare  bool
	}{{"nothing else held", nil, true}, {"a matter holds a contact", []part.Line{{Title: "联系电话"}}, false}} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, h *house) {
				id := h.follow(h.city, canary+"1")
				h.held = c.held
				f, err := h.citizens.Get(t.Context(), h.db, id)
				if err != nil {
					t.Fatal(err)
				}
				h.event(h.city, canary+"1", "unsubscribe")
				sweep := h.part.Sweeps[0].Run
				if n, err := sweep(t.Context(), h.civil.Now()); n != 0 || err != nil {
					t.Errorf("too early: %d %v", n, err)
				}
				if err := h.civil.SetOffset(15*24*time.Hour + time.Minute); err != nil {
					t.Fatal(err)
				}
				if n, err := sweep(t.Context(), h.civil.Now()); n != 1 || err != nil {
					t.Fatal(n, err)
				}
				h.work()
				h.eventually("the follower is forgotten", func() bool {
					f, err := h.citizens.Get(t.Context(), h.db, id)
					return err == nil && f.Erased
				})
				h.eventually("the citizen is erased exactly when bare", func() bool {
					_, err := h.citizens.DataKey(t.Context(), h.db, f.Citizen)
					return (errs.As(err).Key() == "citizen.erased") == c.bare
				})
				h.mu.Lock()
				defer h.mu.Unlock()
				if h.gone[0] != ref("follower", id) {
					t.Errorf("told %v", h.gone)
				}
			})
		})
	}
}
