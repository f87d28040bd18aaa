package form

import (
	"slices"
	"strconv"
	"strings"
)

// Op is how a term compares.
type Op string

// The operators. All but Empty are false while the field is unanswered or hidden.
const (
	Is      Op = "is"     // equal; of several choices: among them; "=" is any words of one's own
	IsNot   Op = "is_not" // answered, and not Is
	Filled  Op = "filled"
	Empty   Op = "empty"
	AtLeast Op = "at_least" // numbers, money in yuan, dates
	AtMost  Op = "at_most"
)

// Ops lists all operators.
var Ops = []Op{Is, IsNot, Filled, Empty, AtLeast, AtMost}

// Term compares an earlier field with a value written as text.
type Term struct {
	Field string `json:"field"`
	Op    Op     `json:"op"`
	Value string `json:"value,omitempty"`
}

// Condition is terms of which all, or with Any at least one, must hold. One without terms always holds.
type Condition struct {
	Any   bool   `json:"any,omitempty"`
	Terms []Term `json:"terms"`
}

// holds evaluates the condition; answer gives a visible field and its shaped value, nil when there is none.
func (c *Condition) holds(answer func(name string) (Field, any)) bool {
	if c == nil || len(c.Terms) == 0 {
		return true
	}
	test := func(t Term) bool { return t.holds(answer(t.Field)) }
	if c.Any {
		return slices.ContainsFunc(c.Terms, test)
	}
	return !slices.ContainsFunc(c.Terms, func(t Term) bool { return !test(t) })
}

func (t Term) holds(f Field, value any) bool {
	if value == nil {
		return t.Op == Empty
	}
	switch t.Op {
	case Filled:
		return true
	case Is:
		return t.equals(f, value)
	case IsNot:
		return !t.equals(f, value)
	case AtLeast:
		return t.compares(f, value, func(n int) bool { return n >= 0 })
	case AtMost:
		return t.compares(f, value, func(n int) bool { return n <= 0 })
	}
	return false
}

func (t Term) equals(f Field, value any) bool {
	switch v := value.(type) {
	case string:
		return v == t.Value || f.Kind == Choice && t.Value == ownWords && strings.HasPrefix(v, ownWords)
	case []string:
		return slices.ContainsFunc(v, func(one string) bool { return t.equals(f, one) })
	}
	return t.compares(f, value, func(n int) bool { return n == 0 })
}

// compares orders value and the term's: numbers as numbers, dates as text. What cannot be compared is false.
func (t Term) compares(f Field, value any, want func(int) bool) bool {
	if v, ok := value.(string); ok {
		return f.Kind == Date && want(strings.Compare(v, t.Value))
	}
	given, err := strconv.ParseFloat(t.Value, 64)
	if err != nil {
		return false
	}
	number, scale := 0.0, 1.0
	switch v := value.(type) {
	case float64:
		number = v
	case int64: // fen beside yuan
		number, scale = float64(v), 100
	default:
		return false
	}
	switch given *= scale; {
	case number < given:
		return want(-1)
	case number > given:
		return want(1)
	}
	return want(0)
}
