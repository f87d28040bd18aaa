package matter

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
)

// engines for benchmarks.
var engines = []struct {
	name string
	open func(testing.TB, []db.Schema) *db.DB
}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}}

// measured is how many matters a benchmark has: WEIZHENG_MATTERS, for make prove 1,000,000.
func measured() int {
	if n, err := strconv.Atoi(os.Getenv("WEIZHENG_MATTERS")); err == nil && n > 0 {
		return n
	}
	return 20_000
}

// question is one way to look at an inbox.
type question struct {
	label string
	Query
}

// questions are all filters alone and together, in both orders.
func questions(now int64) []question {
	month := int64(30 * 24 * time.Hour / time.Millisecond)
	filters := []question{
		{"all", Query{}},
		{"open", Query{Filter: Filter{Held: []Held{Pool, Kept}}}},
		{"state", Query{Filter: Filter{State: "x"}}},
		{"kind", Query{Filter: Filter{Kind: "b"}}},
		{"light", Query{Filter: Filter{Light: "red"}}},
		{"yellow", Query{Filter: Filter{Light: "yellow"}}},
		{"period", Query{Filter: Filter{From: now - 5*month, To: now - 4*month}}},
		{"assignee", Query{Filter: Filter{Assignee: handA}}},
		{"kind and light", Query{Filter: Filter{Kind: "b", Light: "yellow"}}},
		{"state and period", Query{Filter: Filter{State: "x", From: now - 2*month, To: now - month}}},
		{"light and period", Query{Filter: Filter{Light: "red", From: now - month/3, To: now}}},
		{"pool and light", Query{Filter: Filter{Held: []Held{Pool}, Light: "red"}}},
		{"everything", Query{Filter: Filter{Kind: "b", State: "x", Light: "green", Held: []Held{Pool, Kept}, From: now - month, To: now}}},
		{"assignee and kind", Query{Filter: Filter{Kind: "b", Assignee: handA}}},
	}
	var out []question
	for _, order := range []Order{ByDue, ByOpened} {
		for _, f := range filters {
			f.Order, f.Limit, f.label = order, 50, string(order)+" "+f.label
			out = append(out, f)
		}
	}
	return out
}

// Every filter gives what looking at each matter would give, page after page, in every unit.
func TestInboxAgreesWithLookingAtEach(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		const n = 600
		h.pile(heap{n: n, kinds: []string{"a", "b", "c"}, states: []string{"x", "y"}, spread: 150 * 24 * time.Hour})
		var all []Matter
		for id := range int64(n) {
			all = append(all, h.get(id+1))
		}
		for _, unit := range []int64{1, 2, 3, 4} {
			for _, q := range questions(h.now()) {
				q.Unit, q.Limit = unit, 37
				h.agrees(q, unit, all)
			}
		}
	})
}

func (h *house) agrees(q question, unit int64, all []Matter) {
	h.t.Helper()
	ctx := h.t.Context()
	var got []int64
	for {
		p, err := h.Inbox(ctx, access.Reach{All: true}, q.Query)
		if err != nil {
			h.t.Fatalf("%s: %v", q.label, err)
		}
		for _, m := range p.Items {
			got = append(got, m.ID)
		}
		if p.Next == "" {
			break
		}
		q.After = p.Next
	}
	if want := h.each(q.Query, unit, all); !slices.Equal(got, want) {
		h.t.Errorf("unit %d, %s: %d matters, want %d\n%v\n%v", unit, q.label, len(got), len(want), got, want)
	}
	if q.Assignee == 0 {
		q.After = ""
		want := len(h.each(withOrder(q.Query, ByOpened), unit, all))
		if count, err := h.Count(ctx, access.Reach{All: true}, q.Query); err != nil || count != want {
			h.t.Errorf("unit %d, %s: count %d, want %d, %v", unit, q.label, count, want, err)
		}
	}
}

func withOrder(q Query, o Order) Query { q.Order = o; return q }

// each is the slow way.
func (h *house) each(q Query, unit int64, all []Matter) []int64 {
	switch {
	case q.Assignee != 0:
		q.Order = ByOpened
	case q.Light != "":
		q.Order = ByDue
	}
	var found []Matter
	for _, m := range all {
		at := m.DueAt
		if q.Order == ByOpened {
			at = m.OpenedAt
		}
		fits := strings.HasPrefix(paths[m.Unit], paths[unit]) && (q.Kind == "" || m.Kind == q.Kind) && (q.State == "" || m.State == q.State) &&
			(len(q.Held) == 0 || slices.Contains(q.Held, m.Held)) && (q.Assignee == 0 || m.Assignee == q.Assignee && m.Held == Kept) &&
			(q.Light == "" || m.Light(h.now()).String() == q.Light) && at >= q.From && (q.To == 0 || at < q.To)
		if fits {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, func(a, b Matter) int {
		m := merge{order: q.Order}
		if q.Order == ByOpened {
			return m.before(key{a.OpenedAt, a.ID}, key{b.OpenedAt, b.ID})
		}
		return m.before(key{a.DueAt, a.ID}, key{b.DueAt, b.ID})
	})
	var ids []int64
	for _, m := range found {
		ids = append(ids, m.ID)
	}
	return ids
}

// No list reads a table from end to end or sorts one, on either engine.
func TestListsWalkAnIndex(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.pile(heap{n: 3000, kinds: []string{"a", "b", "c"}, states: []string{"x", "y"}, spread: 150 * 24 * time.Hour})
		h.overdue(3000)
		const party = `select p.%[1]s, p.matter_id from matter_party p join matter m on m.id = p.matter_id where p.staff_id = 21 and %[2]s order by p.%[1]s %[3]s, p.matter_id %[3]s limit 51`
		for _, c := range []struct{ label, query string }{
			{"inbox by due", `select due_at, matter_id from matter_unit where unit_id = 1 and facet_id = 2 and (due_at, matter_id) > (5, 1) and (due_at, matter_id) < (99, 1) and yellow_at > 3 and yellow_at <= 99 order by due_at asc, matter_id asc limit 51`},
			{"inbox by opening", `select opened_at, matter_id from matter_unit where unit_id = 1 and facet_id = 2 and (opened_at, matter_id) > (5, 1) and (opened_at, matter_id) < (99, 1) order by opened_at desc, matter_id desc limit 51`},
			{"next facet", `select min(facet_id) from matter_unit where unit_id = 1 and facet_id > 3`},
			{"mine", fmt.Sprintf(party, "due_at", "p.turn and (p.due_at, p.matter_id) > (5, 1)", "asc")},
			{"watching", fmt.Sprintf(party, "opened_at", "p.watches and (p.opened_at, p.matter_id) < (5, 1)", "desc")},
			{"done", fmt.Sprintf(party, "acted_at", "p.acted_at > 0 and (p.acted_at, p.matter_id) < (5, 1)", "desc")},
			{"assigned", fmt.Sprintf(party, "opened_at", "m.assignee_id = 21 and (p.opened_at, p.matter_id) < (5, 1)", "desc")},
			{"due", `select id from matter_deadline where next_at <= 99 order by next_at, id limit 1000`},
			{"events", `select id from matter_event where matter_id = 3 order by id`},
			{"notices", `select id from matter_notice where staff_id = 3 and id < 9 order by id desc limit 20`},
			{"number", `select id from matter where number = '1'`},
			{"of a citizen", `select id from matter where citizen_id = 3 and id < 9 order by id desc limit 20`},
			{"keys", `select wall_at from matter_once where wall_at < 9 order by wall_at limit 1000`},
		} {
			h.walks(c.label, c.query)
		}
	})
}

// walks asks the engine how it would read: SQLite's plan names scans and sorts, PostgreSQL's too once it may not hope for
// small tables.
func (h *house) walks(label, query string) {
	h.t.Helper()
	ctx := h.t.Context()
	var plan string
	err := h.DB.Write(ctx, func(tx *db.Tx) error {
		explain := "explain query plan "
		if tx.Dialect() == db.Postgres {
			for _, off := range []string{"enable_seqscan", "enable_bitmapscan", "enable_sort"} {
				if _, err := tx.Exec(ctx, "set local "+off+" = off"); err != nil {
					return err
				}
			}
			explain = "explain "
		}
		steps, err := db.All(ctx, tx, func(scan db.Scan) (s string, err error) {
			if explain == "explain " {
				return s, scan(&s)
			}
			var a, b, c any
			return s, scan(&a, &b, &c, &s)
		}, explain+query)
		plan = strings.Join(steps, "\n")
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, bad := range []string{"Seq Scan", "Sort", "SCAN m", "SCAN p", "SCAN d", "TEMP B-TREE"} {
		if strings.Contains(plan, bad) {
			h.t.Errorf("%s: %s\n%s", label, bad, plan)
		}
	}
}
