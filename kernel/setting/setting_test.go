package setting

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

var declared = []Declaration{
	{Name: "reply.limit", Type: Int, Unit: "次", Default: "5", Text: "每天次数", Scope: ForAccount, Min: 1, Max: 10},
	{Name: "reply.on", Type: Bool, Default: "true", Text: "开关", Scope: ForUnit},
	{Name: "reply.wait", Type: Duration, Default: "48h", Text: "时限", Scope: ForInstallation},
	{Name: "reply.words", Type: Text, Default: "您好", Text: "欢迎语", Scope: ForAccount},
	{Name: "menu.extra", Type: JSON, Default: `{"a":1}`, Text: "附加", Scope: ForAccount},
}

type bundle struct {
	*Service
	db      *db.DB
	changes *[]Change // of committed or rolled-back attempts alike
}

func service(t *testing.T, d *db.DB, list []Declaration) bundle {
	t.Helper()
	var changes []Change
	s := New(Deps{DB: d, Wall: clock.Wall{}, Log: slog.New(slog.DiscardHandler),
		Declared: func() []Declaration { return list },
		Audit: func(_ context.Context, _ *db.Tx, c Change) error {
			changes = append(changes, c)
			return nil
		}})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return bundle{s, d, &changes}
}

func TestInheritance(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
		s := service(t, d, declared)
		ctx := access.With(t.Context(), access.Actor{Kind: access.Staff, ID: 9})
		desk, account := At{Unit: "/1/4/7/"}, At{Unit: "/1/4/7/", Account: 3}
		steps := []struct {
			label         string
			set           At
			value         string
			root, at, acc int64
			from          Scope
		}{
			{"installation", At{}, "2", 2, 2, 2, ForInstallation},
			{"a unit above", At{Unit: "/1/4/"}, "3", 2, 3, 3, ForUnit},
			{"the account", account, "4", 2, 3, 4, ForAccount},
			{"the unit itself", desk, "6", 2, 6, 4, ForAccount},
		}
		for _, c := range steps {
			if err := s.Set(ctx, SetIn{Name: "reply.limit", At: c.set, Value: c.value}); err != nil {
				t.Fatalf("%s: %v", c.label, err)
			}
			got := []int64{s.Int(ctx, "reply.limit", At{}), s.Int(ctx, "reply.limit", desk), s.Int(ctx, "reply.limit", account)}
			if want := []int64{c.root, c.at, c.acc}; !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", c.label, got, want)
			}
			if it := s.List(ctx, account, "reply")[0]; it.From != c.from || it.UpdatedBy != 9 || it.UpdatedAt == 0 {
				t.Errorf("%s: %+v", c.label, it)
			}
		}
		if got := s.Int(ctx, "reply.limit", At{Unit: "/1/40/"}); got != 2 {
			t.Errorf("a neighbour sees %d", got)
		}
		if err := s.Unset(ctx, "reply.limit", account, 1); err != nil {
			t.Fatal(err)
		}
		if got := s.Int(ctx, "reply.limit", account); got != 6 {
			t.Errorf("after Unset: %d", got)
		}
		want := Change{Verb: "unset", Name: "reply.limit", At: account, Old: "4"}
		if d := cmp.Diff(want, (*s.changes)[len(*s.changes)-1]); d != "" {
			t.Error(d)
		}
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
		s := service(t, d, declared)
		if err := s.Set(t.Context(), SetIn{Name: "reply.words", Value: "一"}); err != nil {
			t.Fatal(err)
		}
		before := len(*s.changes)
		for _, c := range []struct {
			label string
			in    SetIn
			kind  errs.Kind
		}{
			{"unknown", SetIn{Name: "reply.nothing", Value: "1"}, errs.NotFound},
			{"below its scope", SetIn{Name: "reply.wait", At: At{Unit: "/1/"}, Value: "1h"}, errs.Invalid},
			{"account for a unit's setting", SetIn{Name: "reply.on", At: At{Unit: "/1/", Account: 2}, Value: "true"}, errs.Invalid},
			{"no number", SetIn{Name: "reply.limit", Value: "5x"}, errs.Invalid},
			{"too large", SetIn{Name: "reply.limit", Value: "11"}, errs.Invalid},
			{"no switch", SetIn{Name: "reply.on", Value: "1"}, errs.Invalid},
			{"no duration", SetIn{Name: "reply.wait", Value: "2 Tage"}, errs.Invalid},
			{"negative duration", SetIn{Name: "reply.wait", Value: "-1h"}, errs.Invalid},
			{"no JSON", SetIn{Name: "menu.extra", Value: "{"}, errs.Invalid},
			{"too long", SetIn{Name: "reply.words", Value: strings.Repeat("长", 20001), Version: 1}, errs.Invalid},
			{"NUL", SetIn{Name: "reply.words", Value: "a\x00", Version: 1}, errs.Invalid},
			{"stale", SetIn{Name: "reply.words", Value: "二"}, errs.Conflict},
			{"from the future", SetIn{Name: "reply.words", Value: "二", Version: 2}, errs.Conflict},
		} {
			if err := s.Set(t.Context(), c.in); !errs.Is(err, c.kind) {
				t.Errorf("%s: %v", c.label, err)
			}
		}
		if err := s.Unset(t.Context(), "reply.limit", At{}, 1); !errs.Is(err, errs.NotFound) {
			t.Errorf("nothing to unset: %v", err)
		}
		if err := s.Unset(t.Context(), "reply.words", At{}, 7); !errs.Is(err, errs.Conflict) {
			t.Errorf("stale unset: %v", err)
		}
		if len(*s.changes) != before || s.Text(t.Context(), "reply.words", At{}) != "一" {
			t.Error("a refused change left a trace")
		}
	})
}

func TestReplicasSeeChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
		here, there := service(t, d, declared), service(t, d, declared)
		if got := there.Text(t.Context(), "reply.words", At{}); got != "您好" {
			t.Fatalf("default: %s", got)
		}
		if err := here.Set(t.Context(), SetIn{Name: "reply.words", Value: "欢迎"}); err != nil {
			t.Fatal(err)
		}
		if got := here.Text(t.Context(), "reply.words", At{}); got != "欢迎" {
			t.Errorf("the changing replica says %s", got)
		}
		patience := time.After(10 * time.Second)
		for there.Text(t.Context(), "reply.words", At{}) != "欢迎" {
			select {
			case <-patience:
				t.Fatal("the other replica never heard of it")
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
}

func TestTypedGetters(t *testing.T) {
	t.Parallel()
	s := service(t, dbtest.SQLite(t, []db.Schema{Schema()}), declared)
	ctx := t.Context()
	var extra struct{ A int }
	if err := s.JSON(ctx, "menu.extra", At{}, &extra); err != nil || extra.A != 1 {
		t.Errorf("JSON: %+v, %v", extra, err)
	}
	if !s.Bool(ctx, "reply.on", At{}) || s.Duration(ctx, "reply.wait", At{}) != 48*time.Hour {
		t.Error("defaults are not read")
	}
	for label, ask := range map[string]func(){
		"unknown name":  func() { s.Int(ctx, "reply.nothing", At{}) },
		"another type":  func() { s.Int(ctx, "reply.words", At{}) },
		"bool as text":  func() { s.Text(ctx, "reply.on", At{}) },
		"text duration": func() { s.Duration(ctx, "reply.limit", At{}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was answered", label)
				}
			}()
			ask()
		}()
	}
}

func TestStoredValueThatBecameWrong(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, []db.Schema{Schema()})
	old := service(t, d, declared)
	if err := old.Set(t.Context(), SetIn{Name: "reply.limit", Value: "9"}); err != nil {
		t.Fatal(err)
	}
	narrowed := slices.Clone(declared)
	narrowed[0].Max = 6
	if got := service(t, d, narrowed).Int(t.Context(), "reply.limit", At{}); got != 5 {
		t.Errorf("%d, want the default", got)
	}
}

func TestDeclarationsAreChecked(t *testing.T) {
	t.Parallel()
	good := declared[0]
	for label, spoil := range map[string]func(*Declaration){
		"no part":         func(d *Declaration) { d.Name = "limit" },
		"no scope":        func(d *Declaration) { d.Scope = "" },
		"no type":         func(d *Declaration) { d.Type = "float" },
		"default refused": func(d *Declaration) { d.Default = "11" },
		"no text":         func(d *Declaration) { d.Text = "" },
	} {
		bad := good
		spoil(&bad)
		s := New(Deps{DB: dbtest.SQLite(t, []db.Schema{Schema()}), Wall: clock.Wall{}, Log: slog.New(slog.DiscardHandler),
			Declared: func() []Declaration { return []Declaration{good, bad} }})
		if err := s.Start(t.Context()); err == nil {
			t.Errorf("%s: started", label)
		}
	}
}
