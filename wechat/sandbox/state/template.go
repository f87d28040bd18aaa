package state

import (
	"context"
	"encoding/json"
	"strings"

	"weizheng/platform/db"
)

// The kinds of templates.
const (
	MessageTemplate = "message" // 模板消息
	NoticeTemplate  = "notice"  // 订阅通知
)

// The types of a notice's template.
const (
	OneTime  = 2
	LongTerm = 3
)

// Template is one that an account has taken from the library.
type Template struct {
	N       int64   `json:"-"`
	Account int64   `json:"-"`
	ID      string  `json:"-"`
	Kind    string  `json:"-"`
	TID     int     `json:"tid"`
	Title   string  `json:"title"`
	Type    int     `json:"type,omitempty"` // of a notice's
	Scene   string  `json:"scene,omitempty"`
	Fields  []Field `json:"fields"`
}

// Field is one line of a template.
type Field struct {
	Key     string   `json:"key"` // thing1
	Name    string   `json:"name"`
	Rule    string   `json:"rule"` // thing, time, …
	Example string   `json:"example"`
	Values  []string `json:"values,omitempty"` // of an enum
}

// Content is the template as WeChat writes it: a line for each field.
func (t Template) Content() string {
	return t.lines(func(f Field) string { return "{{" + f.Key + ".DATA}}" })
}

// Example is the content with the fields' examples.
func (t Template) Example() string { return t.lines(func(f Field) string { return f.Example }) }

func (t Template) lines(value func(Field) string) string {
	var b strings.Builder
	for _, f := range t.Fields {
		b.WriteString(f.Name + ":" + value(f) + "\n")
	}
	return b.String()
}

const templateColumns = "n, account, id, kind, doc"

func scanTemplate(scan db.Scan) (Template, error) {
	var t Template
	var doc []byte
	if err := scan(&t.N, &t.Account, &t.ID, &t.Kind, &doc); err != nil {
		return t, err
	}
	return t, json.Unmarshal(doc, &t)
}

// AddTemplate gives an account a template and returns it with its id.
func (s *Store) AddTemplate(ctx context.Context, tx *db.Tx, t Template) (Template, error) {
	doc, err := json.Marshal(t)
	if err != nil {
		return t, err
	}
	t.ID = RandomText(43)
	err = tx.QueryRow(ctx, "insert into template (account, id, kind, doc, made_at) values ($1, $2, $3, $4, $5) returning n",
		t.Account, t.ID, t.Kind, string(doc), s.Civil()).Scan(&t.N)
	return t, err
}

// Templates lists an account's templates of a kind in the order in which it took them.
func (s *Store) Templates(ctx context.Context, q db.Queryer, account int64, kind string) ([]Template, error) {
	return db.All(ctx, q, scanTemplate, "select "+templateColumns+" from template where account=$1 and kind=$2 order by n",
		account, kind)
}

// FindTemplate finds one of an account's templates; ok is false when it has none of that id and kind.
func (s *Store) FindTemplate(ctx context.Context, q db.Queryer, account int64, kind, id string) (t Template, ok bool, err error) {
	list, err := db.All(ctx, q, scanTemplate, "select "+templateColumns+" from template where id=$1 and account=$2 and kind=$3",
		id, account, kind)
	if err != nil || len(list) == 0 {
		return Template{}, false, err
	}
	return list[0], true, nil
}

// DeleteTemplate removes one and what people consented to with it.
func (s *Store) DeleteTemplate(ctx context.Context, tx *db.Tx, t Template) error {
	if _, err := tx.Exec(ctx, "delete from consent where template=$1", t.N); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "delete from template where n=$1", t.N)
	return err
}

// Industry is what an account said of itself in the days of the old templates.
type Industry struct {
	First, Second int
	ChangedAt     int64 // civil
}

// Industry returns an account's industries; ok is false when it never set them.
func (s *Store) Industry(ctx context.Context, q db.Queryer, account int64) (i Industry, ok bool, err error) {
	list, err := db.All(ctx, q, func(scan db.Scan) (Industry, error) {
		var i Industry
		err := scan(&i.First, &i.Second, &i.ChangedAt)
		return i, err
	}, "select first_id, second_id, changed_at from industry where account=$1", account)
	if err != nil || len(list) == 0 {
		return Industry{}, false, err
	}
	return list[0], true, nil
}

// SetIndustry changes them and removes the account's message templates, as WeChat does.
func (s *Store) SetIndustry(ctx context.Context, tx *db.Tx, account int64, first, second int) error {
	if _, err := tx.Exec(ctx, "delete from template where account=$1 and kind=$2", account, MessageTemplate); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `insert into industry (account, first_id, second_id, changed_at) values ($1, $2, $3, $4)
		on conflict (account) do update set first_id=excluded.first_id, second_id=excluded.second_id,
		changed_at=excluded.changed_at`, account, first, second, s.Civil())
	return err
}

// SentBefore returns the message of an earlier send with the same client_msg_id after the civil instant; 0 for none.
func (s *Store) SentBefore(ctx context.Context, tx *db.Tx, contact int64, key string, after int64) (msgID int64, err error) {
	list, err := db.All(ctx, tx, db.Value[int64], "select msg_id from sent_template where contact=$1 and client_msg_id=$2 and at>$3",
		contact, key, after)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}

// KeepSent remembers a send with a client_msg_id.
func (s *Store) KeepSent(ctx context.Context, tx *db.Tx, contact int64, key string, msgID int64) error {
	_, err := tx.Exec(ctx, `insert into sent_template (contact, client_msg_id, msg_id, at) values ($1, $2, $3, $4)
		on conflict (contact, client_msg_id) do update set msg_id=excluded.msg_id, at=excluded.at`, contact, key, msgID, s.Civil())
	return err
}

// Stopped is a template message that the platform stopped.
type Stopped struct {
	N                                int64
	Template, OpenID, Title, Content string
	At                               int64 // civil
}

// AddStopped remembers one.
func (s *Store) AddStopped(ctx context.Context, tx *db.Tx, account int64, m Stopped) error {
	_, err := tx.Exec(ctx, "insert into stopped_template (account, template, openid, title, content, at) values ($1, $2, $3, $4, $5, $6)",
		account, m.Template, m.OpenID, m.Title, m.Content, s.Civil())
	return err
}

// StoppedAfter lists up to limit of a template's, of all for "", after number n.
func (s *Store) StoppedAfter(ctx context.Context, account int64, template string, n int64, limit int) ([]Stopped, error) {
	return db.All(ctx, s.db, func(scan db.Scan) (Stopped, error) {
		var m Stopped
		err := scan(&m.N, &m.Template, &m.OpenID, &m.Title, &m.Content, &m.At)
		return m, err
	}, `select n, template, openid, title, content, at from stopped_template
		where account=$1 and ($2='' or template=$2) and n>$3 order by n limit $4`, account, template, n, limit)
}
