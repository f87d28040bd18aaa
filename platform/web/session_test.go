package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

// whoami answers the session of the request.
func whoami() Route {
	return JSON(Console, "GET", "/console/api/me", Self, nil, "我", func(ctx context.Context, _ *struct{}) (*Session, error) {
		s, _ := Current(ctx)
		return &s, nil
	})
}

func TestSessions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		h := openOn(t, d, []Route{whoami()})
		first := h.browser(t).login(1)
		second := h.browser(t).login(1)
		other := h.browser(t).login(2)
		ctx := t.Context()

		list, err := h.sessions.List(ctx, StaffSession, 1)
		if err != nil || len(list) != 2 {
			t.Fatalf("list: %v %v", list, err)
		}
		if list[0].Address != "203.0.113.9" || list[0].CreatedAt == 0 || list[0].ExpiresAt-list[0].CreatedAt < 11*3600_000 {
			t.Errorf("session %+v", list[0])
		}
		if err := h.sessions.Revoke(ctx, StaffSession, 2, list[0].ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("revoking another's session: %v", err)
		}
		for _, s := range list {
			if err := h.sessions.Revoke(ctx, StaffSession, 1, s.ID); err != nil {
				t.Fatal(err)
			}
		}
		for label, want := range map[string]struct {
			b      *browser
			status int
		}{"first": {first, 401}, "second": {second, 401}, "other person": {other, 200}} {
			if w := want.b.do("GET", "/console/api/me", ""); w.Code != want.status {
				t.Errorf("%s: %d, want %d", label, w.Code, want.status)
			}
		}
	})
}

// TestThePhoneIsOneOfTheirSessions: staff on the phone have a cookie of their own that opens no desk, and are listed and
// ended with their desks.
func TestThePhoneIsOneOfTheirSessions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		var h *house
		enter := Raw(Staff, "GET", "/s/enter", Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
			if _, err := h.sessions.Login(r.Context(), PhoneSession, 1, map[string]string{"bound": r.URL.Query().Get("bound")}); err != nil {
				Fail(w, r, err)
			}
		})
		h = openOn(t, d, []Route{whoami(), enter, Raw(Staff, "GET", "/s/", Self, nil, nothing)})
		desk, phone, unbound := h.browser(t).login(1), h.browser(t), h.browser(t)
		phone.do("GET", "/s/enter?bound=yes", "")
		unbound.do("GET", "/s/enter?bound=no", "")
		phone.cookies["wz-staff"] = phone.cookies["wz-phone"]
		for _, row := range []struct {
			label  string
			b      *browser
			path   string
			status int
		}{
			{"the phone", phone, "/s/", 200}, {"an unbound one", unbound, "/s/", 401}, {"a desk on the phone's pages", desk, "/s/", 401},
			{"the phone's token at a desk", phone, "/console/api/me", 401},
		} {
			if w := row.b.do("GET", row.path, ""); w.Code != row.status {
				t.Errorf("%s: %d, want %d", row.label, w.Code, row.status)
			}
		}
		list, err := h.sessions.List(t.Context(), StaffSession, 1)
		if err != nil || len(list) != 3 {
			t.Fatalf("%+v %v", list, err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := h.sessions.RevokeAll(t.Context(), tx, PhoneSession, 1, "")
			return err
		})
		if a, b := desk.do("GET", "/console/api/me", "").Code, phone.do("GET", "/s/", "").Code; err != nil || a != 200 || b != 401 {
			t.Errorf("after the phones were ended: desk %d, phone %d, %v", a, b, err)
		}
		phone.do("GET", "/s/enter?bound=yes", "")
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := h.sessions.RevokeAll(t.Context(), tx, StaffSession, 1, "")
			return err
		})
		if a, b := desk.do("GET", "/console/api/me", "").Code, phone.do("GET", "/s/", "").Code; err != nil || a != 401 || b != 401 {
			t.Errorf("after all were ended: desk %d, phone %d, %v", a, b, err)
		}
	})
}

func TestRevokeAllSparesOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		h := openOn(t, d, []Route{whoami()})
		kept, gone := h.browser(t).login(1), h.browser(t).login(1)
		list, err := h.sessions.List(t.Context(), StaffSession, 1)
		if err != nil || len(list) != 2 {
			t.Fatal(list, err)
		}
		keep := sessionID(hashOf(kept.cookies["wz-staff"]))
		var n int64
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			n, err = h.sessions.RevokeAll(t.Context(), tx, StaffSession, 1, keep)
			return err
		})
		if err != nil || n != 1 {
			t.Fatal(n, err)
		}
		if a, b := kept.do("GET", "/console/api/me", "").Code, gone.do("GET", "/console/api/me", "").Code; a != 200 || b != 401 {
			t.Errorf("kept %d, gone %d", a, b)
		}
	})
}

func TestLoginChangesTheToken(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{whoami()})
	planted := h.browser(t)
	planted.cookies["wz-staff"] = "an-attacker-knows-this-token-and-planted-it"
	planted.login(1)
	if planted.cookies["wz-staff"] == "an-attacker-knows-this-token-and-planted-it" {
		t.Fatal("a planted token became a session")
	}
	before := planted.cookies["wz-staff"]
	planted.login(1)
	attacker := h.browser(t)
	attacker.cookies["wz-staff"] = before
	if w := attacker.do("GET", "/console/api/me", ""); w.Code != 401 {
		t.Errorf("the token from before the login still works: %d", w.Code)
	}
}

func TestLogoutEndsTheSession(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{whoami()})
	b := h.browser(t).login(1)
	stolen := h.browser(t)
	stolen.cookies["wz-staff"] = b.cookies["wz-staff"]
	if w := b.do("POST", "/console/api/logout", ""); w.Code != 204 || len(b.cookies) != 0 {
		t.Fatalf("%d, cookies %v", w.Code, b.cookies)
	}
	if w := stolen.do("GET", "/console/api/me", ""); w.Code != 401 {
		t.Errorf("after logout the token still works: %d", w.Code)
	}
}

func TestForgedTokensAreNobodyAndCounted(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{whoami()})
	for _, token := range []string{"forged", strings.Repeat("x", 43), "' or 1=1 --"} {
		b := h.browser(t)
		b.cookies["wz-staff"] = token
		if w := b.do("GET", "/console/api/me", ""); w.Code != 401 {
			t.Errorf("%q: %d", token, w.Code)
		}
	}
	if n := h.sessions.Unknown(StaffSession); n != 3 {
		t.Errorf("counted %d, want 3", n)
	}
}

func TestAStaffTokenIsNoCitizenToken(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{Raw(Citizen, "GET", "/c/{account}/mine", Self, nil, nothing)})
	b := h.browser(t).login(1)
	b.cookies["wz-citizen-zw"] = b.cookies["wz-staff"]
	if w := b.do("GET", "/c/zw/mine", ""); w.Code != 401 {
		t.Errorf("%d", w.Code)
	}
}

func TestIdleAndAbsoluteLimit(t *testing.T) {
	t.Parallel()
	rows := []struct {
		label  string
		steps  []time.Duration // a request after each
		header []string        // of all but the last
		status int             // of the last
	}{
		{"busy", []time.Duration{20 * time.Minute, 20 * time.Minute, 20 * time.Minute}, nil, 200},
		{"left alone", []time.Duration{20 * time.Minute, 31 * time.Minute}, nil, 401},
		{"only the page asked", []time.Duration{20 * time.Minute, 20 * time.Minute}, []string{"X-Idle", "1"}, 401},
		{"a long day", repeat(20*time.Minute, 37), nil, 401},
	}
	for _, row := range rows {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			h := open(t, []Route{whoami()})
			b := h.browser(t).login(1)
			status := 0
			for i, step := range row.steps {
				h.move(t, step)
				header := row.header
				if i == len(row.steps)-1 {
					header = nil
				}
				status = b.do("GET", "/console/api/me", "", header...).Code
			}
			if status != row.status {
				t.Errorf("%d, want %d", status, row.status)
			}
		})
	}
}

func repeat(d time.Duration, n int) []time.Duration {
	var all []time.Duration
	for range n {
		all = append(all, d)
	}
	return all
}

func TestReadingWritesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		h := openOn(t, d, []Route{whoami()})
		b := h.browser(t).login(1)
		seen := func() int64 {
			n, err := db.One(t.Context(), d, db.Value[int64], "select seen_at from web_session")
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		start := seen()
		h.move(t, 5*time.Minute)
		for range 3 {
			b.do("GET", "/console/api/me", "")
		}
		if seen() != start {
			t.Error("reading wrote the session")
		}
		if err := h.sessions.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := seen() - start; got < (5 * time.Minute).Milliseconds() {
			t.Errorf("after Flush it moved %d ms", got)
		}
	})
}

func TestSweep(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		h := openOn(t, d, nil)
		count := func() int64 {
			n, err := db.One(t.Context(), d, db.Value[int64], "select count(*) from web_session")
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		h.browser(t).login(1)
		h.browser(t).do("GET", "/c/zw/oauth", "")
		if err := h.sessions.Sweep(t.Context()); err != nil || count() != 2 {
			t.Fatalf("living sessions went: %d %v", count(), err)
		}
		h.move(t, 13*time.Hour) // the staff session's life is over, the citizen's not
		if err := h.sessions.Sweep(t.Context()); err != nil || count() != 1 {
			t.Fatalf("after a day %d are left, want 1: %v", count(), err)
		}
	})
}

func TestCookies(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		label, url string
		wants      []string
		never      []string
	}{
		{"plain", "http://127.0.0.1:8080", []string{"wz-staff=", "HttpOnly", "SameSite=Lax", "Path=/"}, []string{"Secure", "Domain", "__Host-"}},
		{"tls", "https://zw.example.gov.cn", []string{"__Host-wz-staff=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"}, []string{"Domain"}},
	} {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			h := open(t, nil, func(c *Config) { c.PublicURL = row.url })
			w := h.browser(t).do("POST", "/console/api/login", `{"staff":1}`)
			cookie := w.Header().Get("Set-Cookie")
			for _, want := range row.wants {
				if !strings.Contains(cookie, want) {
					t.Errorf("%q lacks %q", cookie, want)
				}
			}
			for _, never := range row.never {
				if strings.Contains(cookie, never) {
					t.Errorf("%q has %q", cookie, never)
				}
			}
		})
	}
}

func TestTheTokenIsNowhere(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{whoami()})
	b := h.browser(t).login(1)
	body := b.do("GET", "/console/api/me", "").Body.String()
	token := b.cookies["wz-staff"]
	row, err := db.One(t.Context(), h.sessions.db, scanSession, "select "+sessionColumns+" from web_session")
	if err != nil {
		t.Fatal(err)
	}
	for place, text := range map[string]string{"log": h.lines.String(), "answer": body, "table": row.hash + row.ID + row.data} {
		if strings.Contains(text, token) {
			t.Errorf("the token is in the %s", place)
		}
	}
}

func TestRememberedBeforeLogin(t *testing.T) {
	t.Parallel()
	var h *house
	start := Raw(Citizen, "GET", "/c/{account}/start", Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
		if err := h.sessions.Put(r.Context(), CitizenSession, "state", "s1"); err != nil {
			Fail(w, r, err)
		}
	})
	back := Raw(Citizen, "GET", "/c/{account}/back", Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
		state, err := h.sessions.Pop(r.Context(), CitizenSession, "state")
		if err != nil {
			Fail(w, r, err)
			return
		}
		_, _ = w.Write([]byte(state))
	})
	mine := Raw(Citizen, "GET", "/c/{account}/mine", Self, nil, nothing)
	h = open(t, []Route{start, back, mine})
	b := h.browser(t)
	b.do("GET", "/c/zw/start", "")
	if w := b.do("GET", "/c/zw/mine", ""); w.Code != 401 {
		t.Errorf("a remembered stranger is let in: %d", w.Code)
	}
	if got := b.do("GET", "/c/zw/back", "").Body.String(); got != "s1" {
		t.Errorf("first %q", got)
	}
	if got := b.do("GET", "/c/zw/back", "").Body.String(); got != "" {
		t.Errorf("second %q, want it used up", got)
	}
	h.move(t, 2*time.Hour)
	b.do("GET", "/c/zw/start", "")
	if h.sessions.Unknown(CitizenSession) != 1 {
		t.Error("a stranger is remembered for longer than an hour")
	}
}

func TestACitizenIsSomebodyElseToEachAccount(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{Raw(Citizen, "GET", "/c/{account}/mine", Self, nil, nothing)})
	b := h.browser(t)
	b.do("GET", "/c/zw/oauth", "")
	for path, want := range map[string]int{"/c/zw/mine": 200, "/c/rs/mine": 401, "/c/%22;x/mine": 401} {
		if w := b.do("GET", path, ""); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	b.cookies["wz-citizen-rs"] = b.cookies["wz-citizen-zw"]
	if w := b.do("GET", "/c/rs/mine", ""); w.Code != 401 {
		t.Errorf("a token of one account opens another: %d", w.Code)
	}
	b.do("GET", "/c/rs/oauth", "")
	for _, path := range []string{"/c/zw/mine", "/c/rs/mine"} {
		if w := b.do("GET", path, ""); w.Code != 200 {
			t.Errorf("%s after both logins: %d", path, w.Code)
		}
	}
}
