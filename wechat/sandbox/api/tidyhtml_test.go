package api

import (
	"strings"
	"testing"
)

func TestTidyHTML(t *testing.T) {
	t.Parallel()
	ours := func(address string) bool { return strings.HasPrefix(address, "http://box/mmbiz/") }
	for _, c := range []struct{ label, in, want string }{
		{"nothing to do", `<section style="color:red" data-x='1'><p>办事&nbsp;指南<br/>1 < 2</p></section>`, `<section style="color:red" data-x='1'><p>办事&nbsp;指南<br/>1 &lt; 2</p></section>`},
		{"a script", `a<SCRIPT src="x">alert("<b>")</Script >b`, `ab`},
		{"a script without an end", `a<script>alert(1)`, `a`},
		{"a style", `a<style>p{}</style>b`, `ab`},
		{"a handler", `<p onclick="alert(1)" class=x>a</p>`, `<p class="x">a</p>`},
		{"a script's address", `<a href=" java` + "\n" + `script:alert(1)" id="a">x</a>`, `<a id="a">x</a>`},
		{"a frame", `a<iframe src="https://example.com"></iframe>b`, `ab`},
		{"our picture", `<img src="http://box/mmbiz/a/0?wx_fmt=png">`, `<img src="http://box/mmbiz/a/0?wx_fmt=png">`},
		{"a picture by data-src", `<img data-src="http://box/mmbiz/a/0"/>`, `<img data-src="http://box/mmbiz/a/0"/>`},
		{"a foreign picture", `a<img src="https://example.com/a.png">b`, `ab`},
		{"a picture of nothing", `a<img alt="x">b`, `ab`},
		{"a comment", `a<!-- <script> -->b<!doctype html>c`, `abc`},
		{"what does not end", `a<p class="x`, `a&lt;p class="x`},
		{"no tag", `a<3 b`, `a&lt;3 b`},
	} {
		if got := tidyHTML(c.in, ours); got != c.want {
			t.Errorf("%s: %q, want %q", c.label, got, c.want)
		}
	}
}

func TestPlainText(t *testing.T) {
	t.Parallel()
	if got := plainText("<p>居住证&amp;户口 </p>\n<p class=\"a>b\">怎么<b>办</b> 1 < 2</p>"); got != "居住证&户口 怎么办 1 < 2" {
		t.Errorf("%q", got)
	}
}

// FuzzTidyHTML: it ends, and what it leaves it leaves again.
func FuzzTidyHTML(f *testing.F) {
	f.Add(`<p onclick=x>a<script>b</script><img src='c'>`)
	f.Fuzz(func(t *testing.T, in string) {
		once := tidyHTML(in, func(string) bool { return false })
		if again := tidyHTML(once, func(string) bool { return false }); again != once {
			t.Errorf("%q becomes %q and then %q", in, once, again)
		}
		if strings.Contains(strings.ToLower(once), "<script>") {
			t.Errorf("%q keeps a script: %q", in, once)
		}
	})
}
