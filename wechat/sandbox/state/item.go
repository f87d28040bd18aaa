package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
)

// Who an item is from.
const (
	FromCitizen = "citizen"
	FromAccount = "account"
	FromSystem  = "system"
)

// The states of a citizen's item on its way to the account.
const (
	DeliveryNone    = "none"
	DeliveryPending = "pending"
	DeliveryOK      = "ok"
	DeliveryFailed  = "failed"
)

// Item is one bubble of a chat. Body holds what its type has, see API.md.
type Item struct {
	N, Account, Citizen int64
	At, WallAt          int64
	From, Origin, Type  string
	Body                map[string]any
	State               string // a delivery state; "" for what the account or the system says
	Tries               int
	MsgID               int64
}

const itemColumns = "n, account, citizen, at, wall_at, sender, origin, type, body, state, tries, msg_id"

func scanItem(scan db.Scan) (Item, error) {
	var i Item
	var body []byte
	if err := scan(&i.N, &i.Account, &i.Citizen, &i.At, &i.WallAt, &i.From, &i.Origin, &i.Type, &body, &i.State, &i.Tries,
		&i.MsgID); err != nil {
		return i, err
	}
	return i, json.Unmarshal(body, &i.Body)
}

// AddItem appends to a chat at the present instants, counts it as unread unless the citizen wrote it, and hints.
func (s *Store) AddItem(ctx context.Context, tx *db.Tx, i Item) (int64, error) {
	if err := s.settle(ctx, tx, i.Account, i.Citizen); err != nil {
		return 0, err
	}
	i.At, i.WallAt = s.Civil(), s.Wall()
	return s.insertItem(ctx, tx, i)
}

// insertItem appends an item that says its instants itself.
func (s *Store) insertItem(ctx context.Context, tx *db.Tx, i Item) (int64, error) {
	body, err := json.Marshal(i.Body)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `insert into item (account, citizen, at, wall_at, sender, origin, type, body, state, tries, msg_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning n`, i.Account, i.Citizen, i.At, i.WallAt, i.From,
		i.Origin, i.Type, string(body), i.State, i.Tries, i.MsgID).Scan(&i.N)
	if err != nil {
		return 0, err
	}
	if i.From == FromAccount {
		if _, err := tx.Exec(ctx, "update contact set unread=unread+1 where citizen=$1 and account=$2", i.Citizen,
			i.Account); err != nil {
			return 0, err
		}
	}
	s.hintChat(ctx, tx, i.Account, i.Citizen)
	return i.N, nil
}

// hintChat tells the citizen's phone after the commit.
func (s *Store) hintChat(ctx context.Context, tx *db.Tx, account, citizen int64) {
	id, err := db.One(ctx, tx, db.Value[string], "select id from citizen where n=$1", citizen)
	a := s.AccountN(account)
	if err != nil || a == nil {
		return // nobody to tell
	}
	tx.AfterCommit(func() { s.Hint(Hint{Topic: "chat", Account: a.ID, Citizen: id}) })
}

// Chat returns up to limit items before the item "before" (0: the newest), oldest first, and whether there are older.
func (s *Store) Chat(ctx context.Context, account, citizen, before int64, limit int) (items []Item, more bool, err error) {
	if err := s.settleChat(ctx, account, citizen); err != nil {
		return nil, false, err
	}
	if before <= 0 {
		before = 1 << 62
	}
	items, err = db.All(ctx, s.db, scanItem, "select "+itemColumns+` from item
		where account=$1 and citizen=$2 and n<$3 order by n desc limit $4`, account, citizen, before, limit+1)
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

// LastItem returns the newest item of a chat; ok is false for an empty chat.
func (s *Store) LastItem(ctx context.Context, account, citizen int64) (item Item, ok bool, err error) {
	items, _, err := s.Chat(ctx, account, citizen, 0, 1)
	if err != nil || len(items) == 0 {
		return Item{}, false, err
	}
	return items[0], true, nil
}
