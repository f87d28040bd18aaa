package app

import (
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/conf"
	"weizheng/platform/crypt"
)

// stood is a wall clock that stands between two milliseconds.
type stood struct{ at time.Time }

func (s stood) Now() time.Time { return s.at }

func TestAMoveReachesWhereItWasToGo(t *testing.T) {
	t.Parallel()
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	wall := stood{time.Date(2026, 11, 20, 1, 30, 0, 999_600, time.UTC)} // 0.9996 ms past
	h, err := Build(t.Context(), Config{
		Config: conf.Config{Data: data, PublicURL: "http://127.0.0.1:8080", Database: conf.Database{URL: "sqlite:" + filepath.Join(data, "weizheng.db")}},
		Log:    slog.New(slog.DiscardHandler), Ring: ring, Wall: wall, Civil: clock.NewCivil(wall, 0), Movable: true, Version: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	for _, by := range []time.Duration{time.Millisecond, time.Hour, 48*time.Hour + 7*time.Millisecond} {
		to := clock.FromMillis(clock.Millis(h.Civil.Now())).Add(by) // as the sandbox asks for it
		if err := h.MoveCivil(t.Context(), to); err != nil {
			t.Fatal(err)
		}
		if now := clock.Millis(h.Civil.Now()); now != clock.Millis(to) {
			t.Errorf("moved by %v the clock stands at %d, want %d", by, now, clock.Millis(to))
		}
	}
}
