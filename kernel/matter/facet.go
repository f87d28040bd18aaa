package matter

import (
	"context"
	"sync"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Held says whether somebody has a matter.
type Held int64

// The three.
const (
	Pool Held = iota // it waits for somebody of its unit
	Kept             // somebody has it
	Over             // it is closed
)

// facet is what lists filter by, as one small number. Facets are made when first met and never change.
type facet struct {
	Account int64
	Kind    string
	State   string
	Held    Held
	Light   Light // of one that is over; else Green, for the light of an open one follows from the time
}

// facets remembers the few hundred facets there are.
type facets struct {
	mu   sync.RWMutex
	byID map[int64]facet
	ids  map[facet]int64
	lead map[string]int64 // kind → longest yellow time that is known to be kept
}

func newFacets() *facets {
	return &facets{byID: map[int64]facet{}, ids: map[facet]int64{}, lead: map[string]int64{}}
}

func (f *facets) id(key facet) (int64, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	id, ok := f.ids[key]
	return id, ok
}

func (f *facets) keep(id int64, key facet) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.byID[id], f.ids[key] = key, id
}

// get returns the facets of ids; those that another replica made are read first.
func (f *facets) get(ctx context.Context, q db.Queryer, ids []int64) (map[int64]facet, error) {
	out := make(map[int64]facet, len(ids))
	f.mu.RLock()
	for _, id := range ids {
		if key, ok := f.byID[id]; ok {
			out[id] = key
		}
	}
	f.mu.RUnlock()
	if len(out) == len(ids) {
		return out, nil
	}
	type row struct {
		id  int64
		key facet
	}
	all, err := db.All(ctx, q, func(scan db.Scan) (r row, err error) {
		err = scan(&r.id, &r.key.Account, &r.key.Kind, &r.key.State, &r.key.Held, &r.key.Light)
		return r, err
	}, `select id, account_id, kind, state, held, light from matter_facet`)
	if err != nil {
		return nil, errs.Wrap(err, "read the facets")
	}
	for _, r := range all {
		f.keep(r.id, r.key)
		out[r.id] = r.key
	}
	return out, nil
}

// need returns the id of a facet, which it makes when nobody has met it before. One that this transaction makes is
// remembered after the commit.
func (f *facets) need(ctx context.Context, tx *db.Tx, key facet) (int64, error) {
	if id, ok := f.id(key); ok {
		return id, nil
	}
	id, err := db.One(ctx, tx, db.Value[int64], `insert into matter_facet (account_id, kind, state, held, light)
		values ($1, $2, $3, $4, $5) on conflict (kind, state, held, light, account_id) do update set kind = excluded.kind
		returning id`, key.Account, key.Kind, key.State, key.Held, key.Light)
	if err != nil {
		return 0, errs.Wrap(err, "make a facet")
	}
	tx.AfterCommit(func() { f.keep(id, key) })
	return id, nil
}

// span keeps how long before its end a matter turns yellow, where no other of its kind does so earlier.
func (f *facets) span(ctx context.Context, tx *db.Tx, m *Matter) error {
	span := m.DueAt - m.YellowAt
	f.mu.RLock()
	known := f.lead[m.Kind]
	f.mu.RUnlock()
	if m.DueAt >= never || m.YellowAt >= never || span <= known {
		return nil
	}
	kept, err := db.One(ctx, tx, db.Value[int64], `insert into matter_span (kind, span) values ($1, $2) on conflict (kind) do update
		set span = case when matter_span.span > excluded.span then matter_span.span else excluded.span end returning span`, m.Kind, span)
	if err != nil {
		return errs.Wrap(err, "keep the yellow time of %s", m.Kind)
	}
	tx.AfterCommit(func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.lead[m.Kind] = max(f.lead[m.Kind], kept)
	})
	return nil
}

// spans reads the longest yellow time of each kind, whichever replica met it.
func (f *facets) spans(ctx context.Context, q db.Queryer) (map[string]int64, error) {
	type row struct {
		kind string
		span int64
	}
	list, err := db.All(ctx, q, func(scan db.Scan) (r row, err error) { return r, scan(&r.kind, &r.span) }, `select kind, span from matter_span`)
	out := make(map[string]int64, len(list))
	for _, r := range list {
		out[r.kind] = r.span
	}
	return out, errs.Wrap(err, "read the yellow times")
}
