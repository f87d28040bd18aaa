package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

type askIn struct {
	Title   string   `json:"title"`
	Count   int      `json:"count"`
	Price   float64  `json:"price"`
	Urgent  bool     `json:"urgent"`
	Tags    []string `json:"tags"`
	Places  []int64  `json:"places"`
	Private string   `json:"-"`
	Owner   struct {
		Name string `json:"name"`
	} `json:"owner"`
}

func TestDecode(t *testing.T) {
	t.Parallel()
	rows := []struct {
		label  string
		form   string
		want   askIn
		faults []errs.Field
	}{
		{"all sorts", "title=+%E5%A5%BD%0D%0A%E7%9A%84+&count=3&price=1.5&urgent=on&tags=a&tags=&tags=b&places=7&owner.name=x&Private=y&more=z",
			askIn{Title: "好\n的", Count: 3, Price: 1.5, Urgent: true, Tags: []string{"a", "b"}, Places: []int64{7},
				Owner: struct {
					Name string `json:"name"`
				}{"x"}}, nil},
		{"empty", "title=&count=&urgent=0", askIn{}, nil},
		{"all faults at once", "count=x&price=y&places=z", askIn{}, []errs.Field{
			{Field: "count", Key: "shape.integer"}, {Field: "price", Key: "shape.number"}, {Field: "places", Key: "shape.integer"}}},
	}
	for _, row := range rows {
		r, _ := http.NewRequest("POST", "/", strings.NewReader(row.form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		var in askIn
		_, err := Decode(r, &in)
		if row.faults != nil {
			if got := errs.As(err).Fields(); !cmp.Equal(got, row.faults) {
				t.Errorf("%s: %s", row.label, cmp.Diff(row.faults, got))
			}
			continue
		}
		if err != nil || !cmp.Equal(in, row.want) {
			t.Errorf("%s: %v %s", row.label, err, cmp.Diff(row.want, in))
		}
	}
}

// askRoutes is a form that counts how often its work was done.
func askRoutes(f *Forms, done *atomic.Int64, work func() error) []Route {
	return FormRoutes(f, Citizen, "/c/{account}/ask", Anyone, nil,
		func(w http.ResponseWriter, _ *http.Request, status int, form Filled[askIn]) {
			w.WriteHeader(status)
			fmt.Fprintf(w, "token=%s title=%s faults=%v top=%v failed=%v", form.Token, form.Value("title"), form.Faults, form.Top, form.Failed())
		},
		func(_ *http.Request, in *askIn) (string, error) {
			if in.Title == "" {
				return "", errs.InvalidFields([]errs.Field{{Field: "title", Key: "shape.required"}, {Key: "web.too_often", Params: map[string]any{"seconds": 3}}})
			}
			if err := work(); err != nil {
				return "", err
			}
			return fmt.Sprintf("/c/zw/done/%d", done.Add(1)), nil
		})
}

// onForms builds the house whose Forms live in the same database.
func onForms(t *testing.T, d *db.DB, work func() error) (*house, *atomic.Int64) {
	t.Helper()
	var done atomic.Int64
	texts, err := NewTexts()
	if err != nil {
		t.Fatal(err)
	}
	clockOf := &lateClock{}
	f := NewForms(d, clockOf, texts, silent())
	h := openOn(t, d, askRoutes(f, &done, work))
	clockOf.now = h.wall.Now
	return h, &done
}

// lateClock is bound to the house's clock once there is one.
type lateClock struct{ now func() time.Time }

func (c *lateClock) Now() time.Time { return c.now() }

var tokenIn = regexp.MustCompile(`token=(\S+)`)

func (b *browser) send(path string, form url.Values) (int, string, string) {
	b.t.Helper()
	w := b.do("POST", path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	return w.Code, w.Header().Get("Location"), w.Body.String()
}

func fine() error { return nil }

func TestSubmittingTwiceIsOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		h, done := onForms(t, d, fine)
		b := h.browser(t)
		token := tokenIn.FindStringSubmatch(b.do("GET", "/c/zw/ask", "").Body.String())[1]
		form := url.Values{"_token": {token}, "title": {"路灯坏了"}}
		for range 3 {
			if status, location, body := b.send("/c/zw/ask", form); status != 303 || location != "/c/zw/done/1" {
				t.Errorf("%d %s %s", status, location, body)
			}
		}
		form.Set("_token", tokenIn.FindStringSubmatch(b.do("GET", "/c/zw/ask", "").Body.String())[1])
		if _, location, _ := b.send("/c/zw/ask", form); location != "/c/zw/done/2" {
			t.Errorf("a new form leads to %s", location)
		}
		if done.Load() != 2 {
			t.Errorf("the work was done %d times", done.Load())
		}
	})
}

func TestTwoTapsAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		inside, leave := make(chan struct{}), make(chan struct{})
		var once sync.Once
		h, done := onForms(t, d, func() error { once.Do(func() { close(inside) }); <-leave; return nil })
		form := url.Values{"_token": {"a-token-that-is-long-enough"}, "title": {"x"}}
		first := make(chan string)
		go func() { _, location, _ := h.browser(t).send("/c/zw/ask", form); first <- location }()
		<-inside
		if status, _, body := h.browser(t).send("/c/zw/ask", form); status != 409 || !strings.Contains(body, "正在处理") {
			t.Errorf("second tap: %d %s", status, body)
		}
		close(leave)
		if location := <-first; location != "/c/zw/done/1" || done.Load() != 1 {
			t.Errorf("%s, done %d", location, done.Load())
		}
	})
}

func TestRefusedForms(t *testing.T) {
	t.Parallel()
	rows := []struct {
		label  string
		form   url.Values
		work   error
		status int
		parts  []string
	}{
		{"what is missing", url.Values{"_token": {"a-token-that-is-long-enough"}}, nil, 422, []string{"faults=map[title:必填]", "top=[操作太频繁，请 3 秒后再试。]", "failed=true"}},
		{"typed text stays", url.Values{"_token": {"a-token-that-is-long-enough"}, "title": {"路灯"}, "count": {"x"}}, nil, 422, []string{"title=路灯", "count:应当是整数"}},
		{"no token", url.Values{"title": {"x"}}, nil, 422, []string{"页面放得太久了"}},
		{"conflict", url.Values{"_token": {"a-token-that-is-long-enough"}, "title": {"x"}}, errs.New(errs.Conflict, "db.stale"), 409, []string{"top=[内容刚刚被别人改过"}},
		{"broken", url.Values{"_token": {"a-token-that-is-long-enough"}, "title": {"x"}}, errs.New(errs.Unavailable, "db.away"), 503, []string{"暂时连不上"}},
	}
	for _, row := range rows {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			h, done := onForms(t, dbtest.SQLite(t, schemas), func() error { return row.work })
			status, _, body := h.browser(t).send("/c/zw/ask", row.form)
			if status != row.status || done.Load() != 0 {
				t.Errorf("%d, done %d: %s", status, done.Load(), body)
			}
			for _, part := range row.parts {
				if !strings.Contains(body, part) {
					t.Errorf("%s lacks %q", body, part)
				}
			}
		})
	}
}

func TestAfterAFailureTheSameTokenWorks(t *testing.T) {
	t.Parallel()
	var fail atomic.Bool
	fail.Store(true)
	h, done := onForms(t, dbtest.SQLite(t, schemas), func() error {
		if fail.Load() {
			return errs.New(errs.Busy, "busy")
		}
		return nil
	})
	b := h.browser(t)
	form := url.Values{"_token": {"a-token-that-is-long-enough"}, "title": {"x"}}
	if status, _, _ := b.send("/c/zw/ask", form); status != 503 {
		t.Fatalf("first: %d", status)
	}
	fail.Store(false)
	if status, _, _ := b.send("/c/zw/ask", form); status != 303 || done.Load() != 1 {
		t.Errorf("second: %d, done %d", status, done.Load())
	}
}

func TestACrashedSubmissionMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, schemas)
	h, done := onForms(t, d, fine)
	b := h.browser(t)
	r, _ := http.NewRequest("POST", "/c/zw/ask", nil)
	key := formKey(r, "a-token-that-is-long-enough")
	err := d.Write(t.Context(), func(tx *db.Tx) error { // as a process leaves it that dies in the middle
		_, err := tx.Exec(t.Context(), "insert into web_form (token_hash, location, created_at) values ($1, '', $2)", key, h.wall.Now().UnixMilli())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"_token": {"a-token-that-is-long-enough"}, "title": {"x"}}
	if status, _, _ := b.send("/c/zw/ask", form); status != 409 {
		t.Errorf("at once: %d", status)
	}
	h.move(t, formPatience+time.Second)
	if status, _, _ := b.send("/c/zw/ask", form); status != 303 || done.Load() != 1 {
		t.Errorf("later: %d, done %d", status, done.Load())
	}
}
