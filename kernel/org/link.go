package org

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Invitation is a one-time link for somebody to set their password. Token is shown once and not kept. The console's page
// takes it from the address's fragment, which browsers never send, so that it stands in no log.
type Invitation struct {
	StaffID   int64
	Login     string
	Name      string
	Token     string
	ExpiresAt int64 // ms

	FactorKept bool // a second factor is set and stays
}

// Path is the address of the invitation's page below the public URL.
func (i Invitation) Path() string { return "/console/activate#" + i.Token }

func linkHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// invite makes a link for a person; links made for them before are worth nothing any more.
func (s *Service) invite(ctx context.Context, tx *db.Tx, p Staff) (Invitation, error) {
	now := s.now()
	i := Invitation{StaffID: p.ID, Login: p.Login, Name: p.Name, Token: crypt.RandomToken(),
		ExpiresAt: now + s.number(ctx, SettingLinkHours)*time.Hour.Milliseconds()}
	if err := dropLinks(ctx, tx, p.ID); err != nil {
		return Invitation{}, err
	}
	_, err := tx.Exec(ctx, "insert into staff_link (hash, staff_id, created_at, created_by, expires_at) values ($1, $2, $3, $4, $5)",
		linkHash(i.Token), p.ID, now, actorStaff(access.From(ctx)), i.ExpiresAt)
	return i, errs.Wrap(err, "make a link for staff %d", p.ID)
}

func dropLinks(ctx context.Context, tx *db.Tx, staff int64) error {
	_, err := tx.Exec(ctx, "delete from staff_link where staff_id = $1", staff)
	return errs.Wrap(err, "drop links of staff %d", staff)
}

// errLink is the one answer to a link that is used, expired, replaced or invented.
var errLink = errs.New(errs.NotFound, "org.link_dead")

// byLink returns whom a living link is for.
func (s *Service) byLink(ctx context.Context, q db.Queryer, token string) (Staff, error) {
	id, err := db.One(ctx, q, db.Value[int64], "select staff_id from staff_link where hash = $1 and expires_at > $2", linkHash(token), s.now())
	if errs.Is(err, errs.NotFound) {
		return Staff{}, errLink
	}
	if err != nil {
		return Staff{}, errs.Wrap(err, "look up a link")
	}
	p, err := s.staffByID(ctx, q, id)
	if err == nil && p.State(s.now()) != Active && p.State(s.now()) != Invited {
		return Staff{}, errLink
	}
	return p, err
}
