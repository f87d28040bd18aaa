package world

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"weizheng/platform/db"
)

var (
	formToken = regexp.MustCompile(`name="_token" value="([^"]+)"`)
	sixDigits = regexp.MustCompile(`[0-9]{6}`)
)

// Page opens a page and follows where it leads; it returns the last address and the page.
func (b *Browser) Page(path string) (at, body string) {
	b.w.T.Helper()
	for range 10 {
		res, err := b.Open(b.w.T.Context(), http.MethodGet, path, nil)
		if err != nil {
			b.w.T.Fatal(err)
		}
		raw, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			b.w.T.Fatal(err)
		}
		to := res.Header.Get("Location")
		if to == "" {
			return path, string(raw)
		}
		path = strings.TrimPrefix(to, b.w.App)
	}
	b.w.T.Fatalf("led in a circle at %s", path)
	return "", ""
}

// Submit sends the form of a page and returns where it leads.
func (b *Browser) Submit(path string, values url.Values) (status int, to, body string) {
	b.w.T.Helper()
	_, drawn := b.Page(path)
	m := formToken.FindStringSubmatch(drawn)
	if m == nil {
		b.w.T.Fatalf("no form at %s: %.300s", path, drawn)
	}
	values.Set("_token", m[1])
	r, err := http.NewRequestWithContext(b.w.T.Context(), http.MethodPost, b.w.App+path, strings.NewReader(values.Encode()))
	if err != nil {
		b.w.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "text/html")
	res, err := b.client.Do(r)
	if err != nil {
		b.w.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.w.T.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Location"), string(raw)
}

// TestACodeFromTheChatOpensAPageAndErasingLeavesNothing: a subscription account cannot ask WeChat who opens its pages. The
// code of the chat opens one; from there the person has everything erased, also what the inbound log holds.
func TestACodeFromTheChatOpensAPageAndErasingLeavesNothing(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, w *World) {
		const account, citizen = "qingyun-jiaojing", "xiaohe"
		say := func(words string) Bubble {
			t.Helper()
			w.Phone("/messages", map[string]any{"account": account, "citizen": citizen, "type": "text", "content": words}, nil)
			w.Quiet()
			chat := w.Chat(citizen, account)
			return chat[len(chat)-1]
		}
		w.Phone("/follow", map[string]any{"account": account, "citizen": citizen}, nil)
		told := say("登录")
		code := sixDigits.FindString(told.Content)
		if told.Origin != "reply" || code == "" {
			t.Fatalf("the chat says %+v", told)
		}
		say("违章在哪里交罚款，我的电话13812345678")

		b := w.Stranger()
		if status, to, body := b.Submit("/c/qingyun-jiaojing/code?return=/c/qingyun-jiaojing/me/data", url.Values{"code": {code}}); status != 303 || to != "/c/qingyun-jiaojing/me/data" {
			t.Fatalf("the code: %d %q %.300s", status, to, body)
		}
		if at, body := b.Page("/c/qingyun-jiaojing/me/data"); at != "/c/qingyun-jiaojing/me/data" || !strings.Contains(body, "来信原始记录") {
			t.Errorf("inside: %s %.300s", at, body)
		}
		if status, _, _ := w.Stranger().Submit("/c/qingyun-jiaojing/code", url.Values{"code": {code}}); status != http.StatusUnprocessableEntity {
			t.Errorf("the code opens twice: %d", status)
		}
		kept, err := db.All(t.Context(), w.House.DB, db.Value[string], `select text from conversation_line`)
		if err != nil || strings.Contains(strings.Join(kept, "\n"), code) {
			t.Errorf("the inbox keeps the code, %v", err)
		}
		if strings.Contains(w.Log.String(), code) {
			t.Error("the log keeps the code")
		}

		rows := func() int64 {
			t.Helper()
			n, err := db.One(t.Context(), w.House.DB, db.Value[int64], `select count(*) from inbound i join account a on a.id = i.account_id
				join citizen_tombstone s on s.account_id = a.id and s.person = i.person where a.slug = 'qingyun-jiaojing'`)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		before, err := db.One(t.Context(), w.House.DB, db.Value[int64], `select count(*) from inbound`)
		if err != nil {
			t.Fatal(err)
		}
		if status, to, body := b.Submit("/c/qingyun-jiaojing/me/erase", url.Values{"sure": {"on"}}); status != 303 || to != "/c/qingyun-jiaojing/erased" {
			t.Fatalf("erase: %d %q %.300s", status, to, body)
		}
		w.Quiet()
		after, err := db.One(t.Context(), w.House.DB, db.Value[int64], `select count(*) from inbound`)
		if err != nil || before-after < 3 {
			t.Errorf("of %d callbacks %d are left, %v", before, after, err)
		}
		if n := rows(); n != 0 {
			t.Errorf("%d callbacks of the erased person are left", n)
		}
		if stones, err := db.One(t.Context(), w.House.DB, db.Value[int64], `select count(*) from citizen_tombstone`); err != nil || stones == 0 {
			t.Errorf("%d tombstones, %v", stones, err)
		}
		if status, _ := b.Do(http.MethodGet, "/c/qingyun-jiaojing/me", nil); status != http.StatusUnauthorized {
			t.Errorf("the session outlived the person: %d", status)
		}
	})
}
