package org

import (
	"context"
	"slices"
	"strings"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Grant is a role that a person holds over a unit's subtree, for all accounts there or one, until an instant or without
// end.
type Grant struct {
	ID        int64
	Role      Role
	UnitID    int64
	Unit      string // path
	UnitName  string
	Account   int64 // 0 for all
	UntilAt   int64 // ms, 0 for no end
	CreatedAt int64
	CreatedBy int64
}

// alive reports whether the grant still holds at an instant in ms.
func (g Grant) alive(now int64) bool { return g.UntilAt == 0 || g.UntilAt > now }

// object is the place of the grant.
func (g Grant) object() access.Object { return access.Object{Unit: g.Unit, Account: g.Account} }

// covers reports whether the place of the other grant lies within g's.
func (g Grant) covers(o Grant) bool {
	return access.Grant{Unit: reachOf(g.Unit), Account: g.Account}.Covers(o.object())
}

// sameAs reports whether two grants are the same right.
func (g Grant) sameAs(o Grant) bool {
	return g.Role.Key == o.Role.Key && g.UnitID == o.UnitID && g.Account == o.Account && g.UntilAt == o.UntilAt
}

// mayGive decides whether an actor who holds own may give or take the grant g: staff.grant there, and either a role that
// gives it, or every permission of it. The house itself may.
func mayGive(actor access.Actor, own []Grant, g Grant, declared []string, now int64) bool {
	if actor.Kind == access.System {
		return true
	}
	if !actor.Can("staff.grant", g.object()) {
		return false
	}
	for _, o := range own {
		if o.alive(now) && o.covers(g) && o.Role.mayGive(g.Role.Key) {
			return true
		}
	}
	permissions := g.Role.resolve(declared)
	if len(permissions) == 0 {
		return false // of a role without a known permission nothing can be held
	}
	for _, p := range permissions {
		if !actor.Can(p, g.object()) {
			return false
		}
	}
	return true
}

// separated reports whether the grants keep the three duties apart: one person has at most one of them, and an
// administrator has no other work.
func separated(grants []Grant) bool {
	var duties []Duty
	for _, g := range grants {
		if !slices.Contains(duties, g.Role.Duty) {
			duties = append(duties, g.Role.Duty)
		}
	}
	return len(duties) <= 1
}

// administers returns the duty that the grants contain, if any.
func administers(grants []Grant) (Duty, bool) {
	for _, g := range grants {
		if g.Role.Duty != "" {
			return g.Role.Duty, true
		}
	}
	return "", false
}

type heldGrant struct {
	Grant
	staff int64
}

func scanGrant(scan db.Scan) (heldGrant, error) {
	var g heldGrant
	r, err := roleScan(scan, &g.staff, &g.ID, &g.UnitID, &g.Unit, &g.UnitName, &g.Account, &g.UntilAt, &g.CreatedAt, &g.CreatedBy)
	g.Role = r
	return g, err
}

// Grants returns what a person holds, also what has expired.
func (s *Service) Grants(ctx context.Context, staff int64) ([]Grant, error) {
	return grantsOf(ctx, s.DB, staff)
}

func grantsOf(ctx context.Context, q db.Queryer, staff int64) ([]Grant, error) {
	all, err := grantsOfAll(ctx, q, []int64{staff})
	return all[staff], errs.Wrap(err, "load grants of staff %d", staff)
}

// GrantsOf returns what each of the people holds, for a page of a list.
func (s *Service) GrantsOf(ctx context.Context, staff []Staff) (map[int64][]Grant, error) {
	ids := make([]int64, len(staff))
	for i, p := range staff {
		ids[i] = p.ID
	}
	all, err := grantsOfAll(ctx, s.DB, ids)
	return all, errs.Wrap(err, "load grants of %d people", len(ids))
}

func grantsOfAll(ctx context.Context, q db.Queryer, staff []int64) (map[int64][]Grant, error) {
	out := map[int64][]Grant{}
	for part := range slices.Chunk(staff, namesStep) {
		marks, args := placeholders(part)
		list, err := db.All(ctx, q, scanGrant, `select g.staff_id, g.id, g.unit_id, u.path, u.name, g.account_id, g.until_at,
			g.created_at, g.created_by, `+roleColumns+` from staff_grant g join unit u on u.id = g.unit_id
			join role r on r.key = g.role where g.staff_id in (`+marks+`) order by g.id`, args...)
		if err != nil {
			return nil, err
		}
		for _, g := range list {
			out[g.staff] = append(out[g.staff], g.Grant)
		}
	}
	return out, nil
}

// reachOf is a unit's path as a grant's reach: the root, the only path with one id, reaches everywhere.
func reachOf(path string) string {
	if strings.Count(path, "/") == 2 {
		return access.Everywhere
	}
	return path
}
