package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
)

// Notice is one line in the chat 服务通知 of a phone. Body holds what API.md says.
type Notice struct {
	N, Account, Citizen int64
	At                  int64  // civil
	Kind                string // template, once, subscription
	Body                map[string]any
	Unread              bool
}

// AddNotice appends one at the present civil instant and tells the phone.
func (s *Store) AddNotice(ctx context.Context, tx *db.Tx, n Notice) error {
	body, err := json.Marshal(n.Body)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "insert into notice (account, citizen, at, kind, body, unread) values ($1, $2, $3, $4, $5, $6)",
		n.Account, n.Citizen, s.Civil(), n.Kind, string(body), true); err != nil {
		return err
	}
	id, err := db.One(ctx, tx, db.Value[string], "select id from citizen where n=$1", n.Citizen)
	a := s.AccountN(n.Account)
	if err != nil || a == nil {
		return err
	}
	tx.AfterCommit(func() { s.Hint(Hint{Topic: "notice", Account: a.ID, Citizen: id}) })
	return nil
}

// Notices returns up to limit notices of a citizen before number before (0: the newest), newest first, and whether there
// are older.
func (s *Store) Notices(ctx context.Context, citizen, before int64, limit int) (list []Notice, more bool, err error) {
	if before <= 0 {
		before = 1 << 62
	}
	list, err = db.All(ctx, s.db, func(scan db.Scan) (Notice, error) {
		var n Notice
		var body []byte
		if err := scan(&n.N, &n.Account, &n.Citizen, &n.At, &n.Kind, &body, &n.Unread); err != nil {
			return n, err
		}
		return n, json.Unmarshal(body, &n.Body)
	}, `select n, account, citizen, at, kind, body, unread from notice where citizen=$1 and n<$2 order by n desc limit $3`,
		citizen, before, limit+1)
	if err != nil {
		return nil, false, err
	}
	if more = len(list) > limit; more {
		list = list[:limit]
	}
	return list, more, nil
}

// UnreadNotices counts what a citizen has not seen.
func (s *Store) UnreadNotices(ctx context.Context, citizen int64) (int64, error) {
	return db.One(ctx, s.db, db.Value[int64], "select count(*) from notice where citizen=$1 and unread", citizen)
}

// ReadNotices marks all of a citizen's as seen.
func (s *Store) ReadNotices(ctx context.Context, citizen int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "update notice set unread=$1 where citizen=$2 and unread", false, citizen)
		return err
	})
}
