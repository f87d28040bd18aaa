package accountweb

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/clock"
	"weizheng/wechat"
)

// TestChangeAsTheConsoleDoes sends the whole form, as the console's dialog does.
func TestChangeAsTheConsoleDoes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, id, v := h.connect()
		one := "/accounts/" + number(id)
		form := object{"version": v, "name": "青云办事", "kind": "service", "verified": true, "original_id": "gh_abcdef0123",
			"appid": "wx0123456789abcdef", "mode": "safe", "unit_id": h.office, "intro": "", "principal": "青云市政务服务局", "contact": "12345"}
		a := p.do(200, "PATCH", one, form)
		got := object{"name": a["name"], "unit_name": a["unit_name"], "intro": a["intro"], "principal": a["principal"], "version": a["version"]}
		want := object{"name": "青云办事", "unit_name": "人社局", "intro": "", "principal": "青云市政务服务局", "version": v + 1}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		if again := p.do(200, "PATCH", one, with(form, "version", v+1)); again["version"] != v+1 {
			t.Errorf("nothing changed, yet the version is %v", again["version"])
		}
		if got := p.do(409, "PATCH", one, form); got["key"] != "db.stale" {
			t.Errorf("stale: %v", got)
		}
		// Everything at once: profile, secret, token, key and mode.
		a = p.do(200, "PATCH", one, with(form, "version", v+1, "name", "青云", "slug", "qingyun", "appid", "wxaaaaaaaaaaaaaaaa",
			"secret", newSecret, "token", newToken, "encoding_aes_key", newKey, "mode", "compatible"))
		got = object{"name": a["name"], "appid": a["appid"], "mode": a["mode"], "has_key_before": a["has_key_before"]}
		if d := cmp.Diff(object{"name": "青云", "appid": "wxaaaaaaaaaaaaaaaa", "mode": "compatible", "has_key_before": true}, got); d != "" {
			t.Error(d)
		}
		h.opens("qingyun", "wxaaaaaaaaaaaaaaaa", newToken, newKey)
		h.opens("qingyun", "wxaaaaaaaaaaaaaaaa", newToken, goodKey) // on its way since before
	})
}

// opens checks what the account really has: a callback sealed with token and key must open.
func (h *house) opens(slug, appid, token, key string) {
	h.t.Helper()
	_, codec, err := h.accounts.Codec(h.t.Context(), slug)
	if err != nil {
		h.t.Fatal(err)
	}
	sender, err := wechat.NewCodec(wechat.CodecConfig{AppID: appid, Token: token, Mode: wechat.Safe, Keys: []string{key}})
	if err != nil {
		h.t.Fatal(err)
	}
	now := clock.Wall{}.Now()
	body, err := sender.Seal([]byte("<xml><a>1</a></xml>"), 0, now.Unix(), "nonce", []byte("0123456789abcdef"))
	if err != nil {
		h.t.Fatal(err)
	}
	text := string(body)
	between := func(from, to string) string {
		_, rest, _ := strings.Cut(text, from)
		inner, _, _ := strings.Cut(rest, to)
		return strings.TrimSuffix(strings.TrimPrefix(inner, "<![CDATA["), "]]>")
	}
	encrypted := between("<Encrypt>", "</Encrypt>")
	stamp := between("<TimeStamp>", "</TimeStamp>")
	q := wechat.Query{Signature: wechat.SignPlain(token, stamp, "nonce"), Timestamp: stamp, Nonce: "nonce", EncryptType: "aes",
		MsgSignature: wechat.SignMsg(token, stamp, "nonce", encrypted)}
	if _, err := codec.Open(q, []byte("<xml><Encrypt><![CDATA["+encrypted+"]]></Encrypt></xml>"), now); err != nil {
		h.t.Errorf("a callback with these secrets does not open: %v", err)
	}
}

// TestBadChangesChangeNothing: what can be known to be wrong stops everything.
func TestBadChangesChangeNothing(t *testing.T) {
	t.Parallel()
	h := onSQLite(t)
	p, id, v := h.connect()
	one := "/accounts/" + number(id)
	before := p.do(200, "GET", one, nil)
	for _, c := range []struct {
		label  string
		change object
		fields []string
	}{
		{"slug", object{"name": "新名", "slug": "another"}, []string{"slug"}},
		{"several verbs at once", object{"name": "", "secret": "short", "token": "a", "encoding_aes_key": "b", "mode": "loud", "appid": "x"},
			[]string{"name", "secret", "token", "encoding_aes_key", "mode", "appid"}},
		{"a good name with a bad key", object{"name": "新名", "encoding_aes_key": strings.Repeat("-", 43)}, []string{"encoding_aes_key"}},
		{"a good secret with a bad name", object{"secret": newSecret, "name": strings.Repeat("长", 31)}, []string{"name"}},
		{"a right that the kind has not", object{"kind": "subscription", "oauth_domain": true}, []string{"oauth_domain"}},
	} {
		got := fields(p.do(422, "PATCH", one, with(c.change, "version", v)))
		for _, f := range c.fields {
			if got[f] == "" || strings.Contains(got[f], "{") || strings.Contains(got[f], "account.") {
				t.Errorf("%s: %s is told as %q", c.label, f, got[f])
			}
		}
		if len(got) != len(c.fields) {
			t.Errorf("%s: %v", c.label, got)
		}
	}
	for _, unknown := range []string{"endpoints", "has_secret", "identity", "status"} {
		p.do(422, "PATCH", one, object{"version": v, unknown: true})
	}
	if d := cmp.Diff(before, p.do(200, "GET", one, nil)); d != "" {
		t.Errorf("changed all the same: %s", d)
	}
	h.opens("qingyun", "wx0123456789abcdef", goodToken, goodKey)
}

// TestPartOfAChange: what only the database knows may stop a later verb; the answer says what was saved.
func TestPartOfAChange(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, id, v := h.connect()
		one := "/accounts/" + number(id)
		got := p.do(409, "PATCH", one, object{"version": v, "secret": newSecret, "unit_id": 4711})
		if text := got["detail"].(string); got["key"] != "account.partly" || !strings.HasPrefix(text, "凭证已经保存") || !strings.Contains(text, "单位") {
			t.Errorf("%v", got)
		}
		if a := p.do(200, "GET", one, nil); a["version"] != v+1 || a["unit_id"] != float64(h.city) {
			t.Errorf("%v", a)
		}
		// The first verb's refusal is its own answer.
		p.do(200, "POST", "/accounts", with(h.draft(), "slug", "other", "appid", "wx9999999999999999"))
		if got := p.do(422, "PATCH", one, object{"version": v + 1, "appid": "wx9999999999999999", "name": "新名"}); fields(got)["appid"] == "" {
			t.Errorf("%v", got)
		}
		if a := p.do(200, "GET", one, nil); a["name"] != "青云政务" {
			t.Errorf("%v", a)
		}
	})
}

func TestLosingTheRightToAuthorise(t *testing.T) {
	t.Parallel()
	h := onSQLite(t)
	p, id, v := h.connect()
	one := "/accounts/" + number(id)
	a := p.do(200, "PATCH", one, object{"version": v, "oauth_domain": true})
	if a = p.do(200, "PATCH", one, object{"version": a["version"], "verified": false}); a["oauth_domain"] != false {
		t.Errorf("an unverified account keeps it: %v", a)
	}
	a = p.do(200, "PATCH", one, object{"version": a["version"], "verified": true, "oauth_domain": true})
	a = p.do(200, "POST", one+"/identity", object{"version": a["version"]})
	if got := p.do(409, "PATCH", one, object{"version": a["version"], "verified": false}); got["key"] != "account.identity_needs" {
		t.Errorf("%v", got)
	}
}

func TestCredentialsAndRotate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, id, v := h.connect()
		one := "/accounts/" + number(id)
		a := p.do(200, "POST", one+"/credentials", object{"version": v, "secret": newSecret})
		if a["version"] != v+1 || a["appid"] != "wx0123456789abcdef" || a["has_token"] != true {
			t.Errorf("%v", a)
		}
		h.opens("qingyun", "wx0123456789abcdef", goodToken, goodKey) // what was not given stays
		if got := p.do(409, "POST", one+"/credentials", object{"version": v, "secret": newSecret}); got["key"] != "db.stale" {
			t.Errorf("%v", got)
		}
		// As the console sends it: without a version.
		a = p.do(200, "POST", one+"/rotate", object{"token": newToken, "encoding_aes_key": newKey})
		if a["has_key_before"] != true || a["version"] != v+3 {
			t.Errorf("%v", a)
		}
		h.opens("qingyun", "wx0123456789abcdef", newToken, newKey)
		if got := p.do(409, "POST", one+"/rotate", object{"encoding_aes_key": newKey}); got["key"] != "account.key_same" {
			t.Errorf("%v", got)
		}
		if got := p.do(422, "POST", one+"/rotate", object{}); fields(got)["encoding_aes_key"] != "必填" {
			t.Errorf("%v", got)
		}
		if got := p.do(422, "POST", one+"/rotate", object{"encoding_aes_key": "short"}); fields(got)["encoding_aes_key"] == "" {
			t.Errorf("%v", got)
		}
	})
}
