package org

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// InitIn begins an installation: the root unit's name and level, and a person for each duty.
type InitIn struct {
	Unit   UnitIn
	Admins map[Duty]StaffIn
}

// roleOf is the default role of each duty.
var roleOf = map[Duty]string{SystemDuty: "system_admin", SecurityDuty: "security_admin", AuditDuty: "audit_admin"}

// Init makes the root unit, the default roles and the three administrators, and returns a link for each. Called again it
// makes new links for those who have not used theirs; once all three have, it is Conflict "org.initialised". Only the
// house itself may call it.
func (s *Service) Init(ctx context.Context, in InitIn) ([]Invitation, error) {
	if access.From(ctx).Kind != access.System {
		return nil, errs.New(errs.Denied, "denied")
	}
	if err := s.validateInit(&in); err != nil {
		return nil, err
	}
	if err := s.seedRoles(ctx); err != nil {
		return nil, err
	}
	var links []Invitation
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		links = nil
		root, err := s.rootUnit(ctx, tx, in.Unit)
		if err != nil {
			return err
		}
		for _, duty := range Duties {
			link, err := s.appoint(ctx, tx, root, duty, in.Admins[duty])
			if err != nil {
				return err
			}
			if link.Token != "" {
				links = append(links, link)
			}
		}
		if len(links) == 0 {
			return errs.New(errs.Conflict, "org.initialised")
		}
		return nil
	})
	return links, errs.Wrap(err, "begin the installation")
}

func (s *Service) validateInit(in *InitIn) error {
	if err := in.Unit.Validate(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, duty := range Duties {
		p := in.Admins[duty]
		if err := p.Validate(s.now(), true); err != nil {
			return errs.Wrap(err, "administrator of duty %s", duty)
		}
		if seen[p.Login] {
			return errs.InvalidFields([]errs.Field{{Field: "login", Key: "org.login_taken"}})
		}
		seen[p.Login] = true
		in.Admins[duty] = p
	}
	return nil
}

// rootUnit returns the root, making it when there is none.
func (s *Service) rootUnit(ctx context.Context, tx *db.Tx, in UnitIn) (Unit, error) {
	root, err := db.One(ctx, tx, scanUnit, "select "+unitColumns+" from unit where parent_id is null")
	if !errs.Is(err, errs.NotFound) {
		return root, err
	}
	root, err = insertUnit(ctx, tx, Unit{Level: in.Level, Name: in.Name, Short: in.Short, Code: in.Code, Path: "/", CreatedAt: s.now()})
	if err != nil {
		return Unit{}, err
	}
	return root, s.Audit.Record(ctx, tx, audit.Entry{Verb: "create", Object: "unit", ID: root.ID, Unit: root.Path})
}

// appoint makes the administrator of a duty, or renews the link of one who has not used it; a duty that somebody fills
// already gets none.
func (s *Service) appoint(ctx context.Context, tx *db.Tx, root Unit, duty Duty, in StaffIn) (Invitation, error) {
	filled, err := db.One(ctx, tx, db.Value[int64], activeHolders, string(duty), s.now())
	if err != nil || filled > 0 {
		return Invitation{}, err
	}
	p, err := s.staffByLogin(ctx, tx, in.Login)
	if errs.Is(err, errs.NotFound) {
		in.UnitID = root.ID
		if p, err = s.addStaff(ctx, tx, in); err == nil {
			err = s.writeGrants(ctx, tx, p, []Grant{{Role: Role{Key: roleOf[duty], Duty: duty}, UnitID: root.ID}}, nil)
		}
		if err == nil {
			p, err = s.staffByID(ctx, tx, p.ID)
		}
	}
	if err != nil {
		return Invitation{}, err
	}
	theirs, err := grantsOf(ctx, tx, p.ID)
	if err != nil {
		return Invitation{}, err
	}
	if d, _ := administers(theirs); d != duty || p.Activated {
		return Invitation{}, errs.New(errs.Conflict, "org.login_taken").With("login", in.Login)
	}
	return s.invite(ctx, tx, p)
}

// Ready returns the duties that nobody could do just now. Until there are none for the first time, `serve` serves nothing
// but the links; later it is a finding.
func (s *Service) Ready(ctx context.Context) ([]Duty, error) {
	var missing []Duty
	for _, duty := range Duties {
		n, err := db.One(ctx, s.DB, db.Value[int64], activeHolders, string(duty), s.now())
		if err != nil {
			return nil, errs.Wrap(err, "look for the three administrators")
		}
		if n == 0 {
			missing = append(missing, duty)
		}
	}
	return missing, nil
}
