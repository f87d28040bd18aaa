package job

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
)

func tables() []db.Schema { return []db.Schema{Schema()} }

type greet struct {
	Name string `json:"name"`
}

func (greet) Kind() string { return "test.greet" }

// fresh is a queue that has not started, logging into the test.
func fresh(t *testing.T, d *db.DB) *Jobs {
	t.Helper()
	return New(d, slog.New(slog.NewTextHandler(t.Output(), nil)), clock.Wall{})
}

func start(t *testing.T, j *Jobs) {
	t.Helper()
	if err := j.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	stopLater(t, j)
}

func stopLater(t *testing.T, j *Jobs) {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
		defer cancel()
		if err := j.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func enqueue(t *testing.T, d *db.DB, j *Jobs, args Args, opts ...Option) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return j.Enqueue(t.Context(), tx, args, opts...) }); err != nil {
		t.Fatal(err)
	}
}

func TestWorksWhatWasCommitted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		j := fresh(t, d)
		got := make(chan string, 10)
		Handle(j, Interactive, func(_ context.Context, g greet, _ Attempt) error {
			got <- g.Name
			return nil
		})
		enqueue(t, d, j, greet{"before the start"})
		start(t, j)
		no := errors.New("no")
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := j.Enqueue(t.Context(), tx, greet{"rolled back"}); err != nil {
				return err
			}
			return no
		}); !errors.Is(err, no) {
			t.Fatal(err)
		}
		if name := <-got; name != "before the start" {
			t.Fatalf("worked %q", name)
		}
		enqueue(t, d, j, greet{"after it"})
		if name := <-got; name != "after it" {
			t.Fatalf("worked %q", name)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error { return j.Enqueue(t.Context(), tx, unknown{}) })
		if !errors.Is(err, errUnknown) {
			t.Errorf("a kind without a handler: %v", err)
		}
	})
}

type unknown struct{}

func (unknown) Kind() string { return "test.unknown" }

// In a queue that is polled every second, ten jobs one after the other take ten seconds unless each commit wakes the
// queue.
func TestCommitWakesTheQueue(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		j := fresh(t, d)
		got := make(chan string)
		Handle(j, Bulk, func(_ context.Context, g greet, _ Attempt) error { got <- g.Name; return nil })
		start(t, j)
		begin := clock.Wall{}.Now()
		for range 10 {
			enqueue(t, d, j, greet{"x"})
			<-got
		}
		if took := (clock.Wall{}).Now().Sub(begin); took > 5*time.Second {
			t.Errorf("ten jobs took %v", took)
		}
	})
}

// TestStartWhileOthersWrite: transactions that enqueue never wait for a Start that waits for them to leave the writer.
func TestStartWhileOthersWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		var jobs []*Jobs
		for range 10 {
			j := fresh(t, d)
			Handle(j, Interactive, func(context.Context, greet, Attempt) error { return nil })
			jobs = append(jobs, j)
		}
		for _, j := range jobs {
			started, wrote := make(chan struct{}), make(chan error, 1)
			go func() {
				for {
					err := d.Write(t.Context(), func(tx *db.Tx) error {
						for range 5 {
							if err := j.Enqueue(t.Context(), tx, greet{"a"}); err != nil {
								return err
							}
						}
						return nil
					})
					select {
					case <-started:
						wrote <- err
						return
					default:
					}
				}
			}()
			begun := make(chan error, 1)
			go func() { begun <- j.Start(context.WithoutCancel(t.Context())) }()
			select {
			case err := <-begun:
				if err != nil {
					t.Fatal(err)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("Start waits for those who wait for it")
			}
			stopLater(t, j)
			close(started)
			if err := <-wrote; err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestUnique(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		j := fresh(t, d)
		begun, end := make(chan string), make(chan struct{})
		Handle(j, Interactive, func(_ context.Context, g greet, _ Attempt) error {
			begun <- g.Name
			<-end
			return nil
		})
		for _, name := range []string{"first", "dropped", "dropped too"} {
			enqueue(t, d, j, greet{name}, Unique("k"))
		}
		enqueue(t, d, j, greet{"other key"}, Unique("l"))
		enqueue(t, d, j, greet{"no key"})
		start(t, j)
		ran := []string{<-begun, <-begun, <-begun}
		slices.Sort(ran)
		if got := strings.Join(ran, ","); got != "first,no key,other key" {
			t.Fatalf("ran %s", got)
		}
		// The first one has begun: what it has read may be older than this wish.
		enqueue(t, d, j, greet{"while it runs"}, Unique("k"))
		if name := <-begun; name != "while it runs" {
			t.Errorf("ran %q", name)
		}
		close(end)
	})
}

// A wish that is dropped because the job still waits counts on that job to see what the wish's transaction changed.
func TestUniqueSeesTheTransactionThatWasDropped(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t, tables())
	j := fresh(t, d)
	saw := make(chan int, 2)
	Handle(j, Interactive, func(ctx context.Context, _ greet, _ Attempt) error {
		n, err := db.One(ctx, d, db.Value[int], "select count(*) from lease")
		saw <- n
		return err
	})
	enqueue(t, d, j, greet{"first"}, Unique("k"))
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		if err := j.Enqueue(t.Context(), tx, greet{"dropped"}, Unique("k")); err != nil {
			return err
		}
		start(t, j)
		select {
		case n := <-saw:
			t.Errorf("ran before the commit and saw %d rows", n)
		case <-time.After(300 * time.Millisecond): // a few polls
		}
		_, err := tx.Exec(t.Context(), "insert into lease(name, owner, until) values('x', 'y', 0)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := <-saw; n != 1 {
		t.Errorf("saw %d rows", n)
	}
	settled(t, j)
	if len(saw) > 0 {
		t.Error("ran twice")
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		j := fresh(t, d)
		got := make(chan time.Time)
		Handle(j, Interactive, func(context.Context, greet, Attempt) error { got <- clock.Wall{}.Now(); return nil })
		start(t, j)
		due := clock.Wall{}.Now().Add(500 * time.Millisecond)
		enqueue(t, d, j, greet{"later"}, At(due.In(clock.Zone)))
		stats, err := j.Stats(t.Context())
		if err != nil || stats[0].Later != 1 || stats[0].Waiting != 0 {
			t.Errorf("before: %+v, %v", stats, err)
		}
		if at := <-got; at.Before(due) {
			t.Errorf("%v too early", due.Sub(at))
		}
	})
}
