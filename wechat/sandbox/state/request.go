package state

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Request is a call of the server API that failed. What of it was secret is masked.
type Request struct {
	RID       string
	Account   int64
	InvokedAt int64 // wall
	TookMS    int64
	Query     string
	Body      string
	Answer    string
	IP        string
}

// requestsLast is how long failed calls can be looked up, in civil milliseconds. WeChat docs: getRidInfo.
const requestsLast = 7 * 24 * 3600 * 1000

// ErrNoRequest is a rid of no call that failed in the last seven days.
var ErrNoRequest = errs.New(errs.NotFound, "sandbox.unknown_request")

// KeepRequest records a call that failed, and forgets what nobody can look up any more.
func (s *Store) KeepRequest(ctx context.Context, r Request) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "delete from request where at<$1", s.Civil()-requestsLast); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into request (rid, account, at, invoked_at, took_ms, query, body, answer, ip)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, r.RID, r.Account, s.Civil(), r.InvokedAt, r.TookMS, r.Query, r.Body, r.Answer, r.IP)
		return err
	})
}

// FindRequest finds a failed call, of whatever account.
func (s *Store) FindRequest(ctx context.Context, rid string) (Request, error) {
	r, err := db.One(ctx, s.db, func(scan db.Scan) (Request, error) {
		var r Request
		err := scan(&r.RID, &r.Account, &r.InvokedAt, &r.TookMS, &r.Query, &r.Body, &r.Answer, &r.IP)
		return r, err
	}, "select rid, account, invoked_at, took_ms, query, body, answer, ip from request where rid=$1 and at>=$2", rid, s.Civil()-requestsLast)
	return r, none(err, ErrNoRequest)
}
