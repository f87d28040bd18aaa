package org

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/access"
	"weizheng/platform/errs"
)

func TestTree(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		district := h.unit(t, h.root, "东湖区", District)
		street := h.unit(t, district, "柳营街道", Street)
		community := h.unit(t, street, "柳营社区", Community)
		other := h.unit(t, h.root, "西山区", District)
		clerk := h.person(t, "clerk", community, "agent")
		if h.root.Path != "/"+itoa(h.root.ID)+"/" || community.Path != street.Path+itoa(community.ID)+"/" {
			t.Fatalf("paths %s, %s", h.root.Path, community.Path)
		}
		if err := h.MoveUnit(t.Context(), street.ID, other.ID, street.Version); err != nil {
			t.Fatal(err)
		}
		moved, err := h.Unit(t.Context(), community.ID)
		if err != nil {
			t.Fatal(err)
		}
		want := other.Path + itoa(street.ID) + "/" + itoa(community.ID) + "/"
		if moved.Path != want {
			t.Errorf("path after the move %s, want %s", moved.Path, want)
		}
		if d := cmp.Diff([][2]string{{street.Path, other.Path + itoa(street.ID) + "/"}}, *h.moves); d != "" {
			t.Error(d)
		}
		actor, err := h.Actor(t.Context(), clerk.ID)
		if err != nil || actor.Unit != want || !actor.Can("conversation.answer", access.Object{Unit: want}) {
			t.Errorf("%+v, %v", actor, err)
		}
		reach := access.Actor{Kind: access.Staff, Grants: []access.Grant{{Permission: "unit.read", Unit: other.Path}}}.Reach("unit.read")
		list, err := h.Units(t.Context(), reach)
		if err != nil || len(list) != 3 || list[0].ID != other.ID || list[2].ID != community.ID {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestTreeRefusals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		district := h.unit(t, h.root, "东湖区", District)
		street := h.unit(t, district, "柳营街道", Street)
		local := h.person(t, "local", district, "unit_admin")
		ctx := t.Context()
		create := func(in UnitIn) error { _, err := h.CreateUnit(ctx, in); return err }
		change := func(u Unit, f func(*UnitIn)) error {
			in := UnitIn{Level: u.Level, Name: u.Name, Version: u.Version}
			f(&in)
			return h.ChangeUnit(ctx, u.ID, in)
		}
		before := h.lastAudit(t)
		wantField(t, "no parent", create(UnitIn{Level: City, Name: "乙市"}), "parent_id", "org.no_unit")
		wantField(t, "city below a district", create(UnitIn{ParentID: district.ID, Level: City, Name: "乙市"}), "level", "org.level_above_parent")
		wantField(t, "name taken", create(UnitIn{ParentID: h.root.ID, Level: District, Name: "东湖区"}), "name", "org.unit_name_taken")
		wantField(t, "guide unknown", create(UnitIn{ParentID: h.root.ID, Level: City, Name: "丙局", GuideID: 999}), "guide_id", "org.no_unit")
		wantField(t, "below itself", h.MoveUnit(ctx, district.ID, street.ID, district.Version), "level", "org.level_above_parent")
		wantKey(t, "the root", h.MoveUnit(ctx, h.root.ID, street.ID, 1), errs.Conflict, "org.unit_root")
		wantKey(t, "stale", h.MoveUnit(ctx, street.ID, h.root.ID, 9), errs.Conflict, "db.stale")
		wantKey(t, "in use", h.RemoveUnit(ctx, district.ID), errs.Conflict, "org.unit_in_use")
		wantKey(t, "unknown", h.RemoveUnit(ctx, 999), errs.NotFound, "org.no_unit")
		wantField(t, "guides itself", change(street, func(in *UnitIn) { in.GuideID = street.ID }), "guide_id", "org.guide_self")
		wantField(t, "above its parent", change(street, func(in *UnitIn) { in.Level = City }), "level", "org.level_above_parent")
		wantField(t, "below its child", change(district, func(in *UnitIn) { in.Level = Community }), "level", "org.level_below_child")
		wantField(t, "closed over open ones", change(district, func(in *UnitIn) { in.Closed = true }), "closed", "org.unit_has_open_children")
		wantField(t, "the root closed", change(h.root, func(in *UnitIn) { in.Closed = true }), "closed", "org.unit_root")
		_, err := h.CreateUnit(h.as(t, local), UnitIn{ParentID: h.root.ID, Level: District, Name: "新区"})
		wantField(t, "out of reach", err, "parent_id", "org.no_unit")
		wantField(t, "moved out of reach", h.MoveUnit(h.as(t, local), street.ID, h.root.ID, street.Version), "parent_id", "org.no_unit")
		if got := h.trail(t, before); len(got) != 0 {
			t.Errorf("refused verbs left %v", got)
		}
	})
}

func TestMoveBelowItselfOfTheSameLevel(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		a := h.unit(t, h.root, "甲局", City)
		b := h.unit(t, a, "乙处", City)
		wantField(t, "below itself", h.MoveUnit(t.Context(), a.ID, b.ID, a.Version), "parent_id", "org.unit_below_itself")
		// Two moves at once that would each hang one below the other: one of them must lose.
		c := h.unit(t, h.root, "丙局", City)
		var wait sync.WaitGroup
		results := make([]error, 2)
		wait.Go(func() { results[0] = h.MoveUnit(t.Context(), a.ID, c.ID, a.Version) })
		wait.Go(func() { results[1] = h.MoveUnit(t.Context(), c.ID, b.ID, c.Version) })
		wait.Wait()
		if (results[0] == nil) == (results[1] == nil) {
			t.Errorf("%v", results)
		}
		if err := errors.Join(results...); !errs.Is(err, errs.Invalid) {
			t.Errorf("%v", err)
		}
	})
}

func TestCloseAndRemove(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		u := h.unit(t, h.root, "临时专班", City)
		if err := h.ChangeUnit(t.Context(), u.ID, UnitIn{Level: City, Name: "专班", Closed: true, Version: u.Version}); err != nil {
			t.Fatal(err)
		}
		_, _, err := h.CreateStaff(t.Context(), StaffIn{Login: "late", Name: "迟", UnitID: u.ID})
		wantField(t, "a closed unit takes nobody", err, "unit_id", "org.unit_closed")
		_, err = h.CreateUnit(t.Context(), UnitIn{ParentID: u.ID, Level: City, Name: "子"})
		wantField(t, "nor units", err, "parent_id", "org.unit_closed")
		if err := h.RemoveUnit(t.Context(), u.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Unit(t.Context(), u.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("%v", err)
		}
	})
}
