// Package record knows what was public when: articles, menus, replies, pages, as the citizens saw them.
//
// A thing (kind, id) has intervals that follow each other and never overlap; each shows one content, which is kept once
// by its digest and never changed. The owner of a thing calls Put in the transaction that makes it public and End in the
// one that withdraws it; afterwards "what did the menu say on 3 May" is one query, and an inspector gets the very bytes.
// Instants are civil time. What was public is never deleted.
package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema returns the tables of this package.
func Schema() db.Schema {
	return db.Embedded("record", schemaFiles)
}

// Interval is a time during which one content of a thing was public: from FromAt, until just before UntilAt.
type Interval struct {
	ID      int64  `json:"id"`
	Kind    string `json:"kind"`
	Object  int64  `json:"object"`
	Account int64  `json:"account"`
	Digest  string `json:"digest"`             // SHA-256 in hex
	FromAt  int64  `json:"from_at"`            // ms
	UntilAt int64  `json:"until_at,omitempty"` // ms; 0 while public
}

// Service reads and writes the record.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{d} }

var (
	errBackward = errs.New(errs.Invalid, "record.backward")
	errEmpty    = errs.New(errs.Internal, "record.empty").Because(errors.New("Put without kind or object; End withdraws"))
)

// Put makes content the public state of a thing from an instant on: the interval before it, if any, ends there. The same
// content as now is no change. An instant before the beginning of the present state is Invalid "record.backward": what
// was public cannot be rewritten.
func (s *Service) Put(ctx context.Context, tx *db.Tx, kind string, id, account int64, content []byte, from time.Time) error {
	if kind == "" || id == 0 {
		return errEmpty
	}
	sum := sha256.Sum256(content)
	digest := hex.EncodeToString(sum[:])
	open, err := s.last(ctx, tx, kind, id)
	if err != nil {
		return err
	}
	at := clock.Millis(from)
	switch {
	case open.ID != 0 && at < max(open.FromAt, open.UntilAt):
		return errBackward
	case open.ID != 0 && open.UntilAt == 0 && open.Digest == digest && open.Account == account:
		return nil
	}
	if err := end(ctx, tx, open, at); err != nil {
		return err
	}
	if content == nil {
		content = []byte{}
	}
	if _, err := tx.Exec(ctx, "insert into record_content (digest, body) values ($1, $2) on conflict (digest) do nothing", digest, content); err != nil {
		return errs.Wrap(err, "record content of %s %d", kind, id)
	}
	_, err = tx.Exec(ctx, "insert into record_interval (kind, object_id, account_id, digest, from_at) values ($1, $2, $3, $4, $5)",
		kind, id, account, digest, at)
	return errs.Wrap(err, "record %s %d", kind, id)
}

// End says that a thing is public no more from an instant on; one that is not public stays so.
func (s *Service) End(ctx context.Context, tx *db.Tx, kind string, id int64, at time.Time) error {
	open, err := s.last(ctx, tx, kind, id)
	if err != nil || open.ID == 0 || open.UntilAt != 0 {
		return err
	}
	if clock.Millis(at) < open.FromAt {
		return errBackward
	}
	return end(ctx, tx, open, clock.Millis(at))
}

func end(ctx context.Context, tx *db.Tx, i Interval, at int64) error {
	if i.ID == 0 || i.UntilAt != 0 {
		return nil
	}
	err := db.ExpectOne(tx.Exec(ctx, "update record_interval set until_at = $2 where id = $1 and until_at is null", i.ID, at))
	return errs.Wrap(err, "end the record of %s %d", i.Kind, i.Object)
}

const columns = "id, kind, object_id, account_id, digest, from_at, coalesce(until_at, 0)"

func scan(scan db.Scan) (Interval, error) {
	var i Interval
	err := scan(&i.ID, &i.Kind, &i.Object, &i.Account, &i.Digest, &i.FromAt, &i.UntilAt)
	return i, err
}

// last returns the youngest interval of a thing, or the zero one.
func (s *Service) last(ctx context.Context, tx *db.Tx, kind string, id int64) (Interval, error) {
	i, err := db.One(ctx, tx, scan, "select "+columns+
		" from record_interval where kind = $1 and object_id = $2 order by from_at desc, id desc limit 1"+tx.Dialect().ForUpdate(), kind, id)
	if errs.Is(err, errs.NotFound) {
		return Interval{}, nil
	}
	return i, errs.Wrap(err, "find the record of %s %d", kind, id)
}

// At returns what was public of a thing at an instant; NotFound when nothing was.
func (s *Service) At(ctx context.Context, kind string, id int64, at time.Time) (Interval, error) {
	i, err := db.One(ctx, s.db, scan, "select "+columns+` from record_interval
		where kind = $1 and object_id = $2 and from_at <= $3 and (until_at is null or until_at > $3)
		order by from_at desc, id desc limit 1`, kind, id, clock.Millis(at))
	return i, errs.Wrap(err, "look up %s %d", kind, id)
}

// List returns the intervals of a thing, the youngest first.
func (s *Service) List(ctx context.Context, kind string, id int64) ([]Interval, error) {
	list, err := db.All(ctx, s.db, scan, "select "+columns+
		" from record_interval where kind = $1 and object_id = $2 order by from_at desc, id desc", kind, id)
	return list, errs.Wrap(err, "list the record of %s %d", kind, id)
}

// Public returns everything of a kind that an account had public at an instant, the oldest first. The caller has checked
// that the account is within reach.
func (s *Service) Public(ctx context.Context, account int64, kind string, at time.Time) ([]Interval, error) {
	list, err := db.All(ctx, s.db, scan, "select "+columns+` from record_interval
		where account_id = $1 and kind = $2 and from_at <= $3 and (until_at is null or until_at > $3)
		order by from_at, id`, account, kind, clock.Millis(at))
	return list, errs.Wrap(err, "list what was public of account %d", account)
}

// Content returns the bytes of a digest after checking that they are still the ones recorded.
func (s *Service) Content(ctx context.Context, digest string) ([]byte, error) {
	body, err := db.One(ctx, s.db, db.Value[[]byte], "select body from record_content where digest = $1", digest)
	if err != nil {
		return nil, errs.Wrap(err, "read recorded content")
	}
	sum := sha256.Sum256(body)
	if want, err := hex.DecodeString(digest); err != nil || !bytes.Equal(sum[:], want) {
		return nil, errs.New(errs.Internal, "record.damaged").Because(errors.New("content differs from its digest " + digest))
	}
	return body, nil
}
