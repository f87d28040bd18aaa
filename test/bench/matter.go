package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"weizheng/kernel/matter"
	"weizheng/platform/access"
	"weizheng/platform/clock"
)

// benchMatters measures kernel/matter with a million matters (BENCH_MATTERS) on both engines: a unit's inbox by any
// filter, a person's tasks, the sweep of a million deadlines, and actions.
func benchMatters(ctx context.Context, p *plan, r *report) (err error) {
	n, err := number("BENCH_MATTERS", 1_000_000)
	if err != nil {
		return err
	}
	if err := benchHeap(ctx, p, r, "SQLite", "sqlite:"+filepath.Join(p.dir, "matters.db"), int(n)); err != nil {
		return err
	}
	bin := binaries()
	if bin == "" {
		r.leave("matters on PostgreSQL: no binaries of a server found")
		return nil
	}
	server, database, err := startPostgres(ctx, bin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server()) }()
	return benchHeap(ctx, p, r, "PostgreSQL", database, int(n))
}

func benchHeap(ctx context.Context, p *plan, r *report, engine, url string, n int) (err error) {
	m, err := openMatters(ctx, url, n)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.db.Close()) }()
	if err := m.heap(ctx); err != nil {
		return err
	}
	label := fmt.Sprintf("%s, %d matters: ", engine, n)
	// Half of the deadlines first, so that lists hold every light.
	first, early, err := m.sweepAt(ctx, 0)
	if err != nil {
		return err
	}
	p99, slowest, err := m.inboxes(ctx, 2000)
	if err != nil {
		return err
	}
	r.atMost(label+"inbox by any filter, p99", p99, 200, "ms", "slowest: "+slowest)
	page, count, slow, err := m.tasks(ctx, 500)
	if err != nil {
		return err
	}
	r.atMost(label+"a person's tasks, p99", page, 200, "ms", "slowest: "+slow)
	r.atMost(label+"counts of a person's tasks, p99", count, 200, "ms", "")
	rate, err := m.work(ctx, 64, 2*p.each)
	if err != nil {
		return err
	}
	if engine == "SQLite" {
		r.atLeast(label+"actions a second, 64 people", rate, 500, "/s", "")
	} else {
		r.number(label+"actions a second, 64 people", rate, "/s")
	}
	second, late, err := m.sweepAt(ctx, 100*24*time.Hour)
	if err != nil {
		return err
	}
	fell, err := m.falls(ctx, max(n/100, 1000))
	if err != nil {
		return err
	}
	if engine == "SQLite" {
		r.atLeast(label+"deadlines that tell or move, a second", fell, 2000, "/s", "")
	} else {
		r.number(label+"deadlines that tell or move, a second", fell, "/s")
	}
	r.atMost(label+"sweep of all deadlines", (early + late).Seconds(), 60*float64(n)/1_000_000, "s", fmt.Sprintf("%d deadlines", first+second))
	return nil
}

// sweepAt moves civil time on and sweeps until nothing is due.
func (m *matters) sweepAt(ctx context.Context, ahead time.Duration) (n int, took time.Duration, err error) {
	if ahead > 0 {
		if err := m.civil.SetOffset(ahead); err != nil {
			return 0, 0, err
		}
	}
	now, begun := m.civil.Now(), time.Now()
	for {
		did, err := m.Sweep(ctx, now)
		n += did
		if err != nil || did == 0 {
			return n, time.Since(begun), err
		}
	}
}

// inboxes asks for pages of random units by random filters and returns the 99th percentile in milliseconds.
func (m *matters) inboxes(ctx context.Context, times int) (p99 float64, slowest string, err error) {
	random := rand.New(rand.NewPCG(1, 2))
	now := clock.Millis(m.civil.Now())
	const day = int64(24 * 3600 * 1000)
	var took []float64
	worst := 0.0
	for range times {
		q := matter.Query{Order: []matter.Order{matter.ByDue, matter.ByOpened}[random.IntN(2)], Limit: 50, Unit: []int64{1, 1, int64(2 + random.IntN(bureaus)), int64(22 + random.IntN(streets))}[random.IntN(4)]}
		maybe := func(set func()) {
			if random.IntN(3) == 0 {
				set()
			}
		}
		maybe(func() { q.Kind = fmt.Sprint("kind", random.IntN(10)) })
		maybe(func() { q.State = fmt.Sprint("s", random.IntN(8)) })
		maybe(func() { q.Light = matter.Light(random.IntN(3)).String() })
		maybe(func() {
			q.Held = [][]matter.Held{{matter.Pool}, {matter.Kept}, {matter.Pool, matter.Kept}, {matter.Over}}[random.IntN(4)]
		})
		maybe(func() { q.From = now - day*int64(random.IntN(60)); q.To = q.From + day*int64(1+random.IntN(20)) })
		if random.IntN(8) == 0 {
			q.Assignee = int64(1 + random.IntN(peopleN))
		}
		begun := time.Now()
		page, err := m.Inbox(ctx, access.Reach{All: true}, q)
		if err != nil {
			return 0, "", err
		}
		ms := time.Since(begun).Seconds() * 1000
		took = append(took, ms)
		if ms > worst {
			worst, slowest = ms, fmt.Sprintf("%.0f ms, %d rows for %+v", ms, len(page.Items), q)
		}
	}
	slices.Sort(took)
	return took[len(took)*99/100], slowest, nil
}
