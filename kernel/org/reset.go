package org

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Reset makes the present password worthless, ends all sessions, and returns a link for a new one. With factor the second
// factor goes too, for somebody who lost their phone; an administrator's stays, unless the house itself asks (the command
// on the server), so that no administrator can become another one: the invitation says so.
func (s *Service) Reset(ctx context.Context, id int64, factor bool) (Invitation, error) {
	var link Invitation
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		p, theirs, err := s.manage(ctx, tx, id)
		if err != nil {
			return err
		}
		_, admin := administers(theirs)
		take := factor && (!admin || access.From(ctx).Kind == access.System)
		p.password = ""
		if take {
			p.totpSealed, p.totpNext, p.totpDue, p.totpStep = "", "", false, 0 // spent codes were the old secret's
		}
		if err := s.saveStaff(ctx, tx, p); err != nil {
			return err
		}
		if _, err := s.endAccess(ctx, tx, id); err != nil {
			return err
		}
		if err := s.touched(tx, id); err != nil {
			return err
		}
		if link, err = s.invite(ctx, tx, p); err != nil {
			return err
		}
		link.FactorKept = p.totpSealed != ""
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "reset", Object: "staff", ID: id, Unit: p.Unit,
			Detail: map[string]any{"factor": take}})
	})
	return link, errs.Wrap(err, "reset staff %d", id)
}

// Expel ends all sessions of a person, and the binding of their phone, without touching anything else.
func (s *Service) Expel(ctx context.Context, id int64) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		p, _, err := s.manage(ctx, tx, id)
		if err != nil {
			return err
		}
		n, err := s.endAccess(ctx, tx, id)
		if err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "expel", Object: "staff", ID: id, Unit: p.Unit,
			Detail: map[string]any{"sessions": n}})
	})
	return errs.Wrap(err, "end the sessions of staff %d", id)
}

// Phone returns a person's phone in clear for a stated reason; the look is audited.
func (s *Service) Phone(ctx context.Context, id int64, reason string) (string, error) {
	var f faults
	f.text("reason", reason, 2, 200)
	if err := errs.InvalidFields(f); err != nil {
		return "", err
	}
	p, err := s.Staff(ctx, id)
	if err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "reveal", Object: "staff", ID: id, Unit: p.Unit,
			Detail: map[string]any{"reason": reason}})
	})
	if err != nil {
		return "", errs.Wrap(err, "reveal a phone")
	}
	return s.openPhone(p)
}
