package flow

import (
	"context"
	"slices"
	"testing"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// desk is who could look at what a clerk changed, and the reviews that were opened.
type desk struct {
	off     bool
	holders []int64 // staff who may let flows go live
	opened  int64
}

func (d *desk) Wanted(context.Context, string) bool { return !d.off }

func (d *desk) Another(_ context.Context, _ string, staff int64) (bool, error) {
	return slices.ContainsFunc(d.holders, func(id int64) bool { return id != staff }), nil
}

func (d *desk) Open(context.Context, *db.Tx, int64, int64, string) (int64, error) {
	d.opened++
	return 100 + d.opened, nil
}

// The clerk writes; the chief may let go live.
const (
	clerkID = 7
	chiefID = 8
)

func as(t *testing.T, id int64) context.Context {
	t.Helper()
	return access.With(t.Context(), access.Actor{Kind: access.Staff, ID: id, Unit: "/1/2/"})
}

// drawn is a flow that somebody drew.
func (h *house) drawn(ctx context.Context, key string) Sheet {
	h.t.Helper()
	f, err := h.Create(ctx, CreateIn{Key: key, Title: "请假", UnitID: 2})
	if err != nil {
		h.t.Fatal(err)
	}
	return f
}

func (h *house) verdict(ctx context.Context, run func(ctx context.Context, tx *db.Tx) error) error {
	return h.DB.Write(ctx, func(tx *db.Tx) error { return run(ctx, tx) })
}

func TestWhoChangedAFlowLastDoesNotLetItGoLiveAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label   string
		off     bool
		holders []int64
		by      int64
		want    Publishing
		key     string
	}{
		{"the writer, and a colleague could look", false, []int64{clerkID, chiefID}, clerkID, ByAsk, "flow.needs_colleague"},
		{"the writer, and there is nobody else", false, []int64{clerkID}, clerkID, Alone, ""},
		{"a colleague of the writer", false, []int64{clerkID, chiefID}, chiefID, Direct, ""},
		{"the writer, where nobody is asked", true, []int64{clerkID, chiefID}, clerkID, Direct, ""},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, h *house) {
				h.Reviews = &desk{off: c.off, holders: c.holders}
				f := h.drawn(as(t, clerkID), "leave")
				ctx := as(t, c.by)
				if way, err := h.Publishing(ctx, f); err != nil || way != c.want {
					t.Fatalf("%s %v, want %s", way, err, c.want)
				}
				f, err := h.Publish(ctx, f.ID, f.Version)
				if c.key != "" {
					if errs.As(err).Key() != c.key {
						t.Fatalf("%v, want %s", err, c.key)
					}
					return
				}
				if err != nil || f.Live != 1 {
					t.Fatalf("%+v %v", f.Live, err)
				}
			})
		})
	}
}

func TestAColleagueLooksBeforeAFlowGoesLive(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.Reviews = &desk{holders: []int64{chiefID}}
		clerk, chief := as(t, clerkID), as(t, chiefID)
		f := h.drawn(clerk, "leave")
		f, err := h.Propose(clerk, f.ID, f.Version)
		if err != nil {
			t.Fatal(err)
		}
		e, waits, err := h.Pending(clerk, f.ID)
		if err != nil || !waits || e.Number != 1 || e.MadeBy != clerkID || e.Matter != 101 {
			t.Fatalf("%+v %v %v", e, waits, err)
		}
		for label, try := range map[string]func(context.Context, int64, int64) (Sheet, error){"propose": h.Propose, "publish": h.Publish} {
			if _, err := try(chief, f.ID, f.Version); errs.As(err).Key() != "flow.pending" {
				t.Fatalf("%s while one waits: %v", label, err)
			}
		}
		// What is written on meanwhile is not what was looked at.
		next := f.Draft
		next.Title = "请假和销假"
		if f, err = h.Save(clerk, f.ID, f.Version, next); err != nil {
			t.Fatal(err)
		}
		if err := h.verdict(chief, func(ctx context.Context, tx *db.Tx) error { return h.Approved(ctx, tx, 101) }); err != nil {
			t.Fatal(err)
		}
		if d, _, err := h.Live(t.Context(), "leave"); err != nil || d.Title != "请假" {
			t.Fatalf("%v %v", d, err)
		}
		e, err = h.Edition(t.Context(), f.ID, 1)
		if err != nil || e.State != Live || e.SettledBy != chiefID {
			t.Fatalf("%+v %v", e, err)
		}
		if err := h.verdict(chief, func(ctx context.Context, tx *db.Tx) error { return h.Approved(ctx, tx, 101) }); !errs.Is(err, errs.Conflict) {
			t.Fatalf("approved twice: %v", err)
		}
	})
}

func TestARefusedVersionNeverGoesLive(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.Reviews = &desk{holders: []int64{chiefID}}
		clerk, chief := as(t, clerkID), as(t, chiefID)
		f := h.drawn(clerk, "leave")
		for n, state := range []VersionState{Refused, TakenBack} {
			f, err := h.Propose(clerk, f.ID, f.Version)
			if err != nil {
				t.Fatal(err)
			}
			review := int64(101 + n)
			if err := h.verdict(chief, func(ctx context.Context, tx *db.Tx) error { return h.Settled(ctx, tx, review, state) }); err != nil {
				t.Fatal(err)
			}
			if e, _ := h.Edition(t.Context(), f.ID, int64(n+1)); e.State != state {
				t.Fatalf("%+v", e)
			}
			if err := h.verdict(chief, func(ctx context.Context, tx *db.Tx) error { return h.Approved(ctx, tx, review) }); !errs.Is(err, errs.Conflict) {
				t.Fatalf("approved afterwards: %v", err)
			}
		}
		if _, _, err := h.Live(t.Context(), "leave"); !errs.Is(err, errs.NotFound) {
			t.Fatalf("it is live: %v", err)
		}
		if err := h.verdict(chief, func(ctx context.Context, tx *db.Tx) error { return h.Settled(ctx, tx, 999, Refused) }); err != nil {
			t.Fatalf("a matter that is only just being opened: %v", err)
		}
	})
}
