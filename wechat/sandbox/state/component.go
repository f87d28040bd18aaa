package state

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

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
	TicketURL      string   `json:"ticket_url"`      // 授权事件接收 URL
	MessageURL     string   `json:"message_url"`     // 消息与事件接收 URL; $APPID$ in it stands for the account's appid
	PageDomain     string   `json:"page_domain"`     // 授权发起页域名, host or host:port; "": any
	WebDomain      string   `json:"web_domain"`      // 公众号开发域名: where web authorisation for accounts comes back to
	ChangesRefresh bool     `json:"changes_refresh"` // each refreshing hands out another refresh token, and the old one is dead
	IPWhitelist    []string `json:"ip_whitelist"`
	Pushing        bool     `json:"pushing"` // whether tickets are pushed
	TicketAt       int64    `json:"-"`       // wall instant of the last ticket; 0: none yet

	codec *wechat.Codec
}

// messageSet is the permission set (消息管理) whose holders get the messages and events of an account. WeChat docs: 第三方平台, permission sets.
const messageSet = 1

// webSet is the set (网页服务) with which a component may ask citizens for web authorisation on behalf of an account.
const webSet = 4

// MessageTarget is where the messages of an account go that gave the component set 1.
func (c *Component) MessageTarget(a *Account) string {
	return strings.ReplaceAll(c.MessageURL, "$APPID$", a.AppID)
}

// Codec seals what is pushed, always encrypted.
func (c *Component) Codec() *wechat.Codec { return c.codec }

func (c *Component) prepare() (err error) {
	if c.TicketURL != "" && !isWeb(c.TicketURL) {
		return invalid("ticket_url", "url")
	}
	if c.MessageURL != "" && !isWeb(strings.ReplaceAll(c.MessageURL, "$APPID$", "wx")) {
		return invalid("message_url", "url")
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
	if err := s.loadHosts(ctx); err != nil {
		return nil, err
	}
	return s.Component(ctx, c.ID)
}

// Components lists all.
func (s *Store) Components(ctx context.Context) ([]*Component, error) {
	return db.All(ctx, s.db, func(scan db.Scan) (*Component, error) {
		var c Component
		var doc []byte
		if err := scan(&c.N, &doc, &c.TicketAt); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(doc, &c); err != nil {
			return nil, err
		}
		return &c, c.prepare()
	}, "select n, doc, ticket_at from component order by n")
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

// ComponentN finds one by its number.
func (s *Store) ComponentN(ctx context.Context, n int64) (*Component, error) {
	list, err := s.Components(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(c *Component) bool { return c.N == n })
	if i < 0 {
		return nil, ErrNoComponent
	}
	return list[i], nil
}

// AddTicket issues a ticket of a component in tx and notes when.
func (s *Store) AddTicket(ctx context.Context, tx *db.Tx, c *Component, ticket Credential) error {
	if err := insertCredential(ctx, tx, ticket); err != nil {
		return err
	}
	return db.ExpectOne(tx.Exec(ctx, "update component set ticket_at=$1 where n=$2", ticket.MadeAt, c.N))
}
