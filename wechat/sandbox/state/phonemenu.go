package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Platforms are the kinds of phones by their client_platform_type. WeChat docs: Personalized_menu_interface.
var Platforms = map[string]string{"ios": "1", "android": "2", "other": "3"}

// MatchMenu finds the menu that a citizen gets from an account: the newest whose rule fits, else the default one. Of
// somebody's tags only the one given last counts. ok is false without a default menu.
func (s *Store) MatchMenu(ctx context.Context, q db.Queryer, account int64, c Citizen) (m Menu, ok bool, err error) {
	m, ok, err = s.Menu(ctx, q, account)
	if err != nil || !ok {
		return m, ok, err
	}
	list, err := s.Conditionals(ctx, q, account)
	if err != nil || len(list) == 0 {
		return m, true, err
	}
	tag, err := s.lastTag(ctx, q, account, c.N)
	if err != nil {
		return m, false, err
	}
	for _, special := range list {
		if special.Rule.fits(tag, Platforms[c.Platform]) {
			return special, true, nil
		}
	}
	return m, true, nil
}

func (r Rule) fits(tag, platform string) bool {
	return (r.TagID == "" || r.TagID == tag) && (r.Platform == "" || r.Platform == platform)
}

// lastTag is the tag that a follower got last; "" without one.
func (s *Store) lastTag(ctx context.Context, q db.Queryer, account, citizen int64) (string, error) {
	contact, err := s.Contact(ctx, q, account, citizen)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	tags, err := s.TagsOf(ctx, q, contact.N)
	if err != nil || len(tags) == 0 {
		return "", err
	}
	return itoa(tags[len(tags)-1]), nil
}

// PhoneMenu is the menu that a citizen's phone shows for an account: the one it fetched up to MenuMinutes ago, else it
// fetches. ok is false when it shows none.
func (s *Store) PhoneMenu(ctx context.Context, a *Account, c Citizen) (m Menu, ok bool, err error) {
	if s.MenuMinutes() == 0 {
		return s.MatchMenu(ctx, s.db, a.N, c)
	}
	kept, err := db.All(ctx, s.db, func(scan db.Scan) (Menu, error) {
		var m Menu
		var doc []byte
		if err := scan(&m.ID, &doc, &m.MadeAt); err != nil {
			return m, err
		}
		return m, json.Unmarshal(doc, &m.Buttons)
	}, "select id, doc, fetched_at from phone_menu where account=$1 and citizen=$2 and fetched_at>$3", a.N, c.N,
		s.Civil()-s.MenuMinutes()*60_000)
	if err != nil {
		return Menu{}, false, err
	}
	if len(kept) > 0 {
		return kept[0], kept[0].ID != 0, nil
	}
	return m, ok, s.db.Write(ctx, func(tx *db.Tx) error {
		if m, ok, err = s.MatchMenu(ctx, tx, a.N, c); err != nil {
			return err
		}
		if m.Buttons == nil {
			m.Buttons = []Button{}
		}
		doc, err := json.Marshal(m.Buttons)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into phone_menu (account, citizen, id, doc, fetched_at) values ($1, $2, $3, $4, $5)
			on conflict (account, citizen) do update set id=excluded.id, doc=excluded.doc, fetched_at=excluded.fetched_at`,
			a.N, c.N, m.ID, string(doc), s.Civil())
		return err
	})
}

// forgetMenu makes the phone fetch the menu when it next shows it.
func (s *Store) forgetMenu(ctx context.Context, tx *db.Tx, account, citizen int64) error {
	_, err := tx.Exec(ctx, "delete from phone_menu where account=$1 and citizen=$2", account, citizen)
	return err
}
