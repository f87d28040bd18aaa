package state

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// ErrNoComponent is a third-party platform that is not there.
var ErrNoComponent = errs.New(errs.NotFound, "sandbox.unknown_component")

// Component is a third-party platform (第三方平台) with its settings.
type Component struct {
	N              int64    `json:"-"`
	ID             string   `json:"id"` // slug
	Name           string   `json:"name"`
	AppID          string   `json:"appid"`
	Secret         string   `json:"secret"`
	Token          string   `json:"token"`
	EncodingAESKey string   `json:"encoding_aes_key"`
	TicketURL      string   `json:"ticket_url"` // 授权事件接收 URL
	IPWhitelist    []string `json:"ip_whitelist"`
	Pushing        bool     `json:"pushing"` // whether tickets are pushed

	codec *wechat.Codec
}

// Codec seals what is pushed, always encrypted.
func (c *Component) Codec() *wechat.Codec { return c.codec }

func (c *Component) prepare() (err error) {
	if c.TicketURL != "" && !isWeb(c.TicketURL) {
		return invalid("ticket_url", "url")
	}
	if c.IPWhitelist == nil {
		c.IPWhitelist = []string{}
	}
	c.codec, err = wechat.NewCodec(wechat.CodecConfig{AppID: c.AppID, Token: c.Token, Mode: wechat.Safe, Keys: []string{c.EncodingAESKey}})
	return err
}

// PutComponent makes a component, filling in what is missing, or replaces the settings of the one with the same id.
func (s *Store) PutComponent(ctx context.Context, c Component) (*Component, error) {
	if !slug.MatchString(c.ID) {
		return nil, invalid("id", "slug")
	}
	c.Name = cmp.Or(c.Name, c.ID)
	c.AppID = cmp.Or(c.AppID, s.appID("component "+c.ID))
	c.Secret, c.Token = cmp.Or(c.Secret, randomHex(32)), cmp.Or(c.Token, randomAlnum(32))
	c.EncodingAESKey = cmp.Or(c.EncodingAESKey, randomAlnum(43))
	if err := c.prepare(); err != nil {
		return nil, err
	}
	doc, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	if err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "insert into component (id, doc) values ($1, $2) on conflict (id) do update set doc=excluded.doc", c.ID, string(doc))
		return err
	}); err != nil {
		return nil, err
	}
	return s.Component(ctx, c.ID)
}

// Components lists all.
func (s *Store) Components(ctx context.Context) ([]*Component, error) {
	return db.All(ctx, s.db, func(scan db.Scan) (*Component, error) {
		var c Component
		var doc []byte
		if err := scan(&c.N, &doc); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(doc, &c); err != nil {
			return nil, err
		}
		return &c, c.prepare()
	}, "select n, doc from component order by n")
}

// Component finds one by its slug or its appid.
func (s *Store) Component(ctx context.Context, idOrAppID string) (*Component, error) {
	list, err := s.Components(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(c *Component) bool { return c.ID == idOrAppID || c.AppID == idOrAppID })
	if i < 0 {
		return nil, ErrNoComponent
	}
	return list[i], nil
}

// Authorisation is what an account gave to a component.
type Authorisation struct {
	Component, Account int64
	Sets               []int
	Options            map[string]string
	Refresh            string
	At                 int64 // civil
}

// Authorisations lists what accounts gave to a component, the first account first.
func (s *Store) Authorisations(ctx context.Context, q db.Queryer, component int64) ([]Authorisation, error) {
	return db.All(ctx, q, func(scan db.Scan) (Authorisation, error) {
		var a Authorisation
		var sets, options []byte
		if err := scan(&a.Component, &a.Account, &sets, &options, &a.Refresh, &a.At); err != nil {
			return a, err
		}
		if err := json.Unmarshal(sets, &a.Sets); err != nil {
			return a, err
		}
		return a, json.Unmarshal(options, &a.Options)
	}, "select component, account, sets, options, refresh, at from authorisation where component=$1 order by account", component)
}

// Authorisation finds what one account gave; ok is false when nothing.
func (s *Store) Authorisation(ctx context.Context, q db.Queryer, component, account int64) (a Authorisation, ok bool, err error) {
	list, err := s.Authorisations(ctx, q, component)
	i := slices.IndexFunc(list, func(a Authorisation) bool { return a.Account == account })
	if err != nil || i < 0 {
		return a, false, err
	}
	return list[i], true, nil
}

// PutAuthorisation records what an account gives.
func (s *Store) PutAuthorisation(ctx context.Context, tx *db.Tx, a Authorisation) error {
	sets, err := json.Marshal(a.Sets)
	if err != nil {
		return err
	}
	options, err := json.Marshal(a.Options)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into authorisation (component, account, sets, options, refresh, at) values ($1, $2, $3, $4, $5, $6)
		on conflict (component, account) do update set sets=excluded.sets, options=excluded.options, refresh=excluded.refresh, at=excluded.at`,
		a.Component, a.Account, string(sets), string(options), a.Refresh, a.At)
	return err
}

// DropAuthorisation takes it back, and the tokens with it.
func (s *Store) DropAuthorisation(ctx context.Context, tx *db.Tx, component, account int64) error {
	_, err := tx.Exec(ctx, "delete from authorisation where component=$1 and account=$2", component, account)
	return err
}
