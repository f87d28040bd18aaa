package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // to look into the house's file
)

// benchHouse measures a demo on SQLite.
func benchHouse(ctx context.Context, p *plan, r *report) (err error) {
	dir := filepath.Join(p.dir, "demo")
	h, err := benchStarts(ctx, p, r, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.stop()) }()
	if err := benchIdle(ctx, h, r); err != nil {
		return err
	}
	if err := benchPages(ctx, p, r, h); err != nil {
		return err
	}
	r.SDK, r.House = map[string][]shots{}, map[string][]shots{}
	for _, mode := range []string{"plain", "safe"} {
		if err := benchRatio(ctx, p, r, h, mode); err != nil {
			return err
		}
	}
	if err := benchSteady(ctx, p, r, h); err != nil {
		return err
	}
	return benchOverload(ctx, p, r, h, filepath.Join(dir, "house", "weizheng.db"))
}

// benchStarts makes the demo's city, and starts it again and again.
func benchStarts(ctx context.Context, p *plan, r *report, dir string) (*house, error) {
	h, err := demo(ctx, p, dir, "")
	if err != nil {
		return nil, err
	}
	r.atMost("first start of the demo", h.took.Seconds(), 30, "s", "")
	var later []float64
	for range 5 {
		if err := h.stop(); err != nil {
			return nil, err
		}
		if h, err = demo(ctx, p, dir, ""); err != nil {
			return nil, err
		}
		later = append(later, h.took.Seconds())
	}
	r.atMost("later starts of the demo, median", middle(later), 1, "s", "")
	return h, nil
}

// benchIdle is what the house occupies when nobody asks anything.
func benchIdle(ctx context.Context, h *house, r *report) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(15 * time.Second):
	}
	mb, err := h.resident()
	if err == nil {
		r.atMost("idle memory (house, city and local WeChat)", mb, 80, "MB", "")
	}
	return err
}

func benchRatio(ctx context.Context, p *plan, r *report, h *house, mode string) error {
	a, ok := h.accounts[mode]
	if !ok {
		return fmt.Errorf("the demo has no account in mode %s", mode)
	}
	theirs, ours, err := duel(ctx, p, a, h)
	if err != nil {
		return err
	}
	r.SDK[mode], r.House[mode] = theirs, ours
	sdk, house := median(theirs, perSecond), median(ours, perSecond)
	r.atLeast("callbacks, "+mode+", durable on SQLite, 64 connections: house/SDK", house/sdk, 0.5, "",
		fmt.Sprintf("%.0f/s of %.0f/s; p99 %.0f ms and %.0f ms", house, sdk, median(ours, p99), median(theirs, p99)))
	return nil
}

const steady = 1000 // callbacks a second

func benchSteady(ctx context.Context, p *plan, r *report, h *house) error {
	s, err := offered(ctx, p, h.accounts["safe"], h.accounts["safe"].Callback, steady, 2*p.each, "-conns", "64")
	if err != nil {
		return err
	}
	r.atMost("offered 1,000 a second: p99", s.P99, 50, "ms", fmt.Sprintf("p50 %.1f ms, %d of %d answered", s.P50, s.OK, s.Sent+s.Late))
	r.atLeast("offered 1,000 a second: answered", float64(s.OK)/float64(s.Sent+s.Late), 1, "", "")
	return h.rest(ctx)
}

// overload is how many times its capacity the house is offered, on so many connections.
const (
	overload      = 3
	overloadConns = "4096"
)

func benchOverload(ctx context.Context, p *plan, r *report, h *house, file string) error {
	a := h.accounts["safe"]
	capacity := median(r.House["safe"], perSecond)
	acks := filepath.Join(p.dir, "acks")
	watch := h.watch(100 * time.Millisecond)
	s, err := offered(ctx, p, a, a.Callback, overload*capacity, 2*p.each, "-conns", overloadConns, "-acks", acks)
	memory := watch()
	if err != nil {
		return err
	}
	r.atLeast("offered 3 × capacity: goodput/capacity", s.PerSecond/capacity, 0.7, "",
		fmt.Sprintf("%.0f/s of %.0f/s; offered %d: answered %d, refused %d, other %d, no connection free %d",
			s.PerSecond, capacity, s.Sent+s.Late, s.OK, s.Refused, s.Other, s.Late))
	r.atMost("offered 3 × capacity: refusals' p99", s.RefusedP99, 1000, "ms", fmt.Sprintf("answers' p99 %.0f ms", s.P99))
	early, late := peaks(memory)
	r.atMost("offered 3 × capacity: memory, last third/first third", late/early, 1.2, "", fmt.Sprintf("%.0f MB and %.0f MB", early, late))
	if err := h.rest(ctx); err != nil {
		return err
	}
	found, all, err := kept(ctx, file, acks)
	if err != nil {
		return err
	}
	r.atLeast("acknowledged callbacks found in the log", float64(found)/float64(max(all, 1)), 1, "", fmt.Sprintf("%d of %d", found, all))
	mb, err := h.resident()
	r.number("memory after the overload", mb, "MB")
	return errors.Join(err, benchCrowded(ctx, p, r, h))
}

// crowded is what is told, without a promise: five times the capacity over so many connections that most wait to be accepted.
const (
	crowded      = 5
	crowdedConns = "16000"
)

func benchCrowded(ctx context.Context, p *plan, r *report, h *house) error {
	a := h.accounts["safe"]
	capacity := median(r.House["safe"], perSecond)
	watch := h.watch(100 * time.Millisecond)
	s, err := offered(ctx, p, a, a.Callback, crowded*capacity, 2*p.each, "-conns", crowdedConns)
	memory := watch()
	if err != nil {
		r.leave("16,000 connections: " + err.Error()) // this machine may not allow as many
		return h.rest(ctx)
	}
	label := "offered 5 × capacity over 16,000 connections: "
	r.number(label+"goodput/capacity", s.PerSecond/capacity, "")
	r.number(label+"refused", float64(s.Refused), "")
	r.number(label+"neither answered nor refused", float64(s.Other), "")
	r.number(label+"answers' p99", s.P99, "ms")
	r.number(label+"refusals' p99", s.RefusedP99, "ms")
	early, late := peaks(memory)
	r.number(label+"memory, last third/first third", late/early, "")
	return h.rest(ctx)
}

// watch looks at the house's memory until the returned function is called, which returns what was seen.
func (h *house) watch(every time.Duration) (stop func() []float64) {
	quit, seen := make(chan struct{}), make(chan []float64)
	go func() {
		var list []float64
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				seen <- list
				return
			case <-tick.C:
				if mb, err := h.resident(); err == nil {
					list = append(list, mb)
				}
			}
		}
	}()
	return func() []float64 { close(quit); return <-seen }
}

// peaks are the largest of the first and of the last third.
func peaks(list []float64) (early, late float64) {
	for i, mb := range list {
		if i < len(list)/3 {
			early = max(early, mb)
		}
		if i >= len(list)*2/3 {
			late = max(late, mb)
		}
	}
	return max(early, 1), late
}

// kept counts the acknowledged message ids of a file, and those of them that stand in the log of the house.
func kept(ctx context.Context, database, acks string) (found, all int, err error) {
	pool, err := sql.Open("sqlite", "file:"+database+"?mode=ro&_pragma=busy_timeout(10000)")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	f, err := os.Open(acks)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close() //nolint:errcheck // only read from
	look := func(keys []any) error {
		var n int
		text := "select count(distinct dedupe) from inbound where dedupe in (?" + strings.Repeat(",?", len(keys)-1) + ")"
		err := pool.QueryRowContext(ctx, text, keys...).Scan(&n)
		found, all = found+n, all+len(keys)
		return err
	}
	var keys []any
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var id int64
		if _, err := fmt.Sscan(lines.Text(), &id); err != nil {
			return 0, 0, err
		}
		if keys = append(keys, fmt.Sprintf("m%020d", id)); len(keys) == 500 {
			if err := look(keys); err != nil {
				return 0, 0, err
			}
			keys = keys[:0]
		}
	}
	if len(keys) > 0 {
		err = look(keys)
	}
	return found, all, err
}
