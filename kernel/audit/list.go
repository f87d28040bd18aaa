package audit

import (
	"context"
	"strconv"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Filter narrows a list; zero fields narrow nothing.
type Filter struct {
	Before    int64 // rows with smaller ids: the Next of the page before
	From      int64 // ms, inclusive
	Until     int64 // ms, exclusive
	ActorKind string
	ActorIDs  []int64 // with ActorKind; at most some hundreds
	Verb      string
	Object    string
	ObjectID  int64
	Unit      string // path: this unit and everything below
	Account   int64
	Outcome   string
	Limit     int // 1 … 200; else 50
}

// Page is a part of a list, the newest first. Next is 0 on the last one.
type Page struct {
	Rows []Row
	Next int64
}

// Tail tells how many rows wait for their seal, and since when the oldest does (ms); more than a few seconds mean that no
// replica seals.
func (s *Service) Tail(ctx context.Context) (rows, oldest int64, err error) {
	err = s.db.QueryRow(ctx, "select count(*), coalesce(min(at), 0) from audit_entry where batch is null").Scan(&rows, &oldest)
	return rows, oldest, errs.Wrap(err, "look at the unsealed audit rows")
}

// List returns the rows inside the reach that fit the filter, by id from the newest.
func (s *Service) List(ctx context.Context, reach access.Reach, f Filter) (Page, error) {
	if f.Limit < 1 || f.Limit > 200 {
		f.Limit = 50
	}
	w := f.where(reach)
	w.args = append(w.args, f.Limit+1)
	rows, err := db.All(ctx, s.db, scanEntry, "select "+entryColumns+" from audit_entry where "+w.String()+
		" order by id desc limit $"+strconv.Itoa(len(w.args)), w.args...)
	if err != nil {
		return Page{}, errs.Wrap(err, "list audit rows")
	}
	p := Page{Rows: rows}
	if len(rows) > f.Limit {
		p.Rows = rows[:f.Limit]
		p.Next = p.Rows[f.Limit-1].ID
	}
	return p, nil
}

func (f Filter) where(reach access.Reach) *where {
	w := &where{}
	w.reach(reach)
	if len(f.ActorIDs) > 0 {
		w.in("actor_id", f.ActorIDs)
	}
	for _, c := range []struct {
		set  bool
		term string
		arg  any
	}{
		{f.Before > 0, "id < ?", f.Before},
		{f.From > 0, "at >= ?", f.From},
		{f.Until > 0, "at < ?", f.Until},
		{f.ActorKind != "", "actor_kind = ?", f.ActorKind},
		{f.Verb != "", "verb = ?", f.Verb},
		{f.Object != "", "object = ?", f.Object},
		{f.ObjectID != 0, "object_id = ?", f.ObjectID},
		{f.Unit != "", "unit like ?", f.Unit + "%"},
		{f.Account != 0, "account_id = ?", f.Account},
		{f.Outcome != "", "outcome = ?", f.Outcome},
	} {
		if c.set {
			w.add(c.term, c.arg)
		}
	}
	return w
}
