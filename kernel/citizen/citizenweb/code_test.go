package citizenweb

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"weizheng/part"
	"weizheng/platform/db"
	"weizheng/wechat"
)

// asks plays somebody who says something in the chat of an account; the answer's effect is committed as the gateway does.
func (h *house) asks(account int64, slug, openid, words string) (answer string, took bool) {
	h.t.Helper()
	a, took, err := h.part.Responders[1].Offer(h.t.Context(), part.In{
		Account: part.Account{ID: account, Slug: slug}, Text: words, Person: h.citizens.Person(account, openid), Now: h.civil.Now(),
		Message: &wechat.Message{MsgType: "text", FromUserName: openid, Content: words},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if a.Effect != nil {
		if err := h.db.Write(h.t.Context(), func(tx *db.Tx) error { return a.Effect(h.t.Context(), tx, 1) }); err != nil {
			h.t.Fatal(err)
		}
	}
	if took && !strings.HasSuffix(a.Source, part.SourceSecret) {
		h.t.Errorf("the answer of %q would be kept readable", a.Source)
	}
	said, _ := a.Reply.(wechat.Text)
	return said.Content, took
}

var sixDigitsSaid = regexp.MustCompile(`[0-9]{6}`)

func (h *house) code(account int64, slug, openid string) string {
	h.t.Helper()
	said, _ := h.asks(account, slug, openid, "登录。")
	code := sixDigitsSaid.FindString(said)
	if code == "" || !strings.Contains(said, "5 分钟") {
		h.t.Fatalf("the chat says %q", said)
	}
	return code
}

func TestTheWordGivesACodeWhereWeChatTellsNobody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		for _, words := range []string{"", "登", "登录不了", "怎么登录", strings.Repeat("登录", 20)} {
			if _, took := h.asks(h.office, "jiaojing", canary+"1", words); took {
				t.Errorf("%q was taken", words)
			}
		}
		if _, took := h.asks(h.city, "qingyun", canary+"1", "登录"); took {
			t.Error("an account that can authorise gave a code")
		}
		for range 5 {
			h.code(h.office, "jiaojing", canary+"1")
		}
		if said, took := h.asks(h.office, "jiaojing", canary+"1", " 登录！"); !took || !strings.Contains(said, "太勤") || sixDigitsSaid.MatchString(said) {
			t.Errorf("the sixth time: %q", said)
		}
		h.code(h.office, "jiaojing", canary+"2")
	})
}

func TestACodeOpensThePagesOfAnAccountWithoutAuthorisation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		b := h.browser()
		_, to, _ := b.page("/c/jiaojing/me")
		status, to, _ := b.page(to)
		if want := "/c/jiaojing/code?return=%2Fc%2Fjiaojing%2Fme"; status != 302 || to != want {
			t.Fatalf("without an identity account: %d %q, want %q", status, to, want)
		}
		status, _, body := b.page(to)
		for _, want := range []string{"发送“登录”", "六位口令", `autocomplete="one-time-code"`, "5 分钟内有效"} {
			if status != 200 || !strings.Contains(body, want) {
				t.Errorf("%d, no %q in the page", status, want)
			}
		}
		if status, _, body := b.submit(to, url.Values{"code": {"000000"}}); status != 422 || !strings.Contains(body, "口令不对") {
			t.Errorf("a wrong code: %d", status)
		}
		if status, _, body := h.browser().submitBlind("/c/jiaojing/code", url.Values{"code": {"000000"}}); status != 409 || !strings.Contains(body, "请重新打开") {
			t.Errorf("a browser without a cookie: %d", status)
		}
		code := h.code(h.office, "jiaojing", canary+"1")
		if status, to, _ = b.submit(to, url.Values{"code": {code}}); status != 303 || to != "/c/jiaojing/me" {
			t.Fatalf("the right code: %d %q", status, to)
		}
		r, err := h.citizens.ByPerson(t.Context(), h.db, h.office, h.citizens.Person(h.office, canary+"1"))
		if err != nil {
			t.Fatal(err)
		}
		if status, _, body := b.page("/c/jiaojing/me"); status != 200 || !strings.Contains(body, h.citizens.Number(r.ID)) {
			t.Errorf("inside: %d, not the follower's page", status)
		}
		if status, _, _ := h.browser().submit("/c/jiaojing/code", url.Values{"code": {code}}); status != 422 {
			t.Errorf("the same code again: %d", status)
		}
		last := 0
		for range 6 {
			last, _, body = b.submit("/c/jiaojing/code?return=https://evil.example/", url.Values{"code": {"123123"}})
		}
		if last != 429 || !strings.Contains(body, "错的次数太多") {
			t.Errorf("guessing on: %d", last)
		}
		if status, to, _ := b.page("/c/qingyun/code?return=/c/qingyun/me/data"); status != 302 || to != "/c/qingyun/oauth?return=%2Fc%2Fqingyun%2Fme%2Fdata" {
			t.Errorf("an account that can authorise: %d %q", status, to)
		}
	})
}

func TestACodeJoinsWhomTheIdentityAccountBrought(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		a, err := h.accounts.Known(t.Context(), h.city)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.accounts.SetIdentity(t.Context(), h.city, a.Version); err != nil {
			t.Fatal(err)
		}
		city := h.follow(h.city, canary+"1")
		b := h.browser()
		_, to, _ := b.page("/c/jiaojing/me")
		_, to, _ = b.page(to)
		status, to, _ := b.page(b.authorise(to, canary+"1", 0))
		if status != 303 || !strings.HasPrefix(to, "/c/jiaojing/code?return=") {
			t.Fatalf("known, but not here: %d %q", status, to)
		}
		if status, _, body := b.page("/c/jiaojing/me"); status != 200 || !strings.Contains(body, "还没有关注") {
			t.Errorf("they may go on without: %d", status)
		}
		if status, to, _ = b.submit(to, url.Values{"code": {h.code(h.office, "jiaojing", canary+"2")}}); status != 303 {
			t.Fatalf("the code: %d %q", status, to)
		}
		r, err := h.citizens.ByPerson(t.Context(), h.db, h.office, h.citizens.Person(h.office, canary+"2"))
		if err != nil {
			t.Fatal(err)
		}
		f, err := h.citizens.Get(t.Context(), h.db, city)
		if err != nil || f.Citizen != r.Citizen {
			t.Errorf("not one person: %d and %d, %v", f.Citizen, r.Citizen, err)
		}

		// From now on the identity account is enough.
		b = h.browser()
		_, to, _ = b.page("/c/jiaojing/me")
		_, to, _ = b.page(to)
		if status, to, _ = b.page(b.authorise(to, canary+"1", 0)); status != 303 || to != "/c/jiaojing/me" {
			t.Errorf("the next time: %d %q", status, to)
		}
	})
}

// submitBlind sends a form without having been shown it.
func (b *browser) submitBlind(path string, values url.Values) (int, string, string) {
	b.h.t.Helper()
	values.Set("_token", strings.Repeat("t", 32))
	status, header, body := b.do("POST", path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
	return status, header.Get("Location"), body
}
