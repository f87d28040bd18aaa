package matter

import (
	"context"
	"sync"
	"time"

	"weizheng/kernel/flow"
	"weizheng/kernel/org"
	"weizheng/platform/errs"
)

// Acting is the permission to act on matters: who works in a unit and holds it is told what waits for the unit.
const Acting = "matter.act"

const (
	// tellLimit is the most people that one notice to a role, a lead or a unit tells: what more were told would be nobody's.
	tellLimit = 50
	// holdersLimit is how many are looked at for them; some are left out.
	holdersLimit = 2 * tellLimit
	// holderLife is how long who holds what is remembered; a right that was just given is told of that much later.
	holderLife = 500 * time.Millisecond
	// holdersSeenLimit bounds what is remembered.
	holdersSeenLimit = 1000
)

// addressees is one matter as the addressees of its notices are looked up in it.
type addressees struct {
	m    *Matter
	d    *flow.Definition
	st   *standing
	doer flow.Who // a role is not told what its own holder did; "" for nobody
	in   map[int64]party
}

// addressed turns a waiter into people by name. A role, a lead or a unit are those who hold the permission for the unit
// and may read there: of them only the nearest, those whose right was given in the unit itself, or where nobody is left
// in the closest unit above; tellLimit of them at most. Left out are who did it, and in a review state who may not
// decide there. Of a sealed matter nobody is told but its parties.
func (s *Service) addressed(ctx context.Context, to *addressees, w flow.Waiter) ([]flow.Waiter, error) {
	if w.Who != "" {
		if !to.open(w.Who) {
			return nil, nil
		}
		return []flow.Waiter{w}, nil
	}
	f, known, err := s.holderFilter(ctx, to, w)
	if err != nil || !known {
		return nil, err
	}
	holders, err := s.holdersOf(ctx, f)
	if err != nil {
		return nil, err
	}
	var out []flow.Waiter
	nearest := int64(0)
	for _, h := range holders {
		who := flow.Staff(h.Staff)
		if nearest != 0 && h.Unit != nearest || len(out) == tellLimit {
			break
		}
		if who == to.doer || !to.open(who) || !flow.MayJudge(to.d, to.st.Run, who) {
			continue
		}
		nearest, w.Who = h.Unit, who
		out = append(out, w)
	}
	return out, nil
}

// holderFilter says what a waiter without a name holds.
func (s *Service) holderFilter(ctx context.Context, to *addressees, w flow.Waiter) (f org.HolderFilter, known bool, err error) {
	f = org.HolderFilter{Permission: Acting, Reads: Read, Account: to.m.Account, Limit: holdersLimit}
	switch {
	case w.Lead:
		f.Permission = Lead
	case w.Role != "":
		role, found := to.d.Role(w.Role)
		if !found {
			return f, false, nil
		}
		f.Permission = role.Permission
	default:
		f.Within = true
	}
	if w.Unit == 0 {
		return f, false, nil
	}
	f.Unit, err = s.path(ctx, w.Unit)
	return f, err == nil, err
}

// open reports whether somebody may know of the matter at all.
func (to *addressees) open(who flow.Who) bool {
	if !to.m.Sealed || who.StaffID() == 0 {
		return true
	}
	if to.in == nil {
		to.in = to.st.parties(to.d)
	}
	_, is := to.in[who.StaffID()]
	return is
}

type holdersSeen struct {
	list  []org.Holder
	until time.Time
}

// holderCache remembers who holds what, so that many matters at once ask once.
type holderCache struct {
	mu   sync.Mutex
	seen map[org.HolderFilter]holdersSeen
}

func (s *Service) holdersOf(ctx context.Context, f org.HolderFilter) ([]org.Holder, error) {
	now := s.Wall.Now()
	s.holders.mu.Lock()
	seen, ok := s.holders.seen[f]
	s.holders.mu.Unlock()
	if ok && now.Before(seen.until) {
		return seen.list, nil
	}
	list, err := s.Staff.Holders(ctx, f)
	if err != nil {
		return nil, errs.Wrap(err, "who holds %s", f.Permission)
	}
	s.holders.mu.Lock()
	defer s.holders.mu.Unlock()
	if len(s.holders.seen) >= holdersSeenLimit {
		clear(s.holders.seen)
	}
	s.holders.seen[f] = holdersSeen{list, now.Add(holderLife)}
	return list, nil
}
