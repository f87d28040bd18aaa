package org

import (
	"context"
	"strings"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// LoginIn is an attempt to prove who one is. Address is the client's, for the count of failures. Code is the TOTP code;
// "" when it was not asked for yet.
type LoginIn struct {
	Login    string
	Password string
	Code     string
	Address  string
}

// LoginOut is the outcome of a right password. With NeedCode the person is not in yet: the second factor is due.
type LoginOut struct {
	Staff    Staff
	NeedCode bool
}

// errWrong is the one answer to every wrong proof: unknown login, wrong password, disabled, expired, never activated.
var errWrong = errs.New(errs.Unauthenticated, "org.login_wrong")

// Login judges a password and, if given, a code. A right password without a code, where one is due, opens nothing and
// does not clear the count of failures. Errors: Unauthenticated "org.login_wrong" and "org.code_wrong", Exhausted
// "org.locked".
func (s *Service) Login(ctx context.Context, in LoginIn) (LoginOut, error) {
	in.Login = strings.ToLower(strings.TrimSpace(in.Login))
	if len(in.Login) > 64 || len(in.Password) > passwordLimit {
		in.Login, in.Password = "", "" // counted and refused like any other
	}
	list := s.counters(ctx, in.Login, in.Address)
	if err := s.reserve(ctx, list); err != nil {
		return LoginOut{}, err
	}
	p, err := s.staffByLogin(ctx, s.DB, in.Login)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return LoginOut{}, err
	}
	ok, stale, err := s.match(ctx, p.password, in.Password)
	if err != nil {
		return LoginOut{}, errs.Wrap(err, "judge a password")
	}
	if !ok || p.State(s.now()) != Active {
		s.failed(ctx, p, "password")
		return LoginOut{}, errWrong
	}
	fresh := ""
	if stale {
		if fresh, err = s.hash(ctx, in.Password); err != nil {
			return LoginOut{}, err
		}
	}
	if p.needsCode() && in.Code == "" {
		return LoginOut{Staff: p, NeedCode: true}, s.uncharge(ctx, list)
	}
	return s.enter(ctx, p, in.Code, fresh, list)
}

// LoginCode completes a login whose password was right a moment ago; the caller has kept who it was on the server.
func (s *Service) LoginCode(ctx context.Context, staff int64, code, address string) (LoginOut, error) {
	p, err := s.Staff(ctx, staff)
	if errs.Is(err, errs.NotFound) {
		return LoginOut{}, errWrong
	}
	if err != nil {
		return LoginOut{}, err
	}
	list := s.counters(ctx, p.Login, address)
	if err := s.reserve(ctx, list); err != nil {
		return LoginOut{}, err
	}
	if p.State(s.now()) != Active || !p.needsCode() {
		return LoginOut{}, errWrong
	}
	return s.enter(ctx, p, code, "", list)
}

// enter judges the code, if the person has a second factor, and records the login. fresh replaces the password's hash.
func (s *Service) enter(ctx context.Context, p Staff, code, fresh string, list []counter) (LoginOut, error) {
	var step int64
	if p.needsCode() {
		var err error
		if step, err = s.judgeCode(p, code); err != nil {
			s.failed(ctx, p, "code")
			return LoginOut{}, err
		}
	}
	ctx = access.With(ctx, access.Actor{Kind: access.Staff, ID: p.ID, Name: p.Name, Unit: p.Unit})
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if p.needsCode() {
			if err := useStep(ctx, tx, p.ID, step); err != nil {
				return err
			}
			if err := s.touched(tx, p.ID); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, "update staff set last_login_at = $2, password = case when $3 = '' then password else $3 end where id = $1",
			p.ID, s.now(), fresh); err != nil {
			return err
		}
		if err := forgive(ctx, tx, list); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "login", Object: "staff", ID: p.ID, Unit: p.Unit})
	})
	if err != nil {
		return LoginOut{}, errs.Wrap(err, "log in")
	}
	return LoginOut{Staff: p}, nil
}

// uncharge takes the charge for a right password back without clearing what was counted before: the code is still due,
// and a stolen password must not buy endless tries at it.
func (s *Service) uncharge(ctx context.Context, list []counter) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, c := range list {
			if _, err := tx.Exec(ctx, "update login_lock set fails = fails - 1 where key = $1 and fails > 0", c.key); err != nil {
				return err
			}
		}
		return nil
	})
	return errs.Wrap(err, "take a charge back")
}

// failed audits a wrong proof, of a known person or of nobody; what was typed is not kept. That it could not be audited
// is logged: the login is refused either way.
func (s *Service) failed(ctx context.Context, p Staff, what string) {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "login", Object: "staff", ID: p.ID, Unit: p.Unit, Outcome: audit.Failed,
			Detail: map[string]any{"wrong": what}})
	})
	if err != nil {
		s.Log.ErrorContext(ctx, "a failed login could not be audited", "error", err)
	}
}

// Logout records that a person left; the session is ended by its owner.
func (s *Service) Logout(ctx context.Context) error {
	a := access.From(ctx)
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "logout", Object: "staff", ID: a.ID, Unit: a.Unit})
	})
	return errs.Wrap(err, "log out")
}
