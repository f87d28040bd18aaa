package matter

import (
	"context"
	"sync"
	"time"

	"weizheng/kernel/org"
	"weizheng/platform/access"
	"weizheng/platform/errs"
)

// unitLife is how long a unit is remembered. A move of a unit enqueues the rehanging of its matters, which runs later
// than that.
const unitLife = 500 * time.Millisecond

type unitSeen struct {
	unit  org.Unit
	until time.Time
}

// unitCache remembers units, so that an action does not read the tree again and again.
type unitCache struct {
	mu   sync.Mutex
	seen map[int64]unitSeen
	root int64
}

func (s *Service) unit(ctx context.Context, id int64) (org.Unit, error) {
	now := s.Wall.Now()
	s.units.mu.Lock()
	seen, ok := s.units.seen[id]
	s.units.mu.Unlock()
	if ok && now.Before(seen.until) {
		return seen.unit, nil
	}
	u, err := s.Units.Unit(ctx, id)
	if err != nil {
		return u, errs.Wrap(err, "load unit %d", id)
	}
	s.units.mu.Lock()
	defer s.units.mu.Unlock()
	s.units.seen[id] = unitSeen{u, now.Add(unitLife)}
	return u, nil
}

// path returns a unit's path.
func (s *Service) path(ctx context.Context, id int64) (string, error) {
	u, err := s.unit(ctx, id)
	return u.Path, err
}

// root returns the id of the unit that everything hangs under.
func (s *Service) root(ctx context.Context) (int64, error) {
	s.units.mu.Lock()
	root := s.units.root
	s.units.mu.Unlock()
	if root != 0 {
		return root, nil
	}
	all, err := s.Units.Units(ctx, access.Reach{All: true})
	if err != nil || len(all) == 0 {
		return 0, errs.Wrap(err, "find the root of the units")
	}
	s.units.mu.Lock()
	defer s.units.mu.Unlock()
	s.units.root = all[0].ID
	return all[0].ID, nil
}

// existing returns those of the units that are there and not dissolved.
func (s *Service) existing(ctx context.Context, ids []int64) ([]int64, error) {
	var out []int64
	for _, id := range ids {
		u, err := s.unit(ctx, id)
		if errs.Is(err, errs.NotFound) || err == nil && u.Closed {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}
