package matter

import (
	"context"
	"testing"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/db"
)

// BulkIn says what a heap of matters is like.
type heap struct {
	n      int
	kinds  []string
	states []string
	spread time.Duration // of the openings, before now
}

// pile writes n matters without their lives: rows as lists and the sweep see them. It is for measuring; nothing of it can
// be replayed.
func (h *house) pile(p heap) {
	h.t.Helper()
	ctx := access.With(context.WithoutCancel(h.t.Context()), access.Actor{})
	now := h.now()
	staff := []int64{handA, handB, handC, deskA}
	units := []int64{2, 3, 4, 1}
	var flowID int64
	for begin := 0; begin < p.n; begin += 2000 {
		err := h.DB.Write(ctx, func(tx *db.Tx) error {
			d, _, err := h.Flows.Live(ctx, "errand")
			if err != nil {
				return err
			}
			if flowID, err = h.snapshot(ctx, tx, &paper{d: d}, 1); err != nil {
				return err
			}
			for i := begin; i < min(begin+2000, p.n); i++ {
				if err := h.heapRow(ctx, tx, p, i, flowID, now, staff[i%4], units[i/3%4]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) heapRow(ctx context.Context, tx *db.Tx, p heap, i int, flowID, now, staff, unit int64) error {
	opened := now - p.spread.Milliseconds()*int64(p.n-i)/int64(p.n)
	due := opened + (5+int64(i%16))*24*3600*1000
	m := Matter{ID: int64(i + 1), Kind: p.kinds[i%len(p.kinds)], State: p.states[i/7%len(p.states)], Held: Held(i / 5 % 3), OpenedAt: opened,
		YellowAt: due - 24*3600*1000, DueAt: due}
	closed := int64(0)
	if m.Held == Over {
		closed = opened + 1
	}
	if m.Held == Pool {
		staff = 0
	}
	_, err := tx.Exec(ctx, `insert into matter (id, number, code, kind, flow_id, state, held, version, account_id, owner_id, unit_id, assignee_id,
		opener_kind, opener_id, citizen_id, subject, subject_id, parent_id, parent_ref, sealed, opened_at, yellow_at, due_at, closed_at, worst,
		outcome, updated_at, title, seal, run) values ($1, $2, 'ABCDEFGH', $3, $4, $5, $6, 1, null, 1, $7, $8, 'staff', 11, null, '', 0, null, '',
		$9, $10, $11, $12, $13, 0, '', $10, 'a matter among many', null, '{}')`,
		m.ID, itoa(i), m.Kind, flowID, m.State, m.Held, unit, orNull(staff), false, m.OpenedAt, m.YellowAt, m.DueAt, closed)
	if err != nil {
		return err
	}
	facet, err := h.facets.need(ctx, tx, facet{Kind: m.Kind, State: m.State, Held: m.Held})
	if err != nil {
		return err
	}
	if err := h.facets.span(ctx, tx, &m); err != nil {
		return err
	}
	for _, id := range access.Units(paths[unit]) {
		if _, err := tx.Exec(ctx, `insert into matter_unit (matter_id, unit_id, facet_id, opened_at, yellow_at, due_at) values ($1, $2, $3, $4, $5, $6)`,
			m.ID, id, facet, m.OpenedAt, m.YellowAt, m.DueAt); err != nil {
			return err
		}
	}
	if m.Held == Kept {
		if _, err := tx.Exec(ctx, `insert into matter_party (matter_id, staff_id, turn, watches, invited, acted_at, opened_at, yellow_at, due_at)
			values ($1, $2, $3, $4, $4, $5, $5, $6, $7)`, m.ID, staff, true, false, m.OpenedAt, m.YellowAt, m.DueAt); err != nil {
			return err
		}
	}
	return nil
}

// deadlines gives every open matter of a heap a deadline that is due.
func (h *house) overdue(n int) {
	h.t.Helper()
	ctx := context.WithoutCancel(h.t.Context())
	err := h.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into matter_deadline (matter_id, clock, kind, at, next_at)
			select id, 'whole#1', 'red', due_at, due_at from matter where id <= $1`, n)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// BenchmarkSweep: how long the deadlines of a heap take.
func BenchmarkSweep(b *testing.B) {
	for _, engine := range engines {
		b.Run(engine.name, func(b *testing.B) {
			h := setup(b, engine.open(b, schemas))
			n := measured()
			h.pile(heap{n: n, kinds: []string{"a", "b", "c", "d"}, states: []string{"x", "y", "z"}, spread: 90 * 24 * time.Hour})
			h.overdue(n)
			h.civil.forward(60 * 24 * time.Hour)
			b.ResetTimer()
			h.settle()
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "deadlines/s")
		})
	}
}

// BenchmarkInbox: a page of a heap, whatever the filter.
func BenchmarkInbox(b *testing.B) {
	for _, engine := range engines {
		b.Run(engine.name, func(b *testing.B) {
			h := setup(b, engine.open(b, schemas))
			h.pile(heap{n: measured(), kinds: []string{"a", "b", "c", "d", "e", "f", "g", "h"}, states: []string{"r", "s", "t", "u", "v", "w", "x", "y", "z"}, spread: 300 * 24 * time.Hour})
			for _, q := range questions(h.now()) {
				b.Run(q.label, func(b *testing.B) {
					for b.Loop() {
						if _, err := h.Inbox(b.Context(), access.Reach{All: true}, q.Query); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}
