package org

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Disable ends a person's access at once: sessions, links and rights. The account stays, for what it did.
func (s *Service) Disable(ctx context.Context, id int64) error {
	return s.turn(ctx, id, true)
}

// Enable gives a disabled person their access back, with the grants they still have.
func (s *Service) Enable(ctx context.Context, id int64) error {
	return s.turn(ctx, id, false)
}

func (s *Service) turn(ctx context.Context, id int64, off bool) error {
	verb := map[bool]string{true: "disable", false: "enable"}[off]
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		p, theirs, err := s.manage(ctx, tx, id)
		if err != nil {
			return err
		}
		if off {
			return s.disable(ctx, tx, p, theirs)
		}
		p.Disabled = false
		if err := s.saveStaff(ctx, tx, p); err != nil {
			return err
		}
		if err := s.touched(tx, id); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "enable", Object: "staff", ID: id, Unit: p.Unit})
	})
	return errs.Wrap(err, "%s staff %d", verb, id)
}

// disable does it in the caller's transaction. The last active holder of a duty stays: nobody could fill it again.
func (s *Service) disable(ctx context.Context, tx *db.Tx, p Staff, theirs []Grant) error {
	if duty, admin := administers(theirs); admin {
		if err := s.notLast(ctx, tx, p, duty); err != nil {
			return err
		}
	}
	p.Disabled = true
	if err := s.saveStaff(ctx, tx, p); err != nil {
		return err
	}
	if err := dropLinks(ctx, tx, p.ID); err != nil {
		return err
	}
	if _, err := s.endAccess(ctx, tx, p.ID); err != nil {
		return err
	}
	if err := s.touched(tx, p.ID); err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, audit.Entry{Verb: "disable", Object: "staff", ID: p.ID, Unit: p.Unit})
}

// notLast refuses to take the duty's last active holder away.
func (s *Service) notLast(ctx context.Context, tx *db.Tx, p Staff, duty Duty) error {
	if p.State(s.now()) != Active {
		return nil
	}
	others, err := db.One(ctx, tx, db.Value[int64], activeHolders+" and p.id <> $3", string(duty), s.now(), p.ID)
	if err == nil && others == 0 {
		err = errs.New(errs.Conflict, "org.last_administrator")
	}
	return err
}

// activeHolders counts the people who could do a duty ($1) at an instant ($2).
const activeHolders = `select count(distinct p.id) from staff p join staff_grant g on g.staff_id = p.id join role r on r.key = g.role
	where r.duty = $1 and not p.disabled and p.password <> '' and (p.until_at = 0 or p.until_at > $2)
	and (g.until_at = 0 or g.until_at > $2)`
