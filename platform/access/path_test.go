package access_test

import (
	"slices"
	"testing"

	"weizheng/platform/access"
)

func TestTheUnitsOfAPath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path string
		ids  []int64
		last int64
	}{
		{"/1/4/17/", []int64{1, 4, 17}, 17},
		{"/1/", []int64{1}, 1},
		{"", nil, 0},
		{"/", nil, 0},
		{access.Everywhere, nil, 0},
		{"/1/x/-3/0/5/", []int64{1, 5}, 5},
	} {
		if got := access.Units(c.path); !slices.Equal(got, c.ids) {
			t.Errorf("%q: %v, want %v", c.path, got, c.ids)
		}
		if got := access.UnitID(c.path); got != c.last {
			t.Errorf("%q leads to %d, want %d", c.path, got, c.last)
		}
	}
}
