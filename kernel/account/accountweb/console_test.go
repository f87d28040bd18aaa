package accountweb

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/access"
)

func number(n int64) string { return strconv.FormatInt(n, 10) }

func TestRegisterAndRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p := h.as(root)
		a := p.do(200, "POST", "/accounts", h.draft())
		id := int64(a["id"].(float64))
		h.following(id, 42)
		want := object{
			"id": float64(id), "slug": "qingyun", "name": "青云政务", "kind": "service", "verified": true, "original_id": "gh_abcdef0123",
			"appid": "wx0123456789abcdef", "mode": "safe", "unit_id": float64(h.city), "unit_name": "青云市", "intro": "办事问政",
			"principal": "青云市人民政府办公室", "contact": "12345", "farewell": "", "avatar": "", "persona": object{"name": "", "tone": ""},
			"callback_url": "https://gov.example/wx/qingyun", "has_secret": true, "has_token": true, "has_key": true, "has_key_before": false,
			"oauth_domain": false, "identity": false, "can_authorise": false, "status": "active", "status_reason": "", "enabled": true,
			"followers": float64(42), "version": float64(1),
		}
		got := p.do(200, "GET", "/accounts/"+number(id), nil)
		for _, at := range []string{"created_at", "updated_at", "key_changed_at"} {
			if at := got[at].(float64); at < float64(h.wall.Now().UnixMilli()-60_000) {
				t.Errorf("%v is no instant of now", at)
			}
			delete(got, at)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		list := p.do(200, "GET", "/accounts", nil)
		if items := list["items"].([]any); len(items) != 1 || items[0].(object)["slug"] != "qingyun" || list["next"] != "" {
			t.Errorf("%v", list)
		}
	})
}

func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	h := onSQLite(t)
	p := h.as(root)
	bad := with(h.draft(), "slug", "Qing Yun", "appid", "abc", "secret", "too short", "token", "a", "encoding_aes_key", "x", "kind", "shop", "mode", "loud", "unit_id", 0)
	got := fields(p.do(422, "POST", "/accounts", bad))
	for _, f := range []string{"slug", "appid", "secret", "token", "encoding_aes_key", "kind", "mode", "unit_id"} {
		if got[f] == "" || strings.Contains(got[f], "account.") || strings.Contains(got[f], "{") {
			t.Errorf("%s: %q", f, got[f])
		}
	}
	if list := p.do(200, "GET", "/accounts", nil); len(list["items"].([]any)) != 0 {
		t.Error("a refused account was kept")
	}
	p.do(200, "POST", "/accounts", with(h.draft(), "appid", "  wx0123456789abcdef\n", "secret", " "+goodSecret+" "))
	twice := fields(p.do(422, "POST", "/accounts", h.draft()))
	if twice["slug"] == "" || twice["appid"] == "" {
		t.Errorf("taken: %v", twice)
	}
	if got := p.do(422, "POST", "/accounts", with(h.draft(), "slug", "other", "appid", "wx9999999999999999", "unit_id", 4711)); fields(got)["unit_id"] == "" {
		t.Errorf("unknown unit: %v", got)
	}
	if got := h.as(bureau).do(403, "POST", "/accounts", with(h.draft(), "slug", "other", "appid", "wx9999999999999999")); !strings.Contains(got["detail"].(string), "单位") {
		t.Errorf("a unit out of reach: %v", got)
	}
	h.as(bureau).do(200, "POST", "/accounts", with(h.draft(), "slug", "other", "appid", "wx9999999999999999", "unit_id", h.office))
}

// TestEveryRouteIsGuarded walks all routes of the face as people who may not: one answer whether the account exists or not.
func TestEveryRouteIsGuarded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		_, id, _ := h.connect()
		outside, nobody, looker := h.as(bureau), h.as(stranger), h.as(reader)
		anonymous := &person{h, &http.Client{}}
		seen := 0
		for _, rt := range h.part.Routes {
			if rt.Permission == "-" {
				continue
			}
			seen++
			path := func(id int64) string {
				return strings.NewReplacer("{id}", number(id), "{name}", "MP_verify_AbCd1234.txt").Replace(rt.Path)
			}
			body := any(nil)
			if rt.Method != "GET" && rt.Method != "DELETE" {
				body = object{}
			}
			if status, _, text := anonymous.raw(rt.Method, path(id), body); status != 401 {
				t.Errorf("%s without a session: %d %s", rt.Pattern(), status, text)
			}
			if status, _, text := nobody.raw(rt.Method, path(id), body); status != 403 {
				t.Errorf("%s without the permission: %d %s", rt.Pattern(), status, text)
			}
			if status, _, _ := looker.raw(rt.Method, path(id), body); (status == 403) != (rt.Permission == edit) {
				t.Errorf("%s for a reader: %d", rt.Pattern(), status)
			}
			if !strings.Contains(rt.Path, "{id}") {
				continue
			}
			there, _, forbidden := outside.raw(rt.Method, path(id), body)
			none, _, unknown := outside.raw(rt.Method, path(id+1000), body)
			if there != 404 || none != 404 || withoutRequest(forbidden) != withoutRequest(unknown) {
				t.Errorf("%s out of reach: %d %s, unknown: %d %s", rt.Pattern(), there, forbidden, none, unknown)
			}
			if status, _, _ := outside.raw(rt.Method, strings.ReplaceAll(rt.Path, "{id}", "x"), body); status != 404 {
				t.Errorf("%s with no number: %d", rt.Pattern(), status)
			}
		}
		if seen != 22 {
			t.Errorf("%d guarded routes, want 22", seen)
		}
		if !slices.Contains(h.denied, "GET /console/api/accounts/{id}/check") {
			t.Error("denials are not told")
		}
		if list := outside.do(200, "GET", "/accounts", nil); len(list["items"].([]any)) != 0 {
			t.Errorf("the list reaches too far: %v", list)
		}
	})
}

// withoutRequest takes the request's own number out of a problem.
func withoutRequest(problem string) string {
	_, rest, _ := strings.Cut(problem, `"request_id":"`)
	_, tail, _ := strings.Cut(rest, `"`)
	return strings.Replace(problem, rest[:len(rest)-len(tail)], "", 1)
}

func TestStates(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		p, id, v := h.connect()
		one := "/accounts/" + number(id)
		if got := p.do(422, "POST", one+"/suspend", object{"version": v, "reason": " "}); fields(got)["reason"] == "" {
			t.Errorf("no reason: %v", got)
		}
		if got := p.do(409, "POST", one+"/suspend", object{"version": v + 1, "reason": "合并"}); got["key"] != "db.stale" {
			t.Errorf("stale: %v", got)
		}
		a := p.do(200, "POST", one+"/suspend", object{"version": v, "reason": "与市民中心合并"})
		if a["enabled"] != false || a["status"] != "suspended" || a["status_reason"] != "与市民中心合并" {
			t.Errorf("suspended: %v", a)
		}
		if got := p.do(409, "POST", one+"/suspend", object{"version": a["version"], "reason": "再来"}); got["key"] != "account.status_same" {
			t.Errorf("twice: %v", got)
		}
		a = p.do(200, "POST", one+"/resume", object{"version": a["version"]})
		if a["enabled"] != true || a["status_reason"] != "" {
			t.Errorf("resumed: %v", a)
		}
		a = p.do(200, "POST", one+"/mode", object{"version": a["version"], "mode": "plain"})
		if a["mode"] != "plain" {
			t.Errorf("mode: %v", a)
		}
		if got := p.do(422, "POST", one+"/mode", object{"version": a["version"], "mode": "loud"}); fields(got)["mode"] == "" {
			t.Errorf("unknown mode: %v", got)
		}
		if got := p.do(409, "POST", one+"/identity", object{"version": a["version"]}); got["key"] != "account.identity_needs" {
			t.Errorf("cannot authorise: %v", got)
		}
		a = p.do(200, "PATCH", one, object{"version": a["version"], "oauth_domain": true})
		a = p.do(200, "POST", one+"/identity", object{"version": a["version"]})
		if a["identity"] != true || a["can_authorise"] != true {
			t.Errorf("identity: %v", a)
		}
	})
}

// TestIdentityConcernsEverybody: who may edit one unit's accounts may not take the office from another's.
func TestIdentityConcernsEverybody(t *testing.T) {
	t.Parallel()
	h := onSQLite(t)
	p := h.as(bureau)
	a := p.do(200, "POST", "/accounts", with(h.draft(), "unit_id", h.office, "oauth_domain", true))
	path := fmt.Sprintf("/accounts/%v/identity", a["id"])
	if got := p.do(403, "POST", path, object{"version": a["version"]}); got["key"] != "account.identity_denied" {
		t.Errorf("%v", got)
	}
	h.as(root).do(200, "POST", path, object{"version": a["version"]})
}

func TestFind(t *testing.T) {
	t.Parallel()
	h := onSQLite(t)
	_, id, _ := h.connect()
	find := h.part.Searchers[0].Find
	for words, want := range map[string]int{"政务": 1, "QING": 1, "wx0123": 1, "gh_abc": 1, "人社": 0, " ": 0} {
		lines, err := find(t.Context(), access.Reach{All: true}, words, 5)
		if err != nil || len(lines) != want {
			t.Errorf("%q: %v %v", words, lines, err)
		}
		if want == 1 && lines[0].URL != "/console/account/"+number(id) {
			t.Errorf("%+v", lines[0])
		}
	}
	if lines, err := find(t.Context(), access.Reach{}, "政务", 5); err != nil || len(lines) != 0 {
		t.Errorf("found out of reach: %v %v", lines, err)
	}
}
