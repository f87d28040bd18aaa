package job

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

// buffer is a log that many goroutines write to.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func TestKindOfErrorDecides(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause with 110101199003070011")
	rows := []struct {
		label string
		err   error // of the first two runs
		opts  []Option
		runs  int
		key   string // of the failure, "" when it ends well
	}{
		{"busy", errs.New(errs.Busy, "x.busy").Because(cause), nil, 3, ""},
		{"unavailable, wrapped", errs.Wrap(errs.New(errs.Unavailable, "x.away"), "call"), nil, 3, ""},
		{"internal", errs.New(errs.Internal, "x.bug"), nil, 3, ""},
		{"no kind", cause, nil, 3, ""},
		{"panic", nil, nil, 3, ""},
		{"refused", errs.New(errs.Refused, "x.no").Because(cause), nil, 1, "x.no"},
		{"invalid", errs.New(errs.Invalid, "x.invalid"), nil, 1, "x.invalid"},
		{"not found", errs.New(errs.NotFound, "x.none"), nil, 1, "x.none"},
		{"exhausted", errs.New(errs.Exhausted, "x.quota"), nil, 1, "x.quota"},
		{"last of two", errs.New(errs.Unavailable, "x.away"), []Option{MaxAttempts(2)}, 2, "x.away"},
		{"last of one", cause, []Option{MaxAttempts(1)}, 1, "internal"},
	}
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		var log buffer
		j := New(d, slog.New(slog.NewTextHandler(&log, nil)), clock.Wall{})
		j.rules.first = time.Millisecond
		byLabel := map[string]int{}
		for i, r := range rows {
			byLabel[r.label] = i
		}
		var mended atomic.Bool
		var mu sync.Mutex
		attempts := map[string][]Attempt{}
		Handle(j, Interactive, func(_ context.Context, g greet, a Attempt) error {
			mu.Lock()
			attempts[g.Name] = append(attempts[g.Name], a)
			mu.Unlock()
			if a.N > 2 || mended.Load() {
				return nil
			}
			if g.Name == "panic" {
				panic("panic with 110101199003070011")
			}
			return rows[byLabel[g.Name]].err
		})
		for _, r := range rows {
			enqueue(t, d, j, greet{r.label}, r.opts...)
		}
		start(t, j)
		settled(t, j)
		failures, err := j.Failures(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		byID := map[int64]Failure{}
		for _, f := range failures {
			byID[f.ID] = f
		}
		for _, r := range rows {
			runs := attempts[r.label]
			if len(runs) != r.runs {
				t.Errorf("%s: ran %d times, want %d", r.label, len(runs), r.runs)
				continue
			}
			f, failed := byID[runs[0].ID]
			if failed != (r.key != "") || f.Key != r.key {
				t.Errorf("%s: failed %v with key %q, want %q", r.label, failed, f.Key, r.key)
			}
			if failed && (f.Kind != "test.greet" || f.Queue != Interactive || f.Attempts != r.runs || clock.Wall{}.Now().Sub(f.At) > time.Minute) {
				t.Errorf("%s: %+v", r.label, f)
			}
			for i, a := range runs {
				if a.N != i+1 || a.ID != runs[0].ID {
					t.Errorf("%s: run %d was told %+v", r.label, i, a)
				}
			}
		}
		if n := strings.Count(log.String(), "job given up"); n != len(failures) || n != 6 {
			t.Errorf("%d lines about %d failures", n, len(failures))
		}
		stored, err := db.All(t.Context(), d, db.Value[string], "select cast(errors as text) from river_job where errors is not null")
		if err != nil || len(stored) < 10 || strings.Contains(strings.Join(stored, ""), "1101011990") {
			t.Errorf("stored: %v, %v", stored, err)
		}
		if strings.Contains(log.String(), "last of two") {
			t.Error("the log shows arguments")
		}

		// one more run for a job that was given up
		id := attempts["refused"][0].ID
		mended.Store(true)
		if err := j.Again(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		settled(t, j)
		if n := len(attempts["refused"]); n != 2 {
			t.Errorf("ran %d times in all", n)
		}
		if err := j.Again(t.Context(), 1<<40); !errors.Is(err, errs.New(errs.NotFound, "job.none")) {
			t.Errorf("no such job: %v", err)
		}
	})
}

// settled waits until nothing waits or runs.
func settled(t *testing.T, j *Jobs) {
	t.Helper()
	eventually(t, "all settled", func() bool {
		stats, err := j.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stats {
			if s.Waiting+s.Later+s.Running > 0 {
				return false
			}
		}
		return true
	})
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("never: %s", what)
		}
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		j := fresh(t, d)
		j.rules.timeout, j.rules.first = 100*time.Millisecond, time.Millisecond
		done := make(chan int, 2)
		Handle(j, Interactive, func(ctx context.Context, _ greet, a Attempt) error {
			if a.N == 1 {
				<-ctx.Done()
				return ctx.Err()
			}
			done <- a.N
			return nil
		})
		start(t, j)
		enqueue(t, d, j, greet{"slow"})
		if n := <-done; n != 2 {
			t.Errorf("ended in run %d", n)
		}
	})
}

// A job that Stop has to cancel goes back to the queue and has not used up a run.
func TestStopPutsBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		first, begun := fresh(t, d), make(chan struct{})
		Handle(first, Interactive, func(ctx context.Context, _ greet, _ Attempt) error {
			close(begun)
			<-ctx.Done()
			return ctx.Err()
		})
		if err := first.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		enqueue(t, d, first, greet{"long"}, MaxAttempts(1))
		<-begun
		ctx, cancel := context.WithTimeout(t.Context(), hardStop+200*time.Millisecond)
		defer cancel()
		if err := first.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		second, got := fresh(t, d), make(chan Attempt)
		Handle(second, Interactive, func(_ context.Context, _ greet, a Attempt) error { got <- a; return nil })
		start(t, second)
		if a := <-got; a.N != 1 {
			t.Errorf("run %d after the stop", a.N)
		}
	})
}

func TestPause(t *testing.T) {
	t.Parallel()
	total := time.Duration(0)
	for n, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 10: 512 * time.Second, 11: lastPause, 1000: lastPause} {
		if got := pause(time.Second, n); got != want {
			t.Errorf("after run %d: %v, want %v", n, got, want)
		}
	}
	for n := 1; n < maxAttempts; n++ {
		total += pause(time.Second, n)
	}
	if total < 3*time.Hour || total > 5*time.Hour {
		t.Errorf("the runs span %v", total)
	}
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	var out buffer
	now := &manual{t: time.Unix(1e9, 0)}
	log := quiet(slog.New(slog.NewTextHandler(&out, nil)), now).With("a", 1)
	for range 100 {
		log.Info("not interesting")
		log.Error("away")
		log.WithGroup("g").Error("away")
	}
	now.t = now.t.Add(every)
	log.Error("away")
	log.Warn("other")
	if text := out.String(); strings.Count(text, "away") != 2 || strings.Count(text, "other") != 1 || strings.Contains(text, "interesting") {
		t.Error(text)
	}
}

type manual struct{ t time.Time }

func (m *manual) Now() time.Time { return m.t }
