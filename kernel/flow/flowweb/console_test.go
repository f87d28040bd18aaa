package flowweb

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"weizheng/kernel/audit"
	"weizheng/kernel/flow"
	"weizheng/kernel/org"
	"weizheng/kernel/worktime"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/web"
)

// The people of the tests.
const (
	chief    = iota + 1 // everything of flows everywhere
	editor              // reads and edits in the bureau
	stranger            // everything in another bureau
)

// house is the web server with this face and three units.
type house struct {
	t       *testing.T
	db      *db.DB
	part    part.Part
	effects map[string]bool // what the parts offer
	texts   *web.Texts
	url     string
}

func (h *house) UnitNames(context.Context, []int64) (map[int64]string, error) {
	return map[int64]string{1: "青云市", 2: "民政局", 3: "交警支队"}, nil
}

func (h *house) UnitPath(_ context.Context, id int64) (string, error) {
	return map[int64]string{1: "/1/", 2: "/1/2/", 3: "/1/3/"}[id], nil
}

func (h *house) Names(context.Context, []int64) (map[int64]string, error) {
	return map[int64]string{chief: "周主任", editor: "李编辑"}, nil
}

func (h *house) Calendar(context.Context, string) (*worktime.Calendar, error) {
	return worktime.NewCalendar(worktime.Data{Years: worktime.Builtin()})
}

func staff(_ context.Context, s web.Session) (access.Actor, error) {
	a := access.Actor{Kind: access.Staff, ID: s.Subject, Unit: "/1/2/"}
	unit, keys := access.Everywhere, []string{read, edit, publish}
	switch s.Subject {
	case editor:
		unit, keys = "/1/2/", keys[:2]
	case stranger:
		unit, a.Unit = "/1/3/", "/1/3/"
	}
	for _, k := range keys {
		a.Grants = append(a.Grants, access.Grant{Permission: k, Unit: unit})
	}
	return a, nil
}

func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	schemas := []db.Schema{web.Schema(), audit.Schema(), org.Schema(), flow.Schema()}
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { f(t, open(t, d)) })
}

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, db: d, effects: map[string]bool{"reply.publish": true, "reply.settle": true, "ticket.reply": true,
		"flow.publish": true, "flow.settle": true}}
	ring, err := crypt.NewRing(rand.Reader)
	h.must(err)
	log := slog.New(slog.DiscardHandler)
	h.must(d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into unit (id, parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
			values (1,null,'city','青云市','','','/1/',0,false,1,1,1), (2,1,'district','民政局','','','/1/2/',0,false,1,1,1),
			(3,1,'district','交警支队','','','/1/3/',0,false,1,1,1)`)
		return err
	}))
	flows := flow.New(flow.Deps{DB: d, Wall: clock.Wall{}, Log: log, Hints: web.NewHub(d),
		Audit: audit.New(audit.Deps{DB: d, Wall: clock.Wall{}, Log: log, Ring: ring}),
		Known: func(context.Context, string) (flow.Known, error) {
			return flow.Known{Effects: h.effects}, nil
		}})
	h.must(flows.Start(t.Context()))
	t.Cleanup(func() { _ = flows.Stop(context.WithoutCancel(t.Context())) })
	lists := part.NewLists(func() []part.Part { return []part.Part{h.part} })
	h.part = Part(Deps{Flows: flows, Units: h, Staff: h, Calendars: h, Lists: lists, Civil: clock.Wall{},
		Say:   func(key string, params map[string]any) string { return h.texts.Say(key, params) },
		Forms: func(context.Context, access.Reach) ([]Form, error) { return []Form{}, nil }})
	h.texts, err = web.NewTexts(h.part.Texts)
	h.must(err)
	sessions := web.NewSessions(web.SessionConfig{DB: d, Wall: clock.Wall{}, Log: log})
	login := web.Raw(web.Console, "POST", "/console/api/login", web.Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.ParseInt(r.URL.Query().Get("id"), 10, 64)
		if _, err := sessions.Login(r.Context(), web.StaffSession, id, nil); err != nil {
			web.Fail(w, r, err)
		}
	})
	server, err := web.New(web.Config{Routes: append(h.part.Routes, login), Permissions: []string{read, edit, publish}, Sessions: sessions,
		Texts: h.texts, Log: log, Wall: clock.Wall{}, Auth: web.Auth{Staff: staff}, Limits: map[web.Limit]web.Allowance{}})
	h.must(err)
	front := httptest.NewServer(server.Handler())
	t.Cleanup(front.Close)
	h.url = front.URL
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// desk is somebody who is logged in.
type desk struct {
	h      *house
	client *http.Client
}

func (h *house) desk(who int) *desk {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	h.must(err)
	d := &desk{h, &http.Client{Jar: jar}}
	d.ask(http.StatusOK, "POST", "/console/api/login?id="+strconv.Itoa(who), nil, nil)
	return d
}

// ask makes one request, holds its status against what is wanted, and reads the answer into out.
func (d *desk) ask(want int, method, path string, in, out any) string {
	d.h.t.Helper()
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		d.h.must(err)
		body = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(d.h.t.Context(), method, d.h.url+path, body)
	d.h.must(err)
	r.Header.Set("Content-Type", "application/json")
	answer, err := d.client.Do(r)
	d.h.must(err)
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	d.h.must(err)
	if answer.StatusCode != want {
		d.h.t.Fatalf("%s %s: %d, want %d: %s", method, path, answer.StatusCode, want, raw)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			d.h.t.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
	return string(raw)
}

type body = map[string]any

func at(id int64, more string) string { return fmt.Sprintf("/console/api/flows/%d%s", id, more) }

func TestAFlowFromDraftToLive(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		a := h.desk(chief)
		var list listOut
		a.ask(200, "GET", "/console/api/flows", nil, &list)
		if len(list.Items) != 3 || list.Items[0].Live != 1 || list.Items[0].Unpublished || list.Items[0].Unit != "全市通用" {
			t.Fatalf("shipped ones: %+v", list.Items)
		}
		var v view
		a.ask(200, "POST", "/console/api/flows", body{"key": "leave", "title": "请假", "unit_id": 2}, &v)
		if v.Unit != "民政局" || len(v.Draft.States) != 2 || v.Draft.Layout["done"].X == 0 || len(v.Problems) != 0 {
			t.Fatalf("%+v", v)
		}
		draft := v.Draft
		draft.Actions[0].To = "moon"
		a.ask(200, "PUT", at(v.ID, "/draft"), body{"version": v.Version, "draft": draft}, &v)
		if len(v.Problems) != 1 || v.Problems[0].Path != "actions.finish.to" || v.Problems[0].Message != "没有状态“moon”" {
			t.Fatalf("problems %+v", v.Problems)
		}
		a.ask(422, "POST", at(v.ID, "/publish"), body{"version": v.Version}, nil)
		draft.Actions[0].To = "done"
		a.ask(200, "PUT", at(v.ID, "/draft"), body{"version": v.Version, "draft": draft}, &v)
		a.ask(409, "POST", at(v.ID, "/publish"), body{"version": v.Version - 1}, nil)
		a.ask(200, "POST", at(v.ID, "/publish"), body{"version": v.Version}, &v)
		if v.Live != 1 || v.Unpublished {
			t.Fatalf("%+v", v.summary)
		}

		var y yamlOut
		a.ask(200, "GET", at(v.ID, "/yaml"), nil, &y)
		text := strings.Replace(y.YAML, "title: 登记", "title: 填写", 1)
		a.ask(200, "PUT", at(v.ID, "/draft"), body{"version": v.Version, "yaml": text}, &v)
		var d diffOut
		a.ask(200, "GET", at(v.ID, "/diff"), nil, &d)
		if len(d.Changes) != 1 || d.Changes[0].Noun != "state" || d.Changes[0].Title != "填写" || d.Before.States[0].Title != "登记" {
			t.Fatalf("changes %+v", d.Changes)
		}
		a.ask(200, "POST", at(v.ID, "/publish"), body{"version": v.Version}, &v)
		a.ask(200, "POST", at(v.ID, "/restore"), body{"version": v.Version, "number": 1}, &v)
		if v.Draft.States[0].Title != "登记" || !v.Unpublished {
			t.Fatalf("%+v", v)
		}
		var versions versionsOut
		a.ask(200, "GET", at(v.ID, "/versions?limit=1"), nil, &versions)
		if len(versions.Items) != 1 || versions.Items[0].By != "周主任" || versions.Next != "2" || versions.Items[0].State != "live" {
			t.Fatalf("%+v", versions)
		}
		var one versionOut
		a.ask(200, "GET", at(v.ID, "/versions/1"), nil, &one)
		if one.Definition.States[0].Title != "登记" || one.State != "retired" {
			t.Fatalf("%+v", one)
		}
		a.ask(200, "POST", at(v.ID, "/retire"), body{"version": v.Version}, &v)
		if v.Live != 0 {
			t.Fatalf("%+v", v.summary)
		}
	})
}

func TestAFaultInTheTextIsToldWithItsLine(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		a := h.desk(chief)
		var v view
		a.ask(200, "POST", "/console/api/flows", body{"key": "leave", "title": "请假", "unit_id": 2}, &v)
		bad := "key: leave\ntitle: 请假\nkind: leave\nstates:\n  - name: a\n    titel: b\n"
		var out validateOut
		a.ask(200, "POST", at(v.ID, "/validate"), body{"yaml": bad}, &out)
		if out.Sound || out.Definition != nil || len(out.Problems) != 1 || out.Problems[0].Line != 6 || out.Problems[0].Message != "不认识“titel”" {
			t.Fatalf("%+v", out)
		}
		if text := a.ask(422, "PUT", at(v.ID, "/draft"), body{"version": v.Version, "yaml": bad}, nil); !strings.Contains(text, "yaml.6") {
			t.Fatalf("no line in %s", text)
		}
		a.ask(200, "POST", at(v.ID, "/validate"), body{}, &out)
		if !out.Sound || out.Definition == nil {
			t.Fatalf("%+v", out)
		}
	})
}

func TestATrialInTheConsole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		a := h.desk(editor)
		var list listOut
		a.ask(200, "GET", "/console/api/flows", nil, &list)
		review := list.Items[1].ID
		if list.Items[1].Key != "reply-review" || list.Items[0].Editable {
			t.Fatalf("%+v", list.Items)
		}
		people := []body{
			{"who": "staff:1", "unit": 2, "roles": []body{{"role": "editor", "unit": 2}, {"role": "reviewer", "unit": 2}}},
			{"who": "staff:2", "unit": 2, "roles": []body{{"role": "reviewer", "unit": 2}}},
		}
		const start = 1_790_000_000_000
		var out simulateOut
		a.ask(200, "POST", at(review, "/simulate"), body{"trial": body{"people": people, "at": start, "by": "staff:1", "unit": 2, "moves": []body{
			{"action": "submit", "by": "staff:1", "at": start + 1},
			{"action": "approve", "by": "staff:1", "at": start + 2},
			{"action": "back", "by": "staff:2", "at": start + 3},
			{"action": "approve", "by": "staff:2", "at": start + 4},
		}}}, &out)
		if len(out.Frames) != 5 || len(out.Problems) != 0 {
			t.Fatalf("%+v", out)
		}
		if f := out.Frames[2]; f.Refused != "不能审核自己登记、填写或送审的内容，请换一位同事" || f.State != "reviewing" || f.Title != "待审核" {
			t.Errorf("own work: %+v", f)
		}
		if f := out.Frames[3]; len(f.Missing) != 2 || f.Missing[0].Message != "必填" {
			t.Errorf("return without a word: %+v", f.Missing)
		}
		if f := out.Frames[4]; f.State != "live" || f.Run.Outcome != "granted" || len(f.Effects) != 1 || len(f.Waiting) != 0 || f.Clocks[0].Status != flow.ClockStopped {
			t.Errorf("approved by another: %+v", f)
		}
		a.ask(422, "POST", at(review, "/simulate"), body{"trial": body{"people": people, "at": start, "by": "staff:9", "unit": 2}}, nil)
	})
}

func TestFlowsOfOthers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		var v view
		h.desk(chief).ask(200, "POST", "/console/api/flows", body{"key": "bureau", "title": "民政局的", "unit_id": 2}, &v)
		other := h.desk(stranger)
		for _, path := range []string{"", "/versions", "/diff", "/yaml"} {
			other.ask(404, "GET", at(v.ID, path), nil, nil)
		}
		other.ask(404, "POST", at(v.ID, "/publish"), body{"version": v.Version}, nil)
		other.ask(404, "PUT", at(v.ID, "/draft"), body{"version": v.Version, "draft": v.Draft}, nil)
		other.ask(404, "POST", "/console/api/flows", body{"key": "copy", "title": "抄来的", "from": v.ID}, nil)
		other.ask(403, "POST", "/console/api/flows", body{"key": "copy", "title": "替别人建", "unit_id": 2}, nil)
		var list listOut
		other.ask(200, "GET", "/console/api/flows", nil, &list)
		shipped := list.Items[0]
		if len(list.Items) != 3 {
			t.Fatalf("%+v", list.Items)
		}
		other.ask(200, "GET", at(shipped.ID, ""), nil, nil)
		other.ask(404, "PUT", at(shipped.ID, "/draft"), body{"version": 1, "draft": v.Draft}, nil)
		other.ask(200, "POST", "/console/api/flows", body{"key": "copy", "title": "照着通用的", "from": shipped.ID}, &v)
		if v.UnitID != 3 || v.Draft.Key != "copy" || len(v.Draft.States) < 3 {
			t.Fatalf("%+v", v)
		}
		mate := h.desk(editor)
		mate.ask(403, "POST", at(shipped.ID, "/publish"), body{"version": 1}, nil)
	})
}

func TestTheEditorsWords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		var out wordsOut
		h.desk(editor).ask(200, "GET", "/console/api/flow-words", nil, &out)
		if len(out.Permissions) != 3 || len(out.Verbs) != len(flow.Verbs()) || len(out.Notices) == 0 {
			t.Fatalf("%+v", out)
		}
		for _, n := range out.Notices {
			if n.Text == n.Name {
				t.Errorf("%s says nothing", n.Name)
			}
		}
	})
}

func TestHealthNamesAFlowThatLostWhatItNames(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		check := h.part.Health[0].Check
		if found, err := check(t.Context()); err != nil || len(found) != 0 {
			t.Fatalf("%+v %v", found, err)
		}
		h.effects = map[string]bool{"ticket.reply": true, "reply.settle": true, "flow.publish": true, "flow.settle": true}
		found, err := check(t.Context())
		if err != nil || len(found) != 1 || found[0].State != "fail" || !strings.Contains(found[0].Detail, "没有后果“reply.publish”") {
			t.Fatalf("%+v %v", found, err)
		}
	})
}
