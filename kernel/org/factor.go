package org

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// stepLength is RFC 6238's; codes of one step before and after are taken too, for clocks that are a little off.
const stepLength = 30 * time.Second

var (
	errCode = errs.New(errs.Unauthenticated, "org.code_wrong")
	// errNewCode is a wrong code while the factor is being set: the person is logged in and stays so.
	errNewCode = errs.InvalidFields([]errs.Field{{Field: "code", Key: "org.code_wrong"}})
)

func totpAAD(id int64) string { return "staff.totp:" + itoa(id) }

// Factor is a second factor being set: the secret for typing, and the URI for a QR code.
type Factor struct {
	Secret string
	URI    string
}

// BeginFactor draws a new secret for the actor. It counts only once ConfirmFactor has seen a code made with it; a factor
// that is set already stays valid until then.
func (s *Service) BeginFactor(ctx context.Context) (Factor, error) {
	var out Factor
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := s.lockStaff(ctx, tx, actorStaff(access.From(ctx)))
		if err != nil {
			return err
		}
		if out, err = s.drawFactor(&p); err != nil {
			return err
		}
		return s.saveStaff(ctx, tx, p)
	})
	return out, errs.Wrap(err, "begin a second factor")
}

// drawFactor gives p a new secret to be proven.
func (s *Service) drawFactor(p *Staff) (Factor, error) {
	k, err := totp.Generate(totp.GenerateOpts{Issuer: "为政", AccountName: p.Login, Period: uint(stepLength / time.Second)})
	if err != nil {
		return Factor{}, errs.Wrap(err, "draw a second factor")
	}
	p.totpDue = false
	p.totpNext, err = s.Ring.SealText(k.Secret(), totpAAD(p.ID))
	return Factor{Secret: k.Secret(), URI: k.URL()}, err
}

// ConfirmFactor makes the begun factor the valid one. password is asked for again when it replaces another factor, so
// that an unattended desk cannot be taken over.
func (s *Service) ConfirmFactor(ctx context.Context, code, password string) error {
	p, err := s.Staff(ctx, actorStaff(access.From(ctx)))
	if err != nil {
		return err
	}
	if p.totpNext == "" {
		return errs.New(errs.Conflict, "org.factor_not_begun")
	}
	if p.SecondFactor {
		if err := s.provePassword(ctx, p, password); err != nil {
			return err
		}
	}
	step, err := s.stepOf(p.ID, p.totpNext, code)
	if err != nil {
		return err
	}
	if step == 0 {
		return errNewCode
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		now, err := s.lockStaff(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if now.totpNext != p.totpNext {
			return errs.New(errs.Conflict, "db.stale")
		}
		now.totpSealed, now.totpNext, now.totpDue, now.totpStep = p.totpNext, "", false, step
		if err := s.saveStaff(ctx, tx, now); err != nil {
			return err
		}
		if err := s.touched(tx, p.ID); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "set_factor", Object: "staff", ID: p.ID, Unit: p.Unit})
	})
	return errs.Wrap(err, "set a second factor")
}

// provePassword asks a person who is logged in for their password again; it counts like a login.
func (s *Service) provePassword(ctx context.Context, p Staff, password string) error {
	list := s.counters(ctx, p.Login, "")
	if err := s.reserve(ctx, list); err != nil {
		return err
	}
	ok, _, err := s.match(ctx, p.password, password)
	if err != nil {
		return errs.Wrap(err, "judge a password")
	}
	if !ok {
		s.failed(ctx, p, "password")
		return errs.InvalidFields([]errs.Field{{Field: "current", Key: "org.password_wrong"}})
	}
	return s.uncharge(ctx, list)
}

// needsCode reports whether a login takes a code: of the factor that is set, or of the one given with the activation.
func (p Staff) needsCode() bool { return p.SecondFactor || p.totpDue }

// judgeCode returns the step of a right code that is younger than the last one used.
func (s *Service) judgeCode(p Staff, code string) (int64, error) {
	sealed := p.totpSealed
	if !p.SecondFactor {
		sealed = p.totpNext
	}
	step, err := s.stepOf(p.ID, sealed, code)
	if err != nil {
		return 0, err
	}
	if step == 0 || step <= p.totpStep {
		return 0, errCode
	}
	return step, nil
}

// stepOf returns the time step whose code this is, 0 if none of the three around now.
func (s *Service) stepOf(id int64, sealed, code string) (int64, error) {
	secret, err := s.Ring.OpenText(sealed, totpAAD(id))
	if err != nil {
		return 0, errs.Wrap(err, "open the second factor of staff %d", id)
	}
	now := s.Wall.Now()
	var found int64
	for _, shift := range []time.Duration{-stepLength, 0, stepLength} {
		at := now.Add(shift)
		want, err := totp.GenerateCodeCustom(secret, at, totp.ValidateOpts{Period: uint(stepLength / time.Second), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, errs.Wrap(errors.New("the secret is damaged"), "second factor of staff %d", id)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = at.Unix() / int64(stepLength/time.Second)
		}
	}
	return found, nil
}

// useStep spends a code: of two requests with the same one, on any replicas, the second is refused.
// A factor proven for the first time becomes the valid one.
func useStep(ctx context.Context, tx *db.Tx, staff, step int64) error {
	n, err := tx.Exec(ctx, `update staff set totp_step = $2,
		totp_sealed = case when totp_due then totp_next else totp_sealed end,
		totp_next = case when totp_due then '' else totp_next end, totp_due = false
		where id = $1 and totp_step < $2`, staff, step)
	if err == nil && n == 0 {
		return errCode
	}
	return err
}
