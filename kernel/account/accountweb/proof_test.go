package accountweb

import (
	"strings"
	"testing"
)

func TestProofs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, id, _ := h.connect()
		one := "/accounts/" + number(id) + "/proofs"
		const name = "MP_verify_AbCd1234.txt"
		got := p.do(200, "PUT", one+"/"+name, object{"content": " AbCd1234\n"})
		if got["name"] != name || got["content"] != "AbCd1234" || got["path"] != "/"+name {
			t.Errorf("%v", got)
		}
		if items := p.do(200, "GET", one, nil)["items"].([]any); len(items) != 1 || items[0].(object)["name"] != name {
			t.Errorf("%v", items)
		}
		status, header, body := p.raw("GET", "/"+name, nil)
		if status != 200 || body != "AbCd1234" || !strings.HasPrefix(header.Get("Content-Type"), "text/plain") {
			t.Errorf("%d %s %v", status, body, header)
		}
		if got := p.do(422, "PUT", one+"/evil.html", object{"content": "<script>"}); fields(got)["name"] == "" || fields(got)["content"] == "" {
			t.Errorf("%v", got)
		}
		other := p.do(200, "POST", "/accounts", with(h.draft(), "slug", "other", "appid", "wx9999999999999999"))
		otherID := number(int64(other["id"].(float64)))
		if got := p.do(409, "PUT", "/accounts/"+otherID+"/proofs/"+name, object{"content": "XyZw"}); got["key"] != "account.proof_taken" {
			t.Errorf("%v", got)
		}
		p.do(404, "DELETE", "/accounts/"+otherID+"/proofs/"+name, nil)
		p.do(204, "DELETE", one+"/"+name, nil)
		if got := p.do(404, "DELETE", one+"/"+name, nil); got["key"] != "account.proof_unknown" {
			t.Errorf("%v", got)
		}
		if status, _, _ := p.raw("GET", "/"+name, nil); status != 404 {
			t.Errorf("still served: %d", status)
		}
	})
}

// TestProofFilesTakeNothingAway: the route stands at every address of one segment, and no other may feel it.
func TestProofFilesTakeNothingAway(t *testing.T) {
	t.Parallel()
	h := onSQLite(t)
	p := h.as(root)
	for _, c := range []struct {
		method, path string
		status       int
		body         string // what the answer holds
		location     string
	}{
		{"GET", "/healthz", 200, "ok", ""},
		{"GET", "/readyz", 200, "ok", ""},
		{"GET", "/robots.txt", 200, "robots", ""},
		{"GET", "/console/", 200, "the console", ""},
		{"GET", "/console", 307, "", "/console/"},
		{"GET", "/console?account=3", 307, "", "/console/?account=3"},
		{"GET", "/console/account/7", 200, "the console", ""},
		{"GET", "/c/qingyun/", 200, "page", ""},
		{"GET", "/api/docs", 200, "", ""},
		{"GET", "/", 404, "not_found", ""},
		{"GET", "/favicon.ico", 404, "not_found", ""},
		{"GET", "/wp-login.php", 404, "not_found", ""},
		{"GET", "/MP_verify_AbCd1234.txt", 404, "not_found", ""},
		{"GET", "/MP_verify_AbCd1234.txt.exe", 404, "not_found", ""},
		{"GET", "/mp_verify_AbCd1234.txt", 404, "not_found", ""},
		{"GET", "/nothing/", 404, "not_found", ""},
		{"GET", "/nothing/more", 404, "not_found", ""},
		{"GET", "/%2Fevil.example", 404, "not_found", ""},
		{"GET", "/%2fevil", 404, "not_found", ""},
		{"GET", "/%5Cevil", 404, "not_found", ""},
		{"POST", "/MP_verify_AbCd1234.txt", 405, "web.method", ""},
		{"POST", "/console/api/nothing", 405, "", ""},
	} {
		status, header, body := p.raw(c.method, c.path, nil)
		if status != c.status || !strings.Contains(body, c.body) || header.Get("Location") != c.location {
			t.Errorf("%s %s: %d %q to %q; want %d %q to %q", c.method, c.path, status, body, header.Get("Location"), c.status, c.body, c.location)
		}
	}
}
