package orgweb

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"

	"weizheng/kernel/audit"
	"weizheng/kernel/org"
	"weizheng/kernel/setting"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/web"
)

const good = "Qing-yun2026"

// house is a server with nothing but this face, its root unit and its three administrators.
type house struct {
	t    *testing.T
	org  *org.Service
	wall *clock.Civil
	url  string
	root int64
}

func open(t *testing.T) house {
	t.Helper()
	d := dbtest.SQLite(t, []db.Schema{web.Schema(), setting.Schema(), audit.Schema(), org.Schema()})
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	wall := clock.NewCivil(clock.Wall{}, 0)
	log := audit.New(audit.Deps{DB: d, Wall: wall, Log: quiet, Ring: ring})
	sessions := web.NewSessions(web.SessionConfig{DB: d, Wall: wall, Log: quiet})
	var parts []part.Part
	lists := part.NewLists(func() []part.Part { return parts })
	values := setting.New(setting.Deps{DB: d, Wall: wall, Log: quiet, Declared: func() []setting.Declaration { return declared(lists) },
		Audit: func(context.Context, *db.Tx, setting.Change) error { return nil }})
	permissions := func() (keys []string) {
		for _, p := range lists.Permissions() {
			keys = append(keys, p.Key)
		}
		return keys
	}
	service := org.New(org.Deps{DB: d, Wall: wall, Log: quiet, Ring: ring, Audit: log, Sessions: sessions, Settings: values,
		Permissions: permissions, Holdings: func() []org.Holding { return nil }})
	parts = []part.Part{Part(Deps{Org: service, Sessions: sessions, Lists: lists, Demo: true})}
	for _, start := range []func(context.Context) error{values.Start, service.Start} {
		if err := start(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		for _, stop := range []func(context.Context) error{service.Stop, values.Stop} {
			if err := stop(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		}
	})
	all, err := web.NewTexts(json.RawMessage(texts))
	if err != nil {
		t.Fatal(err)
	}
	server, err := web.New(web.Config{Routes: parts[0].Routes, Permissions: permissions(), Sessions: sessions, Texts: all, Log: quiet,
		Wall: wall, Auth: web.Auth{Staff: service.Authenticate}, Listen: "127.0.0.1:0",
		Limits: map[web.Limit]web.Allowance{web.LimitLogin: {Rate: 1000, Burst: 1000}}}) // the lock is what is tried here
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(server.Handler())
	t.Cleanup(front.Close)
	return house{t: t, org: service, wall: wall, url: front.URL}
}

func declared(l *part.Lists) (out []setting.Declaration) {
	for _, s := range l.Settings() {
		out = append(out, setting.Declaration{Name: s.Name, Type: setting.Type(s.Type), Unit: s.Unit, Default: s.Default, Text: s.Text,
			Source: s.Source, Scope: setting.Scope(s.Scope), Min: s.Min, Max: s.Max})
	}
	return out
}

// browser is one person's cookies.
type browser struct {
	h      house
	client *http.Client
}

func (h house) browser() browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return browser{h, &http.Client{Jar: jar}}
}

// do sends a request and returns the status and the decoded answer.
func (b browser) do(method, path string, body any) (int, map[string]any) {
	b.h.t.Helper()
	var in bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&in).Encode(body); err != nil {
			b.h.t.Fatal(err)
		}
	}
	r, err := http.NewRequestWithContext(b.h.t.Context(), method, b.h.url+"/console/api"+path, &in)
	if err != nil {
		b.h.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer res.Body.Close()
	out := map[string]any{}
	_ = json.NewDecoder(res.Body).Decode(&out) // 204 has none
	return res.StatusCode, out
}

// must sends a request that has to succeed.
func (b browser) must(method, path string, body any) map[string]any {
	b.h.t.Helper()
	status, out := b.do(method, path, body)
	if status >= 300 {
		b.h.t.Fatalf("%s %s: %d %v", method, path, status, out)
	}
	return out
}

type o = map[string]any

// enrol activates a link and logs in with the factor that came with it.
func (h house) enrol(token string) (browser, string) {
	h.t.Helper()
	b := h.browser()
	out := b.must("POST", "/activate", o{"token": token, "password": good})
	uri, err := url.Parse(out["totp_uri"].(string))
	if err != nil {
		h.t.Fatal(err)
	}
	secret := uri.Query().Get("secret")
	login := out["login"].(string)
	if next := b.must("POST", "/login", o{"login": login, "password": good})["next"]; next != "totp" {
		h.t.Fatalf("next %v", next)
	}
	if next := b.must("POST", "/login", o{"login": login, "password": good, "code": h.code(secret)})["next"]; next != "ok" {
		h.t.Fatalf("next %v", next)
	}
	return b, secret
}

func (h house) code(secret string) string {
	h.t.Helper()
	code, err := totp.GenerateCode(secret, h.wall.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

// begin makes the root and the three administrators and returns their browsers.
func (h *house) begin() (system, security, auditor browser) {
	h.t.Helper()
	links, err := h.org.Init(h.t.Context(), org.InitIn{Unit: org.UnitIn{Level: org.City, Name: "青云市"}, Admins: map[org.Duty]org.StaffIn{
		org.SystemDuty: {Login: "sys", Name: "甲"}, org.SecurityDuty: {Login: "sec", Name: "乙"}, org.AuditDuty: {Login: "aud", Name: "丙"}}})
	if err != nil {
		h.t.Fatal(err)
	}
	units, err := h.org.Units(h.t.Context(), access.Reach{All: true})
	if err != nil {
		h.t.Fatal(err)
	}
	h.root = units[0].ID
	system, _ = h.enrol(links[0].Token)
	security, _ = h.enrol(links[1].Token)
	auditor, _ = h.enrol(links[2].Token)
	return system, security, auditor
}

func TestFromInitToWork(t *testing.T) {
	t.Parallel()
	h := open(t)
	system, security, _ := h.begin()
	who := system.must("GET", "/session", nil)
	want := o{"id": who["id"], "name": "甲", "login": "sys", "post": "", "must_change": false, "must_set_factor": false, "totp": true,
		"demo": true, "unit": o{"id": float64(h.root), "name": "青云市", "path": who["unit"].(o)["path"]},
		"permissions": []any{"staff.edit", "staff.read", "staff.reveal", "unit.edit", "unit.read"}}
	if d := cmp.Diff(want, who); d != "" {
		t.Error(d)
	}
	bureau := system.must("POST", "/units", o{"parent_id": h.root, "name": "交通局", "short": "交通"})
	if bureau["level"] != "city" {
		t.Errorf("a department takes its government's level: %v", bureau)
	}
	link := system.must("POST", "/staff", o{"login": "Wang.Li", "name": "王丽", "unit_id": bureau["id"], "post": "信息员", "phone": "13812345678"})
	id := number(link["id"])
	_, token, _ := strings.Cut(link["link"].(string), "#")
	if looked := h.browser().must("POST", "/activate/look", o{"token": token}); looked["name"] != "王丽" {
		t.Errorf("%v", looked)
	}
	wang, _ := h.enrol(token)
	if status, _ := wang.do("GET", "/staff", nil); status != http.StatusForbidden {
		t.Errorf("without any right: %d", status)
	}
	p := security.must("GET", "/staff/"+id, nil)
	if p["phone"] != "138****5678" || p["state"] != "active" || p["post"] != "信息员" {
		t.Errorf("%v", p)
	}
	put := o{"version": p["version"], "grants": []o{{"role": "unit_admin", "unit_id": bureau["id"]}}}
	if status, _ := system.do("PUT", "/staff/"+id+"/grants", put); status != http.StatusForbidden {
		t.Errorf("the system administrator gives rights: %d", status)
	}
	security.must("PUT", "/staff/"+id+"/grants", put)
	list := wang.must("GET", "/staff", nil)["items"].([]any)
	if len(list) != 1 || list[0].(o)["login"] != "wang.li" {
		t.Errorf("the bureau's administrator sees %v", list)
	}
	if grants := list[0].(o)["grants"].([]any); len(grants) != 1 || grants[0].(o)["role_name"] != "单位管理员" {
		t.Errorf("%v", grants)
	}
}

func number(v any) string { return jsonText(v) }

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// TestGuards asks every route as people who may not, and nothing may happen.
func TestGuards(t *testing.T) {
	t.Parallel()
	h := open(t)
	system, security, auditor := h.begin()
	a := system.must("POST", "/units", o{"parent_id": h.root, "name": "甲局"})
	b := system.must("POST", "/units", o{"parent_id": h.root, "name": "乙局"})
	make := func(login string, unit any, role string) (browser, string) {
		link := system.must("POST", "/staff", o{"login": login, "name": "人" + login, "unit_id": unit})
		_, token, _ := strings.Cut(link["link"].(string), "#")
		who, _ := h.enrol(token)
		id := number(link["id"])
		p := security.must("GET", "/staff/"+id, nil)
		security.must("PUT", "/staff/"+id+"/grants", o{"version": p["version"], "grants": []o{{"role": role, "unit_id": unit}}})
		return who, id
	}
	local, localID := make("local", a["id"], "unit_admin")
	_, foreignID := make("foreign", b["id"], "unit_admin")
	foreignUnit := number(b["id"])
	nobody := h.browser()
	for _, c := range []struct {
		label, method, path string
		who                 browser
		body                any
		want                int
	}{
		{"not logged in", "GET", "/units", nobody, nil, 401},
		{"not logged in, one thing", "GET", "/staff/1", nobody, nil, 401},
		{"another unit", "GET", "/units/" + foreignUnit, local, nil, 404},
		{"a unit that is not", "GET", "/units/999", local, nil, 404},
		{"no number", "GET", "/units/x", local, nil, 404},
		{"another unit's change", "PATCH", "/units/" + foreignUnit, local, o{"version": 1, "name": "改"}, 404},
		{"another unit's move", "POST", "/units/" + foreignUnit + "/move", local, o{"version": 1, "parent_id": a["id"]}, 404},
		{"another unit's end", "DELETE", "/units/" + foreignUnit, local, nil, 404},
		{"a unit at the top", "POST", "/units", local, o{"parent_id": h.root, "name": "丙局"}, 422},
		{"another unit's person", "GET", "/staff/" + foreignID, local, nil, 404},
		{"disabling one", "POST", "/staff/" + foreignID + "/disable", local, nil, 404},
		{"resetting one", "POST", "/staff/" + foreignID + "/reset", local, nil, 404},
		{"giving one", "PUT", "/staff/" + foreignID + "/grants", local, o{"version": 1, "grants": []o{}}, 404},
		{"a person elsewhere", "POST", "/staff", local, o{"login": "spy", "name": "间", "unit_id": b["id"]}, 422},
		{"oneself", "POST", "/staff/" + localID + "/disable", local, nil, 403},
		{"one's own grants", "PUT", "/staff/" + localID + "/grants", local, o{"version": 3, "grants": []o{}}, 403},
		{"one's own end by handing over", "POST", "/staff/" + localID + "/handover", local, o{"to": 1}, 403},
		{"a phone without the right", "POST", "/staff/" + localID + "/reveal", auditor, o{"reason": "好奇心"}, 403},
		{"a role, by a unit's administrator", "PUT", "/roles/editor", local, o{"name": "编辑", "permissions": []string{"unit.read"}, "version": 1}, 403},
		{"an administrator's role", "PUT", "/roles/audit_admin", security, o{"name": "审", "permissions": []string{"unit.read"}, "version": 1}, 403},
		{"the audit administrator changes nothing", "POST", "/units", auditor, o{"parent_id": h.root, "name": "丁局"}, 403},
		{"the audit administrator gives nothing", "PUT", "/staff/" + localID + "/grants", auditor, o{"version": 3, "grants": []o{}}, 403},
		{"the security administrator makes nobody", "POST", "/staff", security, o{"login": "spy", "name": "间", "unit_id": h.root}, 403},
		{"a stranger's device", "DELETE", "/sessions/0123456789abcdef", local, nil, 404},
	} {
		if status, out := c.who.do(c.method, c.path, c.body); status != c.want {
			t.Errorf("%s: %s %s is %d, want %d: %v", c.label, c.method, c.path, status, c.want, out)
		}
	}
	if n := len(system.must("GET", "/units", nil)["items"].([]any)); n != 3 {
		t.Errorf("%d units", n)
	}
	if n := len(system.must("GET", "/staff", nil)["items"].([]any)); n != 5 {
		t.Errorf("%d people", n)
	}
}

func TestOwnAffairs(t *testing.T) {
	t.Parallel()
	h := open(t)
	system, _, _ := h.begin()
	wrong, out := system.do("POST", "/password", o{"old": "x", "new": "kurz"})
	if wrong != 422 || fields(out) != "new:org.password_short new:org.password_kinds" {
		t.Errorf("%d %v", wrong, fields(out))
	}
	_, out = system.do("POST", "/password", o{"old": "x", "new": "Neues-2027"})
	if fields(out) != "old:org.password_wrong" {
		t.Error(fields(out))
	}
	other := h.browser()
	h.later(30 * time.Second)
	factor := system.must("POST", "/factor", nil)
	if status, out := system.do("PUT", "/factor", o{"code": h.code(factor["secret"].(string))}); status != 422 || fields(out) != "password:org.password_wrong" {
		t.Errorf("%d %v", status, out)
	}
	system.must("PUT", "/factor", o{"code": h.code(factor["secret"].(string)), "password": good})
	h.later(30 * time.Second)
	other.must("POST", "/login", o{"login": "sys", "password": good, "code": h.code(factor["secret"].(string))})
	devices := system.must("GET", "/sessions", nil)["items"].([]any)
	current := slices.IndexFunc(devices, func(d any) bool { return d.(o)["current"] == true })
	if len(devices) != 2 || current < 0 {
		t.Fatalf("%v", devices)
	}
	system.must("DELETE", "/sessions/"+devices[1-current].(o)["id"].(string), nil)
	if status, _ := other.do("GET", "/session", nil); status != 401 {
		t.Errorf("an ended device still works: %d", status)
	}
	h.later(30 * time.Second)
	other.must("POST", "/login", o{"login": "sys", "password": good, "code": h.code(factor["secret"].(string))})
	system.must("POST", "/password", o{"old": good, "new": "Neues-2027"})
	if status, _ := other.do("GET", "/session", nil); status != 401 {
		t.Errorf("other devices must end with the password: %d", status)
	}
	system.must("GET", "/session", nil)
	system.must("POST", "/logout", nil)
	if status, _ := system.do("GET", "/session", nil); status != 401 {
		t.Errorf("after the logout: %d", status)
	}
}

func (h house) later(d time.Duration) {
	h.t.Helper()
	if err := h.wall.SetOffset(h.wall.Offset() + d); err != nil {
		h.t.Fatal(err)
	}
}

// fields names the faults of a problem, "field:key" in order.
func fields(problem o) string {
	list, _ := problem["errors"].([]any)
	var words []string
	for _, e := range list {
		words = append(words, e.(o)["field"].(string)+":"+e.(o)["key"].(string))
	}
	return strings.Join(words, " ")
}

func TestDisabledPersonIsOutAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	system, _, _ := h.begin()
	link := system.must("POST", "/staff", o{"login": "wang", "name": "王", "unit_id": h.root})
	_, token, _ := strings.Cut(link["link"].(string), "#")
	wang, _ := h.enrol(token)
	wang.must("GET", "/session", nil)
	system.must("POST", "/staff/"+number(link["id"])+"/disable", nil)
	if status, _ := wang.do("GET", "/session", nil); status != 401 {
		t.Errorf("disabled, and in: %d", status)
	}
	if p := system.must("POST", "/staff/"+number(link["id"])+"/enable", nil); p["state"] != "active" {
		t.Errorf("%v", p)
	}
	again := system.must("POST", "/staff/"+number(link["id"])+"/reset", nil)
	if again["totp_kept"] != false || !strings.Contains(again["link"].(string), "/console/activate#") {
		t.Errorf("%v", again)
	}
	if p := system.must("GET", "/staff/"+number(link["id"]), nil); p["state"] != "invited" || p["totp"] != false {
		t.Errorf("%v", p)
	}
}

func TestLockIsToldInWords(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.begin()
	b := h.browser()
	for range 5 {
		if status, out := b.do("POST", "/login", o{"login": "sys", "password": "Wrong-2026"}); status != 401 || out["key"] != "org.login_wrong" {
			t.Errorf("%d %v", status, out)
		}
	}
	status, out := b.do("POST", "/login", o{"login": "sys", "password": good})
	if status != 429 || out["detail"] != "错误次数太多，请 15 分钟后再试。" {
		t.Errorf("%d %v", status, out)
	}
}

func TestRolesAndPermissions(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, security, _ := h.begin()
	security.must("PUT", "/roles/night_desk", o{"name": "夜班", "permissions": []string{"unit.read"}, "version": 0})
	roles := security.must("GET", "/roles", nil)["items"].([]any)
	last := roles[len(roles)-1].(o)
	if last["key"] != "night_desk" || last["builtin"] != false {
		t.Errorf("%v", last)
	}
	if status, out := security.do("PUT", "/roles/night_desk", o{"name": "夜班", "permissions": []string{"role.edit"}, "version": 1}); status != 422 ||
		fields(out) != "permissions[0]:org.permission_reserved" {
		t.Errorf("%d %v", status, out)
	}
	if n := len(security.must("GET", "/permissions", nil)["items"].([]any)); n != 7 {
		t.Errorf("%d permissions", n)
	}
}
