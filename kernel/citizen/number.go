package citizen

import (
	"fmt"
	"strconv"
	"strings"
)

// Number is what a follower is called where a name would be, towards themselves and staff: eight digits and letters that
// stay the same, belong to one follower only and tell nothing. Ids beyond 32 bits (4 milliards of followers) have none.
func (s *Service) Number(follower int64) string {
	return fmt.Sprintf("%08X", s.shuffle(uint32(follower), 0, 1, 2, 3))
}

// Numbered finds whose number it is, as people type it: with or without 粉丝, in any case. The follower need not exist.
func (s *Service) Numbered(typed string) (follower int64, ok bool) {
	digits := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(typed), "粉丝"))
	if len(digits) != 8 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		return 0, false
	}
	return int64(s.shuffle(uint32(n), 3, 2, 1, 0)), true
}

// shuffle is a permutation of 32 bits that only the key ring knows: four Feistel rounds over two halves. The rounds in
// reverse order undo it, since the halves are swapped once more at the end.
func (s *Service) shuffle(n uint32, rounds ...int) uint32 {
	left, right := uint16(n>>16), uint16(n)
	for _, round := range rounds {
		mixed, err := strconv.ParseUint(s.Ring.Index("follower.number", fmt.Sprint(round, right))[:4], 16, 16)
		if err != nil {
			panic("the blind index is not hexadecimal: " + err.Error())
		}
		left, right = right, left^uint16(mixed)
	}
	return uint32(right)<<16 | uint32(left)
}
