package org

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Held is how much of one kind of thing belongs to a person.
type Held struct {
	Name  string
	Title string
	Count int64
}

// Holds lists what belongs to a person in all parts: what has to find a new hand before they leave.
func (s *Service) Holds(ctx context.Context, staff int64) ([]Held, error) {
	out := []Held{}
	for _, h := range s.Holdings() {
		n, err := h.Count(ctx, staff)
		if err != nil {
			return nil, errs.Wrap(err, "count %s of staff %d", h.Name, staff)
		}
		out = append(out, Held{h.Name, h.Title, n})
	}
	return out, nil
}

// Handover gives everything a person holds to another one and disables the account, all or nothing. Rights do not pass
// on: they are given by who may give them.
func (s *Service) Handover(ctx context.Context, from, to int64) error {
	if from == to {
		return errs.InvalidFields([]errs.Field{{Field: "to", Key: "org.handover_self"}})
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		p, theirs, err := s.manage(ctx, tx, from)
		if err != nil {
			return err
		}
		heir, err := s.staffByID(ctx, tx, to)
		if errs.Is(err, errs.NotFound) || err == nil && (heir.State(s.now()) != Active ||
			!access.From(ctx).Can("staff.edit", access.Object{Unit: heir.Unit})) {
			return errs.InvalidFields([]errs.Field{{Field: "to", Key: "org.no_staff"}})
		}
		if err != nil {
			return err
		}
		for _, h := range s.Holdings() {
			if err := h.Move(ctx, tx, from, to); err != nil {
				return errs.Wrap(err, "move %s", h.Name)
			}
		}
		if err := s.Audit.Record(ctx, tx, audit.Entry{Verb: "hand_over", Object: "staff", ID: from, Unit: p.Unit,
			Detail: map[string]any{"to": to}}); err != nil {
			return err
		}
		return s.disable(ctx, tx, p, theirs)
	})
	return errs.Wrap(err, "hand over from staff %d to %d", from, to)
}
