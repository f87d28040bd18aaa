package org

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"weizheng/platform/access"
	"weizheng/platform/errs"
)

var allPermissions = []string{"unit.read", "unit.edit", "staff.read", "staff.edit", "staff.grant", "role.edit", "account.read",
	"account.edit", "setting.read", "setting.edit", "audit.read", "job.read", "menu.read", "menu.edit", "menu.publish",
	"reply.read", "reply.edit", "conversation.read", "conversation.answer",
	"conversation.reveal", "follower.read", "follower.edit", "follower.reveal"}

func roleNamed(t *testing.T, key string) Role {
	t.Helper()
	for _, r := range defaultRoles {
		if r.Key == key {
			return r
		}
	}
	t.Fatalf("no role %s", key)
	return Role{}
}

func holds(t *testing.T, role, unit string, account int64) Grant {
	t.Helper()
	return Grant{Role: roleNamed(t, role), Unit: unit, Account: account}
}

func actorWith(grants ...Grant) access.Actor {
	return access.Actor{Kind: access.Staff, ID: 1, Grants: expand(grants, allPermissions, 0)}
}

func TestMayGive(t *testing.T) {
	t.Parallel()
	h := func(role, unit string, account int64) Grant { return holds(t, role, unit, account) }
	expired := h("security_admin", "/1/", 0)
	expired.UntilAt = 1
	for _, c := range []struct {
		label string
		own   []Grant
		give  Grant
		want  bool
	}{
		{"security administrator gives work", []Grant{h("security_admin", "/1/", 0)}, h("editor", "/1/4/", 0), true},
		{"security administrator makes an administrator", []Grant{h("security_admin", "/1/", 0)}, h("audit_admin", "/1/", 0), true},
		{"system administrator gives nothing", []Grant{h("system_admin", "/1/", 0)}, h("editor", "/1/4/", 0), false},
		{"unit administrator, own unit", []Grant{h("unit_admin", "/1/4/", 0)}, h("editor", "/1/4/9/", 0), true},
		{"unit administrator, one account there", []Grant{h("unit_admin", "/1/4/", 0)}, h("agent", "/1/4/", 7), true},
		{"unit administrator, unit above", []Grant{h("unit_admin", "/1/4/", 0)}, h("editor", "/1/", 0), false},
		{"unit administrator, neighbour", []Grant{h("unit_admin", "/1/4/", 0)}, h("editor", "/1/41/", 0), false},
		{"unit administrator makes an administrator", []Grant{h("unit_admin", "/1/4/", 0)}, h("security_admin", "/1/4/", 0), false},
		{"unit administrator makes another of the same unit", []Grant{h("unit_admin", "/1/4/", 0)}, h("unit_admin", "/1/4/", 0), true},
		{"for one account only, gives for all", []Grant{h("unit_admin", "/1/4/", 7)}, h("editor", "/1/4/", 0), false},
		{"two grants do not add up", []Grant{h("unit_admin", "/1/4/", 0), h("editor", "/1/5/", 0)}, h("editor", "/1/5/", 0), false},
		{"an expired right gives nothing", []Grant{expired}, h("editor", "/1/4/", 0), false},
		{"an editor gives what they hold, but may not give", []Grant{h("editor", "/1/", 0)}, h("editor", "/1/4/", 0), false},
		{"a role nobody knows a permission of", []Grant{h("unit_admin", "/1/4/", 0)}, Grant{Role: Role{Key: "x"}, Unit: "/1/4/"}, false},
		{"nobody", nil, h("editor", "/1/4/", 0), false},
	} {
		now := int64(1)
		if c.label == "an expired right gives nothing" {
			now = 2
		}
		actor := access.Actor{Kind: access.Staff, ID: 1, Grants: expand(c.own, allPermissions, now)}
		if got := mayGive(actor, c.own, c.give, allPermissions, now); got != c.want {
			t.Errorf("%s: %v", c.label, got)
		}
	}
	if !mayGive(access.Actor{}, nil, holds(t, "editor", "/1/", 0), allPermissions, 0) {
		t.Error("the house itself may")
	}
}

func TestMayManage(t *testing.T) {
	t.Parallel()
	h := func(role, unit string) Grant { return holds(t, role, unit, 0) }
	for _, c := range []struct {
		label  string
		own    []Grant
		p      Staff
		theirs []Grant
		want   error
	}{
		{"somebody below", []Grant{h("unit_admin", "/1/4/")}, Staff{ID: 2, Unit: "/1/4/9/"}, []Grant{h("editor", "/1/4/9/")}, nil},
		{"oneself", []Grant{h("unit_admin", "/1/4/")}, Staff{ID: 1, Unit: "/1/4/"}, nil, errSelf},
		{"a neighbour", []Grant{h("unit_admin", "/1/4/")}, Staff{ID: 2, Unit: "/1/5/"}, nil, errBeyond},
		{"a guest with rights of the city", []Grant{h("unit_admin", "/1/4/")}, Staff{ID: 2, Unit: "/1/4/"}, []Grant{h("publisher", "/1/")}, errBeyond},
		{"an administrator, by a unit's", []Grant{h("unit_admin", "/1/")}, Staff{ID: 2, Unit: "/1/"}, []Grant{h("audit_admin", "/1/")}, errBeyond},
		{"an administrator, by the system's", []Grant{h("system_admin", "/1/")}, Staff{ID: 2, Unit: "/1/"}, []Grant{h("audit_admin", "/1/")}, nil},
		{"by somebody without the right", []Grant{h("security_admin", "/1/")}, Staff{ID: 2, Unit: "/1/"}, nil, errBeyond},
	} {
		if got := mayManage(actorWith(c.own...), c.own, c.p, c.theirs, 0); !errors.Is(got, c.want) {
			t.Errorf("%s: %v", c.label, got)
		}
	}
}

func TestDutiesStayApart(t *testing.T) {
	t.Parallel()
	h := func(roles ...string) (out []Grant) {
		for _, r := range roles {
			out = append(out, holds(t, r, "/1/", 0))
		}
		return out
	}
	for _, c := range []struct {
		roles []string
		want  bool
	}{
		{nil, true}, {[]string{"editor", "reviewer", "agent"}, true}, {[]string{"system_admin"}, true},
		{[]string{"system_admin", "security_admin"}, false}, {[]string{"audit_admin", "editor"}, false},
		{[]string{"security_admin", "unit_admin"}, false},
	} {
		if got := separated(h(c.roles...)); got != c.want {
			t.Errorf("%v: %v", c.roles, got)
		}
	}
	admins := map[string][]string{}
	for _, r := range defaultRoles {
		for _, p := range r.resolve(allPermissions) {
			admins[p] = append(admins[p], r.Key)
		}
	}
	if !slices.Equal(admins["audit.read"], []string{"audit_admin"}) || !slices.Equal(admins["role.edit"], []string{"security_admin"}) {
		t.Errorf("audit.read %v, role.edit %v", admins["audit.read"], admins["role.edit"])
	}
	for _, p := range admins["staff.grant"] {
		if p == "system_admin" || p == "audit_admin" {
			t.Errorf("%s gives rights", p)
		}
	}
	for _, r := range defaultRoles {
		if len(r.resolve(allPermissions)) >= len(allPermissions)/2 {
			t.Errorf("%s is a super-user", r.Key)
		}
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		permissions, want []string
	}{
		{[]string{"menu.*"}, []string{"menu.read", "menu.edit", "menu.publish"}},
		{[]string{"menu.read", "menu.*"}, []string{"menu.read", "menu.edit", "menu.publish"}},
		{[]string{"men*"}, nil}, {[]string{"*"}, nil}, {[]string{"menu.burn"}, nil}, {nil, nil},
	} {
		if got := (Role{Permissions: c.permissions}).resolve(allPermissions); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v", c.permissions, got)
		}
	}
}

func TestRootReachesEverywhere(t *testing.T) {
	t.Parallel()
	a := actorWith(holds(t, "system_admin", "/1/", 0))
	if !a.Can("setting.edit", access.Object{}) {
		t.Error("a grant at the root must reach what has no unit")
	}
	if a := actorWith(holds(t, "system_admin", "/1/4/", 0)); a.Can("setting.edit", access.Object{}) {
		t.Error("a grant below must not")
	}
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		password string
		want     []string
	}{
		{"Qing-yun2026", nil}, {"青云Zheng1", nil}, {"短A1", []string{"org.password_short"}}, {"", []string{"org.password_short", "org.password_kinds"}},
		{"qingyun2026", []string{"org.password_kinds"}}, {"Wang.li-2026", []string{"org.password_login"}},
		{"Password1!", []string{"org.password_common"}}, {"Aa1\x00bbbbbb", []string{"org.password_characters"}},
		{"Aa1\xffbbbbbb", []string{"org.password_characters"}}, {strings.Repeat("Aa1-", 65), []string{"org.password_characters"}},
	} {
		var got []string
		if err := CheckPassword(c.password, "wang.li", 8); err != nil {
			for _, f := range errs.As(err).Fields() {
				got = append(got, f.Key)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.password, got, c.want)
		}
	}
}

func TestPasswordHash(t *testing.T) {
	t.Parallel()
	phc := hashPassword("Qing-yun2026")
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %s", phc)
	}
	if ok, stale, err := matchPassword(phc, "Qing-yun2026"); !ok || stale || err != nil {
		t.Errorf("right: %v %v %v", ok, stale, err)
	}
	if ok, _, err := matchPassword(phc, "Qing-yun2027"); ok || err != nil {
		t.Errorf("wrong: %v %v", ok, err)
	}
	// A hash of weaker parameters (argon2-cffi, m=64, t=1) is taken and said to be stale.
	weaker := "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
	if _, _, err := matchPassword(weaker+"AAAA", "x"); err == nil {
		t.Error("a short hash was taken")
	}
	if _, stale, err := matchPassword(weaker+strings.Repeat("A", 43), "x"); !stale || err != nil {
		t.Errorf("weaker: %v %v", stale, err)
	}
	for _, bad := range []string{"", "x", "$argon2i$v=19$m=1,t=1,p=1$$", "$argon2id$v=19$m=99999999,t=1,p=1$AAAA$" + strings.Repeat("A", 43),
		"$argon2id$v=19$m=64,t=0,p=1$AAAA$" + strings.Repeat("A", 43)} {
		if ok, _, err := matchPassword(bad, ""); ok || err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	good := StaffIn{Login: " Wang.Li ", Name: "王丽", Phone: "138 1234-5678", UnitID: 1}
	if err := good.Validate(0, true); err != nil || good.Login != "wang.li" || good.Phone != "13812345678" {
		t.Errorf("%+v, %v", good, err)
	}
	for label, c := range map[string]struct {
		in   StaffIn
		want []string
	}{
		"all at once": {StaffIn{Login: "1x", Phone: "123", Outsourced: true}, []string{"login", "name", "phone", "until_at"}},
		"the past":    {StaffIn{Login: "abc", Name: "甲", UntilAt: 5}, []string{"until_at"}},
		"controls":    {StaffIn{Login: "abc", Name: "甲\x00"}, []string{"name"}},
	} {
		var got []string
		for _, f := range errs.As(c.in.Validate(10, true)).Fields() {
			got = append(got, f.Field)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", label, got)
		}
	}
	unit := UnitIn{Level: "moon", Code: "123"}
	if n := len(errs.As(unit.Validate()).Fields()); n != 3 {
		t.Errorf("unit: %d faults", n)
	}
	if escapeLike(`50%_\A`) != `50\%\_\\a` {
		t.Error(escapeLike(`50%_\A`))
	}
}
