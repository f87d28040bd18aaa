package org

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

func TestInitAndReady(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		h := setup(t, d)
		if missing, err := h.Ready(t.Context()); err != nil || len(missing) != 0 {
			t.Errorf("%v, %v", missing, err)
		}
		_, err := h.Init(t.Context(), initIn())
		wantKey(t, "again", err, errs.Conflict, "org.initialised")
		_, err = h.Init(h.as(t, h.admins[SystemDuty]), initIn())
		wantKey(t, "by an administrator", err, errs.Denied, "denied")
		for duty, p := range h.admins {
			grants, err := h.Grants(t.Context(), p.ID)
			if err != nil || len(grants) != 1 || grants[0].Role.Duty != duty {
				t.Errorf("%s: %+v, %v", duty, grants, err)
			}
		}
	})
}

func TestInitRenewsUnusedLinks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		begun := setup(t, d)
		if _, err := begun.Reset(t.Context(), begun.admins[AuditDuty].ID, true); err != nil {
			t.Fatal(err)
		}
		missing, err := begun.Ready(t.Context())
		if err != nil || len(missing) != 1 || missing[0] != AuditDuty {
			t.Errorf("%v, %v", missing, err)
		}
		links, err := begun.Init(t.Context(), initIn())
		if err != nil || len(links) != 1 || links[0].Login != "aud" {
			t.Errorf("%+v, %v", links, err)
		}
	})
}

func TestEscalationIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		desk := h.unit(t, h.bureau, "客运处", City)
		local := h.person(t, "local", h.bureau, "unit_admin")
		clerk := h.person(t, "clerk", desk, "editor")
		guest := h.person(t, "guest", desk)
		if err := h.PutGrants(t.Context(), guest.ID, []GrantIn{{Role: "publisher", UnitID: h.root.ID}}, guest.Version); err != nil {
			t.Fatal(err)
		}
		guest = h.again(t, guest)
		sys, sec := h.admins[SystemDuty], h.admins[SecurityDuty]
		before := h.lastAudit(t)
		give := func(by, to Staff, list ...GrantIn) error { return h.PutGrants(h.as(t, by), to.ID, list, to.Version) }
		editor := GrantIn{Role: "editor", UnitID: desk.ID}
		wantKey(t, "to oneself", give(local, local, GrantIn{Role: "editor", UnitID: h.bureau.ID}), errs.Denied, "org.self")
		wantKey(t, "security administrator to oneself", give(sec, sec), errs.Denied, "org.self")
		wantKey(t, "above one's unit", give(local, clerk, editor, GrantIn{Role: "editor", UnitID: h.root.ID}), errs.Denied, "org.beyond_your_reach")
		wantKey(t, "an administrator's role", give(local, clerk, GrantIn{Role: "system_admin", UnitID: desk.ID}), errs.Denied, "org.beyond_your_reach")
		wantKey(t, "taking what is not one's to give", give(local, guest), errs.Denied, "org.beyond_your_reach")
		wantKey(t, "an editor", give(clerk, guest, editor), errs.Denied, "org.beyond_your_reach")
		wantKey(t, "the system administrator", give(sys, clerk, editor, GrantIn{Role: "agent", UnitID: desk.ID}), errs.Denied, "org.beyond_your_reach")
		wantField(t, "two duties", give(sec, clerk, GrantIn{Role: "system_admin", UnitID: h.root.ID}, GrantIn{Role: "audit_admin", UnitID: h.root.ID}), "grants", "org.duties_mixed")
		wantField(t, "duty and work", give(sec, clerk, editor, GrantIn{Role: "audit_admin", UnitID: h.root.ID}), "grants", "org.duties_mixed")
		wantField(t, "unknown role", give(sec, clerk, GrantIn{Role: "king", UnitID: desk.ID}), "grants[0].role", "org.no_role")
		wantField(t, "unknown unit", give(sec, clerk, GrantIn{Role: "editor", UnitID: 999}), "grants[0].unit_id", "org.no_unit")
		wantField(t, "twice", give(sec, clerk, editor, editor), "grants[1]", "org.grant_twice")
		wantField(t, "the past", give(sec, clerk, GrantIn{Role: "agent", UnitID: desk.ID, UntilAt: 1}), "grants", "org.until_past")
		wantKey(t, "the last administrator", h.PutGrants(h.as(t, sec), sys.ID, nil, h.again(t, sys).Version), errs.Conflict, "org.last_administrator")
		wantKey(t, "reset of a guest with greater rights", ignore(h.Reset(h.as(t, local), guest.ID, false)), errs.Denied, "org.beyond_your_reach")
		wantKey(t, "disabling oneself", h.Disable(h.as(t, sys), sys.ID), errs.Denied, "org.self")
		wantKey(t, "disabling the last of a duty", h.Disable(h.as(t, sys), sec.ID), errs.Conflict, "org.last_administrator")
		if got := h.trail(t, before); len(got) != 0 {
			t.Errorf("refused verbs left %v", got)
		}
		if err := give(local, clerk, editor, GrantIn{Role: "agent", UnitID: desk.ID, Account: 3}); err != nil {
			t.Errorf("within one's reach: %v", err)
		}
		if d := cmp.Diff([]string{"grant staff done"}, h.trail(t, before)); d != "" {
			t.Error(d)
		}
		actor, err := h.Actor(t.Context(), clerk.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !actor.Can("conversation.answer", access.Object{Unit: desk.Path, Account: 3}) || actor.Can("conversation.answer", access.Object{Unit: desk.Path, Account: 4}) {
			t.Errorf("the grant for one account is not: %+v", actor.Grants)
		}
	})
}

// TestAdministratorsFactorStays: the system administrator may renew another's password, not take their factor.
func TestAdministratorsFactorStays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		sec := h.admins[SecurityDuty]
		f, err := h.BeginFactor(h.as(t, sec))
		if err != nil {
			t.Fatal(err)
		}
		if err := h.ConfirmFactor(h.as(t, sec), h.code(t, f.Secret), ""); err != nil {
			t.Fatal(err)
		}
		link, err := h.Reset(h.as(t, h.admins[SystemDuty]), sec.ID, true)
		if err != nil || !link.FactorKept || !h.again(t, sec).SecondFactor {
			t.Errorf("by an administrator: %+v, %v", link, err)
		}
		if link, err = h.Reset(t.Context(), sec.ID, true); err != nil || link.FactorKept || h.again(t, sec).SecondFactor {
			t.Errorf("by the house: %+v, %v", link, err)
		}
	})
}

func ignore(_ Invitation, err error) error { return err }

// TestRightsEndWithinASecond takes a right away on one replica and asks the other, which remembers it.
func TestRightsEndWithinASecond(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		h := setup(t, d)
		p := h.person(t, "wang", h.bureau, "editor")
		other := replica(t, d, h.ring, h.wall, h.values)
		can := func(r house) bool {
			a, err := r.Actor(t.Context(), p.ID)
			return err == nil && a.Can("menu.edit", access.Object{Unit: h.bureau.Path})
		}
		if !can(h) || !can(other) {
			t.Fatal("no right to begin with")
		}
		if err := h.PutGrants(t.Context(), p.ID, nil, p.Version); err != nil {
			t.Fatal(err)
		}
		if can(h) {
			t.Error("the changing replica still allows it")
		}
		patience := time.After(900 * time.Millisecond)
		for can(other) {
			select {
			case <-patience:
				t.Fatal("the other replica still allows it")
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
}

// TestDeafReplicaForgets has a replica that hears nothing: time alone must end what it remembers.
func TestDeafReplicaForgets(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		h := setup(t, d)
		p := h.person(t, "wang", h.bureau, "editor")
		deaf := replica(t, d, h.ring, h.wall, h.values)
		if err := deaf.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := deaf.Actor(t.Context(), p.ID); err != nil {
			t.Fatal(err)
		}
		if err := h.Disable(t.Context(), p.ID); err != nil {
			t.Fatal(err)
		}
		h.pass(t, time.Second)
		if _, err := deaf.Actor(t.Context(), p.ID); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("a disabled person is let in: %v", err)
		}
	})
}

func TestEnds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		p := h.person(t, "temp", h.bureau)
		now := h.wall.Now().UnixMilli()
		hour := time.Hour.Milliseconds()
		if err := h.PutGrants(t.Context(), p.ID, []GrantIn{{Role: "editor", UnitID: h.bureau.ID, UntilAt: now + hour}}, p.Version); err != nil {
			t.Fatal(err)
		}
		p = h.again(t, p)
		in := StaffIn{Name: p.Name, UnitID: p.UnitID, Outsourced: true, UntilAt: now + 2*hour, Phone: "0571-88886666", Version: p.Version}
		if err := h.ChangeStaff(t.Context(), p.ID, in); err != nil {
			t.Fatal(err)
		}
		if !access.From(h.as(t, p)).Has("menu.edit") {
			t.Error("not yet ended")
		}
		h.pass(t, 61*time.Minute)
		if access.From(h.as(t, p)).Has("menu.edit") {
			t.Error("the grant has ended")
		}
		h.pass(t, time.Hour)
		if _, err := h.Actor(t.Context(), p.ID); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("the account has ended: %v", err)
		}
		wantKey(t, "login", h.login(t, "temp", goodPassword, ""), errs.Unauthenticated, "org.login_wrong")
	})
}

func TestListStaff(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		desk := h.unit(t, h.bureau, "客运处", City)
		wang := h.person(t, "wang.li", desk, "editor")
		zhao := h.person(t, "zhao_1", h.bureau, "agent")
		if err := h.ChangeStaff(t.Context(), wang.ID, StaffIn{Name: "王丽", UnitID: desk.ID, Phone: "13812345678", Version: wang.Version}); err != nil {
			t.Fatal(err)
		}
		if err := h.Disable(t.Context(), zhao.ID); err != nil {
			t.Fatal(err)
		}
		everything := access.Reach{All: true}
		below := access.Reach{Grants: []access.Grant{{Unit: desk.Path}}}
		for _, c := range []struct {
			label string
			reach access.Reach
			f     StaffFilter
			want  []string
		}{
			{"all", everything, StaffFilter{}, []string{"sys", "sec", "aud", "wang.li", "zhao_1"}},
			{"reach", below, StaffFilter{}, []string{"wang.li"}},
			{"nothing", access.Reach{}, StaffFilter{}, nil},
			{"by name", everything, StaffFilter{Words: "王"}, []string{"wang.li"}},
			{"by login", everything, StaffFilter{Words: "WANG"}, []string{"wang.li"}},
			{"a wildcard is a character", everything, StaffFilter{Words: "_"}, []string{"zhao_1"}},
			{"by phone", everything, StaffFilter{Words: "138 1234 5678"}, []string{"wang.li"}},
			{"half a phone", everything, StaffFilter{Words: "1381234"}, nil},
			{"by unit", everything, StaffFilter{Unit: h.bureau.Path}, []string{"wang.li", "zhao_1"}},
			{"by role", everything, StaffFilter{Role: "audit_admin"}, []string{"aud"}},
			{"disabled", everything, StaffFilter{State: Disabled}, []string{"zhao_1"}},
			{"active", below, StaffFilter{State: Active}, []string{"wang.li"}},
			{"expired", everything, StaffFilter{State: Expired}, nil},
			{"invited", everything, StaffFilter{State: Invited}, nil},
			{"a page", everything, StaffFilter{After: h.admins[AuditDuty].ID, Limit: 1}, []string{"wang.li"}},
		} {
			page, err := h.ListStaff(t.Context(), c.reach, c.f)
			if err != nil {
				t.Fatalf("%s: %v", c.label, err)
			}
			var got []string
			for _, p := range page.Staff {
				got = append(got, p.Login)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%s: %s", c.label, d)
			}
			if (page.Next != 0) != (c.f.Limit == 1) {
				t.Errorf("%s: next %d", c.label, page.Next)
			}
		}
		if p := h.again(t, wang); p.Phone != "138****5678" {
			t.Errorf("the list shows %s", p.Phone)
		}
		if phone, err := h.Phone(t.Context(), wang.ID, "联系值班"); err != nil || phone != "13812345678" {
			t.Errorf("%s, %v", phone, err)
		}
		_, err := h.Phone(t.Context(), wang.ID, "")
		wantField(t, "without a reason", err, "reason", "org.required")
		names, err := h.Names(t.Context(), []int64{wang.ID, 999})
		if err != nil || len(names) != 1 || names[wang.ID] != "王丽" {
			t.Errorf("%v, %v", names, err)
		}
	})
}

func TestHandover(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		from, to := h.person(t, "from", h.bureau, "agent"), h.person(t, "heir", h.bureau, "agent")
		moved := [2]int64{}
		h.Holdings = func() []Holding {
			return []Holding{{Name: "conversation", Title: "接待中的会话",
				Count: func(context.Context, int64) (int64, error) { return 4, nil },
				Move: func(_ context.Context, _ *db.Tx, a, b int64) error {
					moved = [2]int64{a, b}
					return nil
				}}}
		}
		held, err := h.Holds(t.Context(), from.ID)
		if err != nil || len(held) != 1 || held[0].Count != 4 {
			t.Errorf("%+v, %v", held, err)
		}
		wantField(t, "to oneself", h.Handover(t.Context(), from.ID, from.ID), "to", "org.handover_self")
		wantField(t, "to nobody", h.Handover(t.Context(), from.ID, 999), "to", "org.no_staff")
		before := h.lastAudit(t)
		if err := h.Handover(t.Context(), from.ID, to.ID); err != nil {
			t.Fatal(err)
		}
		if moved != [2]int64{from.ID, to.ID} || !h.again(t, from).Disabled {
			t.Errorf("moved %v", moved)
		}
		if d := cmp.Diff([]string{"hand_over staff done", "disable staff done"}, h.trail(t, before)); d != "" {
			t.Error(d)
		}
		wantField(t, "to somebody who left", h.Handover(t.Context(), to.ID, from.ID), "to", "org.no_staff")
	})
}

func TestPutRole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		ctx := h.as(t, h.admins[SecurityDuty])
		p := h.person(t, "wang", h.bureau)
		in := RoleIn{Key: "night_desk", Name: "夜班", Permissions: []string{"conversation.*"}, Gives: []string{"agent"}}
		if err := h.PutRole(ctx, in); err != nil {
			t.Fatal(err)
		}
		if err := h.PutGrants(ctx, p.ID, []GrantIn{{Role: "night_desk", UnitID: h.bureau.ID}}, p.Version); err != nil {
			t.Fatal(err)
		}
		if !access.From(h.as(t, p)).Has("conversation.answer") {
			t.Error("the role gives nothing")
		}
		in.Permissions, in.Version = []string{"conversation.read"}, 1
		if err := h.PutRole(ctx, in); err != nil {
			t.Fatal(err)
		}
		if access.From(h.as(t, p)).Has("conversation.answer") {
			t.Error("the role's change is not seen")
		}
		for label, c := range map[string]struct {
			f          func(*RoleIn)
			field, key string
		}{
			"reserved":       {func(in *RoleIn) { in.Permissions = []string{"menu.read", "audit.read"} }, "permissions[1]", "org.permission_reserved"},
			"everything":     {func(in *RoleIn) { in.Permissions = []string{"*"} }, "permissions[0]", "org.no_permission"},
			"key":            {func(in *RoleIn) { in.Key = "Night Desk" }, "key", "org.role_key"},
			"gives an admin": {func(in *RoleIn) { in.Gives = []string{"audit_admin"} }, "gives[0]", "org.role_of_administrator"},
			"gives all":      {func(in *RoleIn) { in.Gives = []string{"*"} }, "gives[0]", "org.no_role"},
		} {
			bad := in
			c.f(&bad)
			wantField(t, label, h.PutRole(ctx, bad), c.field, c.key)
		}
		wantKey(t, "stale", h.PutRole(ctx, in), errs.Conflict, "db.stale")
		wantKey(t, "an administrator's role", h.PutRole(ctx, RoleIn{Key: "system_admin", Name: "x", Version: 1}), errs.Denied, "org.role_of_administrator")
		wantKey(t, "unknown", h.PutRole(ctx, RoleIn{Key: "none", Name: "x", Version: 3}), errs.NotFound, "org.no_role")
		editor := RoleIn{Key: "editor", Name: "编辑", Permissions: []string{"menu.read"}, Version: 1}
		if err := h.PutRole(ctx, editor); err != nil {
			t.Fatal(err)
		}
		if err := h.seedRoles(t.Context()); err != nil {
			t.Fatal(err)
		}
		roles, err := h.Roles(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range roles {
			if r.Key == "editor" && (len(r.Permissions) != 1 || !r.Edited) {
				t.Errorf("a start undid the house's change: %+v", r)
			}
		}
		if len(roles) != len(defaultRoles)+1 || roles[len(roles)-1].Key != "night_desk" {
			t.Errorf("%d roles", len(roles))
		}
	})
}
