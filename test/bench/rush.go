package main

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// ask is one call of the mix: how often among the others, at most how many (its quota of a day; 0: any number), and what it is.
type ask struct {
	name   string
	weight int
	most   int64
	call   func(ctx context.Context, rng *rand.Rand) (code int, err error)
	made   atomic.Int64
}

// rushed is what came of one kind of call.
type rushed struct {
	name  string
	waits []float64 // ms, of calls that were answered
}

// rush is calls at a steady rate whether earlier ones were answered or not; what waits for a free connection counts as waiting.
type rush struct {
	mix    []*ask
	sum    int
	mu     sync.Mutex
	kinds  map[string]*rushed
	failed map[string]int // by kind and code
	sent   int
}

func newRush(mix []*ask) *rush {
	r := &rush{mix: mix, kinds: map[string]*rushed{}, failed: map[string]int{}}
	for _, a := range mix {
		r.sum += a.weight
	}
	return r
}

// run makes rate calls a second for so long.
func (r *rush) run(ctx context.Context, rate float64, long time.Duration) error {
	jobs := make(chan time.Time, rushConns)
	var workers sync.WaitGroup
	for i := range rushConns {
		rng := rand.New(rand.NewPCG(uint64(i), 1)) //nolint:gosec // which call comes next
		workers.Go(func() {
			for at := range jobs {
				r.one(ctx, at, rng)
			}
		})
	}
	start, n := time.Now(), int(rate*long.Seconds())
	for i := range n {
		at := start.Add(time.Duration(float64(i) / rate * float64(time.Second)))
		if early := time.Until(at); early > 0 {
			pause(early)
		}
		if ctx.Err() != nil {
			break
		}
		jobs <- at
	}
	close(jobs)
	workers.Wait()
	return ctx.Err()
}

func (r *rush) one(ctx context.Context, at time.Time, rng *rand.Rand) {
	a := r.draw(rng)
	code, err := a.call(ctx, rng)
	took := float64(time.Since(at)) / float64(time.Millisecond)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent++
	switch {
	case err != nil:
		r.failed[a.name+": "+err.Error()]++
		return
	case code != 0:
		r.failed[a.name+" errcode "+itoa(code)]++
		return
	}
	if r.kinds[a.name] == nil {
		r.kinds[a.name] = &rushed{name: a.name}
	}
	r.kinds[a.name].waits = append(r.kinds[a.name].waits, took)
}

// draw chooses by weight; what has used up its day leaves its place to the first of the mix.
func (r *rush) draw(rng *rand.Rand) *ask {
	n := rng.IntN(r.sum)
	for _, a := range r.mix {
		if n -= a.weight; n >= 0 {
			continue
		}
		if a.most == 0 || a.made.Add(1) <= a.most {
			return a
		}
		break
	}
	return r.mix[0]
}

// waits are all waits, sorted.
func (r *rush) waits() []float64 {
	var all []float64
	for _, k := range r.kinds {
		all = append(all, k.waits...)
	}
	slices.Sort(all)
	return all
}

// slowest is the kind whose 99th of a hundred waits longest.
func (r *rush) slowest() (name string, p99 float64) {
	for _, kind := range slices.Sorted(maps.Keys(r.kinds)) {
		w := r.kinds[kind].waits
		slices.Sort(w)
		if v := quantile(w, 0.99); v > p99 {
			name, p99 = kind, v
		}
	}
	return name, p99
}

func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
