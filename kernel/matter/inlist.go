package matter

import (
	"strconv"
	"strings"
)

// fewParams is up to how many values are given as parameters. SQLite's work grows with the square of a statement's
// parameters; longer lists of ids are written as they are, which is safe because they are numbers.
const fewParams = 64

// inList writes (…) for a condition "x in (…)", with its arguments numbered from first. A short list is filled up to one
// of a few lengths by repeating its last value, so that there are few different texts to prepare.
func inList(first int, ids []int64) (sql string, args []any) {
	var b strings.Builder
	n := 1
	for n < len(ids) {
		n *= 4
	}
	if n > fewParams {
		n = len(ids)
	}
	sep := byte('(')
	for i := range n {
		b.WriteByte(sep)
		sep = ','
		if n > fewParams {
			b.WriteString(strconv.FormatInt(ids[i], 10))
			continue
		}
		b.WriteByte('$')
		b.WriteString(itoa(first + i))
		args = append(args, ids[min(i, len(ids)-1)])
	}
	b.WriteByte(')')
	return b.String(), args
}

func itoa(n int) string { return strconv.Itoa(n) }

// values collects the rows of one insert.
type values struct {
	columns int
	cells   []any
}

func (v *values) add(row ...any) { v.cells = append(v.cells, row...) }

// text is ($1, …), ($n, …) with its arguments; of many rows the numbers stand in the text.
func (v *values) text() (sql string, args []any) {
	var b strings.Builder
	for i, cell := range v.cells {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%v.columns == 0:
			b.WriteString("),(")
		default:
			b.WriteByte(',')
		}
		if n, ok := cell.(int64); ok && len(v.cells) > fewParams {
			b.WriteString(strconv.FormatInt(n, 10))
			continue
		}
		args = append(args, cell)
		b.WriteByte('$')
		b.WriteString(itoa(len(args)))
	}
	b.WriteByte(')')
	return b.String(), args
}
