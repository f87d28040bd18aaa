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
	Value     string   `json:"value,omitempty"` // what a text button of a website's menu says
	Sub       []Button `json:"sub_button"`
}

// Where a menu was made.
const (
	MenuAPI     = "api"
	MenuWebsite = "website" // by hand, on the account's console
)

// Menu is a menu of an account's: the default one, or one for some followers.
type Menu struct {
	ID      int64 // MenuId of VIEW events
	Buttons []Button
	MadeAt  int64
	Source  string
	Rule    Rule
}

// Rule says for whom a menu is; an empty field is for all.
type Rule struct {
	TagID    string `json:"tag_id,omitempty"`
	Platform string `json:"client_platform_type,omitempty"` // 1 iOS, 2 Android, 3 others
}

// SetMenu replaces an account's default menu.
func (s *Store) SetMenu(ctx context.Context, a *Account, source string, buttons []Button) error {
	doc, err := json.Marshal(buttons)
	if err != nil {
		return err
	}
	return s.changeMenu(ctx, a, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into menu (account, id, doc, made_at, source) values ($1, $2, $3, $4, $5)
			on conflict (account) do update set id=excluded.id, doc=excluded.doc, made_at=excluded.made_at,
			source=excluded.source`, a.N, randomNumber(), string(doc), s.Civil(), source)
		return err
	})
}

// Menu returns an account's default menu; ok is false when it has none.
func (s *Store) Menu(ctx context.Context, q db.Queryer, account int64) (m Menu, ok bool, err error) {
	list, err := db.All(ctx, q, func(scan db.Scan) (Menu, error) {
		var m Menu
		var doc []byte
		if err := scan(&m.ID, &doc, &m.MadeAt, &m.Source); err != nil {
			return m, err
		}
		return m, json.Unmarshal(doc, &m.Buttons)
	}, "select id, doc, made_at, source from menu where account=$1", account)
	if err != nil || len(list) == 0 {
		return Menu{}, false, err
	}
	return list[0], true, nil
}

// DeleteMenu removes an account's default menu, if it has one, and all those for some followers.
func (s *Store) DeleteMenu(ctx context.Context, a *Account) error {
	return s.changeMenu(ctx, a, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "delete from conditional_menu where account=$1", a.N); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "delete from menu where account=$1", a.N)
		return err
	})
}

// changeMenu changes menus and tells the phones.
func (s *Store) changeMenu(ctx context.Context, a *Account, change func(*db.Tx) error) error {
	err := s.db.Write(ctx, change)
	if err == nil {
		s.Hint(Hint{Topic: "menu", Account: a.ID})
	}
	return err
}

// Conditionals lists the account's menus for some followers, the newest first.
func (s *Store) Conditionals(ctx context.Context, q db.Queryer, account int64) ([]Menu, error) {
	return db.All(ctx, q, func(scan db.Scan) (Menu, error) {
		m := Menu{Source: MenuAPI}
		var rule, doc []byte
		if err := scan(&m.ID, &rule, &doc, &m.MadeAt); err != nil {
			return m, err
		}
		if err := json.Unmarshal(rule, &m.Rule); err != nil {
			return m, err
		}
		return m, json.Unmarshal(doc, &m.Buttons)
	}, "select id, rule, doc, made_at from conditional_menu where account=$1 order by n desc", account)
}

// AddConditional adds a menu for some followers and returns its id.
func (s *Store) AddConditional(ctx context.Context, a *Account, rule Rule, buttons []Button) (id int64, err error) {
	doc, err := json.Marshal(buttons)
	if err != nil {
		return 0, err
	}
	who, err := json.Marshal(rule)
	if err != nil {
		return 0, err
	}
	return id, s.changeMenu(ctx, a, func(tx *db.Tx) error {
		id = randomNumber()
		_, err := tx.Exec(ctx, "insert into conditional_menu (account, id, rule, doc, made_at) values ($1, $2, $3, $4, $5)",
			a.N, id, string(who), string(doc), s.Civil())
		return err
	})
}

// DeleteConditional removes one; ok is false when the account has none of that id.
func (s *Store) DeleteConditional(ctx context.Context, a *Account, id int64) (ok bool, err error) {
	return ok, s.changeMenu(ctx, a, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, "delete from conditional_menu where account=$1 and id=$2", a.N, id)
		ok = n > 0
		return err
	})
}
