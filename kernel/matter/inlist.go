package matter

import (
	"strconv"
	"strings"
)

// inList writes ($first, $first+1, …) for a condition "x in (…)", with its arguments. The list is filled up to one of a
// few lengths by repeating its last value, so that there are few different texts to prepare.
func inList(first int, ids []int64) (sql string, args []any) {
	n := 1
	for n < len(ids) {
		n *= 4
	}
	var b strings.Builder
	args = make([]any, 0, n)
	for i := range n {
		b.WriteString(map[bool]string{true: "($", false: ",$"}[i == 0])
		b.WriteString(strconv.Itoa(first + i))
		args = append(args, ids[min(i, len(ids)-1)])
	}
	b.WriteByte(')')
	return b.String(), args
}

func itoa(n int) string { return strconv.Itoa(n) }

// values writes the rows of one insert.
type values struct {
	columns, n int
	args       []any
}

func (v *values) add(row ...any) {
	v.n++
	v.args = append(v.args, row...)
}

// text is ($1, …), ($n, …).
func (v *values) text() string {
	var b strings.Builder
	for i := range v.n * v.columns {
		switch {
		case i == 0:
			b.WriteString("($")
		case i%v.columns == 0:
			b.WriteString("),($")
		default:
			b.WriteString(",$")
		}
		b.WriteString(itoa(i + 1))
	}
	return b.String() + ")"
}
