package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
)

// AutoReply is the rules of automatic replies that an account's website has, as WeChat's JSON; nil without any.
func (s *Store) AutoReply(ctx context.Context, account int64) (json.RawMessage, error) {
	list, err := db.All(ctx, s.db, db.Value[string], "select doc from autoreply where account=$1", account)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return json.RawMessage(list[0]), nil
}

// SetAutoReply replaces them; nil removes them. They must be an object.
func (s *Store) SetAutoReply(ctx context.Context, account int64, rules json.RawMessage) error {
	var object map[string]any
	if err := json.Unmarshal(rules, &object); err != nil {
		return invalid("rules", "json")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if object == nil {
			_, err := tx.Exec(ctx, "delete from autoreply where account=$1", account)
			return err
		}
		_, err := tx.Exec(ctx, "insert into autoreply (account, doc) values ($1, $2) on conflict (account) do update set doc=excluded.doc",
			account, string(rules))
		return err
	})
}
