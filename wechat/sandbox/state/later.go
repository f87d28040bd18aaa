package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// Later is something that falls due at a civil instant; package later does it then.
type Later struct {
	N     int64
	DueAt int64           // civil
	Kind  string          // names the handler
	Doc   json.RawMessage // what the handler needs to know
}

func scanLater(scan db.Scan) (Later, error) {
	var l Later
	var doc []byte
	err := scan(&l.N, &l.DueAt, &l.Kind, &doc)
	l.Doc = doc
	return l, err
}

// AddLater records in tx that the handler of kind has to be called with doc, written as JSON, once civil time reaches
// dueAt. What is due already is done within a fifth of a second after the commit.
func (s *Store) AddLater(ctx context.Context, tx *db.Tx, dueAt int64, kind string, doc any) error {
	b, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "insert into later (due_at, kind, doc) values ($1, $2, $3)", dueAt, kind, string(b))
	return err
}

// Due lists up to limit rows that are due after the given place in their order, the longest due first.
func (s *Store) Due(ctx context.Context, after Later, limit int) ([]Later, error) {
	return db.All(ctx, s.db, scanLater, `select n, due_at, kind, doc from later
		where due_at<=$1 and (due_at, n)>($2, $3) order by due_at, n limit $4`, s.Civil(), after.DueAt, after.N, limit)
}

// TakeLater removes a row; taken is false when somebody else did it before.
func (s *Store) TakeLater(ctx context.Context, tx *db.Tx, n int64) (taken bool, err error) {
	rows, err := tx.Exec(ctx, "delete from later where n=$1", n)
	return rows == 1, err
}

// WatchClock calls f, in the mover's goroutine, after every move of civil time.
func (s *Store) WatchClock(f func()) {
	if c, ok := s.civil.(*clock.Civil); ok {
		c.Watch(f)
	}
}
