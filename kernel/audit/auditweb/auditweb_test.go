package auditweb

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/kernel/audit"
	"weizheng/kernel/setting"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// people are the staff and units of an invented house.
type people struct{}

func (people) Names(context.Context, []int64) (map[int64]string, error) {
	return map[int64]string{1: "丙", 5: "王丽"}, nil
}

func (people) Find(_ context.Context, words string) ([]int64, error) {
	if words == "王" {
		return []int64{5}, nil
	}
	return nil, nil
}

func (people) UnitPath(_ context.Context, id int64) (string, error) {
	if id != 4 {
		return "", errs.New(errs.NotFound, "org.no_unit")
	}
	return "/1/4/", nil
}

func (people) UnitNames(context.Context, []int64) (map[int64]string, error) {
	return map[int64]string{4: "交通局"}, nil
}

type days int64

func (d days) Int(context.Context, string, setting.At) int64 { return int64(d) }

type house struct {
	t     *testing.T
	db    *db.DB
	audit *audit.Service
	wall  *clock.Civil
	deps  Deps
	url   string
	actor access.Actor // who every request is
	http  *http.Client
}

func open(t *testing.T, grants ...access.Grant) *house {
	t.Helper()
	d := dbtest.SQLite(t, []db.Schema{web.Schema(), audit.Schema()})
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	h := &house{t: t, db: d, wall: clock.NewCivil(clock.Wall{}, 0), actor: access.Actor{Kind: access.Staff, ID: 1, Grants: grants}}
	h.audit = audit.New(audit.Deps{DB: d, Wall: h.wall, Log: quiet, Ring: ring})
	h.deps = Deps{Audit: h.audit, Staff: people{}, Units: people{}, Settings: days(366), Wall: h.wall}
	face := Part(h.deps)
	all, err := web.NewTexts(face.Texts)
	if err != nil {
		t.Fatal(err)
	}
	sessions := web.NewSessions(web.SessionConfig{DB: d, Wall: h.wall, Log: quiet})
	enter := web.JSON(web.Console, http.MethodPost, "/console/api/enter", web.Anyone, nil, "",
		func(ctx context.Context, _ *struct{}) (*web.None, error) {
			_, err := sessions.Login(ctx, web.StaffSession, 1, nil)
			return &web.None{}, err
		})
	touch := web.JSON(web.Console, http.MethodPost, "/console/api/touch", web.Self, nil, "",
		func(ctx context.Context, _ *struct{}) (*web.None, error) {
			return &web.None{}, d.Write(ctx, func(tx *db.Tx) error {
				return h.audit.Record(ctx, tx, audit.Entry{Verb: "publish", Object: "menu", ID: 3, Unit: "/1/4/"})
			})
		})
	server, err := web.New(web.Config{Routes: append(face.Routes, enter, touch), Permissions: []string{read, verify}, Sessions: sessions,
		Texts: all, Log: quiet, Wall: h.wall, Listen: "127.0.0.1:0",
		Auth: web.Auth{Staff: func(context.Context, web.Session) (access.Actor, error) { return h.actor, nil }}})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(server.Handler())
	t.Cleanup(front.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	h.url, h.http = front.URL+"/console/api", &http.Client{Jar: jar}
	if status, _ := h.ask(http.MethodPost, "/enter"); status != 204 {
		t.Fatalf("enter: %d", status)
	}
	return h
}

func (h *house) ask(method, path string) (int, map[string]any) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	res, err := h.http.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	out := map[string]any{}
	_ = json.NewDecoder(res.Body).Decode(&out) // 204 has none
	return res.StatusCode, out
}

func (h *house) record(actor access.Actor, entries ...audit.Entry) {
	h.t.Helper()
	ctx := access.With(h.t.Context(), actor)
	for _, e := range entries {
		if err := h.db.Write(ctx, func(tx *db.Tx) error { return h.audit.Record(ctx, tx, e) }); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) seal() {
	h.t.Helper()
	if _, err := h.audit.Seal(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

var all = []access.Grant{{Permission: read, Unit: "/"}, {Permission: verify, Unit: "/"}}

func TestList(t *testing.T) {
	t.Parallel()
	h := open(t, all...)
	wang := access.Actor{Kind: access.Staff, ID: 5}
	h.record(wang, audit.Entry{Verb: "publish", Object: "menu", ID: 3, Unit: "/1/4/", Account: 7, Detail: map[string]any{"version": 2}},
		audit.Entry{Verb: "login", Object: "staff", ID: 5, Unit: "/1/4/", Outcome: audit.Failed})
	h.record(access.Actor{}, audit.Entry{Verb: "purge", Object: "audit"})
	h.seal()
	h.record(wang, audit.Entry{Verb: "invent", Object: "thing", ID: 1})
	status, out := h.ask(http.MethodGet, "/audit?verb=menu.publish")
	want := map[string]any{"id": 1.0, "actor_kind": "staff", "actor_id": 5.0, "actor": "王丽", "verb": "menu.publish", "verb_text": "发布菜单",
		"object": "menu:3", "object_text": "菜单 3", "unit_name": "交通局", "account_id": 7.0, "outcome": "done",
		"detail": map[string]any{"version": 2.0}, "address": "", "request_id": "", "session": "", "sealed": true}
	items := out["items"].([]any)
	if status != 200 || len(items) != 1 {
		t.Fatalf("%d %v", status, out)
	}
	delete(items[0].(map[string]any), "at")
	if d := cmp.Diff(want, items[0]); d != "" {
		t.Error(d)
	}
	for _, c := range []struct{ query, want string }{
		{"", "inventthing|到期清除审计记录|登录，没有成功|发布菜单"},
		{"?actor=王", "inventthing|登录，没有成功|发布菜单"}, {"?actor=李", ""}, {"?actor_id=5&outcome=failed", "登录，没有成功"},
		{"?object=staff:5", "登录，没有成功"}, {"?object=staff:x", ""}, {"?object=audit", "到期清除审计记录"}, {"?verb=purge", "到期清除审计记录"},
		{"?unit=4", "登录，没有成功|发布菜单"}, {"?unit=9", ""}, {"?account=7", "发布菜单"}, {"?cursor=2", "发布菜单"}, {"?to=1", ""},
	} {
		_, out := h.ask(http.MethodGet, "/audit"+c.query)
		var got []string
		for _, it := range out["items"].([]any) {
			got = append(got, it.(map[string]any)["verb_text"].(string))
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %v", c.query, got)
		}
	}
	_, out = h.ask(http.MethodGet, "/audit?limit=3")
	if out["next"] != "2" {
		t.Errorf("next %v", out["next"])
	}
}

func TestAddressOfStaffIsKept(t *testing.T) {
	t.Parallel()
	h := open(t, all...)
	if status, out := h.ask(http.MethodPost, "/touch"); status != 204 {
		t.Fatalf("%d %v", status, out)
	}
	h.actor.Kind = access.Citizen
	if status, out := h.ask(http.MethodPost, "/touch"); status != 204 {
		t.Fatalf("%d %v", status, out)
	}
	h.actor.Kind = access.Staff
	_, out := h.ask(http.MethodGet, "/audit")
	items := out["items"].([]any)
	if staff := items[1].(map[string]any); staff["address"] != "127.0.0.1" || staff["request_id"] == "" || staff["session"] == "" {
		t.Errorf("staff: %v", staff)
	}
	if citizen := items[0].(map[string]any); citizen["address"] != "" {
		t.Errorf("a citizen's address was kept: %v", citizen)
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	h := open(t, all...)
	h.record(access.Actor{}, audit.Entry{Verb: "edit", Object: "menu"}, audit.Entry{Verb: "edit", Object: "menu"})
	h.seal()
	if status, out := h.ask(http.MethodPost, "/audit/verify"); status != 200 || out["ok"] != true || out["rows"] != 2.0 {
		t.Errorf("%d %v", status, out)
	}
	var printed bytes.Buffer
	if err := h.deps.command(t.Context(), &printed, nil); err != nil || !strings.Contains(printed.String(), "完整") {
		t.Errorf("%v: %s", err, printed.String())
	}
	err := h.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "update audit_entry set verb = 'edif' where id = 2")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, out := h.ask(http.MethodPost, "/audit/verify")
	want := []any{map[string]any{"kind": "changed", "batch": 1.0, "row": 2.0, "text": "第 2 条被改过"}}
	if d := cmp.Diff(want, out["faults"]); d != "" || out["ok"] != false || out["first_bad"] != 2.0 {
		t.Errorf("%s %v", d, out)
	}
	printed.Reset()
	if err := h.deps.command(t.Context(), &printed, nil); !errs.Is(err, errs.Refused) || !strings.Contains(printed.String(), "第 2 条被改过") {
		t.Errorf("%v: %s", err, printed.String())
	}
}

func TestReachIsKept(t *testing.T) {
	t.Parallel()
	h := open(t, access.Grant{Permission: read, Unit: "/1/4/"}, access.Grant{Permission: verify, Unit: "/1/4/"})
	h.record(access.Actor{}, audit.Entry{Verb: "edit", Object: "menu", Unit: "/1/4/"}, audit.Entry{Verb: "edit", Object: "menu", Unit: "/1/5/"},
		audit.Entry{Verb: "set", Object: "setting"})
	if _, out := h.ask(http.MethodGet, "/audit"); len(out["items"].([]any)) != 1 {
		t.Errorf("%v", out)
	}
	if status, _ := h.ask(http.MethodPost, "/audit/verify"); status != 403 {
		t.Errorf("a unit's auditor verified the whole chain: %d", status)
	}
	h.actor.Grants = nil
	if status, _ := h.ask(http.MethodGet, "/audit"); status != 403 {
		t.Errorf("without the right: %d", status)
	}
}

func TestHealthAndPurge(t *testing.T) {
	t.Parallel()
	h := open(t, all...)
	state := func() string {
		t.Helper()
		findings, err := h.deps.health(t.Context())
		if err != nil || len(findings) != 1 {
			t.Fatalf("%v, %v", findings, err)
		}
		return findings[0].State
	}
	move := func(d time.Duration) {
		t.Helper()
		if err := h.wall.SetOffset(h.wall.Offset() + d); err != nil {
			t.Fatal(err)
		}
	}
	h.record(access.Actor{}, audit.Entry{Verb: "edit", Object: "menu"})
	states := []string{state()}
	move(31 * time.Second)
	states = append(states, state())
	h.seal()
	states = append(states, state())
	if want := []string{"ok", "fail", "ok"}; !slices.Equal(states, want) {
		t.Errorf("%v, want %v", states, want)
	}
	p := &purge{Deps: h.deps}
	run := func() int {
		t.Helper()
		n, err := p.run(t.Context(), h.wall.Now())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := run(); n != 0 {
		t.Errorf("purged %d young rows", n)
	}
	move(367 * 24 * time.Hour)
	if n := run(); n != 1 {
		t.Errorf("purged %d", n)
	}
}
