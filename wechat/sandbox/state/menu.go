package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
)

// Button is one button of a menu, as WeChat's JSON has it.
type Button struct {
	Type      string   `json:"type,omitempty"`
	Name      string   `json:"name"`
	Key       string   `json:"key,omitempty"`
	URL       string   `json:"url,omitempty"`
	AppID     string   `json:"appid,omitempty"`
	PagePath  string   `json:"pagepath,omitempty"`
	MediaID   string   `json:"media_id,omitempty"`
	ArticleID string   `json:"article_id,omitempty"`
	Sub       []Button `json:"sub_button"`
}

// Menu is an account's default menu.
type Menu struct {
	ID      int64 // MenuId of VIEW events
	Buttons []Button
	MadeAt  int64
}

// SetMenu replaces an account's menu.
func (s *Store) SetMenu(ctx context.Context, a *Account, buttons []Button) error {
	doc, err := json.Marshal(buttons)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into menu (account, id, doc, made_at) values ($1, $2, $3, $4) on conflict (account)
			do update set id=excluded.id, doc=excluded.doc, made_at=excluded.made_at`, a.N, randomNumber(), string(doc), s.Civil())
		return err
	})
	if err == nil {
		s.Hint(Hint{Topic: "menu", Account: a.ID})
	}
	return err
}

// Menu returns an account's menu; ok is false when it has none.
func (s *Store) Menu(ctx context.Context, account int64) (m Menu, ok bool, err error) {
	list, err := db.All(ctx, s.db, func(scan db.Scan) (Menu, error) {
		var m Menu
		var doc []byte
		if err := scan(&m.ID, &doc, &m.MadeAt); err != nil {
			return m, err
		}
		return m, json.Unmarshal(doc, &m.Buttons)
	}, "select id, doc, made_at from menu where account=$1", account)
	if err != nil || len(list) == 0 {
		return Menu{}, false, err
	}
	return list[0], true, nil
}

// DeleteMenu removes an account's menu, if it has one.
func (s *Store) DeleteMenu(ctx context.Context, a *Account) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "delete from menu where account=$1", a.N)
		return err
	})
	if err == nil {
		s.Hint(Hint{Topic: "menu", Account: a.ID})
	}
	return err
}
