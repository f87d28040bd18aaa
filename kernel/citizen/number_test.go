package citizen

import (
	"crypto/rand"
	"math"
	"testing"

	"weizheng/platform/crypt"
)

func TestNumbersAreOnesOwn(t *testing.T) {
	t.Parallel()
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &Service{Deps: Deps{Ring: ring}}
	owners := map[string]int64{}
	for _, id := range append(numbers(2000), 65535, 65536, math.MaxUint32) {
		n := s.Number(id)
		if len(n) != 8 || owners[n] != 0 {
			t.Fatalf("follower %d has the number %q, as follower %d", id, n, owners[n])
		}
		owners[n] = id
		if back, ok := s.Numbered(" 粉丝 " + n); back != id || !ok {
			t.Fatalf("%q is follower %d's, found %d", n, id, back)
		}
	}
	for _, typed := range []string{"", "张三", "1234567", "123456789", "GHIJKLMN", "-1234567"} {
		if id, ok := s.Numbered(typed); ok {
			t.Errorf("%q is taken for the number of %d", typed, id)
		}
	}
}

func numbers(n int) (ids []int64) {
	for i := range n {
		ids = append(ids, int64(i+1))
	}
	return ids
}
