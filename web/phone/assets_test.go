package phone

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

func TestIndexIsThere(t *testing.T) {
	t.Parallel()
	page, err := fs.ReadFile(Assets(), "index.html")
	if err != nil {
		t.Fatalf("index.html: %v", err)
	}
	if !strings.Contains(string(page), `lang="zh-CN"`) {
		t.Error("index.html does not say that it is Chinese")
	}
	if Placeholder() != strings.Contains(string(page), "make build") {
		t.Errorf("Placeholder() = %v, but the page says otherwise", Placeholder())
	}
}

// Whatever the page loads is in the binary: no network fonts, no CDN.
func TestPageLoadsOnlyItsOwnFiles(t *testing.T) {
	t.Parallel()
	page, err := fs.ReadFile(Assets(), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(string(page), -1) {
		if strings.HasPrefix(m[1], "data:") {
			continue
		}
		if !strings.HasPrefix(m[1], "/") || strings.HasPrefix(m[1], "//") {
			t.Errorf("the page loads %q, which is not its own", m[1])
			continue
		}
		if _, err := fs.Stat(Assets(), strings.TrimPrefix(m[1], "/")); err != nil {
			t.Errorf("the page loads %q: %v", m[1], err)
		}
	}
}
