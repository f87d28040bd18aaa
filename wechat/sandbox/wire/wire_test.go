package wire

import (
	"strings"
	"testing"
)

func TestSecretsAreMasked(t *testing.T) {
	t.Parallel()
	long := "98_" + strings.Repeat("abcdef", 20)
	for _, c := range []struct{ label, path, body, wantPath, wantBody string }{
		{"query", "/x?access_token=" + long + "&openid=o1", "", "/x?access_token=98_abc***&openid=o1", ""},
		{"first and last", "/x?secret=abc&code=" + long, "", "/x?secret=***&code=98_abc***", ""},
		{"not a secret's name", "/x?mysecret=abc", "", "/x?mysecret=abc", ""},
		{"JSON", "/x", `{"access_token" : "` + long + `","n":1}`, "/x", `{"access_token" : "98_abc***","n":1}`},
		{"JSON with escapes", "/x", `{"secret":"a\"b","x":"y"}`, "/x", `{"secret":"***","x":"y"}`},
		{"an error of WeChat Pay's", "/v3/x", `{"code":"ORDERPAID","message":"已支付"}`, "/v3/x", `{"code":"ORDERPAID","message":"已支付"}`},
		{"a platform's tokens", "/x?component_access_token=" + long, `{"authorizer_refresh_token":"` + long + `","pre_auth_code":"` + long + `"}`,
			"/x?component_access_token=98_abc***", `{"authorizer_refresh_token":"98_abc***","pre_auth_code":"98_abc***"}`},
		{"a platform's notice", "/x", "<xml><InfoType><![CDATA[authorized]]></InfoType><AuthorizationCode><![CDATA[" + long + "]]></AuthorizationCode></xml>",
			"/x", "<xml><InfoType><![CDATA[authorized]]></InfoType><AuthorizationCode><![CDATA[98_abc***]]></AuthorizationCode></xml>"},
		{"errcode is none", "/x", `{"errcode":40001}`, "/x", `{"errcode":40001}`},
		{"binary", "/x", "\x89PNG\x00", "/x", "(binary)"},
	} {
		var l Log
		l.Add(Entry{Path: c.path, Response: c.body})
		got := l.List("", "", 0, 1)[0]
		if got.Path != c.wantPath || got.Response != c.wantBody {
			t.Errorf("%s: %q %q", c.label, got.Path, got.Response)
		}
	}
}

func TestLongBodiesAreCutAndPushOldEntriesOut(t *testing.T) {
	t.Parallel()
	var l Log
	const most = maxBodies / maxBody
	for range most + 10 {
		l.Add(Entry{Request: strings.Repeat("字", maxBody)})
	}
	all := l.List("", "", 0, 1<<30)
	if len(all) > most || len(all) < most-2 || all[len(all)-1].ID != most+10 {
		t.Fatalf("%d entries up to %d", len(all), all[len(all)-1].ID)
	}
	if n := len(all[0].Request); n > maxBody+len("…") || !strings.HasSuffix(all[0].Request, "字…") {
		t.Errorf("a body of %d bytes", n)
	}
}

func TestTheLogIsBounded(t *testing.T) {
	t.Parallel()
	var l Log
	for i := range maxEntries + 10 {
		l.Add(Entry{Account: []string{"a", "b"}[i%2], Request: "x"})
	}
	all := l.List("", "", 0, 1<<30)
	if len(all) != maxEntries || all[0].ID != 11 || all[len(all)-1].ID != maxEntries+10 {
		t.Fatalf("%d entries from %d to %d", len(all), all[0].ID, all[len(all)-1].ID)
	}
	if few := l.List("a", "", all[0].ID, 3); len(few) != 3 || few[2].Account != "a" || few[2].ID < few[0].ID {
		t.Errorf("filtered: %v", few)
	}
	if none := l.List("", "zhang", 0, 10); len(none) != 0 {
		t.Errorf("another citizen: %v", none)
	}
}
