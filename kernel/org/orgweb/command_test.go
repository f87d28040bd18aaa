package orgweb

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"weizheng/platform/errs"
)

// TestResetOnTheServer: an administrator who lost their phone gets a new beginning by the command, and by nobody else.
func TestResetOnTheServer(t *testing.T) {
	t.Parallel()
	h := open(t)
	system, _, auditor := h.begin()
	run := Deps{Org: h.org}.commands()[0].Run
	var out bytes.Buffer
	for _, args := range [][]string{nil, {"aud", "sys"}} {
		if err := run(t.Context(), &out, args); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
	if err := run(t.Context(), &out, []string{"au"}); !errs.Is(err, errs.NotFound) {
		t.Errorf("part of a login: %v", err)
	}
	if out.Len() > 0 {
		t.Errorf("said %q", out.String())
	}
	auditor.must("GET", "/session", nil)

	if err := run(t.Context(), &out, []string{"aud"}); err != nil {
		t.Fatal(err)
	}
	if status, _ := auditor.do("GET", "/session", nil); status != http.StatusUnauthorized {
		t.Errorf("the old device: %d", status)
	}
	system.must("GET", "/session", nil)
	_, token, found := strings.Cut(strings.TrimSpace(out.String()), "/console/activate#")
	if !found {
		t.Fatalf("no link in %q", out.String())
	}
	again, _ := h.enrol(token) // with a new second factor, or it fails
	if who := again.must("GET", "/session", nil); who["login"] != "aud" {
		t.Errorf("%v", who)
	}
}
