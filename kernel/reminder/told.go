package reminder

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"weizheng/kernel/matter"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// sortOf tells what a notice is about, by the text that its definition gave it; lights have none.
func sortOf(t matter.Told) Sort {
	switch {
	case t.Kind == "red" || t.Text == "flow.notice.late":
		return Late
	case t.Kind == "yellow" || t.Text == "flow.notice.near":
		return Near
	case t.Text == "flow.notice.urged":
		return Urge
	case t.Text == "flow.notice.to_do" || t.Text == "flow.notice.returned":
		return Fresh
	}
	return News
}

// settle is how long the notices of one moment are gathered before a message goes: a sweep shows many lights at once.
const settleMs = 2000

// Told hears of a matter's notices, in their transaction: those for staff who have a phone and want them become items. Who
// did it themselves needs no reminder of it.
func (s *Service) Told(ctx context.Context, tx *db.Tx, told []matter.Told) error {
	byStaff := map[int64][]matter.Told{}
	me := access.From(ctx)
	for _, t := range told {
		id := t.To.Who.StaffID()
		if id != 0 && (me.Kind != access.Staff || me.ID != id) {
			byStaff[id] = append(byStaff[id], t)
		}
	}
	if len(byStaff) == 0 {
		return nil
	}
	way, err := s.Way(ctx)
	if errs.Is(err, errs.Conflict) {
		return nil // no account, no phones
	}
	if err != nil {
		return err
	}
	bound, err := boundOf(ctx, tx, way.Account.ID, byStaff)
	if err != nil {
		return err
	}
	for _, staff := range bound { // in one order for everybody: two transactions never wait for each other crosswise
		if err := s.note(ctx, tx, staff, byStaff[staff]); err != nil {
			return errs.Wrap(err, "note reminders of staff %d", staff)
		}
	}
	return nil
}

// boundOf returns those who have a phone, in order.
func boundOf(ctx context.Context, tx *db.Tx, account int64, byStaff map[int64][]matter.Told) ([]int64, error) {
	ids := make([]int64, 0, len(byStaff))
	for id := range byStaff {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var out []int64
	for part := range slices.Chunk(ids, 200) {
		in, args := inList(2, part)
		found, err := db.All(ctx, tx, db.Value[int64], `select staff_id from reminder_binding where account_id = $1 and staff_id in `+in+` order by staff_id`,
			append([]any{account}, args...)...)
		if err != nil {
			return nil, errs.Wrap(err, "find who has a phone")
		}
		out = append(out, found...)
	}
	return out, nil
}

func inList(first int, ids []int64) (string, []any) {
	marks, args := make([]string, len(ids)), make([]any, len(ids))
	for i, id := range ids {
		marks[i], args[i] = "$"+strconv.Itoa(first+i), id
	}
	return "(" + strings.Join(marks, ", ") + ")", args
}

// note keeps one person's items and sets their turn.
func (s *Service) note(ctx context.Context, tx *db.Tx, staff int64, told []matter.Told) error {
	choice, err := choiceOf(ctx, tx, staff)
	if err != nil {
		return err
	}
	fresh := int64(0)
	for _, t := range told {
		sort := sortOf(t)
		if !choice.wants(sort) {
			continue
		}
		n, err := tx.Exec(ctx, `insert into reminder_item (staff_id, matter_id, event_id, kind, sort, civil_at, state) values ($1,$2,$3,$4,$5,$6,'waiting')
			on conflict (event_id, staff_id, kind) do nothing`, staff, t.Matter, t.Event, t.Kind, string(sort), t.At)
		if err != nil {
			return err
		}
		fresh += n
	}
	if fresh == 0 {
		return nil
	}
	return s.turn(ctx, tx, staff)
}

// turn says when the person's waiting items go: at once, gathered over a moment; within the minutes of the setting after
// their last message, together when those are over. A turn that is set already stands.
func (s *Service) turn(ctx context.Context, tx *db.Tx, staff int64) error {
	now := s.now()
	gather := s.Settings.Int(ctx, SettingGather, everywhere) * 60_000
	_, err := tx.Exec(ctx, `insert into reminder_turn (staff_id, due_at, last_at) values ($1, $2, 0) on conflict (staff_id) do update set
		due_at = case when reminder_turn.due_at > 0 then reminder_turn.due_at
			when reminder_turn.last_at + $3 > $2 then reminder_turn.last_at + $3 else $2 end`, staff, now+settleMs, gather)
	return err
}
