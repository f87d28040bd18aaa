package job

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
)

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
	dbtest.Each(t, []db.Schema{Schema()}, func(t *testing.T, d *db.DB) {
		j := fresh(t, d)
		got := make(chan string, 10)
		Handle(j, Interactive, func(_ context.Context, g greet, a Attempt) error {
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
		for _, want := range []string{"before the start", "after it"} {
			if name := <-got; name != want {
				t.Fatalf("worked %q, want %q", name, want)
			}
			if want == "before the start" {
				enqueue(t, d, j, greet{"after it"})
			}
		}
	})
}
