package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/platform/errs"
)

// canaries are planted everywhere a secret can come from; none may stand in an error, a log line or what Observe hears.
var canaries = []string{
	testSecret, testOpenID, "CANARYtoken", "CANARYrefresh", "CANARYcode", "canaryname", "canary_lower", "CANARYticket", "CANARYmedia",
}

// TestNothingSecretInErrors calls every method against every kind of failure, with answers and transports that quote the
// whole request back.
func TestNothingSecretInErrors(t *testing.T) {
	t.Parallel()
	quoting := map[string]func(r *http.Request, body string) (*http.Response, error){
		"errmsg": func(r *http.Request, body string) (*http.Response, error) {
			msg, _ := json.Marshal("invalid " + strings.Join(canaries, " ") + " " + r.URL.String() + " " + body + " hint: " + testOpenID + " rid: 1a-2b-3c")
			return reply(r, 200, `{"errcode":40003,"errmsg":`+string(msg)+`}`), nil
		},
		"busy": func(r *http.Request, body string) (*http.Response, error) {
			return reply(r, 200, `{"errcode":-1,"errmsg":"`+r.URL.RawQuery+` `+testOpenID+`"}`), nil
		},
		"bad token": func(r *http.Request, body string) (*http.Response, error) {
			return reply(r, 200, `{"errcode":40001,"errmsg":"`+r.URL.RawQuery+` `+testSecret+`"}`), nil
		},
		"address": func(r *http.Request, body string) (*http.Response, error) {
			return reply(r, 200, `{"errcode":40164,"errmsg":"invalid ip 203.0.113.7 `+r.URL.RawQuery+`"}`), nil
		},
		"HTML": func(r *http.Request, body string) (*http.Response, error) {
			return reply(r, 500, "<html>"+r.URL.String()+body), nil
		},
		"shape": func(r *http.Request, body string) (*http.Response, error) {
			return reply(r, 200, `{"tags":"`+testOpenID+`","tag":"x","ip_list":"`+testSecret+`","menu":"CANARYtoken","data":1,"user_info_list":1,"ticket":7,"access_token":["CANARYtoken"],"quota":"x","openid":["`+testOpenID+`"],"media_id":{"CANARYmedia":1}}`), nil
		},
		"transport": func(r *http.Request, body string) (*http.Response, error) {
			return nil, fmt.Errorf("proxy says: %s %s %s", r.URL, body, r.Header)
		},
		"deadline": func(r *http.Request, body string) (*http.Response, error) {
			<-r.Context().Done()
			return nil, fmt.Errorf("%s: %w", r.URL, r.Context().Err())
		},
	}
	for label, answer := range quoting {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var log bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&log, nil))
			cfg := Config{
				AppID: testAppID, Secret: testSecret, Timeout: 20 * time.Millisecond,
				HTTP: trip(func(r *http.Request) (*http.Response, error) {
					var body []byte
					if r.Body != nil {
						body, _ = io.ReadAll(r.Body)
					}
					return answer(r, string(body))
				}),
				Observe: func(c Call) { mu.Lock(); defer mu.Unlock(); logger.Info("call", "call", c) },
			}
			for name, call := range everyMethod() {
				for _, tokens := range []TokenSource{FixedToken("CANARYtoken"), StableTokens(cfg, nil), LegacyTokens(cfg, nil)} {
					cfg := cfg
					cfg.Tokens = tokens
					c := New(cfg)
					err := call(t.Context(), c)
					if err == nil {
						if label != "shape" {
							t.Errorf("%s succeeded", name)
						}
						continue
					}
					mu.Lock()
					logger.Error("failed", "err", err, "fields", errs.As(err).Params(), "client", c, "config", cfg, "tokens", tokens)
					fmt.Fprintf(&log, "%v %+v %#v %v %+v %#v %+v %#v %v", err, err, c, c, cfg, cfg, tokens, tokens, errs.As(err))
					for e := err; e != nil; e = errors.Unwrap(e) {
						fmt.Fprintln(&log, e.Error())
					}
					if e, ok := errors.AsType[*Error](err); ok {
						fmt.Fprintf(&log, "%s %s %s %s", e.Msg, e.RID, e.IP, e.Path)
					}
					mu.Unlock()
				}
			}
			for _, canary := range canaries {
				if i := strings.Index(log.String(), canary); i >= 0 {
					t.Errorf("%s in …%s…", canary, log.String()[max(0, i-200):min(log.Len(), i+80)])
				}
			}
			if !strings.Contains(log.String(), "/cgi-bin/tags/get") {
				t.Error("the log is empty: the test shows nothing")
			}
		})
	}
}

func reply(r *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
}

func everyMethod() map[string]func(context.Context, *Client) error {
	second := func(_ any, err error) error { return err }
	return map[string]func(context.Context, *Client) error{
		"CallbackIPs": func(ctx context.Context, c *Client) error { return second(c.CallbackIPs(ctx)) },
		"Quota":       func(ctx context.Context, c *Client) error { return second(c.Quota(ctx, "/x")) },
		"Users":       func(ctx context.Context, c *Client) error { return second(c.Users(ctx, testOpenID)) },
		"User":        func(ctx context.Context, c *Client) error { return second(c.User(ctx, testOpenID)) },
		"UserBatch":   func(ctx context.Context, c *Client) error { return second(c.UserBatch(ctx, []string{testOpenID})) },
		"Remark":      func(ctx context.Context, c *Client) error { return c.Remark(ctx, testOpenID, "canaryname") },
		"Tags":        func(ctx context.Context, c *Client) error { return second(c.Tags(ctx)) },
		"CreateTag":   func(ctx context.Context, c *Client) error { return second(c.CreateTag(ctx, "canaryname")) },
		"TagUsers":    func(ctx context.Context, c *Client) error { return c.TagUsers(ctx, 9, []string{testOpenID}) },
		"CreateMenu": func(ctx context.Context, c *Client) error {
			return c.CreateMenu(ctx, Menu{[]Button{{Name: "canaryname"}}})
		},
		"Menu":         func(ctx context.Context, c *Client) error { return second(c.Menu(ctx)) },
		"SendCustom":   func(ctx context.Context, c *Client) error { return c.SendCustom(ctx, testOpenID, Text{"canaryname"}) },
		"Typing":       func(ctx context.Context, c *Client) error { return c.Typing(ctx, testOpenID, true) },
		"OAuthToken":   func(ctx context.Context, c *Client) error { return second(c.OAuthToken(ctx, "CANARYcode")) },
		"OAuthRefresh": func(ctx context.Context, c *Client) error { return second(c.OAuthRefresh(ctx, "CANARYrefresh")) },
		"OAuthUser": func(ctx context.Context, c *Client) error {
			return second(c.OAuthUser(ctx, UserToken{AccessToken: "CANARYtoken", OpenID: testOpenID}))
		},
		"JSTicket": func(ctx context.Context, c *Client) error { return second(c.JSTicket(ctx)) },
		"CreateQR": func(ctx context.Context, c *Client) error {
			return second(c.CreateQR(ctx, QR{Action: QRLimitStrScene, Scene: "canaryname"}))
		},
		"QRImage": func(ctx context.Context, c *Client) error { return second(c.QRImage(ctx, "CANARYticket")) },
		"Media":   func(ctx context.Context, c *Client) error { return second(c.Media(ctx, "CANARYmedia")) },
		"UploadMedia": func(ctx context.Context, c *Client) error {
			return second(c.UploadMedia(ctx, MediaImage, File{Name: "canaryname.png", Size: 3, Body: strings.NewReader("abc")}))
		},
	}
}

func TestTokensDoNotPrint(t *testing.T) {
	t.Parallel()
	store := NewMemoryStore()
	if err := store.Save(t.Context(), "a", Token{Value: "CANARYtoken"}); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	for _, v := range []any{Token{Value: "CANARYtoken"}, &Token{Value: "CANARYtoken"}, FixedToken("CANARYtoken"), store,
		UserToken{AccessToken: "CANARYtoken", RefreshToken: "CANARYtoken"}, Config{Secret: "CANARYtoken"}} {
		logger.Info("x", "v", v)
		fmt.Fprintf(&log, "%v %+v %#v %s\n", v, v, v, v)
	}
	if strings.Contains(log.String(), "CANARY") {
		t.Error(log.String())
	}
}
