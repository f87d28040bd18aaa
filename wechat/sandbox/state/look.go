package state

import (
	"context"

	"weizheng/platform/db"
)

// Look is an article that some citizens say they are reading (在看), and since when the last of them does.
type Look struct {
	Article string
	At      int64 // civil
	Readers []int64
}

// LookAt puts an article into 看一看 for a citizen, or takes it out; doing either twice changes nothing.
func (s *Store) LookAt(ctx context.Context, article string, citizen int64, on bool) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if !on {
			_, err := tx.Exec(ctx, "delete from look where article=$1 and citizen=$2", article, citizen)
			return err
		}
		_, err := tx.Exec(ctx, "insert into look (article, citizen, at) values ($1, $2, $3) on conflict do nothing", article, citizen, s.Civil())
		return err
	})
	if err == nil {
		s.Hint(Hint{Topic: "look"})
	}
	return err
}

// Looks lists up to limit articles of 看一看, those chosen last first, each with its readers in the order of their coming.
func (s *Store) Looks(ctx context.Context, limit int) ([]Look, error) {
	list, err := db.All(ctx, s.db, func(scan db.Scan) (l Look, err error) {
		return l, scan(&l.Article, &l.At)
	}, "select article, max(at) from look group by article order by max(at) desc, article limit $1", limit)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Readers, err = db.All(ctx, s.db, db.Value[int64], "select citizen from look where article=$1 order by at, citizen", list[i].Article)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Looking reports whether a citizen has put an article into 看一看.
func (s *Store) Looking(ctx context.Context, article string, citizen int64) (bool, error) {
	n, err := db.One(ctx, s.db, db.Value[int64], "select count(*) from look where article=$1 and citizen=$2", article, citizen)
	return n > 0, err
}
