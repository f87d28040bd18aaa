package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"weizheng/platform/access"
	"weizheng/platform/errs"
)

// tickets are the things of these tests: id → where they belong.
var tickets = map[string]access.Object{
	"40": {Unit: "/1/4/", Account: 7},
	"50": {Unit: "/1/5/", Account: 8},
	"60": {Unit: "/1/4/", Account: 7, Sealed: true},
}

func ticketScope(_ context.Context, r *http.Request) (access.Object, error) {
	o, ok := tickets[r.PathValue("id")]
	if !ok {
		return o, errs.New(errs.NotFound, "db.none")
	}
	return o, nil
}

type ticketIn struct {
	ID int64 `path:"id"`
}

type ticketOut struct {
	ID    int64    `json:"id"`
	Who   int64    `json:"who"`
	Notes []string `json:"notes"`
}

func ticketRoute() Route {
	return JSON(Console, "GET", "/console/api/tickets/{id}", "ticket.read", ticketScope, "一张工单",
		func(ctx context.Context, in *ticketIn) (*ticketOut, error) {
			return &ticketOut{ID: in.ID, Who: access.From(ctx).ID}, nil
		})
}

func TestPermissionAndScope(t *testing.T) {
	t.Parallel()
	rows := []struct {
		label  string
		staff  int64 // 0: not logged in
		id     string
		status int
		key    string
		denied int
	}{
		{"nobody", 0, "40", 401, "unauthenticated", 0},
		{"everywhere", 1, "40", 200, "", 0},
		{"own subtree", 2, "40", 200, "", 0},
		{"other subtree looks like unknown", 2, "50", 404, "not_found", 1},
		{"unknown", 2, "99", 404, "not_found", 1},
		{"no such permission anywhere", 3, "40", 403, "denied", 1},
		{"no such permission anywhere, unknown id", 3, "99", 403, "denied", 1},
		{"own account", 4, "40", 200, "", 0},
		{"other account looks like unknown", 4, "50", 404, "not_found", 1},
		{"sealed without the seal", 1, "60", 404, "not_found", 1},
	}
	for _, row := range rows {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			h := open(t, []Route{ticketRoute()})
			b := h.browser(t)
			if row.staff != 0 {
				b.login(row.staff)
			}
			w := b.do("GET", "/console/api/tickets/"+row.id, "")
			if w.Code != row.status {
				t.Fatalf("status %d, want %d: %s", w.Code, row.status, w.Body)
			}
			if len(h.denials) != row.denied {
				t.Errorf("denials %v, want %d", h.denials, row.denied)
			}
			if row.status == 200 {
				if want := `"notes":[]`; !strings.Contains(w.Body.String(), want) {
					t.Errorf("body %s lacks %s", w.Body, want)
				}
				return
			}
			if p := problemOf(t, w); p.Key != row.key || p.Detail == "" || p.Request == "" {
				t.Errorf("problem %+v, want key %s", p, row.key)
			}
		})
	}
}

func TestForbiddenLooksLikeUnknown(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{ticketRoute()})
	b := h.browser(t).login(2)
	forbidden, unknown := b.do("GET", "/console/api/tickets/50", ""), b.do("GET", "/console/api/tickets/99", "")
	one, other := problemOf(t, forbidden), problemOf(t, unknown)
	one.Request, other.Request = "", ""
	if one.Detail != other.Detail || one.Key != other.Key || one.Status != other.Status || one.Title != other.Title {
		t.Errorf("they differ: %+v and %+v", one, other)
	}
}

func TestDenialNamesTheObject(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{ticketRoute()})
	h.browser(t).login(2).do("GET", "/console/api/tickets/50", "")
	if len(h.denials) != 1 || h.denials[0].actor.ID != 2 || h.denials[0].object.Unit != "/1/5/" ||
		h.denials[0].route != "GET /console/api/tickets/{id}" {
		t.Errorf("got %+v", h.denials)
	}
}

func TestOwnThings(t *testing.T) {
	t.Parallel()
	mine := func(ctx context.Context, r *http.Request) (access.Object, error) {
		if r.PathValue("id") != "1" || access.From(ctx).ID != 5 {
			return access.Object{}, errs.New(errs.Denied, "denied")
		}
		return access.Object{}, nil
	}
	h := open(t, []Route{Raw(Citizen, "GET", "/c/{account}/tickets/{id}", Self, mine, nothing)})
	b := h.browser(t)
	if w := b.do("GET", "/c/zw/tickets/1", ""); w.Code != 401 {
		t.Errorf("stranger: %d", w.Code)
	}
	b.do("GET", "/c/zw/oauth", "")
	for path, want := range map[string]int{"/c/zw/tickets/1": 200, "/c/zw/tickets/2": 404, "/c/other/tickets/1": 401} {
		if w := b.do("GET", path, ""); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}

func TestSignInLeadsCitizens(t *testing.T) {
	t.Parallel()
	routes := []Route{Raw(Citizen, "GET", "/c/{account}/mine", Self, nil, nothing), Raw(Citizen, "POST", "/c/{account}/mine", Self, nil, nothing)}
	h := open(t, routes, func(c *Config) {
		c.SignIn = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/c/zw/oauth", http.StatusFound) }
	})
	b := h.browser(t)
	for _, row := range []struct {
		label, method, accept string
		status                int
	}{
		{"page", "GET", "text/html", 302}, {"script", "GET", "application/json", 401}, {"form", "POST", "text/html", 401},
	} {
		if w := b.do(row.method, "/c/zw/mine", "", "Accept", row.accept); w.Code != row.status {
			t.Errorf("%s: %d, want %d", row.label, w.Code, row.status)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{
		JSON(Open, "GET", "/api/v1/tickets", "ticket.read", nil, "工单", func(context.Context, *struct{}) (*ticketOut, error) { return &ticketOut{}, nil }),
	})
	b := h.browser(t)
	for _, row := range []struct {
		label, path, authorization string
		status                     int
	}{
		{"good key", "/api/v1/tickets", "Bearer good", 200},
		{"bad key", "/api/v1/tickets", "Bearer bad", 401},
		{"no key", "/api/v1/tickets", "", 401},
	} {
		if w := b.do("GET", row.path, "", "Authorization", row.authorization); w.Code != row.status {
			t.Errorf("%s: %d, want %d: %s", row.label, w.Code, row.status, w.Body)
		}
	}
}

func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{
		JSON(Console, "POST", "/console/api/tickets", "ticket.edit", nil, "新工单", func(context.Context, *struct{}) (*None, error) { return nil, nil }),
		Raw(Callback, "POST", "/wx/{account}", Anyone, nil, nothing),
		Raw(Public, "GET", "/page", Anyone, nil, nothing),
	}, func(c *Config) {
		c.Origins, c.PublicURL = []string{"http://phone.localhost:8090"}, "http://zw.example.gov.cn/"
	})
	b := h.browser(t).login(1)
	rows := []struct {
		label, method, path, site, origin string
		status                            int
	}{
		{"same origin", "POST", "/console/api/tickets", "same-origin", "", 204},
		{"typed into the bar", "POST", "/console/api/tickets", "none", "", 204},
		{"no browser", "POST", "/console/api/tickets", "", "", 204},
		{"cross site", "POST", "/console/api/tickets", "cross-site", "", 403},
		{"same site, other origin", "POST", "/console/api/tickets", "same-site", "", 403},
		{"null origin", "POST", "/console/api/tickets", "", "null", 403},
		{"foreign origin, old browser", "POST", "/console/api/tickets", "", "https://evil.example", 403},
		{"own origin, old browser", "POST", "/console/api/tickets", "", "http://example.com", 204},
		{"trusted origin", "POST", "/console/api/tickets", "cross-site", "http://phone.localhost:8090", 204},
		{"our public address, though the proxy changed the host", "POST", "/console/api/tickets", "", "http://zw.example.gov.cn", 204},
		{"reading is free", "GET", "/page", "cross-site", "", 200},
		{"callbacks come from elsewhere", "POST", "/wx/zw", "cross-site", "null", 200},
	}
	for _, row := range rows {
		var header []string
		if row.site != "" {
			header = append(header, "Sec-Fetch-Site", row.site)
		}
		if row.origin != "" {
			header = append(header, "Origin", row.origin)
		}
		if w := b.do(row.method, row.path, "", header...); w.Code != row.status {
			t.Errorf("%s: %d, want %d: %s", row.label, w.Code, row.status, w.Body)
		}
	}
}

func TestConsoleApart(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{ticketRoute(), Raw(Public, "GET", "/", Anyone, nil, nothing)}, func(c *Config) {
		c.ConsoleListen = "127.0.0.1:0"
		c.ConsoleAllow = prefixes("10.0.0.0/8")
	})
	for _, row := range []struct {
		label, path, address string
		console              bool
		status               int
	}{
		{"console not on the main listener", "/console/api/tickets/40", "10.1.2.3:1", false, 404},
		{"portal on the main listener", "/", "203.0.113.9:1", false, 200},
		{"console on its own, from inside", "/console/api/tickets/40", "10.1.2.3:1", true, 401},
		{"console on its own, from outside", "/console/api/tickets/40", "203.0.113.9:1", true, 403},
		{"health on both", "/healthz", "203.0.113.9:1", true, 200},
	} {
		b := h.browser(t)
		b.address = row.address
		if row.console {
			b.h = h.ConsoleHandler()
		}
		if w := b.do("GET", row.path, ""); w.Code != row.status {
			t.Errorf("%s: %d, want %d", row.label, w.Code, row.status)
		}
	}
}

// TestWalk shows how a test visits every route as every role: none may be open to nobody but those of Anyone.
func TestWalk(t *testing.T) {
	t.Parallel()
	h := open(t, []Route{ticketRoute()})
	b := h.browser(t)
	for _, rt := range h.Routes() {
		path := strings.NewReplacer("{id}", "40", "{account}", "zw").Replace(rt.Path)
		w := b.do(rt.Method, path, "")
		if open := w.Code != 401 && w.Code != 403; open != (rt.Permission == Anyone) {
			t.Errorf("%s with permission %q answers nobody %d", rt.Pattern(), rt.Permission, w.Code)
		}
	}
}
