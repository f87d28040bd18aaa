package matter

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"weizheng/platform/db"
)

// bounds are the keys between which the page lies, both excluded.
func (q *Query) bounds() (low, high key, err error) {
	low, high = key{q.From - 1, math.MaxInt64}, key{math.MaxInt64, math.MaxInt64}
	if q.To > 0 {
		high = key{q.To, 0} // ids begin at 1
	}
	if q.After == "" {
		return low, high, nil
	}
	after, err := parseKey(q.After)
	if q.Order == ByOpened {
		return low, after, err
	}
	return after, high, err
}

// merge collects the first keys of many ranges.
type merge struct {
	order     Order
	limit     int
	low, high key
	now       int64
	keys      []key
}

func (m *merge) before(a, b key) int {
	if m.order == ByOpened {
		a, b = b, a
	}
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id))
}

// column is what the order goes by.
func (m *merge) column() string {
	if m.order == ByOpened {
		return "opened_at"
	}
	return "due_at"
}

// read takes what a range has between the bounds, which draw closer once there is a full page.
func (m *merge) read(ctx context.Context, q db.Queryer, one span) error {
	column, way := m.column(), "asc"
	if m.order == ByOpened {
		way = "desc"
	}
	r := m.within(one)
	more, err := db.All(ctx, q, func(scan db.Scan) (k key, err error) { return k, scan(&k.at, &k.id) },
		fmt.Sprintf(`select %[1]s, matter_id from matter_unit where unit_id = $1 and facet_id = $2 and (%[1]s, matter_id) > ($3, $4)
			and (%[1]s, matter_id) < ($5, $6) and yellow_at > $7 and yellow_at <= $8 order by %[1]s %[2]s, matter_id %[2]s limit $9`, column, way),
		one.unit, one.facet, r.low.at, r.low.id, r.high.at, r.high.id, r.after, r.until, m.limit)
	if err != nil {
		return err
	}
	m.keys = append(m.keys, more...)
	slices.SortFunc(m.keys, m.before)
	m.keys = slices.Compact(m.keys) // a matter may hang under two of the units
	if len(m.keys) < m.limit {
		return nil
	}
	m.keys = m.keys[:m.limit]
	if last := m.keys[m.limit-1]; m.order == ByOpened {
		m.low = last
	} else {
		m.high = last
	}
	return nil
}

// stretch is where the rows of a span lie: keys between two, both excluded, that turn yellow after one instant, at the
// latest at another.
type stretch struct {
	low, high    key
	after, until int64
}

// within narrows the bounds to the light of a span. Red is what is due. What is yellow will be due within the longest yellow time, so
// that nobody looks through the green ones for it.
func (m *merge) within(one span) stretch {
	r := stretch{m.low, m.high, -1, math.MaxInt64}
	if !one.lit {
		return r
	}
	late := key{m.now, math.MaxInt64}
	latest := func(k key) {
		if k.at < r.high.at {
			r.high = k
		}
	}
	switch one.light {
	case Red:
		latest(late)
		return r
	case Yellow:
		r.until = m.now
		latest(key{m.now + one.lead, math.MaxInt64})
	default:
		r.after = m.now
	}
	if late.at >= r.low.at {
		r.low = late
	}
	return r
}
