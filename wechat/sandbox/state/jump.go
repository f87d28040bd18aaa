package state

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// ErrNoJump is a code without a rule.
var ErrNoJump = errs.New(errs.NotFound, "sandbox.unknown_jump")

// Jump is the rule that a code opens a mini program.
type Jump struct {
	Account   int64
	Prefix    string // what the code says
	AppID     string // the mini program
	Path      string
	Published bool
}

const jumpColumns = "account, prefix, appid, path, published"

func scanJump(scan db.Scan) (Jump, error) {
	var j Jump
	err := scan(&j.Account, &j.Prefix, &j.AppID, &j.Path, &j.Published)
	return j, err
}

// FindJump finds the rule of a code, published or not.
func (s *Store) FindJump(ctx context.Context, q db.Queryer, prefix string) (Jump, error) {
	j, err := db.One(ctx, q, scanJump, "select "+jumpColumns+" from jump where prefix=$1", prefix)
	return j, none(err, ErrNoJump)
}

// PutJump adds a rule or changes the one of its code.
func (s *Store) PutJump(ctx context.Context, tx *db.Tx, j Jump) error {
	_, err := tx.Exec(ctx, "insert into jump ("+jumpColumns+`) values ($1, $2, $3, $4, $5)
		on conflict (prefix) do update set appid=excluded.appid, path=excluded.path, published=excluded.published`,
		j.Account, j.Prefix, j.AppID, j.Path, j.Published)
	return err
}

// DropJump removes the rule of a code.
func (s *Store) DropJump(ctx context.Context, tx *db.Tx, prefix string) error {
	_, err := tx.Exec(ctx, "delete from jump where prefix=$1", prefix)
	return err
}

// Jumps lists the account's rules for a mini program, the oldest first.
func (s *Store) Jumps(ctx context.Context, account int64, appid string) ([]Jump, error) {
	return db.All(ctx, s.db, scanJump, "select "+jumpColumns+" from jump where account=$1 and appid=$2 order by n", account, appid)
}

// UsedMonth is how often a name was used in the present civil month.
func (s *Store) UsedMonth(ctx context.Context, account int64, name string) (int64, error) {
	list, err := db.All(ctx, s.db, db.Value[int64], "select used from monthly where account=$1 and name=$2 and month=$3", account, name,
		s.Today()[:len("2006-01")])
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}
