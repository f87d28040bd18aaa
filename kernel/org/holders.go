package org

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// HolderFilter asks who may do something somewhere.
type HolderFilter struct {
	Permission string
	Reads      string // a permission that they must hold there as well; "" asks for none
	Unit       string // path
	Account    int64  // 0: something that belongs to no account
	Within     bool   // only those who work in the unit itself
	Limit      int    // 1 and up
}

// Holder is somebody who holds a permission for a unit, and the unit, that one or one above, where they were given it.
type Holder struct {
	Staff int64
	Unit  int64
}

// Holders lists active people who hold a permission for a unit, those first whose right was given nearest to it: in the
// unit itself, then in the one above, up to the root. Who still has something Pending is among them.
func (s *Service) Holders(ctx context.Context, f HolderFilter) ([]Holder, error) {
	roles, err := s.Roles(ctx)
	if err != nil {
		return nil, err
	}
	q := query{args: []any{s.now(), f.Account}}
	above := q.path(f.Unit)
	if above == "" {
		return nil, nil // of what belongs to no unit nobody is the nearest
	}
	alive := func(g string) string {
		return g + ".unit_id in (" + above + ") and " + g + ".account_id in (0, $2) and (" + g + ".until_at = 0 or " + g + ".until_at > $1)"
	}
	held := func(g, permission string) string {
		return g + ".role in (" + q.keys(roles, permission, s.Permissions()) + ") and " + alive(g)
	}
	where := held("g", f.Permission) + " and not p.disabled and p.password <> '' and (p.until_at = 0 or p.until_at > $1)"
	if f.Reads != "" {
		where += " and exists (select 1 from staff_grant r where r.staff_id = p.id and " + held("r", f.Reads) + ")"
	}
	if f.Within {
		where += " and p.unit_id = " + q.mark(access.UnitID(f.Unit))
	}
	list, err := db.All(ctx, s.DB, func(scan db.Scan) (h Holder, err error) {
		var depth int64
		return h, scan(&h.Staff, &h.Unit, &depth)
	}, `select p.id, u.id, max(length(u.path)) from staff_grant g join staff p on p.id = g.staff_id join unit u on u.id = g.unit_id
		where `+where+` group by p.id, u.id order by 3 desc, 1 limit `+q.mark(int64(f.Limit)), q.args...)
	return firsts(list), errs.Wrap(err, "list the holders of %s", f.Permission)
}

// firsts leaves of each person the nearest right.
func firsts(list []Holder) []Holder {
	seen := make(map[int64]bool, len(list))
	out := list[:0]
	for _, h := range list {
		if !seen[h.Staff] {
			seen[h.Staff] = true
			out = append(out, h)
		}
	}
	return out
}

// query numbers arguments.
type query struct{ args []any }

func (q *query) mark(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

// path marks the ids of a path from the root down.
func (q *query) path(path string) string {
	var marks []string
	for _, id := range access.Units(path) {
		marks = append(marks, q.mark(id))
	}
	return strings.Join(marks, ",")
}

// keys marks the roles that mean a permission; there is always one mark, of a role that nobody has if need be.
func (q *query) keys(roles []Role, permission string, declared []string) string {
	marks := []string{"''"}
	for _, r := range roles {
		if slices.Contains(r.resolve(declared), permission) {
			marks = append(marks, q.mark(r.Key))
		}
	}
	return strings.Join(marks, ",")
}
