package db_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
)

// BenchmarkWrite is one small insert a Write, by 1, 8 and 64 callers, with the durability of production.
//
//	go test -run '^$' -bench Write ./platform/db
func BenchmarkWrite(b *testing.B) {
	engines := map[string]func(b *testing.B) string{
		"sqlite":   func(b *testing.B) string { return "sqlite:" + filepath.Join(b.TempDir(), "bench.db") },
		"postgres": func(b *testing.B) string { return dbtest.PostgresURL(b, things()) },
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, callers := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("%s/%d", engine, callers), func(b *testing.B) {
				d, err := db.Open(b.Context(), db.Config{URL: engines[engine](b)})
				if err != nil {
					b.Fatal(err)
				}
				defer d.Close()
				if err := d.Migrate(b.Context(), things()); err != nil {
					b.Fatal(err)
				}
				bench(b, d, callers)
			})
		}
	}
}

func bench(b *testing.B, d *db.DB, callers int) {
	b.Helper()
	next := make(chan int, 4*callers)
	var group sync.WaitGroup
	ctx := b.Context()
	var wall clock.Wall
	start := wall.Now()
	for range callers {
		group.Go(func() {
			for i := range next {
				if err := d.Write(ctx, func(tx *db.Tx) error { return insert(ctx, tx, i) }); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for i := 0; b.Loop(); i++ {
		next <- i
	}
	close(next)
	group.Wait()
	took := wall.Now().Sub(start)
	s := d.Gather()
	b.ReportMetric(float64(s.Written)/took.Seconds(), "rows/s")
	b.ReportMetric(float64(s.Written)/float64(s.Commits), "rows/commit")
}

func insert(ctx context.Context, tx *db.Tx, i int) error {
	_, err := tx.Exec(ctx, "insert into thing(name, data, size) values($1, $2, $3)", fmt.Sprintf("thing-%d", i), `{"a":"b"}`, i)
	return err
}
