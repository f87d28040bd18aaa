package matter

import (
	"context"
	"fmt"
	"math"
	"strings"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Scope is which of somebody's own lists.
type Scope string

// The scopes.
const (
	Turn     Scope = "mine"     // something waits for this person; what falls due first is first
	Watching Scope = "watching" // they were given a copy; newest first
	Acted    Scope = "done"     // they did something; what they did last is first
)

// Tasks is one page of somebody's own list over all matters, sealed ones too: whose turn it is is a party.
type Tasks struct {
	Filter // From and To count by what the list is ordered by
	Staff  int64
	Scope  Scope
	After  string
	Limit  int // 1–200
}

// scopes says which index each list walks.
var scopes = map[Scope]struct{ column, where, way, than string }{
	Turn:     {"due_at", "p.turn", "asc", ">"},
	Watching: {"opened_at", "p.watches", "desc", "<"},
	Acted:    {"acted_at", "p.acted_at > 0", "desc", "<"},
}

var errScope = errs.InvalidFields([]errs.Field{{Field: "scope", Key: "matter.scope"}})

// Tasks lists what somebody has to do, watches, or did.
func (s *Service) Tasks(ctx context.Context, t Tasks) (Page, error) {
	by, known := scopes[t.Scope]
	if !known {
		return Page{}, errScope
	}
	t.Limit = min(max(t.Limit, 1), pageLimit)
	after := key{-1, 0}
	if by.way == "desc" {
		after = key{math.MaxInt64, 0}
	}
	if t.After != "" {
		var err error
		if after, err = parseKey(t.After); err != nil {
			return Page{}, err
		}
	}
	c := condition{text: "p.staff_id = $1 and " + by.where, args: []any{t.Staff}}
	c.add(fmt.Sprintf("(p.%s, p.matter_id) %s ($%%d, $%%d)", by.column, by.than), after.at, after.id)
	c.filter(t.Filter, "p."+by.column, s.now())
	c.args = append(c.args, t.Limit+1)
	keys, err := db.All(ctx, s.DB, func(scan db.Scan) (k key, err error) { return k, scan(&k.at, &k.id) },
		fmt.Sprintf(`select p.%[1]s, p.matter_id from matter_party p join matter m on m.id = p.matter_id where %[2]s
			order by p.%[1]s %[3]s, p.matter_id %[3]s limit $%[4]d`, by.column, c.text, by.way, len(c.args)), c.args...)
	if err != nil {
		return Page{}, errs.Wrap(err, "list the tasks of staff %d", t.Staff)
	}
	return s.page(ctx, keys, t.Limit)
}

// CountTasks returns how many there are, at most 1000.
func (s *Service) CountTasks(ctx context.Context, t Tasks) (int, error) {
	by, known := scopes[t.Scope]
	if !known {
		return 0, errScope
	}
	c := condition{text: "p.staff_id = $1 and " + by.where, args: []any{t.Staff}}
	c.filter(t.Filter, "p."+by.column, s.now())
	c.args = append(c.args, countLimit)
	n, err := db.One(ctx, s.DB, db.Value[int], fmt.Sprintf(`select count(*) from (select 1 from matter_party p
		join matter m on m.id = p.matter_id where %s limit $%d) counted`, c.text, len(c.args)), c.args...)
	return n, errs.Wrap(err, "count the tasks of staff %d", t.Staff)
}

// assigned is an inbox narrowed to one person: it walks their own rows, of which there are a few thousand at most.
func (s *Service) assigned(ctx context.Context, places []place, q Query) (Page, error) {
	q.Order = ByOpened
	low, high, err := q.bounds()
	if err != nil || len(places) == 0 {
		return Page{Items: []Matter{}}, err
	}
	c := condition{text: "p.staff_id = $1 and m.assignee_id = $1", args: []any{q.Assignee}}
	c.add("(p.opened_at, p.matter_id) < ($%d, $%d)", high.at, high.id)
	c.add("p.opened_at > $%d", low.at)
	f := q.Filter
	f.From, f.To = 0, 0
	c.filter(f, "p.opened_at", s.now())
	c.places(places)
	c.args = append(c.args, q.Limit+1)
	keys, err := db.All(ctx, s.DB, func(scan db.Scan) (k key, err error) { return k, scan(&k.at, &k.id) },
		fmt.Sprintf(`select p.opened_at, p.matter_id from matter_party p join matter m on m.id = p.matter_id where %s
			order by p.opened_at desc, p.matter_id desc limit $%d`, c.text, len(c.args)), c.args...)
	if err != nil {
		return Page{}, errs.Wrap(err, "list the matters of staff %d", q.Assignee)
	}
	return s.page(ctx, keys, q.Limit)
}

// condition is a where clause being written.
type condition struct {
	text string
	args []any
}

// add joins a condition whose %d are the numbers of its arguments.
func (c *condition) add(text string, args ...any) {
	numbers := make([]any, len(args))
	for i := range args {
		numbers[i] = len(c.args) + i + 1
	}
	c.text += " and " + fmt.Sprintf(text, numbers...)
	c.args = append(c.args, args...)
}

// filter narrows rows that are few enough to be looked at one by one.
func (c *condition) filter(f Filter, at string, now int64) {
	for _, one := range []struct{ column, value string }{{"m.kind", f.Kind}, {"m.state", f.State}} {
		if one.value != "" {
			c.add(one.column+" = $%d", one.value)
		}
	}
	if f.Account != 0 {
		c.add("m.account_id = $%d", f.Account)
	}
	if f.Assignee != 0 {
		c.add("m.assignee_id = $%d", f.Assignee)
	}
	if f.From > 0 {
		c.add(at+" >= $%d", f.From)
	}
	if f.To > 0 {
		c.add(at+" < $%d", f.To)
	}
	if len(f.Held) > 0 {
		marks, args := strings.Repeat(", $%d", len(f.Held))[2:], []any{}
		for _, h := range f.Held {
			args = append(args, int64(h))
		}
		c.add("m.held in ("+marks+")", args...)
	}
	c.light(f.Light, now)
}

func (c *condition) light(name string, now int64) {
	const live, over = "m.held <> 2 and ", "m.held = 2 and m.worst = "
	switch light, known := LightOf(name); {
	case name == "":
	case !known:
		c.text += " and 1 = 0"
	case light == Red:
		c.add("("+live+"m.due_at <= $%d or "+over+"2)", now)
	case light == Yellow:
		c.add("("+live+"m.yellow_at <= $%d and m.due_at > $%d or "+over+"1)", now, now)
	default:
		c.add("("+live+"m.yellow_at > $%d and m.due_at > $%d or "+over+"0)", now, now)
	}
}

// places asks that the matter hangs under one of the units, maybe for one account there.
func (c *condition) places(places []place) {
	var either []string
	var args []any
	for _, p := range places {
		text := "u.unit_id = $%d"
		args = append(args, p.unit)
		if p.account != 0 {
			text += " and m.account_id = $%d"
			args = append(args, p.account)
		}
		either = append(either, "("+text+")")
	}
	c.add("exists (select 1 from matter_unit u where u.matter_id = m.id and ("+strings.Join(either, " or ")+"))", args...)
}
