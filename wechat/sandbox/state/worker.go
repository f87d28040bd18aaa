package state

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// firstWorker is the first kf_id of an account.
const firstWorker = 1001

// The states of an invitation.
const (
	InviteWaiting  = "waiting"
	InviteRejected = "rejected"
	InviteExpired  = "expired"
)

// Worker is a customer-service account. Person is the citizen who is bound to it; before that it cannot be used.
type Worker struct {
	N, Account, ID   int64
	Name, Nick, Head string
	Person, Invited  string // citizens
	InviteUntil      int64  // civil
	InviteState      string
	Online           bool
}

// Invite is the state of the invitation at a civil instant.
func (w Worker) Invite(now int64) string {
	if w.InviteState == InviteWaiting && w.InviteUntil <= now {
		return InviteExpired
	}
	return w.InviteState
}

const workerColumns = "n, account, id, name, nick, head, person, invited, invite_until, invite_state, online"

func scanWorker(scan db.Scan) (Worker, error) {
	var w Worker
	err := scan(&w.N, &w.Account, &w.ID, &w.Name, &w.Nick, &w.Head, &w.Person, &w.Invited, &w.InviteUntil, &w.InviteState, &w.Online)
	return w, err
}

// ErrNoWorker is for a customer-service account that is not there.
var ErrNoWorker = errs.New(errs.NotFound, "sandbox.unknown_worker")

// Workers lists an account's customer-service accounts by their ids.
func (s *Store) Workers(ctx context.Context, q db.Queryer, account int64) ([]Worker, error) {
	return db.All(ctx, q, scanWorker, "select "+workerColumns+" from worker where account=$1 order by id", account)
}

// Worker finds one by its name.
func (s *Store) Worker(ctx context.Context, q db.Queryer, account int64, name string) (Worker, error) {
	w, err := db.One(ctx, q, scanWorker, "select "+workerColumns+" from worker where account=$1 and name=$2", account, name)
	return w, none(err, ErrNoWorker)
}

// WorkerN finds one by its number.
func (s *Store) WorkerN(ctx context.Context, q db.Queryer, n int64) (Worker, error) {
	w, err := db.One(ctx, q, scanWorker, "select "+workerColumns+" from worker where n=$1", n)
	return w, none(err, ErrNoWorker)
}

// WorkersOf lists those to which a citizen is bound or invited, in all accounts.
func (s *Store) WorkersOf(ctx context.Context, citizen string) ([]Worker, error) {
	return db.All(ctx, s.db, scanWorker, "select "+workerColumns+` from worker
		where person=$1 or invited=$1 and invite_state='waiting' order by n`, citizen)
}

// AddWorker makes one.
func (s *Store) AddWorker(ctx context.Context, tx *db.Tx, account int64, name, nick string) error {
	n, err := nextSerial(ctx, tx, "kf/"+itoa(account))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into worker (account, name, id, nick, head, person, invited, invite_until, invite_state, online)
		values ($1, $2, $3, $4, '', '', '', 0, '', $5)`, account, name, firstWorker-1+n, nick, false)
	return err
}

// SetWorker stores what changed.
func (s *Store) SetWorker(ctx context.Context, tx *db.Tx, w Worker) error {
	return db.ExpectOne(tx.Exec(ctx, `update worker set nick=$1, head=$2, person=$3, invited=$4, invite_until=$5, invite_state=$6,
		online=$7 where n=$8`, w.Nick, w.Head, w.Person, w.Invited, w.InviteUntil, w.InviteState, w.Online, w.N))
}

// DeleteWorker removes one; whom it served waits again.
func (s *Store) DeleteWorker(ctx context.Context, tx *db.Tx, n int64) error {
	if _, err := tx.Exec(ctx, "update service_session set worker=0 where worker=$1", n); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "delete from worker where n=$1", n)
	return err
}
