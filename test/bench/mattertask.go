package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"weizheng/kernel/matter"
	"weizheng/platform/access"
	"weizheng/platform/db"
)

// tasks asks for pages and counts of what waits for random people, as 我的待办 and the navigation do, and returns the 99th
// percentiles in milliseconds.
func (m *matters) tasks(ctx context.Context, times int) (page, count float64, slowest string, err error) {
	// The definition whose roles matters wait for is known from the first that is opened.
	if _, err := m.Open(access.With(ctx, worker(1)), matter.OpenIn{Flow: "ticket-basic", Unit: 2, Title: "路灯不亮"}); err != nil {
		return 0, 0, "", err
	}
	random := rand.New(rand.NewPCG(3, 4))
	var pages, counts []float64
	worst := 0.0
	timed := func(into *[]float64, what string, do func() error) error {
		begun := time.Now()
		err := do()
		ms := time.Since(begun).Seconds() * 1000
		*into = append(*into, ms)
		if ms > worst {
			worst, slowest = ms, fmt.Sprintf("%.0f ms, %s", ms, what)
		}
		return err
	}
	for range times {
		who := waiter(random)
		f := matter.Filter{Light: []string{"", "", "", "green", "yellow", "red"}[random.IntN(6)]}
		if random.IntN(4) == 0 {
			f.Kind = fmt.Sprint("kind", random.IntN(10))
		}
		err := timed(&pages, fmt.Sprintf("page of %s by %+v", who.Unit, f), func() error {
			_, err := m.Mine(ctx, who, f, "", 50)
			return err
		})
		for _, light := range []string{"", "yellow", "red"} { // what one look at the page counts
			err = errors.Join(err, timed(&counts, fmt.Sprintf("count of %q for %s", light, who.Unit), func() error {
				_, err := m.CountMine(ctx, who, matter.Filter{Light: light})
				return err
			}))
		}
		if err != nil {
			return 0, 0, "", err
		}
	}
	slices.Sort(pages)
	slices.Sort(counts)
	return pages[len(pages)*99/100], counts[len(counts)*99/100], slowest, nil
}

// waiter is one of the people: a clerk of a bureau, or of the desk of the whole city, for whom every waiting matter waits.
func waiter(random *rand.Rand) access.Actor {
	id := int64(1 + random.IntN(peopleN))
	who := worker(id)
	over := who.Unit
	if random.IntN(4) == 0 {
		over = "/"
	}
	who.Grants = []access.Grant{{Permission: "matter.read", Unit: over}, {Permission: waitsFor, Unit: over}}
	return who
}

// falls opens n tickets whose deadline has notices for people who lead, lets it come and returns how many deadlines a second
// took their course.
func (m *matters) falls(ctx context.Context, n int) (rate float64, err error) {
	const hands = 64
	failed := make(chan error, hands)
	for hand := range hands {
		go func() {
			ctx := access.With(ctx, worker(int64(1+hand)))
			for range n / hands {
				if _, err := m.Open(ctx, matter.OpenIn{Flow: "ticket-basic", Unit: 2 + int64(hand%bureaus), Title: "路灯不亮"}); err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}()
	}
	for range hands {
		err = errors.Join(err, <-failed)
	}
	if err != nil {
		return 0, err
	}
	// Lights are measured elsewhere.
	if err := m.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `delete from matter_deadline where kind not like 'due:%'`)
		return err
	}); err != nil {
		return 0, err
	}
	did, took, err := m.sweepAt(ctx, m.civil.Offset()+20*24*time.Hour)
	return float64(did) / took.Seconds(), err
}
