package access

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func staff(grants ...Grant) Actor { return Actor{Kind: Staff, ID: 7, Grants: grants} }

func TestCan(t *testing.T) {
	t.Parallel()
	desk := Grant{Permission: "reply.edit", Unit: "/1/4/"}
	one := Grant{Permission: "reply.edit", Unit: "/1/", Account: 3}
	all := Grant{Permission: "reply.edit", Unit: Everywhere}
	seal := Grant{Permission: Seal, Unit: "/1/4/"}
	for _, c := range []struct {
		label string
		actor Actor
		obj   Object
		want  bool
	}{
		{"own unit", staff(desk), Object{Unit: "/1/4/"}, true},
		{"below", staff(desk), Object{Unit: "/1/4/9/"}, true},
		{"above", staff(desk), Object{Unit: "/1/"}, false},
		{"neighbour whose number begins alike", staff(desk), Object{Unit: "/1/41/"}, false},
		{"one account", staff(one), Object{Unit: "/1/4/", Account: 3}, true},
		{"another account", staff(one), Object{Unit: "/1/4/", Account: 4}, false},
		{"thing without account", staff(one), Object{Unit: "/1/4/"}, false},
		{"installation-wide thing, local grant", staff(desk), Object{}, false},
		{"installation-wide thing, grant everywhere", staff(all), Object{}, true},
		{"another permission", staff(Grant{Permission: "menu.edit", Unit: Everywhere}), Object{Unit: "/1/"}, false},
		{"malformed grant", staff(Grant{Permission: "reply.edit", Unit: "/1"}), Object{Unit: "/1/4/"}, false},
		{"grant without unit", staff(Grant{Permission: "reply.edit"}), Object{Unit: "/1/4/"}, false},
		{"sealed without seal", staff(all), Object{Unit: "/1/4/", Sealed: true}, false},
		{"sealed with seal", staff(all, seal), Object{Unit: "/1/4/", Sealed: true}, true},
		{"sealed, seal for elsewhere", staff(all, seal), Object{Unit: "/1/5/", Sealed: true}, false},
		{"the house", Actor{}, Object{Sealed: true}, true},
		{"anonymous", Actor{Kind: Anonymous}, Object{Unit: "/1/"}, false},
		{"citizen", Actor{Kind: Citizen, ID: 1}, Object{Unit: "/1/"}, false},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			if got := c.actor.Can("reply.edit", c.obj); got != c.want {
				t.Errorf("Can = %v, want %v", got, c.want)
			}
			if c.obj.Sealed || c.actor.Kind == System {
				return
			}
			if got := c.actor.Reach("reply.edit").Covers(c.obj); got != c.want {
				t.Errorf("Reach.Covers = %v, want %v", got, c.want)
			}
		})
	}
}

func TestWhere(t *testing.T) {
	t.Parallel()
	g := func(unit string, account int64) Grant {
		return Grant{Permission: "p", Unit: unit, Account: account}
	}
	for _, c := range []struct {
		label         string
		actor         Actor
		unit, account string
		sql           string
		args          []any
	}{
		{"house", Actor{}, "u", "a", "(1=1)", nil},
		{"nothing", staff(), "u", "a", "(1=0)", nil},
		{"everywhere", staff(g("/1/2/", 0), g(Everywhere, 0)), "u", "a", "(1=1)", nil},
		{"two posts", staff(g("/1/2/", 0), g("/1/3/", 5)), "u", "a", "((u like $3) or (u like $4 and a = $5))",
			[]any{"/1/2/%", "/1/3/%", int64(5)}},
		{"inner post is dropped", staff(g("/1/2/", 5), g("/1/", 5), g("/1/", 5)), "u", "a", "((u like $3 and a = $4))",
			[]any{"/1/%", int64(5)}},
		{"one account everywhere", staff(g(Everywhere, 5)), "u", "a", "((a = $3))", []any{int64(5)}},
		{"no account column", staff(g("/1/", 5)), "u", "", "(1=0)", nil},
		{"no unit column", staff(g("/1/", 0)), "", "a", "(1=0)", nil},
	} {
		t.Run(c.label, func(t *testing.T) {
			t.Parallel()
			sql, args := c.actor.Reach("p").Where(c.unit, c.account, 3)
			if sql != c.sql {
				t.Errorf("sql = %s, want %s", sql, c.sql)
			}
			if d := cmp.Diff(c.args, args); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	if From(context.Background()).Kind != System {
		t.Error("nobody named must be the house")
	}
	if got := From(With(context.Background(), staff())); got.ID != 7 {
		t.Errorf("From = %+v", got)
	}
}
