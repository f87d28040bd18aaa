package state

import (
	"math/rand/v2"
	"testing"
)

// TestTally holds the bits against counting one by one: who is in four or more sets has the third digit.
func TestTally(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	count := map[int64]int{}
	sums := tally{nil, nil, nil}
	for range 12 {
		var set bitset
		for range 300 {
			set.add(100 + r.Int64N(500))
		}
		var size int64
		for n := range int64(700) {
			if int(n>>3) < len(set) && set[n>>3]&(1<<(n&7)) != 0 {
				count[n]++
				size++
			}
		}
		if set.count() != size {
			t.Fatalf("%d members count as %d", size, set.count())
		}
		first, body := set.trim()
		sums.add(first, body)
		over := sums[2]
		for n := range int64(700) {
			has := int(n>>3) < len(over) && over[n>>3]&(1<<(n&7)) != 0
			if has != (count[n] >= 4) {
				t.Fatalf("%d is in %d sets, and the third digit is %v", n, count[n], has)
			}
		}
	}
}
