package flow

import (
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"sync"
	"testing"

	"weizheng/kernel/audit"
	"weizheng/kernel/org"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// house is the service with two units; what the parts offer can change, as a release does.
type house struct {
	*Service
	t     *testing.T
	known Known
	hints *hub
}

// hub counts the hints that browsers got.
type hub struct {
	mu sync.Mutex
	n  int
}

func (h *hub) Publish(*db.Tx, string, int64, int64) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n++
	return nil
}

func (h *house) told() int { h.hints.mu.Lock(); defer h.hints.mu.Unlock(); return h.hints.n }

func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{web.Schema(), audit.Schema(), org.Schema(), Schema()}, func(t *testing.T, d *db.DB) {
		ring, err := crypt.NewRing(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		h := &house{t: t, hints: &hub{}}
		log := slog.New(slog.DiscardHandler)
		h.Service = New(Deps{DB: d, Wall: clock.Wall{}, Log: log, Audit: audit.New(audit.Deps{DB: d, Wall: clock.Wall{}, Log: log, Ring: ring}),
			Hints: h.hints, Known: func(context.Context, string) (Known, error) { return h.known, nil }})
		h.write(`insert into unit (id, parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
			values (1,null,'city','青云市','','','/1/',0,false,1,1,1), (2,1,'district','民政局','','','/1/2/',0,false,1,1,1)`)
		f(t, h)
	})
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

func (h *house) verbs() []string {
	h.t.Helper()
	list, err := db.All(h.t.Context(), h.DB, db.Value[string], `select verb from audit_entry where object = 'flow' order by id`)
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

func (h *house) clerk() context.Context {
	return access.With(h.t.Context(), access.Actor{Kind: access.Staff, ID: 7})
}

func (h *house) must(f Sheet, err error) Sheet {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	return f
}

func (h *house) key(err error, want string) {
	h.t.Helper()
	if err == nil {
		h.t.Fatalf("let through, want %s", want)
	}
	e := errs.As(err)
	if e.Key() != want && (len(e.Fields()) == 0 || e.Fields()[0].Key != want) {
		h.t.Fatalf("%v, want %s", err, want)
	}
}

func TestADraftGoesLiveInVersions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := h.clerk()
		_, err := h.Create(ctx, CreateIn{Key: "Leave", UnitID: 2})
		h.key(err, "flow.check.key")
		f := h.must(h.Create(ctx, CreateIn{Key: "leave", Title: "请假", UnitID: 2}))
		_, err = h.Create(ctx, CreateIn{Key: "leave", Title: "请假", UnitID: 2})
		h.key(err, "flow.key_taken")
		if _, _, err := h.Live(ctx, "leave"); !errs.Is(err, errs.NotFound) {
			t.Fatalf("live before it was published: %v", err)
		}
		f = h.must(h.Publish(ctx, f.ID, f.Version))
		d, first, err := h.Live(ctx, "leave")
		if err != nil || d.Title != "请假" || f.Live != 1 {
			t.Fatalf("live %+v %v", d, err)
		}
		_, err = h.Publish(ctx, f.ID, f.Version)
		h.key(err, "flow.unchanged")

		draft := f.Draft
		draft.Key, draft.Title = "another", "请假（新）"
		stale := f.Version
		f = h.must(h.Save(ctx, f.ID, f.Version, draft))
		if f.Draft.Key != "leave" || f.Key != "leave" {
			t.Fatalf("a draft changed the key: %+v", f)
		}
		_, err = h.Save(ctx, f.ID, stale, draft)
		h.key(err, "db.stale")
		_, err = h.Publish(ctx, f.ID, stale)
		h.key(err, "db.stale")
		if d, _, _ := h.Live(ctx, "leave"); d.Title != "请假" {
			t.Fatal("a draft spoke for what is live")
		}
		f = h.must(h.Publish(ctx, f.ID, f.Version))
		d, second, err := h.Live(ctx, "leave")
		if err != nil || d.Title != "请假（新）" || second == first {
			t.Fatalf("live %+v %v", d, err)
		}
		list, err := h.Editions(ctx, f.ID, 0, 10)
		if err != nil || len(list) != 2 || list[0].State != Live || list[1].State != Retired || list[1].RetiredAt.IsZero() || list[0].MadeBy != 7 {
			t.Fatalf("versions %+v %v", list, err)
		}
		f = h.must(h.Restore(ctx, f.ID, f.Version, 1))
		f = h.must(h.Publish(ctx, f.ID, f.Version))
		f = h.must(h.Retire(ctx, f.ID, f.Version))
		if _, _, err := h.Live(ctx, "leave"); !errs.Is(err, errs.NotFound) || f.Live != 0 {
			t.Fatalf("live after it was retired: %v", err)
		}
		want := []string{"create", "publish", "save", "publish", "restore", "publish", "retire"}
		if got := h.verbs(); !slices.Equal(got, want) || h.told() != len(want) {
			t.Fatalf("audit %v, %d hints", got, h.told())
		}
	})
}

func TestWhatIsNotSoundDoesNotGoLive(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := h.clerk()
		f := h.must(h.Create(ctx, CreateIn{Key: "leave", Title: "请假", UnitID: 2}))
		draft := f.Draft
		draft.Actions[0].To = "moon"
		draft.Actions[0].Effects = []Call{{Name: "nothing"}}
		f = h.must(h.Save(ctx, f.ID, f.Version, draft))
		h.known.Effects = map[string]bool{}
		_, err := h.Publish(ctx, f.ID, f.Version)
		fields := errs.As(err).Fields()
		if len(fields) != 2 || fields[0].Field != "actions.finish.effects" || fields[1].Field != "actions.finish.to" {
			t.Fatalf("%v", err)
		}
		if after := h.must(h.Get(ctx, f.ID)); after.Live != 0 || after.Version != f.Version {
			t.Fatalf("something changed: %+v", after)
		}
		draft.Text = string(make([]byte, maxYAML))
		_, err = h.Save(ctx, f.ID, f.Version, draft)
		h.key(err, "flow.yaml.too_long")
	})
}

func TestShippedDefinitionsNeverOverwriteLocalOnes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.known.Permissions = map[string]bool{}
		seed := func() Sheet {
			t.Helper()
			if err := h.Seed(ctx); err != nil {
				t.Fatal(err)
			}
			h.forget("")
			f, err := byKey(ctx, h.DB, "reply-review")
			return h.must(f, err)
		}
		f := seed()
		if f.Live != 0 || f.UnitID != 0 || len(f.Draft.States) == 0 {
			t.Fatalf("live though no part knows its permissions: %+v", f)
		}
		h.known = Known{Flows: map[string]bool{}} // ticket-basic opens itself as a sub-matter
		if other, err := byKey(ctx, h.DB, "ticket-basic"); err != nil || other.Live != 0 {
			t.Fatalf("%+v %v", other, err)
		}
		if f = seed(); f.Live != 1 {
			t.Fatalf("not live though every part is there: %+v", f)
		}
		if other, err := byKey(ctx, h.DB, "ticket-basic"); err != nil || other.Live != 1 {
			t.Fatalf("%+v %v", other, err)
		}
		if again := seed(); again.Version != f.Version {
			t.Fatal("seeding again changed something")
		}

		release := func(title string) Definition { // what the next release ships
			d := f.Draft
			d.Title = title
			return d
		}
		next := func(d Definition) {
			t.Helper()
			if err := h.DB.Write(ctx, func(tx *db.Tx) error { return h.seed(ctx, tx, d) }); err != nil {
				t.Fatal(err)
			}
			f, _ = byKey(ctx, h.DB, "reply-review")
		}
		next(release("二"))
		if f.Live != 2 || f.Draft.Title != "二" {
			t.Fatalf("an untouched flow did not follow: %+v", f)
		}

		mine := f.Draft
		mine.Title = "我们的"
		f = h.must(h.Save(h.clerk(), f.ID, f.Version, mine))
		next(release("三"))
		if f.Live != 3 || f.Draft.Title != "我们的" {
			t.Fatalf("a draft was overwritten, or nothing followed: %+v", f)
		}
		f = h.must(h.Publish(h.clerk(), f.ID, f.Version))
		next(release("四"))
		if d, _, err := h.Live(ctx, "reply-review"); err != nil || d.Title != "我们的" || f.Draft.Title != "我们的" {
			t.Fatalf("a local version was overwritten: %+v %v", d, err)
		}
		list, err := h.Editions(ctx, f.ID, 0, 1)
		if err != nil || list[0].State != Offered || list[0].Definition.Title != "四" || list[0].Origin != FromRelease {
			t.Fatalf("not offered: %+v %v", list, err)
		}
		changes := Compare(&f.Draft, &list[0].Definition)
		if len(changes) != 1 || changes[0].Noun != "flow" || !slices.Equal(changes[0].What, []string{"title"}) {
			t.Fatalf("changes %+v", changes)
		}
		f = h.must(h.Restore(h.clerk(), f.ID, f.Version, list[0].Number))
		f = h.must(h.Publish(h.clerk(), f.ID, f.Version))
		if d, _, _ := h.Live(ctx, "reply-review"); d.Title != "四" {
			t.Fatal("what was offered cannot be taken over")
		}
		f = h.must(h.Retire(h.clerk(), f.ID, f.Version))
		next(release("五"))
		if f.Live != 0 {
			t.Fatal("a release brought back what people retired")
		}
	})
}

func TestSeedingByTwoReplicasAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		var group sync.WaitGroup
		failed := make([]error, 3)
		for i := range failed {
			group.Go(func() { failed[i] = h.Seed(t.Context()) })
		}
		group.Wait()
		for _, err := range failed {
			if err != nil {
				t.Error(err)
			}
		}
		list, err := h.List(t.Context(), access.Reach{}, 0, 10)
		if err != nil || len(list) != 3 || slices.ContainsFunc(list, func(f Sheet) bool { return f.Live != 1 }) {
			t.Fatalf("%+v %v", list, err)
		}
	})
}

func TestTheListKeepsToItsReach(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.must(h.Create(h.clerk(), CreateIn{Key: "city", Title: "市里的", UnitID: 1}))
		h.must(h.Create(h.clerk(), CreateIn{Key: "bureau", Title: "局里的", UnitID: 2}))
		if err := h.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
		reach := access.Reach{Grants: []access.Grant{{Permission: "flow.read", Unit: "/1/2/"}}}
		list, err := h.List(t.Context(), reach, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, f := range list {
			keys = append(keys, f.Key)
		}
		if want := []string{"bureau", "flow-review", "reply-review", "ticket-basic"}; !slices.Equal(keys, want) {
			t.Fatalf("%v, want %v", keys, want)
		}
	})
}

func TestCompareNamesWhatChanged(t *testing.T) {
	t.Parallel()
	shipped, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	a := shipped[1].Definition
	if changes := Compare(a, a); len(changes) != 0 {
		t.Fatalf("%+v", changes)
	}
	b := *a
	b.Layout = nil
	b.States = slices.Clone(a.States)
	b.States[0].Title, b.States[0].Review = "新", true
	b.Actions = append(slices.Clone(a.Actions[1:]), Action{Name: "new", Title: "新操作"})
	got := Compare(a, &b)
	want := []Change{
		{Op: "changed", Noun: "state", Name: a.States[0].Name, Title: "新", What: []string{"review", "title"}},
		{Op: "added", Noun: "action", Name: "new", Title: "新操作"},
		{Op: "removed", Noun: "action", Name: a.Actions[0].Name, Title: a.Actions[0].Title},
	}
	if !slices.EqualFunc(got, want, func(x, y Change) bool {
		return x.Op == y.Op && x.Noun == y.Noun && x.Name == y.Name && x.Title == y.Title && slices.Equal(x.What, y.What)
	}) {
		t.Fatalf("%+v", got)
	}
}

func TestALiveFlowThatLostWhatItNamesIsFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		if err := h.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
		if list, err := h.Broken(t.Context()); err != nil || len(list) != 0 {
			t.Fatalf("%+v %v", list, err)
		}
		h.known.Effects = map[string]bool{"ticket.reply": true, "flow.publish": true, "flow.settle": true} // the part that published replies is gone
		list, err := h.Broken(t.Context())
		if err != nil || len(list) != 1 || list[0].Sheet.Key != "reply-review" || list[0].Problems[0].Key != "flow.check.unknown_effect" {
			t.Fatalf("%+v %v", list, err)
		}
	})
}
