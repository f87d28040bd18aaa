package state

import (
	"context"

	"weizheng/platform/db"
)

// Block puts contacts on their account's blacklist; who is on it keeps their place.
func (s *Store) Block(ctx context.Context, tx *db.Tx, contacts []int64) error {
	for _, c := range contacts {
		place, err := nextSerial(ctx, tx, "blacklist")
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "update contact set blocked=$1 where n=$2 and blocked=0", place, c); err != nil {
			return err
		}
	}
	return nil
}

// Unblock takes contacts off the blacklist.
func (s *Store) Unblock(ctx context.Context, tx *db.Tx, contacts []int64) error {
	in, args := placeholders(contacts, 1)
	_, err := tx.Exec(ctx, "update contact set blocked=0 where n in ("+in+")", args...)
	return err
}

// Blacklist returns up to limit openids of an account's blacklist that were put there after the openid "after" ("" from
// the start), and how many it has. ErrNoCitizen when after is no contact of the account.
func (s *Store) Blacklist(ctx context.Context, account int64, after string, limit int) (list []string, total int64, err error) {
	var from int64
	if after != "" {
		c, err := s.ContactByOpenID(ctx, s.db, after)
		if err != nil || c.Account != account {
			return nil, 0, ErrNoCitizen
		}
		from = c.Blocked
	}
	list, err = db.All(ctx, s.db, db.Value[string],
		"select openid from contact where account=$1 and blocked>$2 order by blocked limit $3", account, from, limit)
	if err != nil {
		return nil, 0, err
	}
	total, err = db.One(ctx, s.db, db.Value[int64], "select count(*) from contact where account=$1 and blocked>0", account)
	return list, total, err
}

// SetMuted notes whether a citizen takes an account's messages (the switch 接收消息 of its page).
func (s *Store) SetMuted(ctx context.Context, tx *db.Tx, contact int64, muted bool) error {
	_, err := tx.Exec(ctx, "update contact set muted=$1 where n=$2", muted, contact)
	return err
}
