package org

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// Invited returns whom a one-time link is for; NotFound "org.link_dead".
func (s *Service) Invited(ctx context.Context, token string) (Staff, error) {
	return s.byLink(ctx, s.DB, token)
}

// Activate sets the password of whom the link is for. The link dies with it, and so do all their sessions; a second
// factor that is set stays. Where the installation asks for one and there is none, Factor is a new one whose code the
// first login asks for, which makes it valid; else it is empty.
func (s *Service) Activate(ctx context.Context, token, password string) (Staff, Factor, error) {
	p, err := s.Invited(ctx, token)
	if err != nil {
		return Staff{}, Factor{}, err
	}
	if err := CheckPassword(password, p.Login, s.number(ctx, SettingPasswordSize)); err != nil {
		return Staff{}, Factor{}, err
	}
	phc, err := s.hash(ctx, password)
	if err != nil {
		return Staff{}, Factor{}, err
	}
	var factor Factor
	ctx = access.With(ctx, access.Actor{Kind: access.Staff, ID: p.ID, Name: p.Name, Unit: p.Unit})
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := db.ExpectOne(tx.Exec(ctx, "delete from staff_link where hash = $1", linkHash(token))); err != nil {
			return errLink.Because(err) // somebody was faster
		}
		fresh, err := s.lockStaff(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		factor = Factor{}
		if !fresh.SecondFactor && s.Settings.Bool(ctx, SettingSecondFactor, everywhere) {
			if factor, err = s.drawFactor(&fresh); err != nil {
				return err
			}
			fresh.totpDue = true
		}
		return s.setPassword(ctx, tx, fresh, phc, "activate", "")
	})
	if err != nil {
		return Staff{}, Factor{}, errs.Wrap(err, "activate")
	}
	p, err = s.Staff(ctx, p.ID)
	return p, factor, err
}

// setPassword writes a password's hash with all that follows from it; sessions but the one with id except end.
func (s *Service) setPassword(ctx context.Context, tx *db.Tx, p Staff, phc, verb, except string) error {
	p.password, p.PasswordAt, p.MustChange = phc, s.now(), false
	if err := s.saveStaff(ctx, tx, p); err != nil {
		return err
	}
	if err := dropLinks(ctx, tx, p.ID); err != nil {
		return err
	}
	if _, err := s.Sessions.RevokeAll(ctx, tx, web.StaffSession, p.ID, except); err != nil {
		return err
	}
	if err := s.touched(tx, p.ID); err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, audit.Entry{Verb: verb, Object: "staff", ID: p.ID, Unit: p.Unit})
}
