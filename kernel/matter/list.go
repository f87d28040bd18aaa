package matter

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Order is how a list is ordered, which its period counts by as well.
type Order string

// The orders.
const (
	ByDue    Order = "due"    // what falls due first; matters without a running clock last
	ByOpened Order = "opened" // the newest first
)

// Filter narrows a list. Zero fields do not.
type Filter struct {
	Kind     string
	State    string
	Held     []Held // none: all
	Light    string // "green", "yellow", "red"
	Assignee int64
	Account  int64
	From, To int64 // [From, To) of the order's instant, civil ms
}

// Query is one page of a unit's inbox.
type Query struct {
	Filter
	Unit  int64 // 0: everything within reach
	Order Order // with an Assignee always ByOpened; else with a Light always ByDue
	After string
	Limit int // 1–200
}

// Page is one page of a list; Next asks for the one after it, "" at the end.
type Page struct {
	Items []Matter
	Next  string
}

const pageLimit = 200

// key is a row's place in an order.
type key struct{ at, id int64 }

func (k key) String() string { return strconv.FormatInt(k.at, 36) + "." + strconv.FormatInt(k.id, 36) }

// parseKey reads a cursor.
func parseKey(text string) (k key, err error) {
	at, id, found := strings.Cut(text, ".")
	k.at, err = strconv.ParseInt(at, 36, 64)
	if err == nil {
		k.id, err = strconv.ParseInt(id, 36, 64)
	}
	if err != nil || !found {
		return key{}, errs.InvalidFields([]errs.Field{{Field: "cursor", Key: "matter.cursor"}})
	}
	return k, nil
}

// place is a range of an inbox: one unit, maybe one account there.
type place struct{ unit, account int64 }

// places turns how far somebody may look into the units to look at.
func (s *Service) places(ctx context.Context, reach access.Reach, unit int64) ([]place, error) {
	if unit != 0 {
		path, err := s.path(ctx, unit)
		if err != nil {
			return nil, err
		}
		return within(reach, unit, path), nil
	}
	if reach.All {
		root, err := s.root(ctx)
		return []place{{unit: root}}, err
	}
	var out []place
	for _, g := range reach.Grants {
		ids := access.Units(g.Unit)
		if len(ids) == 0 { // one account, everywhere
			root, err := s.root(ctx)
			if err != nil {
				return nil, err
			}
			ids = []int64{root}
		}
		out = append(out, place{ids[len(ids)-1], g.Account})
	}
	return out, nil
}

// within returns what of a unit lies inside the reach: all of it, or some accounts, or units below it.
func within(reach access.Reach, unit int64, path string) []place {
	if reach.Covers(access.Object{Unit: path}) {
		return []place{{unit: unit}}
	}
	var out []place
	for _, g := range reach.Grants {
		ids := access.Units(g.Unit)
		switch {
		case strings.HasPrefix(path, g.Unit):
			out = append(out, place{unit, g.Account})
		case strings.HasPrefix(g.Unit, path) && len(ids) > 0:
			out = append(out, place{ids[len(ids)-1], g.Account})
		}
	}
	return out
}

// span is one range of an index: a facet in a unit; of open matters maybe those of one light.
type span struct {
	unit, facet int64
	light       Light
	lit         bool  // only those of the light
	lead        int64 // the longest yellow time there
}

// spans returns the ranges that a filter is made of. It steps from facet to facet of the index, so that only those are
// looked at that the unit has.
func (s *Service) spans(ctx context.Context, places []place, f Filter) ([]span, error) {
	leads := map[string]int64{}
	if f.Light == Yellow.String() {
		var err error
		if leads, err = s.facets.spans(ctx, s.DB); err != nil {
			return nil, err
		}
	}
	var out []span
	for _, p := range places {
		ids, err := db.All(ctx, s.DB, db.Value[int64], `with recursive present(id) as (
			select min(facet_id) from matter_unit where unit_id = $1
			union all
			select (select min(facet_id) from matter_unit where unit_id = $1 and facet_id > present.id)
				from present where present.id is not null
		) select id from present where id is not null`, p.unit)
		if err != nil {
			return nil, errs.Wrap(err, "facets of unit %d", p.unit)
		}
		known, err := s.facets.get(ctx, s.DB, ids)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			light, lit := LightOf(f.Light)
			one := span{p.unit, id, light, lit && known[id].Held != Over, leads[known[id].Kind]}
			if f.takes(known[id], p.account) && !slices.Contains(out, one) {
				out = append(out, one)
			}
		}
	}
	return out, nil
}

func (f *Filter) takes(have facet, account int64) bool {
	return (f.Kind == "" || f.Kind == have.Kind) && (f.State == "" || f.State == have.State) &&
		(len(f.Held) == 0 || slices.Contains(f.Held, have.Held)) && (f.Light == "" || have.Held != Over || f.Light == have.Light.String()) &&
		(f.Account == 0 || f.Account == have.Account) && (account == 0 || account == have.Account)
}

// Inbox lists what hangs under a unit, or under all that the reach covers. Sealed matters hang nowhere. Whatever the
// filter, each facet that it takes costs one range of at most a page of an index.
func (s *Service) Inbox(ctx context.Context, reach access.Reach, q Query) (Page, error) {
	places, err := s.places(ctx, reach, q.Unit)
	if err != nil {
		return Page{}, err
	}
	q.Limit = min(max(q.Limit, 1), pageLimit)
	if q.Assignee != 0 {
		return s.assigned(ctx, places, q)
	}
	if q.Light != "" {
		q.Order = ByDue
	}
	low, high, err := q.bounds()
	if err != nil {
		return Page{}, err
	}
	spans, err := s.spans(ctx, places, q.Filter)
	if err != nil {
		return Page{}, err
	}
	rows := merge{order: q.Order, limit: q.Limit + 1, low: low, high: high, now: s.now()}
	for _, one := range spans {
		if err := rows.read(ctx, s.DB, one); err != nil {
			return Page{}, errs.Wrap(err, "list the matters of unit %d", one.unit)
		}
	}
	return s.page(ctx, rows.keys, q.Limit)
}

// page loads the heads of a page; keys holds one more when there is a next one.
func (s *Service) page(ctx context.Context, keys []key, limit int) (p Page, err error) {
	if len(keys) > limit {
		keys = keys[:limit]
		p.Next = keys[limit-1].String()
	}
	ids := make([]int64, len(keys))
	for i, k := range keys {
		ids[i] = k.id
	}
	if p.Items, err = heads(ctx, s.DB, ids); err != nil {
		return Page{}, err
	}
	return p, s.openTitles(p.Items)
}
