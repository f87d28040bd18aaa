package access

import (
	"fmt"
	"strings"
)

// Reach is how far one permission of one actor goes: the argument of every list in a store. The zero Reach reaches
// nothing.
type Reach struct {
	All    bool
	Grants []Grant
}

// Reach returns how far a may go with permission.
func (a Actor) Reach(permission string) Reach {
	if a.Kind == System {
		return Reach{All: true}
	}
	var r Reach
	for _, g := range a.Grants {
		if g.Permission != permission {
			continue
		}
		if g.Unit == Everywhere && g.Account == 0 {
			return Reach{All: true}
		}
		if g.Unit == Everywhere || within(g.Unit) {
			r.Grants = append(r.Grants, g)
		}
	}
	r.Grants = widest(r.Grants)
	return r
}

// widest drops grants that another one contains, so that the SQL stays short for people with many posts.
func widest(grants []Grant) []Grant {
	var out []Grant
	for i, g := range grants {
		contained := false
		for j, h := range grants {
			if i == j || !h.contains(g) {
				continue
			}
			if !g.contains(h) || j < i { // of two equal ones the first stays
				contained = true
				break
			}
		}
		if !contained {
			out = append(out, g)
		}
	}
	return out
}

func (g Grant) contains(other Grant) bool {
	return (g.Account == 0 || g.Account == other.Account) && strings.HasPrefix(other.Unit, g.Unit)
}

// Covers reports whether o is inside the reach; it does not look at the seal.
func (r Reach) Covers(o Object) bool {
	if r.All {
		return true
	}
	for _, g := range r.Grants {
		if g.Covers(o) {
			return true
		}
	}
	return false
}

// None reports whether nothing is inside the reach.
func (r Reach) None() bool { return !r.All && len(r.Grants) == 0 }

// Where returns the reach as an SQL condition over the named columns, in parentheses, with its arguments numbered from
// firstArg. A list without a unit column passes "" and is then seen only by grants over Everywhere; one without an
// account column passes "" and is then not seen by grants for a single account.
func (r Reach) Where(unitCol, accountCol string, firstArg int) (sql string, args []any) {
	if r.All {
		return "(1=1)", nil
	}
	var terms []string
	for _, g := range r.Grants {
		if (g.Account != 0 && accountCol == "") || (g.Unit != Everywhere && unitCol == "") {
			continue
		}
		var parts []string
		if g.Unit != Everywhere {
			parts = append(parts, fmt.Sprintf("%s like $%d", unitCol, firstArg+len(args)))
			args = append(args, g.Unit+"%") // a path is digits and slashes: nothing in it is a wildcard
		}
		if g.Account != 0 {
			parts = append(parts, fmt.Sprintf("%s = $%d", accountCol, firstArg+len(args)))
			args = append(args, g.Account)
		}
		if len(parts) == 0 {
			return "(1=1)", nil
		}
		terms = append(terms, "("+strings.Join(parts, " and ")+")")
	}
	if len(terms) == 0 {
		return "(1=0)", nil
	}
	return "(" + strings.Join(terms, " or ") + ")", args
}
