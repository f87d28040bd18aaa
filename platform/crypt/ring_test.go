package crypt

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func newRing(t *testing.T, p Profile) *Ring {
	t.Helper()
	r, err := NewRingOf(rand.Reader, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSealAndRotate(t *testing.T) {
	t.Parallel()
	for _, p := range []Profile{International, National} {
		t.Run(string(p), func(t *testing.T) {
			t.Parallel()
			old := newRing(t, p)
			sealed, err := old.Seal([]byte("张三"), "staff.name:1")
			if err != nil {
				t.Fatal(err)
			}
			text, err := old.SealText("张三", "staff.name:1")
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(sealed, []byte("张三")) {
				t.Fatal("the plain text stands in the envelope")
			}
			r, err := old.Rotate(rand.Reader, National)
			if err != nil {
				t.Fatal(err)
			}
			if r.Current() == old.Current() || !r.Stale(sealed) || !r.Stale([]byte(text)) || old.Stale(sealed) {
				t.Error("rotation must make old envelopes stale and only them")
			}
			if plain, err := r.Open(sealed, "staff.name:1"); err != nil || string(plain) != "张三" {
				t.Errorf("Open after rotation = %q, %v", plain, err)
			}
			if plain, err := r.OpenText(text, "staff.name:1"); err != nil || plain != "张三" {
				t.Errorf("OpenText after rotation = %q, %v", plain, err)
			}
			if r.Index("staff.phone", "1") != old.Index("staff.phone", "1") {
				t.Error("rotation must not change blind indexes")
			}
			without, err := r.Without(old.Current())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := without.Open(sealed, "staff.name:1"); !errors.Is(err, ErrUnknownKey) {
				t.Errorf("removed key: %v", err)
			}
			if _, err := r.Without(r.Current()); err == nil {
				t.Error("the current key was removed")
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	r, other := newRing(t, International), newRing(t, International)
	sealed, err := r.Seal([]byte("secret"), "a")
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(sealed)
	flipped[len(flipped)-1] ^= 1
	renamed := bytes.Replace(sealed, []byte(":aes:"), []byte(":sm4:"), 1)
	for _, c := range []struct {
		label  string
		ring   *Ring
		sealed []byte
		aad    string
		want   error
	}{
		{"another purpose", r, sealed, "b", ErrForged},
		{"one bit", r, flipped, "a", ErrForged},
		{"another algorithm", r, renamed, "a", ErrUnknownKey},
		{"a key of the same name in another ring", other, sealed, "a", ErrForged},
		{"cut", r, sealed[:20], "a", ErrFormat},
		{"empty", r, nil, "a", ErrFormat},
		{"plain text", r, []byte("hello"), "a", ErrFormat},
		{"unknown key", r, bytes.Replace(sealed, []byte(":k1:"), []byte(":k9:"), 1), "a", ErrUnknownKey},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			if _, err := c.ring.Open(c.sealed, c.aad); !errors.Is(err, c.want) {
				t.Errorf("err = %v, want %v", err, c.want)
			}
		})
	}
	if _, err := r.OpenText("v1:k1:aes:!!!", "a"); !errors.Is(err, ErrFormat) {
		t.Errorf("bad base64: %v", err)
	}
}

func TestDataKey(t *testing.T) {
	t.Parallel()
	for _, p := range []Profile{International, National} {
		r := newRing(t, p)
		wrapped, k, err := r.NewDataKey()
		if err != nil {
			t.Fatal(err)
		}
		text, err := k.SealText("13812345678", "citizen.phone:1")
		if err != nil {
			t.Fatal(err)
		}
		r, err = r.Rotate(rand.Reader, International)
		if err != nil {
			t.Fatal(err)
		}
		rewrapped, err := r.RewrapDataKey(wrapped)
		if err != nil {
			t.Fatal(err)
		}
		if r.Stale(rewrapped) || !r.Stale(wrapped) {
			t.Error("rewrapping must use the current key")
		}
		again, err := r.UnwrapDataKey(rewrapped)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := again.OpenText(text, "citizen.phone:1"); err != nil || got != "13812345678" {
			t.Errorf("%s: %q, %v", p, got, err)
		}
		_, stranger, err := r.NewDataKey()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := stranger.OpenText(text, "citizen.phone:1"); err == nil {
			t.Error("another person's key opened it")
		}
	}
	if _, err := (DataKey{}).Seal(nil, ""); err == nil {
		t.Error("the zero key seals")
	}
	if _, err := (DataKey{}).Open([]byte("v1:d:aes:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), ""); err == nil {
		t.Error("the zero key opens")
	}
}

func TestMAC(t *testing.T) {
	t.Parallel()
	r := newRing(t, National)
	id, mac := r.MAC("audit", []byte("m"))
	rotated, err := r.Rotate(rand.Reader, International)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		label            string
		id, purpose, msg string
		want             bool
	}{
		{"right", id, "audit", "m", true},
		{"another purpose", id, "link", "m", false},
		{"another message", id, "audit", "n", false},
		{"another key", rotated.Current(), "audit", "m", false},
		{"unknown key", "k9", "audit", "m", false},
	} {
		if got := rotated.CheckMAC(c.id, c.purpose, []byte(c.msg), mac); got != c.want {
			t.Errorf("%s: %v", c.label, got)
		}
	}
	if r.Index("a", "v") == r.Index("b", "v") || len(r.Index("a", "v")) != 64 {
		t.Error("an index must depend on its purpose and have 64 digits")
	}
}

// An index is HMAC under a key derived for its purpose, also when many ask at once and for more purposes than are kept.
func TestIndexByItsDefinition(t *testing.T) {
	t.Parallel()
	for _, p := range []Profile{International, National} {
		r := newRing(t, p)
		var group sync.WaitGroup
		for n := range 4 {
			group.Go(func() {
				for i := range 3 * macsKept {
					purpose, value := fmt.Sprint("p", i), fmt.Sprint("v", i%7+n)
					sub, err := derive(p, r.index.secret, "index "+purpose, secretSize)
					if err != nil {
						t.Error(err)
						return
					}
					h := hmac.New(p.digest(), sub)
					h.Write([]byte(value))
					if want, got := hex.EncodeToString(h.Sum(nil)), r.Index(purpose, value); got != want {
						t.Errorf("%s, %s: %s, not %s", p, purpose, got, want)
					}
				}
			})
		}
		group.Wait()
		if n := len(r.index.macs.pools); n != macsKept {
			t.Errorf("%d hashes are kept", n)
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	r, err := NewRing(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r.Index("follower.openid", "17:oLVPpjqs9BhvzwPj5A-vTYAX3GLc")
	}
}

func BenchmarkSeal(b *testing.B) {
	r, err := NewRing(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	plain := make([]byte, 300)
	for b.Loop() {
		if _, err := r.Seal(plain, "inbound.message"); err != nil {
			b.Fatal(err)
		}
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.json")
	r, err := newRing(t, International).Rotate(rand.Reader, National)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Save(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %#o", info.Mode().Perm())
	}
	loaded, err := OpenSource(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := r.SealText("x", "a")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := loaded.OpenText(sealed, "a"); err != nil || got != "x" || loaded.Index("p", "v") != r.Index("p", "v") {
		t.Errorf("loaded ring: %q, %v", got, err)
	}
	program := filepath.Join(t.TempDir(), "kms")
	if err := os.WriteFile(program, []byte("#!/bin/sh\ncat '"+path+"'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if served, err := OpenSource(t.Context(), "exec:"+program); err != nil || served.Current() != r.Current() {
		t.Errorf("key service: %v", err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadRing(path); err == nil || !strings.Contains(err.Error(), "chmod") {
		t.Errorf("a file open to others: %v", err)
	}
}

func TestOpenSourceFromEnvironment(t *testing.T) {
	r := newRing(t, International)
	data, err := r.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("CRYPT_TEST_RING", string(data))
	if got, err := OpenSource(t.Context(), "env:CRYPT_TEST_RING"); err != nil || got.Index("a", "b") != r.Index("a", "b") {
		t.Errorf("%v", err)
	}
	if _, err := OpenSource(t.Context(), "env:CRYPT_TEST_NONE"); err == nil {
		t.Error("an empty variable was taken")
	}
}

func TestParseRingRefuses(t *testing.T) {
	t.Parallel()
	const s = `"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="`
	for label, data := range map[string]string{
		"no JSON":        `secret-looking-text`,
		"future":         `{"version":2}`,
		"short secret":   `{"version":1,"current":"k1","keys":[{"id":"k1","profile":"intl","secret":"AAAA"}],"index":{"id":"index","profile":"intl","secret":` + s + `}}`,
		"profile":        `{"version":1,"current":"k1","keys":[{"id":"k1","profile":"rot13","secret":` + s + `}],"index":{"id":"index","profile":"intl","secret":` + s + `}}`,
		"no current key": `{"version":1,"current":"k2","keys":[{"id":"k1","profile":"intl","secret":` + s + `}],"index":{"id":"index","profile":"intl","secret":` + s + `}}`,
		"twice":          `{"version":1,"current":"k1","keys":[{"id":"k1","profile":"intl","secret":` + s + `},{"id":"k1","profile":"intl","secret":` + s + `}],"index":{"id":"index","profile":"intl","secret":` + s + `}}`,
	} {
		_, err := ParseRing([]byte(data))
		if err == nil {
			t.Errorf("%s: taken", label)
		} else if strings.Contains(err.Error(), "secret-looking") {
			t.Errorf("%s: the error quotes the file", label)
		}
	}
}

func TestRandom(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		c := RandomCode(10)
		if len(c) != 10 || strings.Trim(c, codeAlphabet) != "" || seen[c] {
			t.Fatalf("code %q", c)
		}
		seen[c] = true
	}
	if a, b := RandomToken(), RandomToken(); a == b || len(a) != 43 {
		t.Errorf("tokens %q %q", a, b)
	}
}
