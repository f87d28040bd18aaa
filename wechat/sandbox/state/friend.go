package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
)

// FriendItem is a message between two citizens as it stands on the owner's phone.
type FriendItem struct {
	N, Owner, Friend int64
	Mine             bool
	At               int64 // civil
	Type             string
	Body             map[string]any
	Seen             bool
}

const friendColumns = "n, owner, friend, mine, at, type, body, seen"

func scanFriendItem(scan db.Scan) (FriendItem, error) {
	var i FriendItem
	var body []byte
	if err := scan(&i.N, &i.Owner, &i.Friend, &i.Mine, &i.At, &i.Type, &body, &i.Seen); err != nil {
		return i, err
	}
	return i, json.Unmarshal(body, &i.Body)
}

// TellFriend puts a message on both phones and returns its place on the sender's.
func (s *Store) TellFriend(ctx context.Context, from, to Citizen, typ string, body map[string]any) (n int64, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	const insert = `insert into friend_item (owner, friend, mine, at, type, body, seen) values ($1, $2, $3, $4, $5, $6, $7) returning n`
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		at := s.Civil()
		if err := tx.QueryRow(ctx, insert, from.N, to.N, true, at, typ, string(text), true).Scan(&n); err != nil {
			return err
		}
		var other int64
		return tx.QueryRow(ctx, insert, to.N, from.N, false, at, typ, string(text), false).Scan(&other)
	})
	if err == nil {
		s.Hint(Hint{Topic: "friend", Citizen: from.ID})
		s.Hint(Hint{Topic: "friend", Citizen: to.ID})
	}
	return n, err
}

// FriendTalk returns up to limit messages before the one named (0: the newest), oldest first, and whether there are older.
func (s *Store) FriendTalk(ctx context.Context, owner, friend, before int64, limit int) (items []FriendItem, more bool, err error) {
	if before <= 0 {
		before = 1 << 62
	}
	items, err = db.All(ctx, s.db, scanFriendItem, "select "+friendColumns+` from friend_item
		where owner=$1 and friend=$2 and n<$3 order by n desc limit $4`, owner, friend, before, limit+1)
	if err != nil {
		return nil, false, err
	}
	if more = len(items) > limit; more {
		items = items[:limit]
	}
	for i, j := 0, len(items)-1; i < j; i, j = i+1, j-1 {
		items[i], items[j] = items[j], items[i]
	}
	return items, more, nil
}

// Friendship is one row of a citizen's list of talks with friends.
type Friendship struct {
	Friend int64
	Last   int64 // the newest message
	Unread int
}

// Friendships lists whom a citizen has talked with, the newest first.
func (s *Store) Friendships(ctx context.Context, owner int64) ([]Friendship, error) {
	return db.All(ctx, s.db, func(scan db.Scan) (f Friendship, err error) {
		return f, scan(&f.Friend, &f.Last, &f.Unread)
	}, `select friend, max(n), sum(case when seen then 0 else 1 end) from friend_item where owner=$1
		group by friend order by max(n) desc`, owner)
}

// SeeFriend marks all that a friend said as read.
func (s *Store) SeeFriend(ctx context.Context, owner Citizen, friend int64) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "update friend_item set seen=$1 where owner=$2 and friend=$3 and not seen", true, owner.N, friend)
		return err
	})
	if err == nil {
		s.Hint(Hint{Topic: "friend", Citizen: owner.ID})
	}
	return err
}
