package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
)

func TestCodesBecomeErrors(t *testing.T) {
	t.Parallel()
	rows := []struct {
		errcode int
		errmsg  string
		kind    errs.Kind
		action  wechat.Action
		msg     string
		ip      string
	}{
		{45015, "response out of time limit or subscription is canceled rid: 5f9b1b2c-0a1b2c3d-4e5f6a7b", errs.Refused, wechat.ActOtherChannel,
			"response out of time limit or subscription is canceled", ""},
		{45047, "out of response count limit rid: 5f9b1b2c-0a1b2c3d-4e5f6a7b", errs.Exhausted, wechat.ActOtherChannel, "out of response count limit", ""},
		{45009, "reach max api daily quota limit rid: 5f9b1b2c-0a1b2c3d-4e5f6a7b", errs.Exhausted, wechat.ActStopPath, "reach max api daily quota limit", ""},
		{45011, "api minute-quota reach limit rid: 5f9b1b2c-0a1b2c3d-4e5f6a7b", errs.Busy, wechat.ActBackOff, "api minute-quota reach limit", ""},
		{40003, "invalid openid hint: [oCANARYopenid] rid: 5f9b1b2c-0a1b2c3d-4e5f6a7b", errs.Refused, wechat.ActDropFollower, "invalid openid", ""},
		{40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 5f9b1b2c-0a1b2c3d-4e5f6a7b", errs.Refused, wechat.ActAllowIP,
			"invalid ip ipv6 not in whitelist", "203.0.113.7"},
		{48001, "api unauthorized rid: 5f9b1b2c-0a1b2c3d-4e5f6a7b", errs.Refused, wechat.ActHideCapability, "api unauthorized", ""},
		{43004, "require subscribe oCANARYopenid-0123456789_abc rid: 5f9b1b2c-0a1b2c3d-4e5f6a7b", errs.Refused, wechat.ActDropFollower, "require subscribe", ""},
		{47003, "argument invalid! data.thing1.value invalid rid: 5f9b1b2c-0a1b2c3d-4e5f6a7b", errs.Invalid, wechat.ActFixTemplate,
			"argument invalid data.thing1.value invalid", ""},
		{99999, "see https://mmbizurl.cn/s/JtxxFh33r rid: 5f9b1b2c-0a1b2c3d-4e5f6a7b", errs.Refused, wechat.ActShow, "", ""},
	}
	for _, row := range rows {
		f := newFake(t)
		f.answers("/cgi-bin/message/custom/send", fmt.Sprintf(`{"errcode":%d,"errmsg":%q}`, row.errcode, row.errmsg))
		err := f.client().SendCustom(short(t), testOpenID, Text{"您好"})
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Errorf("%d: %v", row.errcode, err)
			continue
		}
		if e.Code != row.errcode || e.Msg != row.msg || e.IP != row.ip || e.RID != "5f9b1b2c-0a1b2c3d-4e5f6a7b" ||
			e.Path != "/cgi-bin/message/custom/send" || e.AppID != testAppID || e.Local {
			t.Errorf("%d: %+v", row.errcode, e)
		}
		if !errs.Is(err, row.kind) || e.Action() != row.action || ActionOf(err) != row.action {
			t.Errorf("%d: kind %v, action %s", row.errcode, errs.KindOf(err), e.Action())
		}
		if p := errs.As(err); p.Key() != "wechat.api" || p.Params()["code"] != row.errcode || p.Params()["meaning"] == "" {
			t.Errorf("%d: %v", row.errcode, p)
		}
		if n := len(f.calls("/cgi-bin/message/custom/send")); n != 1 {
			t.Errorf("%d: sent %d times", row.errcode, n)
		}
	}
}

func TestErrorCodesOfWebAuthorisation(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.answers("/sns/oauth2/access_token", `{"errcode":40163,"errmsg":"code been used, rid: 1-2-3"}`)
	if _, err := f.client().OAuthToken(short(t), "C"); ActionOf(err) != wechat.ActRestartOAuth {
		t.Error(err)
	}
	for _, code := range []int{40001, 42001} {
		f.answers("/sns/userinfo", fmt.Sprintf(`{"errcode":%d,"errmsg":"x"}`, code))
		before := len(f.calls("/sns/userinfo"))
		_, err := f.client().OAuthUser(short(t), UserToken{AccessToken: "dead", OpenID: testOpenID})
		if ActionOf(err) != wechat.ActReauthorise || !errs.Is(err, errs.Refused) || len(f.calls("/sns/userinfo")) != before+1 {
			t.Errorf("%d: a citizen's token is not ours to renew: %v", code, err)
		}
	}
}

// TestAnswersThatAreNone: Unavailable, nothing of the body in the error.
func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	rows := []struct {
		label  string
		status int
		body   string
		reason string
	}{
		{"HTML", 200, "<html>CANARYbody oCANARYopenid</html>", "not JSON"},
		{"HTML with 502", 502, "<html>CANARYbody</html>", "not JSON"},
		{"404 page", 404, "CANARYbody", "not JSON"},
		{"nothing", 200, "", "not JSON"},
		{"array", 200, `[{"errcode":0,"x":"CANARYbody"}]`, "not JSON"},
		{"string", 200, `"CANARYbody"`, "not JSON"},
		{"cut off", 200, `{"errcode":0,"tags":[{"name":"CANARYbody`, "not JSON"},
		{"two objects", 200, `{"errcode":0}{"errcode":1}`, "not JSON"},
		{"errcode in words", 200, `{"errcode":"CANARYbody"}`, "not JSON"},
		{"another shape", 200, `{"tags":"CANARYbody"}`, "unknown shape"},
		{"JSON with 500", 500, `{"hello":"CANARYbody"}`, "HTTP error"},
		{"JSON with 403", 403, `{"hello":"CANARYbody"}`, "HTTP error"},
		{"redirect", 302, "", "not JSON"},
		{"too long", 200, `{"x":"` + strings.Repeat("CANARYbody", answerLimit/10) + `"}`, "too long"},
	}
	for _, row := range rows {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.on("/cgi-bin/tags/create", func(w http.ResponseWriter, _ *http.Request) {
				if row.status == 302 {
					w.Header().Set("Location", "http://elsewhere.test/CANARYbody")
				}
				w.WriteHeader(row.status)
				io.WriteString(w, row.body)
			})
			f.on("/cgi-bin/tags/get", f.serve["/cgi-bin/tags/create"])
			_, err := f.client().CreateTag(short(t), "x")
			if row.reason == "unknown shape" {
				f.answers("/cgi-bin/tags/get", row.body)
				_, err = f.client().Tags(short(t))
			}
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Code != NoAnswer || !errs.Is(err, errs.Unavailable) || errs.As(err).Key() != "wechat.away" {
				t.Fatalf("%v", err)
			}
			if !strings.Contains(err.Error(), row.reason) || strings.Contains(fmt.Sprintf("%v %+v", err, errs.As(err)), "CANARY") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestSlow(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	f.on("/cgi-bin/message/custom/send", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-release:
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := f.client().SendCustom(ctx, testOpenID, Text{"x"})
	if !errors.Is(err, context.DeadlineExceeded) || !errs.Is(err, errs.Unavailable) || !strings.Contains(err.Error(), "timed out") {
		t.Error(err)
	}
}

func TestDroppedConnection(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("/cgi-bin/message/custom/send", func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Type: application/json\r\n\r\n{\"errcode\":0")
		conn.Close()
	})
	err := f.client().SendCustom(short(t), testOpenID, Text{"x"})
	if CodeOf(err) != NoAnswer || !errs.Is(err, errs.Unavailable) {
		t.Error(err)
	}
	if n := len(f.calls("/cgi-bin/message/custom/send")); n != 1 {
		t.Errorf("a message that may have arrived was sent %d times", n)
	}
	f.Close()
	if err := f.client().SendCustom(short(t), testOpenID, Text{"x"}); CodeOf(err) != NoAnswer || !strings.Contains(err.Error(), "refused") {
		t.Error(err)
	}
}

// scripted answers in virtual time, without a network: one entry for each try.
type scripted struct {
	steps []string // a body, "hang", "drop" or "502"
	at    []time.Duration
	began time.Time
}

func (s *scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	s.at = append(s.at, time.Since(s.began))
	step := s.steps[min(len(s.at), len(s.steps))-1]
	status, body := 200, step
	switch step {
	case "hang":
		<-r.Context().Done()
		return nil, r.Context().Err()
	case "drop":
		return nil, errors.New("dial " + r.URL.String() + ": connection reset")
	case "502":
		status, body = 502, "<html>"
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func TestRetries(t *testing.T) {
	t.Parallel()
	const busy, ok = `{"errcode":-1,"errmsg":"system error"}`, `{"tags":[]}`
	read := func(ctx context.Context, c *Client) error { _, err := c.Tags(ctx); return err }
	create := func(ctx context.Context, c *Client) error { _, err := c.CreateTag(ctx, "x"); return err }
	send := func(ctx context.Context, c *Client) error { return c.SendCustom(ctx, "o", Text{"x"}) }
	rows := []struct {
		label string
		call  func(context.Context, *Client) error
		steps []string
		tries int
		code  int
	}{
		{"busy once", read, []string{busy, ok}, 2, 0},
		{"busy twice", read, []string{busy, busy, ok}, 3, 0},
		{"busy for ever", read, []string{busy}, 3, -1},
		{"busy by its long number", read, []string{`{"errcode":268487002}`, ok}, 2, 0},
		{"dropped", read, []string{"drop", ok}, 2, 0},
		{"502", read, []string{"502", ok}, 2, 0},
		{"hangs", read, []string{"hang", ok}, 2, 0},
		{"hangs for ever", read, []string{"hang"}, 2, NoAnswer},
		{"refused", read, []string{`{"errcode":48001}`, ok}, 1, 48001},
		{"per minute", read, []string{`{"errcode":45011}`, ok}, 1, 45011},
		{"creating is not repeated", create, []string{busy, ok}, 1, -1},
		{"sending is not repeated", send, []string{"drop", ok}, 1, NoAnswer},
	}
	for _, row := range rows {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &scripted{steps: row.steps, began: time.Now()}
				c := New(Config{AppID: testAppID, HTTP: s, Tokens: FixedToken("tok")})
				err := row.call(t.Context(), c)
				if CodeOf(err) != row.code {
					t.Errorf("%v", err)
				}
				if len(s.at) != row.tries {
					t.Errorf("%d tries at %v, want %d", len(s.at), s.at, row.tries)
				}
				if took := time.Since(s.began); took > defaultTimeout {
					t.Errorf("took %v", took)
				}
				for i := 1; i < len(s.at); i++ {
					if gap := s.at[i] - s.at[i-1]; gap < firstPause/2 {
						t.Errorf("try %d came after %v", i+1, gap)
					}
				}
			})
		})
	}
}

func TestRetriesEndWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{steps: []string{`{"errcode":-1}`}, began: time.Now()}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		_, err := New(Config{AppID: testAppID, HTTP: s, Tokens: FixedToken("tok")}).Tags(ctx)
		if CodeOf(err) != -1 || len(s.at) != 1 || time.Since(s.began) > 10*time.Millisecond {
			t.Errorf("%v after %d tries and %v", err, len(s.at), time.Since(s.began))
		}
	})
}
