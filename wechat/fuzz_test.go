package wechat

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzOpen: whatever the query and the body, Open answers with one of its errors or with what was really sealed.
func FuzzOpen(f *testing.F) {
	codecs := map[Mode]*Codec{}
	for _, mode := range []Mode{Plain, Compatible, Safe} {
		codecs[mode] = mustCodec(f, mode, otherKey, vectorKey)
		for _, row := range callbacks {
			q, body, err := codecs[mode].Push([]byte(row.body), "gh_1", "o1", noon.Unix(), "n", []byte(random16))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(mode), q.Signature, q.MsgSignature, q.Timestamp, q.Nonce, body, "")
		}
		f.Add(string(mode), "", "", "1409304348", "n", []byte("<xml/>"), vectorCipher)
	}
	f.Fuzz(func(t *testing.T, mode, signature, msgSignature, timestamp, nonce string, body []byte, encrypted string) {
		c := codecs[Mode(mode)]
		if c == nil {
			return
		}
		q := Query{Signature: signature, MsgSignature: msgSignature, Timestamp: timestamp, Nonce: nonce}
		o, err := c.Open(q, body, noon)
		checkOpened(t, c, q, o, err)
		// The same with a right signature, so that the mutations reach the decryption.
		body = append(appendText([]byte("<xml>"), "Encrypt", encrypted), "</xml>"...)
		q.MsgSignature = SignMsg(vectorToken, timestamp, nonce, encrypted)
		o, err = c.Open(q, body, noon)
		checkOpened(t, c, q, o, err)
	})
}

func checkOpened(t *testing.T, c *Codec, q Query, o Opened, err error) {
	t.Helper()
	for _, known := range []error{ErrSignature, ErrStale, ErrKey, ErrAppID, ErrFormat} {
		if errors.Is(err, known) {
			return
		}
	}
	if err != nil {
		t.Fatalf("unknown error %v", err)
	}
	if c.mode == Plain {
		return
	}
	sealed, err := c.Seal(o.Plain, o.Key, noon.Unix(), q.Nonce, []byte(random16))
	if err != nil {
		t.Fatal(err)
	}
	if back, err := c.OpenReply(sealed); err != nil || !bytes.Equal(back, o.Plain) {
		t.Fatalf("%q comes back as %q, %v", o.Plain, back, err)
	}
}

// FuzzParseMessage: no panic; only ErrFormat; what parses survives encoding.
func FuzzParseMessage(f *testing.F) {
	for _, row := range callbacks {
		f.Add([]byte(row.body))
	}
	f.Add([]byte(ticketNotice))
	f.Add([]byte(authorizedNotice))
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := ParseMessage(body)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Fatalf("unknown error %v", err)
			}
			return
		}
		if first := m.Key(); first == "" || m.Key() != first || m.String() == "" {
			t.Fatal("key or name")
		}
		encoded, err := EncodeMessage(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseMessage(encoded)
		if err != nil {
			t.Fatalf("%s: %v", encoded, err)
		}
		again.Raw = m.Raw
		if !reflect.DeepEqual(m, again) {
			t.Fatalf("%+v\n%+v", m.fields(), again.fields())
		}
	})
}

// FuzzParseReply: no panic; only ErrFormat; what parses survives encoding and storage.
func FuzzParseReply(f *testing.F) {
	for _, row := range replies {
		b, err := EncodeReply("o1", "gh_1", time.Unix(12, 0), row.r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		to, from, r, err := ParseReply(body)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Fatalf("unknown error %v", err)
			}
			return
		}
		_ = ValidateReply(r, "text")
		if r == nil {
			return
		}
		encoded, err := EncodeReply(to, from, noon, r)
		if err != nil {
			t.Fatal(err)
		}
		_, _, again, err := ParseReply(encoded)
		if err != nil || !reflect.DeepEqual(r, again) {
			t.Fatalf("%+v\n%+v\n%v", r, again, err)
		}
		stored, err := MarshalReply(r)
		if err != nil {
			t.Fatal(err)
		}
		again, err = UnmarshalReply(stored)
		if err != nil || !reflect.DeepEqual(r, again) {
			t.Fatalf("%s: %+v\n%v", stored, again, err)
		}
	})
}

// FuzzScanPlain: what the quick reader takes, encoding/xml takes too, and both read the same.
func FuzzScanPlain(f *testing.F) {
	for _, row := range callbacks {
		f.Add([]byte(row.body))
		f.Add(uncommented(row.body))
	}
	for _, body := range plainSeeds {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !plainBytes(body) || !utf8.Valid(body) {
			return
		}
		quick, ok := scanPlain(body)
		if !ok {
			return
		}
		full, err := parseAny(body)
		if err != nil {
			t.Fatalf("only the quick reader takes %q: %v", body, err)
		}
		if got, want := leaves(quick), leaves(full); got != want {
			t.Fatalf("%q is read as %s, not %s", body, got, want)
		}
	})
}

// uncommented is a row without the comment that WeChat does not write.
func uncommented(body string) []byte { return []byte(strings.ReplaceAll(body, "<!-- x -->", "")) }

// FuzzParseRawQuery: a raw query is read as net/url reads it.
func FuzzParseRawQuery(f *testing.F) {
	for _, raw := range []string{
		"signature=a&timestamp=1&nonce=b&openid=o", "msg_signature=%2B&msg_signature=c", "echostr=a+b%20c&encrypt_type=aes",
		"a;b=c&nonce=1", "nonce=%zz&nonce=2", "&&=&nonce", "%6eonce=1", "nonce=&nonce=3", "signature=a=b",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		values, _ := url.ParseQuery(raw) // what it cannot read it leaves out
		if got, want := ParseRawQuery(raw), ParseQuery(values); got != want {
			t.Fatalf("%q is read as %+v, not %+v", raw, got, want)
		}
	})
}

var plainSeeds = []string{
	"<xml></xml>", "<xml>\n\t<a> </a>\n</xml>\n", "<xml><a>x</a></xml> y", "<xml><a><![CDATA[]]]]></a></xml>",
	"<xml><a> <![CDATA[x]]></a></xml>", "<xml><a>x<b>y</b>z</a></xml>", "<xml><a>]]></a></xml>", "<xml><a>&lt;</a></xml>",
	"<xml><a><![CDATA[x]]><![CDATA[y]]></a></xml>", "<xml><a b='c'/></xml>", "<xml><!-- --><a/></xml>", "<xml><a></b></xml>",
	"<xml><1/></xml>", "<xml><a>\r\n</a></xml>", "<?xml version='1.0'?><xml/>", "<a></a>", "<xml></xml><xml></xml>", "<xml>x</xml>",
}

// leaves spells a document out.
func leaves(d *document) string {
	var b strings.Builder
	for i, e := range d.elements {
		text := "-"
		if !e.hasElement {
			text = d.text[e.from:e.to]
		}
		fmt.Fprintf(&b, "%d %s %d %q\n", i, e.name, e.end, text)
	}
	return b.String()
}

// What WeChat sends in daily life takes the quick way.
func TestScanPlainTakesCallbacks(t *testing.T) {
	t.Parallel()
	taken := 0
	for _, row := range callbacks {
		if _, ok := scanPlain(uncommented(row.body)); ok {
			taken++
		} else {
			t.Logf("the long way: %s", row.label)
		}
	}
	if taken < len(callbacks)*9/10 {
		t.Errorf("only %d of %d callbacks were read the quick way", taken, len(callbacks))
	}
}
