package matter

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// waitRange is one range of matter_wait: a permission under a unit, maybe for one account there.
type waitRange struct {
	unit       int64
	permission string
	account    int64 // 0: every one
}

// ranges are the ranges of matter_wait that a desk finds its matters in: what waits for anybody of its own unit or for its
// leader, and each of its grants that any definition asks for.
func (s *Service) ranges(ctx context.Context, a access.Actor) ([]waitRange, error) {
	var out []waitRange
	if unit := access.UnitID(a.Unit); unit != 0 {
		out = append(out, waitRange{unit: unit})
		if a.Can(Lead, access.Object{Unit: a.Unit}) {
			out = append(out, waitRange{unit: unit, permission: Lead})
		}
	}
	asked, err := s.askedFor(ctx)
	if err != nil {
		return nil, err
	}
	for _, permission := range asked {
		places, err := s.places(ctx, a.Reach(permission), 0)
		if err != nil {
			return nil, err
		}
		for _, p := range places {
			out = append(out, waitRange{p.unit, permission, p.account})
		}
	}
	return out, nil
}

// askedFor lists the permissions that a matter can wait for: those of the roles of all definitions that any ever ran under.
func (s *Service) askedFor(ctx context.Context) ([]string, error) {
	ids, err := db.All(ctx, s.DB, db.Value[int64], `select id from matter_flow`)
	if err != nil {
		return nil, errs.Wrap(err, "list the definitions")
	}
	all := map[string]bool{}
	for _, id := range ids {
		d, err := s.definition(ctx, s.DB, id)
		if err != nil {
			return nil, err
		}
		for _, r := range d.Roles {
			all[r.Permission] = true
		}
	}
	return slices.Sorted(maps.Keys(all)), nil
}

// inRange is the condition that a row of matter_wait lies in a range and is not somebody's own work to review.
func (c *condition) inRange(r waitRange, staff int64) {
	c.add("w.unit_id = $%d and w.permission = $%d", r.unit, r.permission)
	if r.account != 0 {
		c.add("m.account_id = $%d", r.account)
	}
	c.add("not (w.review and m.opener_kind = 'staff' and m.opener_id = $%d)", staff)
}

// Mine lists what waits for a member of staff: for them by name, for whoever holds a role as they do, for anybody of their
// unit or who leads it. What falls due first is first.
func (s *Service) Mine(ctx context.Context, a access.Actor, f Filter, cursor string, limit int) (Page, error) {
	limit = min(max(limit, 1), pageLimit)
	after := key{-1, 0}
	if cursor != "" {
		var err error
		if after, err = parseKey(cursor); err != nil {
			return Page{}, err
		}
	}
	text, args, err := s.mineQuery(ctx, a, f, &after, limit+1)
	if err != nil {
		return Page{}, err
	}
	keys, err := db.All(ctx, s.DB, func(scan db.Scan) (k key, err error) { return k, scan(&k.at, &k.id) },
		fmt.Sprintf(`select distinct due_at, matter_id from (%s) mine order by due_at, matter_id limit %d`, text, limit+1), args...)
	if err != nil {
		return Page{}, errs.Wrap(err, "list what waits for staff %d", a.ID)
	}
	return s.page(ctx, keys, limit)
}

// CountMine returns how many there are, at most 1000.
func (s *Service) CountMine(ctx context.Context, a access.Actor, f Filter) (int, error) {
	text, args, err := s.mineQuery(ctx, a, f, nil, countLimit)
	if err != nil {
		return 0, err
	}
	n, err := db.One(ctx, s.DB, db.Value[int], fmt.Sprintf(`select count(*) from (select distinct matter_id from (%s) mine limit %d) counted`, text, countLimit), args...)
	return n, errs.Wrap(err, "count what waits for staff %d", a.ID)
}

// mineQuery is what waits by name and each range of what waits by permission, every part cut at the limit in its own order:
// an index gives each.
func (s *Service) mineQuery(ctx context.Context, a access.Actor, f Filter, after *key, limit int) (string, []any, error) {
	list, err := s.ranges(ctx, a)
	if err != nil {
		return "", nil, err
	}
	lead, err := s.longestYellow(ctx, f.Light)
	if err != nil {
		return "", nil, err
	}
	now, rest := s.now(), f
	rest.Light = ""
	var parts []string
	var args []any
	put := func(from, alias string, start func(*condition)) {
		c := condition{text: "1 = 1", args: args}
		start(&c)
		if after != nil {
			c.add("("+alias+".due_at, "+alias+".matter_id) > ($%d, $%d)", after.at, after.id)
		}
		c.open(alias, f.Light, now, lead)
		c.filter(rest, alias+".due_at", now)
		parts = append(parts, fmt.Sprintf(`select * from (select %[2]s.due_at, %[2]s.matter_id from %[1]s %[2]s join matter m on m.id = %[2]s.matter_id
			where %[3]s order by %[2]s.due_at, %[2]s.matter_id limit %[4]d) part%[5]d`, from, alias, c.text, limit, len(parts)))
		args = c.args
	}
	put("matter_party", "p", func(c *condition) { c.add("p.staff_id = $%d and p.turn", a.ID) })
	for _, r := range list {
		put("matter_wait", "w", func(c *condition) { c.inRange(r, a.ID) })
	}
	return strings.Join(parts, " union all "), args, nil
}

// open narrows rows of open matters to a light, by the columns that their index is ordered by: however many wait, only those
// of the light are looked at, and of the yellow ones those that the longest yellow time leaves.
func (c *condition) open(alias, light string, now, lead int64) {
	due, yellow := alias+".due_at", alias+".yellow_at"
	switch name, known := LightOf(light); {
	case light == "":
	case !known:
		c.text += " and 1 = 0"
	case name == Red:
		c.add(due+" <= $%d", now)
	case name == Yellow:
		c.add(due+" > $%d and "+due+" <= $%d and "+yellow+" <= $%d", now, now+lead, now)
	default:
		c.add(due+" > $%d and "+yellow+" > $%d", now, now)
	}
}

// longestYellow is the longest time that any matter is yellow, where a list asks for those.
func (s *Service) longestYellow(ctx context.Context, light string) (lead int64, err error) {
	if light != Yellow.String() {
		return 0, nil
	}
	leads, err := s.facets.spans(ctx, s.DB)
	for _, one := range leads {
		lead = max(lead, one)
	}
	return lead, err
}
