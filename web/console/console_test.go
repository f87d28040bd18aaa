package console_test

import (
	"io/fs"
	"strings"
	"testing"

	"weizheng/web/console"
)

func TestAssets(t *testing.T) {
	t.Parallel()
	index, err := fs.ReadFile(console.Assets(), "index.html")
	if err != nil {
		t.Fatalf("no index.html: %v", err)
	}
	page := string(index)
	if console.Placeholder() {
		if !strings.Contains(page, "make build") {
			t.Error("the placeholder does not say how to build the console")
		}
		return
	}
	if !strings.Contains(page, `<script type="module"`) {
		t.Error("the built index.html loads no module")
	}
	for _, forbidden := range []string{"https://", "http://", "<script>"} {
		if strings.Contains(page, forbidden) {
			t.Errorf("index.html holds %q: the console takes nothing from elsewhere and has no inline script", forbidden)
		}
	}
	if files, _ := fs.Glob(console.Assets(), "assets/*.js.gz"); len(files) == 0 {
		t.Error("no gzipped scripts beside the built ones")
	}
}
