package org

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"weizheng/kernel/audit"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// RoleIn is a role as an editor writes it; Version 0 makes a new one.
type RoleIn struct {
	Key         string
	Name        string
	Text        string
	Permissions []string
	Gives       []string
	Version     int64
}

var roleKeyShape = regexp.MustCompile(`^[a-z][a-z0-9_]{1,30}$`)

// reserved are the nouns of the administrators' own duties that no other role may hold.
var reserved = []string{"audit.", "role."}

// Validate returns every fault of the fields; declared are the permissions of all parts.
func (in *RoleIn) Validate(declared []string) error {
	var f faults
	in.Name, in.Text = strings.TrimSpace(in.Name), strings.TrimSpace(in.Text)
	f.text("name", in.Name, 1, 20)
	f.text("text", in.Text, 0, 200)
	if !roleKeyShape.MatchString(in.Key) {
		f.add("key", "org.role_key")
	}
	for i, p := range in.Permissions {
		place := "permissions[" + strconv.Itoa(i) + "]"
		switch {
		case len(Role{Permissions: []string{p}}.resolve(declared)) == 0:
			f.add(place, "org.no_permission")
		case slices.ContainsFunc(reserved, func(r string) bool { return strings.HasPrefix(p, r) }):
			f.add(place, "org.permission_reserved")
		}
	}
	return errs.InvalidFields(f)
}

// PutRole makes a role of the house's own, or changes one that is no administrator's. Whoever holds it has the new rights
// within a second.
func (s *Service) PutRole(ctx context.Context, in RoleIn) error {
	if err := in.Validate(s.Permissions()); err != nil {
		return err
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := checkGives(ctx, tx, in.Gives); err != nil {
			return err
		}
		if err := s.writeRole(ctx, tx, in); err != nil {
			return err
		}
		if err := s.touched(tx, 0); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "change", Object: "role",
			Detail: map[string]any{"role": in.Key, "permissions": in.Permissions, "gives": in.Gives}})
	})
	return errs.Wrap(err, "change role %s", in.Key)
}

func (s *Service) writeRole(ctx context.Context, tx *db.Tx, in RoleIn) error {
	old, err := db.One(ctx, tx, scanRole, "select "+roleColumns+" from role r where r.key = $1"+tx.Dialect().ForUpdate(), in.Key)
	switch {
	case errs.Is(err, errs.NotFound) && in.Version == 0:
		_, err = tx.Exec(ctx, `insert into role (key, name, text, duty, permissions, gives, builtin, edited, updated_at, version)
			values ($1, $2, $3, '', $4, $5, false, true, $6, 1)`,
			in.Key, in.Name, in.Text, encodeList(in.Permissions), encodeList(in.Gives), s.now())
		return err
	case errs.Is(err, errs.NotFound):
		return errs.New(errs.NotFound, "org.no_role")
	case err != nil:
		return err
	case old.Duty != "":
		return errs.New(errs.Denied, "org.role_of_administrator")
	case old.Version != in.Version:
		return errs.New(errs.Conflict, "db.stale")
	}
	_, err = tx.Exec(ctx, `update role set name = $2, text = $3, permissions = $4, gives = $5, edited = true, updated_at = $6,
		version = version + 1 where key = $1`,
		in.Key, in.Name, in.Text, encodeList(in.Permissions), encodeList(in.Gives), s.now())
	return err
}

// checkGives lets a role give working roles only.
func checkGives(ctx context.Context, tx *db.Tx, gives []string) error {
	var f faults
	for i, key := range gives {
		r, err := db.One(ctx, tx, scanRole, "select "+roleColumns+" from role r where r.key = $1", key)
		switch {
		case errs.Is(err, errs.NotFound):
			f.add("gives["+strconv.Itoa(i)+"]", "org.no_role")
		case err != nil:
			return err
		case r.Duty != "":
			f.add("gives["+strconv.Itoa(i)+"]", "org.role_of_administrator")
		}
	}
	return errs.InvalidFields(f)
}
