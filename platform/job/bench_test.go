package job

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
)

func engines(b *testing.B, f func(b *testing.B, d *db.DB)) {
	b.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			where := "sqlite:" + filepath.Join(b.TempDir(), "bench.db")
			if engine == "postgres" {
				where = dbtest.PostgresURL(b, tables())
			}
			d, err := db.Open(b.Context(), db.Config{URL: where})
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			if err := d.Migrate(b.Context(), tables()); err != nil {
				b.Fatal(err)
			}
			f(b, d)
		})
	}
}

// BenchmarkPickUp is the time from a commit to the start of the work in the interactive queue, one job at a time at
// random moments (in a row each would wait out the 20 ms since the last fetch), with the durability of production.
func BenchmarkPickUp(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		var wall clock.Wall
		j := New(d, slog.New(slog.DiscardHandler), wall)
		begun := make(chan time.Time)
		Handle(j, Interactive, func(context.Context, greet, Attempt) error { begun <- wall.Now(); return nil })
		if err := j.Start(b.Context()); err != nil {
			b.Fatal(err)
		}
		defer stop(b, j)
		var waits []time.Duration
		for b.Loop() {
			if err := d.Write(b.Context(), func(tx *db.Tx) error { return j.Enqueue(b.Context(), tx, greet{"x"}) }); err != nil {
				b.Fatal(err)
			}
			committed := wall.Now()
			waits = append(waits, (<-begun).Sub(committed))
			time.Sleep(rand.N(60 * time.Millisecond))
		}
		slices.Sort(waits)
		b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds())/1000, "p99-ms")
	})
}

// BenchmarkThroughput is 16 callers enqueuing one job a Write, and the work of all of them.
func BenchmarkThroughput(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		var wall clock.Wall
		j := New(d, slog.New(slog.DiscardHandler), wall)
		done := make(chan struct{}, 1<<20)
		Handle(j, Interactive, func(context.Context, greet, Attempt) error { done <- struct{}{}; return nil })
		const n = 4000
		for b.Loop() {
			begin := wall.Now()
			var group sync.WaitGroup
			for w := range 16 {
				group.Go(func() {
					for i := w; i < n; i += 16 {
						if err := d.Write(b.Context(), func(tx *db.Tx) error { return j.Enqueue(b.Context(), tx, greet{fmt.Sprint(i)}) }); err != nil {
							b.Error(err)
						}
					}
				})
			}
			group.Wait()
			b.ReportMetric(n/wall.Now().Sub(begin).Seconds(), "enqueued/s")
			if j.work == nil {
				if err := j.Start(b.Context()); err != nil {
					b.Fatal(err)
				}
				defer stop(b, j)
			}
			begin = wall.Now()
			for range n {
				<-done
			}
			b.ReportMetric(n/wall.Now().Sub(begin).Seconds(), "worked/s")
		}
	})
}

func stop(b *testing.B, j *Jobs) {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.Context()), 20*time.Second)
	defer cancel()
	if err := j.Stop(ctx); err != nil {
		b.Error(err)
	}
}
