package state

import (
	"context"

	"weizheng/platform/db"
)

// sessionLasts is how long a session goes on after its last word, in civil milliseconds. WeChat docs: 客服会话控制, which says
// that it stops forwarding after 30 minutes; from when it counts is unverified.
const sessionLasts = 30 * 60 * 1000

// Session is a citizen who is being served, or waits (Worker 0).
type Session struct {
	Contact, Account, Worker int64
	OpenID                   string
	MadeAt, LatestAt         int64 // civil
}

const sessionColumns = "s.contact, s.account, s.worker, c.openid, s.made_at, s.latest_at"

func scanSession(scan db.Scan) (Session, error) {
	var s Session
	err := scan(&s.Contact, &s.Account, &s.Worker, &s.OpenID, &s.MadeAt, &s.LatestAt)
	return s, err
}

// Sessions lists those of a worker, or for 0 those who wait, in the order in which they began.
func (s *Store) Sessions(ctx context.Context, q db.Queryer, account, worker int64, limit int) ([]Session, error) {
	return db.All(ctx, q, scanSession, "select "+sessionColumns+` from service_session s join contact c on c.n=s.contact
		where s.account=$1 and s.worker=$2 and s.latest_at>$3 order by s.made_at, s.contact limit $4`, account, worker,
		s.Civil()-sessionLasts, limit)
}

// Session finds a contact's; ok is false when there is none or it has ended by itself.
func (s *Store) Session(ctx context.Context, q db.Queryer, contact int64) (found Session, ok bool, err error) {
	list, err := db.All(ctx, q, scanSession, "select "+sessionColumns+` from service_session s join contact c on c.n=s.contact
		where s.contact=$1 and s.latest_at>$2`, contact, s.Civil()-sessionLasts)
	if err != nil || len(list) == 0 {
		return Session{}, false, err
	}
	return list[0], true, nil
}

// OpenSession gives a contact to a worker, or for 0 lets them wait.
func (s *Store) OpenSession(ctx context.Context, tx *db.Tx, c Contact, worker int64) error {
	_, err := tx.Exec(ctx, `insert into service_session (contact, account, worker, made_at, latest_at) values ($1, $2, $3, $4, $4)
		on conflict (contact) do update set worker=excluded.worker, made_at=excluded.made_at, latest_at=excluded.latest_at`,
		c.N, c.Account, worker, s.Civil())
	return err
}

// TouchSession notes a word.
func (s *Store) TouchSession(ctx context.Context, tx *db.Tx, contact int64) error {
	_, err := tx.Exec(ctx, "update service_session set latest_at=$1 where contact=$2", s.Civil(), contact)
	return err
}

// CloseSession ends it.
func (s *Store) CloseSession(ctx context.Context, tx *db.Tx, contact int64) error {
	_, err := tx.Exec(ctx, "delete from service_session where contact=$1", contact)
	return err
}

// The opercodes of records. WeChat docs: getMsgList.
const (
	WorkerSaid  = 2002
	WorkerHeard = 2003
)

// ServiceRecord is a word of customer service.
type ServiceRecord struct {
	N                    int64
	OpenID, Worker, Text string
	Code                 int
	At                   int64 // civil
}

// AddServiceRecord keeps one.
func (s *Store) AddServiceRecord(ctx context.Context, tx *db.Tx, account int64, r ServiceRecord) error {
	_, err := tx.Exec(ctx, "insert into service_record (account, openid, worker, code, text, at) values ($1, $2, $3, $4, $5, $6)",
		account, r.OpenID, r.Worker, r.Code, r.Text, s.Civil())
	return err
}

// ServiceRecords lists up to limit records of the civil instants from…to, from number n on.
func (s *Store) ServiceRecords(ctx context.Context, account, from, to, n int64, limit int) ([]ServiceRecord, error) {
	return db.All(ctx, s.db, func(scan db.Scan) (ServiceRecord, error) {
		var r ServiceRecord
		err := scan(&r.N, &r.OpenID, &r.Worker, &r.Code, &r.Text, &r.At)
		return r, err
	}, `select n, openid, worker, code, text, at from service_record where account=$1 and at>=$2 and at<=$3 and n>=$4
		order by n limit $5`, account, from, to, n, limit)
}
