package form

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"testing"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/org"
	"weizheng/kernel/setting"
	"weizheng/platform/access"
	"weizheng/platform/blob"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/platform/web"
)

var schemas = []db.Schema{web.Schema(), job.Schema(), audit.Schema(), org.Schema(), account.Schema(), citizen.Schema(), Schema()}

// hands is a clock that tests set.
type hands struct {
	mu sync.Mutex
	at time.Time
}

func (h *hands) Now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.at }

func (h *hands) forward(d time.Duration) { h.mu.Lock(); h.at = h.at.Add(d); h.mu.Unlock() }

// people stands in for kernel/citizen: data keys, and who is the same person.
type people struct {
	keys map[int64]crypt.DataKey
	same map[int64][]int64
}

func (p *people) DataKey(_ context.Context, _ db.Queryer, id int64) (crypt.DataKey, error) {
	k, ok := p.keys[id]
	if !ok {
		return k, errs.New(errs.NotFound, "citizen.erased")
	}
	return k, nil
}

func (p *people) Same(_ context.Context, _ db.Queryer, id int64) ([]int64, error) {
	if ids := p.same[id]; ids != nil {
		return ids, nil
	}
	return []int64{id}, nil
}

// house is the service with two units, an account, two citizens and one member of staff.
type house struct {
	*Service
	t      *testing.T
	civil  *hands
	people *people
	folder *blob.Folder
	dir    string // of its files
}

func (h *house) Int(_ context.Context, name string, _ setting.At) int64 {
	return map[string]int64{SettingDraftDays: 30, SettingSubmissionDays: 1095}[name]
}

func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { f(t, open(t, d)) })
}

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, civil: &hands{at: time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)}, people: &people{map[int64]crypt.DataKey{}, map[int64][]int64{}}}
	h.dir = t.TempDir()
	if h.folder, err = blob.OpenFolder(h.dir, clock.Wall{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.folder.Close() })
	for id := range int64(2) {
		if _, h.people.keys[id+1], err = ring.NewDataKey(); err != nil {
			t.Fatal(err)
		}
	}
	log := slog.New(slog.DiscardHandler)
	h.Service = New(Deps{DB: d, Blobs: h.folder, Ring: ring, Wall: clock.Wall{}, Civil: h.civil, Log: log,
		Audit: audit.New(audit.Deps{DB: d, Wall: clock.Wall{}, Log: log, Ring: ring}), Citizens: h.people, Settings: h})
	h.write(`insert into unit (id, parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
		values (1,null,'city','青云市','','','/1/',0,false,1,1,1), (2,1,'district','民政局','','','/1/2/',0,false,1,1,1)`)
	h.write(`insert into account (id, slug, name, kind, verified, status, unit_id, original_id, appid, mode, endpoints, oauth_domain, identity,
		intro, principal, contact, farewell, avatar, persona_name, persona_tone, created_at, updated_at, version)
		values (1,'qingyun','青云政务','service',true,'active',1,'','wx1','plain','{}',true,false,'','','','','','','',1,1,1)`)
	h.write(`insert into citizen (id, created_at) values (1,1), (2,1)`)
	return h
}

func (h *house) write(statement string, args ...any) {
	h.t.Helper()
	err := h.DB.Write(h.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(h.t.Context(), statement, args...)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) count(query string, args ...any) int64 {
	h.t.Helper()
	n, err := db.One(h.t.Context(), h.DB, db.Value[int64], query, args...)
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// clerk is a context in which a member of staff acts.
func (h *house) clerk() context.Context {
	return access.With(h.t.Context(), access.Actor{Kind: access.Staff, ID: 7})
}

// aid is the form of the tests: open and sealed answers, a file, rows.
func aid() Form {
	return Form{Title: "临时救助", Submit: "提交", Fields: []Field{
		{Name: "name", Kind: Text, Label: "姓名", Rule: "name", Class: Personal, Required: true, Prefill: "earlier"},
		{Name: "phone", Kind: Phone, Label: "手机", Mobile: true, Class: Personal, Required: true, Prefill: "earlier"},
		{Name: "why", Kind: Text, Label: "困难情况", Lines: true, Required: true},
		{Name: "home", Kind: Place, Label: "住在哪里", Depth: 5, Class: Internal},
		{Name: "card", Kind: File, Label: "身份证照片", Purpose: "核对身份", Trust: "C", Accept: []string{"image"}, Class: Sensitive},
	}}
}

// live publishes a form.
func (h *house) live(key string, f Form) Sheet {
	h.t.Helper()
	sheet, err := h.Create(h.clerk(), CreateIn{Key: key, UnitID: 2, Draft: f})
	if err == nil {
		sheet, err = h.Publish(h.clerk(), sheet.ID, sheet.Version)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return sheet
}

func (h *house) edition(sheet Sheet) Form {
	h.t.Helper()
	e, err := h.Edition(h.t.Context(), sheet, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	return e.Form
}
