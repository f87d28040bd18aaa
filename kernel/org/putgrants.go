package org

import (
	"context"
	"slices"
	"strconv"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// GrantIn is one grant as an editor names it.
type GrantIn struct {
	Role    string
	UnitID  int64
	Account int64
	UntilAt int64
}

var (
	errSelf   = errs.New(errs.Denied, "org.self")
	errBeyond = errs.New(errs.Denied, "org.beyond_your_reach")
)

// grantLimit is how many grants one person may have: more is a sign that a role or a unit is missing.
const grantLimit = 50

// PutGrants replaces what a person holds by list. What is new and what goes away must both be the actor's to give;
// version is the person's. Errors: Denied "org.self", Denied "org.beyond_your_reach", Invalid with the place in the list.
func (s *Service) PutGrants(ctx context.Context, staff int64, list []GrantIn, version int64) error {
	if access.From(ctx).Kind == access.Staff && access.From(ctx).ID == staff {
		return errSelf
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := s.lockStaff(ctx, tx, staff)
		if err != nil {
			return err
		}
		if p.Version != version {
			return errs.New(errs.Conflict, "db.stale")
		}
		next, err := s.readGrants(ctx, tx, list)
		if err != nil {
			return err
		}
		return s.replaceGrants(ctx, tx, p, next)
	})
	return errs.Wrap(err, "set grants of staff %d", staff)
}

// readGrants looks up what the list names and reports every fault with its place.
func (s *Service) readGrants(ctx context.Context, tx *db.Tx, list []GrantIn) ([]Grant, error) {
	var f faults
	var out []Grant
	if len(list) > grantLimit {
		f.add("grants", "org.too_many_grants")
	}
	for i, in := range list {
		place := "grants[" + strconv.Itoa(i) + "]"
		g := Grant{UnitID: in.UnitID, Account: in.Account, UntilAt: in.UntilAt}
		r, err := db.One(ctx, tx, scanRole, "select "+roleColumns+" from role r where r.key = $1", in.Role)
		switch {
		case errs.Is(err, errs.NotFound):
			f.add(place+".role", "org.no_role")
		case err != nil:
			return nil, err
		}
		u, err := unitByID(ctx, tx, in.UnitID)
		switch {
		case errs.Is(err, errs.NotFound):
			f.add(place+".unit_id", "org.no_unit")
		case err != nil:
			return nil, err
		}
		g.Role, g.Unit = r, u.Path
		if slices.ContainsFunc(out, func(o Grant) bool { return o.Role.Key == g.Role.Key && o.UnitID == g.UnitID && o.Account == g.Account }) {
			f.add(place, "org.grant_twice")
		}
		out = append(out, g)
	}
	if len(f) == 0 && !separated(out) {
		f.add("grants", "org.duties_mixed")
	}
	return out, errs.InvalidFields(f)
}

// replaceGrants checks the difference against what the actor may give, then writes it.
func (s *Service) replaceGrants(ctx context.Context, tx *db.Tx, p Staff, next []Grant) error {
	actor := access.From(ctx)
	before, err := grantsOf(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	own, err := grantsOf(ctx, tx, actorStaff(actor))
	if err != nil {
		return err
	}
	added := slices.DeleteFunc(slices.Clone(next), func(g Grant) bool { return slices.ContainsFunc(before, g.sameAs) })
	removed := slices.DeleteFunc(slices.Clone(before), func(g Grant) bool { return slices.ContainsFunc(next, g.sameAs) })
	now := s.now()
	for _, g := range append(slices.Clone(added), removed...) {
		if !mayGive(actor, own, g, s.Permissions(), now) {
			return errBeyond
		}
	}
	for _, g := range added {
		if g.UntilAt != 0 && g.UntilAt <= now {
			return errs.InvalidFields([]errs.Field{{Field: "grants", Key: "org.until_past"}})
		}
	}
	if duty, was := administers(removed); was {
		if _, is := administers(next); !is {
			if err := s.notLast(ctx, tx, p, duty); err != nil {
				return err
			}
		}
	}
	return s.writeGrants(ctx, tx, p, added, removed)
}

func (s *Service) writeGrants(ctx context.Context, tx *db.Tx, p Staff, added, removed []Grant) error {
	for _, g := range removed {
		if _, err := tx.Exec(ctx, "delete from staff_grant where id = $1", g.ID); err != nil {
			return err
		}
	}
	for _, g := range added {
		_, err := tx.Exec(ctx, `insert into staff_grant (staff_id, role, unit_id, account_id, until_at, created_at, created_by)
			values ($1, $2, $3, $4, $5, $6, $7)`,
			p.ID, g.Role.Key, g.UnitID, g.Account, g.UntilAt, s.now(), actorStaff(access.From(ctx)))
		if err != nil {
			return err
		}
	}
	if err := s.saveStaff(ctx, tx, p); err != nil {
		return err
	}
	if err := s.touched(tx, p.ID); err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, audit.Entry{Verb: "grant", Object: "staff", ID: p.ID, Unit: p.Unit,
		Detail: map[string]any{"added": grantWords(added), "removed": grantWords(removed)}})
}

// grantWords writes grants for the audit: "editor@4", "agent@7#2".
func grantWords(list []Grant) []string {
	out := []string{}
	for _, g := range list {
		w := g.Role.Key + "@" + itoa(g.UnitID)
		if g.Account != 0 {
			w += "#" + itoa(g.Account)
		}
		if g.UntilAt != 0 {
			w += "<" + itoa(g.UntilAt)
		}
		out = append(out, w)
	}
	return out
}

// actorStaff is the staff id behind an actor, 0 for anybody else.
func actorStaff(a access.Actor) int64 {
	if a.Kind == access.Staff {
		return a.ID
	}
	return 0
}
