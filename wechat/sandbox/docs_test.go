package sandbox_test

import (
	"strings"
	"testing"
)

func TestTheSandboxServesItsDocumentation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for path, holds := range map[string][]string{
		"/docs": {"<h1 id=\"the-sandbox\">The sandbox</h1>", `<a href="/docs/api">API.md</a>`, "curl -s $B/sandbox/api/expectations",
			"api.prefix = &#39;http://127.0.0.1:8090/cgi-bin/&#39;", "<th>address</th>", "<strong>Go</strong>"},
		"/docs/api":   {"POST   /crowds", "<li><code>within_ms</code>", "<td>text</td>"},
		"/docs/phone": {"<h1"},
	} {
		res, content := w.do("GET", path, nil)
		if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
		for _, want := range holds {
			if !strings.Contains(string(content), want) {
				t.Errorf("%s: no %q", path, want)
			}
		}
		if strings.Contains(string(content), "```") || strings.Contains(string(content), "\n| ") {
			t.Errorf("%s: Markdown is left", path)
		}
	}
	if res, _ := w.do("GET", "/docs/none", nil); res.StatusCode != 404 {
		t.Errorf("no such page: %d", res.StatusCode)
	}
}
