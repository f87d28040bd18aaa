package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/errs"
)

func failing(err error) Route {
	return JSON(Console, "GET", "/console/api/fail", Anyone, nil, "失败", func(context.Context, *struct{}) (*None, error) { return nil, err })
}

func TestProblems(t *testing.T) {
	t.Parallel()
	rows := []struct {
		label      string
		err        error
		status     int
		kind, key  string
		detail     string // part of it
		never      string
		retryAfter string
	}{
		{"key with parameter", errs.New(errs.Conflict, "ticket.closed").With("number", "QY-7"), 409, "conflict", "ticket.closed", "工单 QY-7 已经办结", "", ""},
		{"wrapped", errs.Wrap(errs.New(errs.NotFound, "db.none"), "load ticket %d", 7), 404, "not_found", "db.none", "没有这条内容", "load ticket", ""},
		{"key without text", errs.New(errs.Refused, "menu.strange"), 422, "refused", "menu.strange", "对方没有接受", "", ""},
		{"unknown error", errors.New("dial tcp 10.0.0.5:5432: secret"), 500, "internal", "internal", "编号", "10.0.0.5", ""},
		{"internal key is not told", errs.New(errs.Internal, "db.tx_done"), 500, "internal", "db.tx_done", "没有办成", "", ""},
		{"private cause", errs.New(errs.Unavailable, "db.away").Because(errors.New("host=pg1")), 503, "unavailable", "db.away", "暂时连不上", "pg1", "5"},
		{"busy", errs.New(errs.Busy, "db.busy"), 503, "busy", "db.busy", "人太多", "", "1"},
		{"exhausted with a time", errs.New(errs.Exhausted, "exhausted").With("seconds", 90), 429, "exhausted", "exhausted", "次数", "", "90"},
		{"exhausted without", errs.New(errs.Exhausted, "exhausted"), 429, "exhausted", "exhausted", "次数", "", ""},
		{"denied", errs.New(errs.Denied, "denied"), 403, "denied", "denied", "没有做这件事的权限", "", ""},
		{"timeout", context.DeadlineExceeded, 503, "unavailable", "web.timeout", "用时太长", "deadline", "5"},
	}
	for _, row := range rows {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			w := open(t, []Route{failing(row.err)}).browser(t).do("GET", "/console/api/fail", "")
			p := problemOf(t, w)
			if w.Code != row.status || p.Status != row.status || p.Kind != row.kind || p.Key != row.key {
				t.Errorf("%d %+v", w.Code, p)
			}
			if !strings.Contains(p.Detail, row.detail) || p.Title == "" || p.Request == "" {
				t.Errorf("detail %q, want %q in it", p.Detail, row.detail)
			}
			if row.never != "" && strings.Contains(w.Body.String(), row.never) {
				t.Errorf("%s tells %q", w.Body, row.never)
			}
			if got := w.Header().Get("Retry-After"); got != row.retryAfter {
				t.Errorf("Retry-After %q, want %q", got, row.retryAfter)
			}
		})
	}
}

func TestInternalIsLoggedOnceWithoutQuery(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{failing(errors.New("disk on fire"))})
	w := h.browser(t).do("GET", "/console/api/fail?openid=oABC&token=xyz", "")
	lines := h.lines.String()
	if n := strings.Count(lines, "disk on fire"); n != 1 {
		t.Errorf("logged %d times:\n%s", n, lines)
	}
	if !strings.Contains(lines, problemOf(t, w).Request) {
		t.Error("the request id is not in the log")
	}
	for _, secret := range []string{"oABC", "xyz", "openid"} {
		if strings.Contains(lines, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	if !strings.Contains(lines, `"route":"GET /console/api/fail"`) {
		t.Errorf("no access line:\n%s", lines)
	}
}

func TestPanicBecomesAProblem(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{Raw(Console, "GET", "/console/api/boom", Anyone, nil, func(http.ResponseWriter, *http.Request) { panic("kaboom") })})
	w := h.browser(t).do("GET", "/console/api/boom", "")
	if p := problemOf(t, w); w.Code != 500 || strings.Contains(w.Body.String(), "kaboom") || p.Request == "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if n := strings.Count(h.lines.String(), "kaboom"); n != 1 {
		t.Errorf("logged %d times", n)
	}
}

type shapedIn struct {
	ID    int64  `path:"id" minimum:"1"`
	Limit int    `query:"limit" maximum:"100"`
	Sort  string `query:"sort" enum:"new,old"`
	Body  struct {
		Title string   `json:"title" minLength:"2" maxLength:"5"`
		Phone string   `json:"phone,omitempty" pattern:"^1[0-9]{10}$"`
		Tags  []string `json:"tags,omitempty" maxItems:"2"`
		Owner struct {
			Name string `json:"name"`
		} `json:"owner"`
	}
}

func shapedRoute() Route {
	return JSON(Console, "POST", "/console/api/shaped/{id}", Anyone, nil, "形状", func(_ context.Context, in *shapedIn) (*shapedOut, error) {
		if in.Body.Title == "拒绝吧" {
			return nil, errs.InvalidFields([]errs.Field{{Field: "title", Key: "ticket.title"}, {Field: "items[0].name", Key: "shape.min_length", Params: map[string]any{"min": 3}}})
		}
		return &shapedOut{Title: in.Body.Title}, nil
	})
}

type shapedOut struct {
	Title string `json:"title"`
}

func TestShape(t *testing.T) {
	t.Parallel()
	rows := []struct {
		label, path, body, contentType string
		status                         int
		key                            string
		faults                         map[string]string // field → text
	}{
		{"right", "/console/api/shaped/1", `{"title":"好的","owner":{"name":"甲"}}`, "", 200, "", nil},
		{"all at once", "/console/api/shaped/0?limit=200&sort=best", `{"title":"长长长长长长","phone":"12","tags":["a","b","c"],"owner":{}}`, "", 422, "invalid", map[string]string{
			"id": "不能小于 1", "limit": "不能大于 100", "sort": "只能是这几种之一：new, old", "title": "最多 5 个字",
			"phone": "格式不对，应当符合 ^1[0-9]{10}$", "tags": "最多 2 项", "owner.name": "必填"}},
		{"missing and unexpected", "/console/api/shaped/1", `{"titel":"x","owner":{"name":"甲"}}`, "", 422, "invalid", map[string]string{"title": "必填", "titel": "不认识这一项"}},
		{"wrong types", "/console/api/shaped/x?limit=y", `{"title":3,"owner":[]}`, "", 422, "invalid", map[string]string{
			"id": "应当是整数", "limit": "应当是整数", "title": "应当是文字", "owner": "应当是一组内容"}},
		{"not JSON", "/console/api/shaped/1", `{"title":`, "", 400, "web.malformed", nil},
		{"no body", "/console/api/shaped/1", ``, "", 400, "web.body_missing", nil},
		{"other media type", "/console/api/shaped/1", `title=x`, "application/x-www-form-urlencoded", 415, "web.media_type", nil},
		{"refused by the verb", "/console/api/shaped/1", `{"title":"拒绝吧","owner":{"name":"甲"}}`, "", 422, "invalid", map[string]string{"title": "请写标题", "items[0].name": "至少 3 个字"}},
	}
	for _, row := range rows {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			header := []string{}
			if row.contentType != "" {
				header = []string{"Content-Type", row.contentType}
			}
			w := open(t, []Route{shapedRoute()}).browser(t).do("POST", row.path, row.body, header...)
			if w.Code != row.status {
				t.Fatalf("status %d, want %d: %s", w.Code, row.status, w.Body)
			}
			if row.status == 200 {
				return
			}
			p := problemOf(t, w)
			got := map[string]string(nil)
			for _, f := range p.Errors {
				if got == nil {
					got = map[string]string{}
				}
				got[f.Field] = f.Text
			}
			if p.Key != row.key || p.Status != row.status || !cmp.Equal(got, row.faults) {
				t.Errorf("key %s, %s", p.Key, cmp.Diff(row.faults, got))
			}
			if strings.Contains(w.Body.String(), "$schema") {
				t.Error("$schema leaks")
			}
		})
	}
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	read := func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			Fail(w, r, err)
		}
	}
	h := open(t, []Route{shapedRoute().Sized(64), Raw(Callback, "POST", "/wx/{account}", Anyone, nil, read).Sized(64)})
	b := h.browser(t)
	large := `{"title":"` + strings.Repeat("x", 100) + `"}`
	for _, row := range []struct {
		label, path, body string
		chunked           bool
		status            int
	}{
		{"typed, announced", "/console/api/shaped/1", large, false, 413},
		{"typed, chunked", "/console/api/shaped/1", large, true, 413},
		{"raw, announced", "/wx/zw", large, false, 413},
		{"raw, chunked", "/wx/zw", large, true, 413},
		{"raw, small", "/wx/zw", "<xml/>", false, 200},
	} {
		r, _ := http.NewRequest("POST", row.path, strings.NewReader(row.body))
		r.RemoteAddr = "203.0.113.9:1"
		if row.chunked {
			r.ContentLength = -1
		}
		w := newRecorder()
		b.h.ServeHTTP(w, r)
		if w.Code != row.status {
			t.Errorf("%s: %d, want %d: %s", row.label, w.Code, row.status, w.Body)
		}
		if row.status == 413 && !strings.Contains(w.Body.String(), "提交的内容太大") {
			t.Errorf("%s: %s", row.label, w.Body)
		}
	}
}

func TestUnmatched(t *testing.T) {
	t.Parallel()
	b := open(t, []Route{shapedRoute(), Raw(Public, "GET", "/page", Anyone, nil, nothing)}).browser(t)
	for _, row := range []struct {
		label, method, path, accept string
		status                      int
		page                        bool
	}{
		{"unknown address for a person", "GET", "/nothing", "text/html", 404, true},
		{"unknown address for a program", "GET", "/nothing", "*/*", 404, false},
		{"unknown address of the API", "GET", "/console/api/nothing", "text/html", 404, false},
		{"wrong method", "DELETE", "/page", "*/*", 405, false},
		{"wrong method of the API", "GET", "/console/api/shaped/1", "*/*", 405, false},
	} {
		w := b.do(row.method, row.path, "", "Accept", row.accept)
		if page := strings.HasPrefix(w.Header().Get("Content-Type"), "text/html"); w.Code != row.status || page != row.page {
			t.Errorf("%s: %d %s", row.label, w.Code, w.Header().Get("Content-Type"))
		}
		if row.status == 405 && w.Header().Get("Allow") == "" {
			t.Errorf("%s: no Allow", row.label)
		}
	}
}

func TestTimeLimit(t *testing.T) {
	t.Parallel()
	slow := JSON(Console, "GET", "/console/api/slow", Anyone, nil, "慢", func(ctx context.Context, _ *struct{}) (*None, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}).Lasting(time.Millisecond)
	if w := open(t, []Route{slow}).browser(t).do("GET", "/console/api/slow", ""); w.Code != 503 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestOverload(t *testing.T) {
	t.Parallel()
	inside, leave := make(chan struct{}), make(chan struct{})
	hold := Raw(Public, "GET", "/hold", Anyone, nil, func(http.ResponseWriter, *http.Request) { close(inside); <-leave })
	h := open(t, []Route{hold, Raw(Public, "GET", "/page", Anyone, nil, nothing),
		Raw(Callback, "POST", "/wx/{account}", Anyone, nil, nothing)}, func(c *Config) { c.MaxInFlight = 1 })
	done := make(chan int)
	go func() { done <- h.browser(t).do("GET", "/hold", "").Code }()
	<-inside
	w := h.browser(t).do("GET", "/page", "")
	if w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	for label, w := range map[string]*httptest.ResponseRecorder{
		"callbacks have places of their own": h.browser(t).do("POST", "/wx/zw", ""), "probes need none": h.browser(t).do("GET", "/readyz", ""),
	} {
		if w.Code != 200 {
			t.Errorf("%s: %d", label, w.Code)
		}
	}
	close(leave)
	if code := <-done; code != 200 {
		t.Errorf("the one inside: %d", code)
	}
	if w := h.browser(t).do("GET", "/page", ""); w.Code != 200 {
		t.Errorf("afterwards: %d", w.Code)
	}
}

// A callback waits a little for a place, and is refused when there is none in time.
func TestCallbackWaitsForAPlace(t *testing.T) {
	t.Parallel()
	inside, leave := make(chan struct{}, 2), make(chan struct{})
	h := open(t, []Route{Raw(Callback, "POST", "/wx/{account}", Anyone, nil, func(http.ResponseWriter, *http.Request) {
		inside <- struct{}{}
		<-leave
	})}, func(c *Config) { c.MaxInFlight = 1 })
	done := make(chan int, 2)
	call := func() { done <- h.browser(t).do("POST", "/wx/zw", "").Code }
	go call()
	<-inside
	call()
	if code := <-done; code != 503 {
		t.Errorf("without a place: %d", code)
	}
	go call()
	close(leave)
	if a, b := <-done, <-done; a != 200 || b != 200 {
		t.Errorf("in the end: %d, %d", a, b)
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	if _, err := NewTexts(json.RawMessage(`{"a.b":"甲"}`), json.RawMessage(`{"a.b":"乙"}`)); err == nil || !strings.Contains(err.Error(), "a.b") {
		t.Errorf("two texts of one key: %v", err)
	}
	if _, err := NewTexts(json.RawMessage(`[1]`)); err == nil {
		t.Error("a list is no catalogue")
	}
	texts, err := NewTexts(json.RawMessage(`{"a.b":"{n} 个{what}，{n} 天"}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := texts.Say("a.b", map[string]any{"n": 3, "what": "{n}"}); got != "3 个{n}，3 天" {
		t.Errorf("got %q: parameters must not be expanded twice", got)
	}
	if got := texts.Say("no.such", nil); got != "no.such" {
		t.Errorf("got %q", got)
	}
}

func TestEveryKindAndShapeHasAText(t *testing.T) {
	t.Parallel()
	texts, err := NewTexts()
	if err != nil {
		t.Fatal(err)
	}
	for kind := errs.Internal; kind <= errs.Refused; kind++ {
		if !texts.Has(kind.String()) || !texts.Has("kind."+kind.String()) {
			t.Errorf("kind %s has no text", kind)
		}
		if statusByKind[kind] == 0 {
			t.Errorf("kind %s has no status", kind)
		}
	}
	for _, rule := range shapeRules {
		if !texts.Has(rule.key) {
			t.Errorf("%s has no text", rule.key)
		}
	}
	for key := range statusByKey {
		if !texts.Has(key) {
			t.Errorf("%s has no text", key)
		}
	}
}

func TestEveryOwnTextIsUsed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	var texts map[string]string
	if err := json.Unmarshal(ownTexts, &texts); err != nil {
		t.Fatal(err)
	}
	for key := range texts {
		part, _, _ := strings.Cut(key, ".")
		if (part == "web" || part == "shape") && !strings.Contains(source.String(), `"`+key+`"`) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}
