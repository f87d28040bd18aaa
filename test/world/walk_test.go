package world

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"weizheng/kernel/flow"
	"weizheng/kernel/matter"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// object is something that belongs to the root unit or to an account of it: nobody of a street may touch it.
func (w *World) objects() map[string]string {
	w.T.Helper()
	ids := map[string]string{}
	w.flowOfTheCity()
	for name, q := range map[string]string{
		"conversations": `select min(id) from conversation where account_id = 1`,
		"followers":     `select min(id) from follower where account_id = 1`,
		"replies":       `select min(id) from reply_rule where account_id = 1`,
		"accounts":      `select min(id) from account`,
		"units":         `select id from unit where path = '/1/'`,
		"worktime":      `select id from unit where path = '/1/'`,
		"staff":         `select min(id) from staff`,
		"forms":         `select min(id) from form where unit_id = (select id from unit where path = '/1/')`,
		"flows":         `select min(id) from flow where unit_id = (select id from unit where path = '/1/')`,
		"matters":       `select min(id) from matter where unit_id = (select id from unit where path = '/1/')`,
		"menus":         `select min(id) from account`,
		"targets":       `select min(id) from account`,
	} {
		var id int64
		if err := w.House.DB.QueryRow(w.T.Context(), q).Scan(&id); err != nil {
			w.T.Fatalf("%s: %v", name, err)
		}
		ids[name] = fmt.Sprint(id)
	}
	return ids
}

// flowOfTheCity makes a flow that belongs to the root unit, and a matter under it; the second time they are there.
func (w *World) flowOfTheCity() {
	w.T.Helper()
	root, err := db.One(w.T.Context(), w.House.DB, db.Value[int64], `select id from unit where path = '/1/'`)
	if err != nil {
		w.T.Fatal(err)
	}
	f, err := w.House.Flows.Create(w.T.Context(), flow.CreateIn{Key: "city-leave", Title: "请假", UnitID: root})
	if errs.Is(err, errs.Invalid) {
		return
	}
	if err == nil {
		_, err = w.House.Flows.Publish(w.T.Context(), f.ID, f.Version)
	}
	if err == nil {
		_, err = w.House.Matters.Open(w.T.Context(), matter.OpenIn{Flow: f.Key, Unit: root, Title: "年假三天"})
	}
	if err != nil {
		w.T.Fatal(err)
	}
}

var wildcard = regexp.MustCompile(`\{[^}]+\}`)

// fill puts ids into a route's path: that of the noun before the first wildcard, 1 for the others.
func fill(path string, ids map[string]string) string {
	noun := ""
	if parts := strings.Split(path, "/"); len(parts) > 3 {
		noun = parts[3]
	}
	first := true
	return wildcard.ReplaceAllStringFunc(path, func(string) string {
		if id, ok := ids[noun]; ok && first {
			first = false
			return id
		}
		return "1"
	})
}

func consoleRoutes(w *World) []web.Route {
	var routes []web.Route
	for _, rt := range w.House.Server.Routes() {
		if rt.Face == web.Console && strings.HasPrefix(rt.Path, "/console/api/") {
			routes = append(routes, rt)
		}
	}
	return routes
}

func TestAnotherUnitsIdIsRefusedOnEveryRouteToEveryRole(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, w *World) {
		ids := w.objects()
		before := denials(w)
		// People of a street and of other departments: nothing of the root unit is theirs.
		for _, login := range []string{"wangyun", "yundong", "renshe-bianji", "renshe-zuoxi", "renshe-jingban", "jiaojing-zuoxi", "xinwen-bianji", "xinwen-fabu"} {
			b := w.Staff(login)
			refused := 0
			for _, rt := range consoleRoutes(w) {
				if !wildcard.MatchString(rt.Path) || rt.Permission == web.Self || rt.Permission == web.Anyone {
					continue
				}
				status, body := b.Do(rt.Method, fill(rt.Path, ids), map[string]any{})
				if status != http.StatusForbidden && status != http.StatusNotFound {
					t.Errorf("%s: %s %s: %d %.200s", login, rt.Method, rt.Path, status, body)
				}
				refused++
			}
			if refused < 20 {
				t.Fatalf("only %d routes were walked", refused)
			}
		}
		if after := denials(w); after <= before {
			t.Errorf("the refusals left no trace in the audit: %d before, %d after", before, after)
		}
	})
}

func denials(w *World) int {
	w.T.Helper()
	var n int
	if err := w.House.DB.QueryRow(w.T.Context(), `select count(*) from audit_entry where outcome = 'denied'`).Scan(&n); err != nil {
		w.T.Fatal(err)
	}
	return n
}

func TestWhatAPersonMayNotIsRefusedEverywhere(t *testing.T) {
	t.Parallel()
	w := New(t, "")
	ids := w.objects()
	allowed := map[string]int{}
	for _, s := range w.City.Staff {
		b := w.Staff(s.Login)
		var session struct{ Permissions []string }
		b.Must(http.MethodGet, "/console/api/session", nil, &session)
		held := map[string]bool{}
		for _, p := range session.Permissions {
			held[p] = true
		}
		for _, rt := range consoleRoutes(w) {
			if rt.Permission == web.Self || rt.Permission == web.Anyone {
				continue
			}
			if held[rt.Permission] {
				allowed[rt.Permission]++
				continue
			}
			if status, body := b.Do(rt.Method, fill(rt.Path, ids), map[string]any{}); status != http.StatusForbidden {
				t.Errorf("%s without %s: %s %s: %d %.200s", s.Login, rt.Permission, rt.Method, rt.Path, status, body)
			}
		}
	}
	for _, rt := range consoleRoutes(w) {
		if rt.Permission != web.Self && rt.Permission != web.Anyone && allowed[rt.Permission] == 0 {
			t.Errorf("nobody in the city holds %s (%s): the walk proves nothing about it", rt.Permission, rt.Path)
		}
	}
}

func TestNobodyGetsInWithoutASession(t *testing.T) {
	t.Parallel()
	w := New(t, "")
	ids := w.objects()
	forged := w.Stranger()
	forged.Header.Set("Cookie", "wz-staff=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	for _, rt := range consoleRoutes(w) {
		if rt.Permission == web.Anyone {
			continue
		}
		for name, b := range map[string]*Browser{"stranger": w.Stranger(), "forged session": forged} {
			if status, _ := b.Do(rt.Method, fill(rt.Path, ids), map[string]any{}); status != http.StatusUnauthorized {
				t.Errorf("%s: %s %s: %d, want 401", name, rt.Method, rt.Path, status)
			}
		}
	}
}

func TestPostsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := New(t, "")
	ids := w.objects()
	b := w.Staff("zuoxi1")
	for _, origin := range []http.Header{
		{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
		{"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://other.house.test"}},
		{"Origin": {"null"}},
		{"Origin": {"https://evil.example"}},
	} {
		b.Header = origin
		status, body := b.Do(http.MethodPost, "/console/api/conversations/"+ids["conversations"]+"/claim", map[string]any{})
		if status != http.StatusForbidden {
			t.Errorf("%v: %d %s", origin, status, body)
		}
	}
	b.Header = http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {"http://house.test"}}
	if status, body := b.Do(http.MethodPost, "/console/api/conversations/"+ids["conversations"]+"/claim", map[string]any{}); status != http.StatusOK {
		t.Errorf("from our own page: %d %s", status, body)
	}
}
