package state

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Crowd is a kept crowd; Doc is package crowd's.
type Crowd struct {
	N     int64
	State string
	Doc   []byte
}

// ErrNoCrowd is a crowd that is not there.
var ErrNoCrowd = errs.New(errs.NotFound, "sandbox.unknown_crowd")

// NextCrowd takes the number of a new crowd.
func (s *Store) NextCrowd(ctx context.Context) (n int64, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		n, err = nextSerial(ctx, tx, "crowd")
		return err
	})
	return n, err
}

// KeepCrowd writes a crowd as it is now.
func (s *Store) KeepCrowd(ctx context.Context, c Crowd) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into crowd (n, state, doc) values ($1, $2, $3)
			on conflict (n) do update set state=excluded.state, doc=excluded.doc`, c.N, c.State, string(c.Doc))
		return err
	})
}

// Crowds lists the newest crowds, newest first.
func (s *Store) Crowds(ctx context.Context, limit int) ([]Crowd, error) {
	return db.All(ctx, s.db, scanCrowd, "select n, state, doc from crowd order by n desc limit $1", limit)
}

// Crowd finds a crowd.
func (s *Store) Crowd(ctx context.Context, n int64) (Crowd, error) {
	c, err := db.One(ctx, s.db, scanCrowd, "select n, state, doc from crowd where n=$1", n)
	return c, none(err, ErrNoCrowd)
}

func scanCrowd(scan db.Scan) (Crowd, error) {
	var c Crowd
	err := scan(&c.N, &c.State, &c.Doc)
	return c, err
}
