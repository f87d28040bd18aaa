package state

import (
	"context"
	"strconv"
	"sync/atomic"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Contact is a citizen as one account knows them.
type Contact struct {
	N, Account, Citizen int64
	OpenID              string
	Subscribed          bool
	Seq                 int64  // order of subscription
	SubscribedAt        int64  // civil
	How                 string // subscribe_scene
	QRScene             int64
	QRSceneStr          string
	Remark              string
	TouchedAt           int64 // civil instant of the last interaction
	TypingUntil         int64 // civil
	Unread              int
	Blocked             int64 // order in the account's blacklist; 0: not in it
	Muted               bool  // does not take the account's messages
}

const contactColumns = `n, account, citizen, openid, subscribed, seq, subscribed_at, how, qr_scene, qr_scene_str, remark,
	touched_at, typing_until, unread, blocked, muted`

func scanContact(scan db.Scan) (Contact, error) {
	var c Contact
	err := scan(&c.N, &c.Account, &c.Citizen, &c.OpenID, &c.Subscribed, &c.Seq, &c.SubscribedAt, &c.How, &c.QRScene,
		&c.QRSceneStr, &c.Remark, &c.TouchedAt, &c.TypingUntil, &c.Unread, &c.Blocked, &c.Muted)
	return c, err
}

// ContactByOpenID finds who an openid is, in whatever account.
func (s *Store) ContactByOpenID(ctx context.Context, q db.Queryer, openid string) (Contact, error) {
	c, err := db.One(ctx, q, scanContact, "select "+contactColumns+" from contact where openid=$1", openid)
	return c, none(err, ErrNoCitizen)
}

// Contact finds a citizen in an account; ErrNoCitizen when they never met.
func (s *Store) Contact(ctx context.Context, q db.Queryer, account, citizen int64) (Contact, error) {
	c, err := db.One(ctx, q, scanContact, "select "+contactColumns+" from contact where citizen=$1 and account=$2",
		citizen, account)
	return c, none(err, ErrNoCitizen)
}

// Meet finds or makes the contact of a citizen with an account; making one is not following.
func (s *Store) Meet(ctx context.Context, tx *db.Tx, a *Account, c Citizen) (Contact, error) {
	found, err := s.Contact(ctx, tx, a.N, c.N)
	if err == nil || !errs.Is(err, errs.NotFound) {
		return found, err
	}
	return db.One(ctx, tx, scanContact, `insert into contact (account, citizen, openid, subscribed, seq, subscribed_at, how,
		qr_scene, qr_scene_str, remark, touched_at, typing_until, unread)
		values ($1, $2, $3, $4, 0, 0, '', 0, '', '', 0, 0, 0) returning `+contactColumns,
		a.N, c.N, s.OpenID(a.ID, c.ID), false)
}

// Subscribe makes the contact a follower as of c's How, QRScene and QRSceneStr, at the end of the list of followers.
func (s *Store) Subscribe(ctx context.Context, tx *db.Tx, c Contact) error {
	_, err := tx.Exec(ctx, `update contact set subscribed=$1, seq=$2, subscribed_at=$3, how=$4, qr_scene=$5,
		qr_scene_str=$6 where n=$7`, true, s.lastSeq.Add(1), s.Civil(), c.How, c.QRScene, c.QRSceneStr, c.N)
	if err != nil {
		return err
	}
	if err := s.moved(ctx, tx, c.Account, c.How, s.Civil(), 1, 0); err != nil {
		return err
	}
	tx.AfterCommit(func() { s.fanCount(c.Account).Add(1) })
	return s.forgetMenu(ctx, tx, c.Account, c.Citizen) // who follows again gets the menu anew
}

// Unsubscribe ends it: remark, tags and allowances are gone, as with WeChat.
func (s *Store) Unsubscribe(ctx context.Context, tx *db.Tx, c Contact) error {
	if err := s.untagAll(ctx, tx, c.N, c.Account); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "delete from allowance where contact=$1", c.N); err != nil {
		return err
	}
	if err := s.moved(ctx, tx, c.Account, c.How, s.Civil(), 0, 1); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "update contact set subscribed=$1, remark='' where n=$2", false, c.N)
	tx.AfterCommit(func() { s.fanCount(c.Account).Add(-1) })
	return err
}

// SetRemark changes the remark of a follower.
func (s *Store) SetRemark(ctx context.Context, contact int64, remark string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "update contact set remark=$1 where n=$2", remark, contact)
		return err
	})
}

// SetTyping notes until when the account is shown as typing.
func (s *Store) SetTyping(ctx context.Context, contact, until int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "update contact set typing_until=$1 where n=$2", until, contact)
		return err
	})
}

// MarkRead empties the unread counter.
func (s *Store) MarkRead(ctx context.Context, contact int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "update contact set unread=0 where n=$1", contact)
		return err
	})
}

// Followers returns up to limit openids that come after the follower "after" ("" from the start), in the order of
// subscription. ErrNoCitizen when after is no contact of the account.
func (s *Store) Followers(ctx context.Context, account int64, after string, limit int) ([]string, error) {
	var from int64
	if after != "" {
		c, err := s.ContactByOpenID(ctx, s.db, after)
		if err != nil || c.Account != account {
			return nil, ErrNoCitizen
		}
		from = c.Seq
	}
	return db.All(ctx, s.db, db.Value[string],
		"select openid from contact where account=$1 and subscribed and seq>$2 order by seq limit $3", account, from, limit)
}

// FollowerCount is how many follow the account.
func (s *Store) FollowerCount(account int64) int64 { return s.fanCount(account).Load() }

func (s *Store) fanCount(account int64) *atomic.Int64 {
	v, _ := s.fans.LoadOrStore(account, new(atomic.Int64))
	return v.(*atomic.Int64)
}

func (s *Store) countFans(ctx context.Context, account int64) error {
	if _, known := s.fans.Load(account); known {
		return nil
	}
	n, err := db.One(ctx, s.db, db.Value[int64], "select count(*) from contact where account=$1 and subscribed", account)
	s.fanCount(account).Store(n)
	return err
}

// ContactsOf lists all contacts of one citizen.
func (s *Store) ContactsOf(ctx context.Context, citizen int64) ([]Contact, error) {
	return db.All(ctx, s.db, scanContact, "select "+contactColumns+" from contact where citizen=$1 order by account", citizen)
}

// ContactsByOpenID finds many at once; openids of nobody are left out.
func (s *Store) ContactsByOpenID(ctx context.Context, q db.Queryer, openids []string) (map[string]Contact, error) {
	in, args := placeholders(openids, 1)
	list, err := db.All(ctx, q, scanContact, "select "+contactColumns+" from contact where openid in ("+in+")", args...)
	found := make(map[string]Contact, len(list))
	for _, c := range list {
		found[c.OpenID] = c
	}
	return found, err
}

// placeholders makes "$first,$first+1,…" and its arguments; for an empty list "null", which nothing equals.
func placeholders[T any](values []T, first int) (string, []any) {
	if len(values) == 0 {
		return "null", nil
	}
	text := ""
	args := make([]any, len(values))
	for i, v := range values {
		if i > 0 {
			text += ","
		}
		text += "$" + strconv.Itoa(first+i)
		args[i] = v
	}
	return text, args
}
