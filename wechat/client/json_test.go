package client

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

func TestTextTravelsRaw(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ in, want string }{
		{`<a href="x">&办事</a>`, `"<a href=\"x\">&办事</a>"`},
		{"a\u2028b\u2029c", "\"a\u2028b\u2029c\""},
		{"back\\slash \\u4e2d", `"back\\slash \\u4e2d"`},
		{"line\nand\ttab\r", `"line\nand\ttab\r"`},
		{"bell\x07 nul\x00", `"bell nul"`},
		{"bad \xff utf", "\"bad \uFFFD utf\""},
		{"😀", `"😀"`},
		{"", `""`},
	} {
		got, err := encodeJSON(row.in)
		if err != nil || string(got) != row.want {
			t.Errorf("%q becomes %s, %v; want %s", row.in, got, err, row.want)
		}
	}
}

func FuzzTextTravelsRaw(f *testing.F) {
	for _, s := range []string{"", `\`, `\\u0000`, "\u2028", "\x00\x1f", "\xff", `"`, "中\u2029\\"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := encodeJSON(map[string]string{"content": s})
		if err != nil {
			t.Fatal(err)
		}
		var back map[string]string
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatalf("%q becomes %s: %v", s, got, err)
		}
		want := strings.Map(func(c rune) rune {
			if c < 0x20 && !strings.ContainsRune("\n\r\t\b\f", c) {
				return -1
			}
			return c
		}, strings.ToValidUTF8(s, "\uFFFD"))
		// A run of invalid bytes becomes one U+FFFD there and one for each byte here.
		if strings.ToValidUTF8(s, "") == s && back["content"] != want {
			t.Fatalf("%q comes back as %q", s, back["content"])
		}
	})
}

func TestNoCallInsideAWrite(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answers("/cgi-bin/stable_token", `{"access_token":"A","expires_in":7200}`)
	d, err := db.Open(t.Context(), db.Config{URL: "sqlite:" + t.TempDir() + "/a.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	source := StableTokens(f.config(), nil)
	cfg := f.config()
	cfg.Tokens = source
	c := New(cfg)
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := source.Token(tx.Context()); !errors.Is(err, errInWrite) {
			t.Errorf("Token: %v", err)
		}
		for name, call := range everyMethod() {
			if err := call(tx.Context(), c); !errors.Is(err, errInWrite) || !errs.Is(err, errs.Internal) {
				t.Errorf("%s: %v", name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.seen) > 0 {
		t.Errorf("sent %v", f.seen)
	}
}
