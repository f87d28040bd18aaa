package matter

import (
	"context"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// hooks are where a matter hangs: under the units where it was opened and lies, under those of its open branches, and all
// above them. In the branch of a unit it is in the pool while nobody there has taken it.
func (s *Service) hooks(ctx context.Context, tx *db.Tx, m *Matter, st *standing) ([]hook, error) {
	if m.Sealed {
		return nil, nil
	}
	key := facet{Account: m.Account, Kind: m.Kind, State: m.State, Held: m.Held}
	if m.Held == Over {
		key.Light = m.Worst
	}
	own, err := s.facets.need(ctx, tx, key)
	if err != nil {
		return nil, err
	}
	var out []hook
	put := func(unit, facet int64) {
		i := slices.IndexFunc(out, func(h hook) bool { return h.Unit == unit })
		if i < 0 {
			out = append(out, hook{unit, facet, m.YellowAt, m.DueAt})
		}
	}
	for _, b := range st.Run.Branches {
		if m.Held == Over || b.Status != flow.BranchOpen || b.Holder != "" || b.Unit == m.Unit {
			continue
		}
		key.Held = Pool
		waiting, err := s.facets.need(ctx, tx, key)
		if err != nil {
			return nil, err
		}
		put(b.Unit, waiting)
	}
	for _, unit := range st.Run.Units() {
		path, err := s.path(ctx, unit)
		if err != nil {
			return nil, errs.Wrap(err, "the path of unit %d", unit)
		}
		for _, id := range access.Units(path) {
			put(id, own)
		}
	}
	return out, nil
}

func (s *Service) rehang(ctx context.Context, tx *db.Tx, m *Matter, st *standing) error {
	if err := s.facets.span(ctx, tx, m); err != nil {
		return err
	}
	want, err := s.hooks(ctx, tx, m, st)
	if err != nil || m.Sealed {
		return err
	}
	d, err := s.definition(ctx, tx, m.FlowID)
	if err != nil {
		return err
	}
	if err := s.saveWaits(ctx, tx, d, m, st); err != nil {
		return err
	}
	return hang(ctx, tx, m, want)
}
