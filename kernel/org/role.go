package org

import (
	"context"
	"encoding/json"
	"strings"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Duty is one of the three separated duties of administration (GB/T 22239, 8.1.10).
type Duty string

// The duties. Everybody else has none.
const (
	SystemDuty   Duty = "system"
	SecurityDuty Duty = "security"
	AuditDuty    Duty = "audit"
)

// Duties are the three, in the order in which `weizheng init` asks for people.
var Duties = []Duty{SystemDuty, SecurityDuty, AuditDuty}

// Role is a named list of permissions. A permission is a key, or "<noun>.*" for everything that parts declare about a
// noun. Gives names the roles that its holder may give within the grant's reach; "*" is all.
type Role struct {
	Key         string
	Name        string
	Text        string
	Duty        Duty
	Permissions []string
	Gives       []string
	Builtin     bool // of the default set
	Edited      bool // changed here: a new release leaves it alone
	UpdatedAt   int64
	Version     int64
}

// resolve returns the declared permissions that the role means.
func (r Role) resolve(declared []string) []string {
	var out []string
	for _, key := range declared {
		for _, p := range r.Permissions {
			noun, every := strings.CutSuffix(p, "*")
			if p == key || (every && strings.HasSuffix(noun, ".") && strings.HasPrefix(key, noun)) {
				out = append(out, key)
				break
			}
		}
	}
	return out
}

// mayGive reports whether the holder of r may give the role other.
func (r Role) mayGive(other string) bool {
	for _, g := range r.Gives {
		if g == other || g == "*" {
			return true
		}
	}
	return false
}

const roleColumns = "r.key, r.name, r.text, r.duty, r.permissions, r.gives, r.builtin, r.edited, r.updated_at, r.version"

// roleScan reads the role part of a row after other columns.
func roleScan(scan db.Scan, before ...any) (Role, error) {
	var r Role
	var permissions, gives string
	err := scan(append(before, &r.Key, &r.Name, &r.Text, &r.Duty, &permissions, &gives, &r.Builtin, &r.Edited, &r.UpdatedAt, &r.Version)...)
	if err != nil {
		return Role{}, err
	}
	if err := json.Unmarshal([]byte(permissions), &r.Permissions); err != nil {
		return Role{}, errs.Wrap(err, "read role %s", r.Key)
	}
	return r, errs.Wrap(json.Unmarshal([]byte(gives), &r.Gives), "read role %s", r.Key)
}

func scanRole(scan db.Scan) (Role, error) { return roleScan(scan) }

// Roles returns all roles: the default set in its own order, then the house's own.
func (s *Service) Roles(ctx context.Context) ([]Role, error) {
	list, err := db.All(ctx, s.DB, scanRole, "select "+roleColumns+" from role r order by r.key")
	if err != nil {
		return nil, errs.Wrap(err, "list roles")
	}
	var out []Role
	for _, d := range defaultRoles {
		for _, r := range list {
			if r.Key == d.Key {
				out = append(out, r)
			}
		}
	}
	for _, r := range list {
		if !r.Builtin {
			out = append(out, r)
		}
	}
	return out, nil
}

// encodeList keeps a list of keys as JSON text.
func encodeList(list []string) string {
	if list == nil {
		list = []string{}
	}
	b, err := json.Marshal(list)
	if err != nil { // strings always marshal
		panic(err)
	}
	return string(b)
}
