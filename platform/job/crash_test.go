package job

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
)

const childURL = "WEIZHENG_JOB_TEST_CHILD"

// TestChild is not a test of its own: TestKilledJobRunsAgain runs it in a process that it kills in the middle of a job.
func TestChild(t *testing.T) {
	if os.Getenv(childURL) == "" {
		t.Skip("runs inside TestKilledJobRunsAgain")
	}
	d, err := db.Open(t.Context(), db.Config{URL: os.Getenv(childURL)})
	if err != nil {
		t.Fatal(err)
	}
	j := fresh(t, d)
	Handle(j, Interactive, func(context.Context, greet, Attempt) error {
		fmt.Println("begun")
		select {}
	})
	if err := j.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {}
}

func TestKilledJobRunsAgain(t *testing.T) {
	t.Parallel()
	urls := map[string]func(t testing.TB, s []db.Schema) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL}
	for engine, makeURL := range urls {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			where := strings.TrimSuffix(makeURL(t, tables()), "?sync=off")
			d := dbtest.Open(t, where)
			j := fresh(t, d)
			// PostgreSQL cannot know that the process died, only that the job takes too long.
			j.rules.timeout, j.rules.rescue, j.rules.first = time.Second, time.Second, time.Millisecond
			got := make(chan Attempt)
			Handle(j, Interactive, func(_ context.Context, _ greet, a Attempt) error { got <- a; return nil })
			enqueue(t, d, j, greet{"x"})

			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
			child.Env = append(os.Environ(), childURL+"="+where)
			out, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			if line, err := bufio.NewReader(out).ReadString('\n'); line != "begun\n" {
				t.Fatal(line, err)
			}
			_ = child.Process.Kill()
			_ = child.Wait() // killed

			if engine == "postgres" { // or wait 15 seconds until the dead leader's term ends
				if err := d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := tx.Exec(t.Context(), "delete from river_leader")
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
			if engine == "postgres" { // or wait 30 seconds for the second look
				eventually(t, "the run is older than the rescue", func() bool {
					n, err := db.One(t.Context(), d, db.Value[int], "select count(*) from river_job where attempted_at < now() - interval '1.1 s'")
					return err == nil && n == 1
				})
			}
			begin := clock.Wall{}.Now()
			start(t, j)
			a := <-got
			took := clock.Wall{}.Now().Sub(begin)
			if a.N != 2 {
				t.Errorf("again as run %d", a.N)
			}
			if engine == "sqlite" && took > 2*time.Second {
				t.Errorf("again after %v, want at once", took)
			}
		})
	}
}

// A job in its last run when the process died is not run for ever.
func TestKilledInItsLastRun(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, tables())
	j := fresh(t, d)
	Handle(j, Interactive, func(context.Context, greet, Attempt) error { t.Error("ran"); return nil })
	enqueue(t, d, j, greet{"x"}, MaxAttempts(1))
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "update river_job set state = 'running', attempt = 1, attempted_at = created_at")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	start(t, j)
	failures, err := j.Failures(t.Context(), 10)
	if err != nil || len(failures) != 1 || failures[0].Key != "job.lost" {
		t.Errorf("%+v, %v", failures, err)
	}
}

// Jobs that write, writers that enqueue, and River's own writes share SQLite's one connection.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	const n = 400
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		j := fresh(t, d)
		var mu sync.Mutex
		seen := map[string]int{}
		all := make(chan struct{})
		Handle(j, Interactive, func(ctx context.Context, g greet, _ Attempt) error {
			if ok, err := d.Lease(ctx, g.Name, "me", time.Hour); !ok || err != nil { // a write
				return fmt.Errorf("lease %v: %w", ok, err)
			}
			mu.Lock()
			defer mu.Unlock()
			if seen[g.Name]++; len(seen) == n {
				close(all)
			}
			return nil
		})
		start(t, j)
		var group sync.WaitGroup
		for w := range 16 {
			group.Go(func() {
				for i := w; i < n; i += 16 {
					enqueue(t, d, j, greet{fmt.Sprint(i)})
				}
			})
		}
		group.Wait()
		<-all
		settled(t, j)
		for name, times := range seen {
			if times != 1 {
				t.Errorf("%s ran %d times", name, times)
			}
		}
	})
}
