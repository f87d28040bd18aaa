package log

import (
	"bytes"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	anOpenid = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc"
	aToken   = "91_QxS3kFz0pUoRj4mB7wYtLnHc2vEa8dGi5KJr1NbXfDqWs6ZyMTlPhVuCgAeO"
	anID     = "11010519491231002X"
	aMobile  = "13812345678"
)

func TestNothingSecretSurvives(t *testing.T) {
	t.Parallel()
	u, err := url.Parse("https://api.weixin.qq.com/cgi-bin/token?secret=s3cr3t")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		label string
		msg   string
		attr  slog.Attr
		never []string
		keeps string
	}{
		{"by name", "x", slog.String("app_secret", "s3cr3t"), []string{"s3cr3t"}, "app_secret"},
		{"by name, number", "x", slog.Int("token", 4711), []string{"4711"}, blank},
		{"by name in a group", "x", slog.Group("a", slog.String("openid", "short")), []string{"short"}, blank},
		{"openid by shape", "x", slog.String("who", anOpenid), []string{anOpenid}, blank},
		{"token by shape", "x", slog.String("v", "got "+aToken), []string{aToken}, "got "},
		{"in the message", "from " + anOpenid + " " + anID, slog.Int("n", 1), []string{anOpenid, anID}, "from "},
		{"absolute URL", "x", slog.String("v", "GET https://a.b/c?access_token=s3cr3t failed"),
			[]string{"s3cr3t", "?"}, "https://a.b/c failed"},
		{"path", "x", slog.String("path", "/wx/qy?openid=o1&signature=ab"), []string{"o1", "signature"}, "/wx/qy"},
		{"error with a URL", "x", slog.Any("err", &url.Error{Op: "Post", URL: u.String(), Err: errors.New("refused")}),
			[]string{"s3cr3t"}, "refused"},
		{"URL value", "x", slog.Any("v", u), []string{"s3cr3t"}, "api.weixin.qq.com"},
		{"struct", "x", slog.Any("v", struct {
			Token string
			Note  string
			List  []string
		}{"s3cr3t", "tel " + aMobile, []string{anOpenid}}), []string{"s3cr3t", aMobile, anOpenid}, "tel "},
		{"a digest stays", "x", slog.String("v", strings.Repeat("0a", 32)), nil, strings.Repeat("0a", 32)},
		{"milliseconds stay", "x", slog.String("v", "1763624400000"), nil, "1763624400000"},
		{"a message key stays", "x", slog.String("key", "ticket.closed"), nil, "ticket.closed"},
		{"a duration stays", "x", slog.Duration("took", time.Second), nil, "1000000000"},
		{"Chinese question stays", "x", slog.String("v", "办理护照要带什么?"), nil, "办理护照要带什么?"},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			New(&b, slog.LevelInfo, JSON).LogAttrs(t.Context(), slog.LevelInfo, c.msg, c.attr)
			for _, s := range c.never {
				if strings.Contains(b.String(), s) {
					t.Errorf("%q survived in %s", s, b.String())
				}
			}
			if !strings.Contains(b.String(), c.keeps) {
				t.Errorf("%q is missing from %s", c.keeps, b.String())
			}
		})
	}
}

func TestAttributesBoundEarly(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	New(&b, slog.LevelInfo, Text).With("password", "s3cr3t").WithGroup("g").Info("x", "openid", "o1")
	if got := b.String(); strings.Contains(got, "s3cr3t") || strings.Contains(got, "o1") {
		t.Error(got)
	}
}

func TestRequestAndLevel(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	l := New(&b, slog.LevelWarn, JSON)
	ctx := WithRequest(t.Context(), "r-1")
	l.InfoContext(ctx, "quiet")
	l.WarnContext(ctx, "loud")
	if got := b.String(); !strings.Contains(got, `"request":"r-1"`) || strings.Contains(got, "quiet") {
		t.Error(got)
	}
}
