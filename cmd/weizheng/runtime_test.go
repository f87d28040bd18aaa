package main

import "testing"

func TestPercent(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		label      string
		live, rate uint64
		want       int
	}{
		{"idle", 10 << 20, 1 << 20, usual},
		{"nothing known yet", 0, 100 << 20, widest},
		{"busy and small", 10 << 20, 100 << 20, widest},
		{"busy, 32 MB alive: 64 more", 32 << 20, 100 << 20, 200},
		{"busy and large: as usual", 1 << 30, 100 << 20, usual},
	} {
		if got := percent(row.live, row.rate); got != row.want {
			t.Errorf("%s: %d, not %d", row.label, got, row.want)
		}
	}
}
