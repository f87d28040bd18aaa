package state

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// The states of an account's callback address.
const (
	CallbackNone      = "none"      // no address
	CallbackUnchecked = "unchecked" // set without asking, in use
	CallbackOK        = "ok"        // answered the URL check
	CallbackFailed    = "failed"    // did not answer it; kept but not used
)

// Account is an Official Account with its settings, as its owner sees them on WeChat's console.
type Account struct {
	N              int64       `json:"-"`
	ID             string      `json:"id"` // slug
	Name           string      `json:"name"`
	Kind           wechat.Kind `json:"kind"`
	Verified       bool        `json:"verified"`
	OriginalID     string      `json:"original_id"` // gh_…
	AppID          string      `json:"appid"`
	Secret         string      `json:"secret"`
	Token          string      `json:"token"`
	EncodingAESKey string      `json:"encoding_aes_key"` // 43 characters
	Mode           wechat.Mode `json:"mode"`
	Callback       string      `json:"callback"`
	CallbackState  string      `json:"callback_state"`
	CallbackError  string      `json:"callback_error"`
	OAuthDomain    string      `json:"oauth_domain"` // 网页授权域名, host or host:port
	JSDomains      []string    `json:"js_domains"`   // JS接口安全域名
	Principal      string      `json:"principal"`    // accounts of one principal share unionids
	IPWhitelist    []string    `json:"ip_whitelist"` // empty: every address may fetch a token
	MiniPrograms   []string    `json:"miniprograms"` // appids of linked mini programs
	SecretFrozen   bool        `json:"secret_frozen"`
	LocationReport bool        `json:"location_report"`
	ASR            bool        `json:"asr"` // voice messages carry Recognition
	Intro          string      `json:"intro"`
	VerifiedUntil  int64       `json:"verified_until_at"` // civil; 0: for ever
	NewService     bool        `json:"new_service"`       // 新客服功能 is switched on
	WeixinID       string      `json:"weixin_id"`         // 微信号, what stands after the @ of customer-service accounts
	Migration      *Migration  `json:"migration,omitempty"`
	Categories     []int       `json:"categories"`     // 服务类目, of the library of templates
	Administrators []string    `json:"administrators"` // citizens who may authorise third-party platforms; empty: everybody

	Standing    Standing `json:"standing"`
	CallbackIPs []string `json:"callback_ips"` // what getcallbackip says; empty: this machine's own

	CommentsOff bool   `json:"comments_off"` // without the privilege of comments
	MassGuard   string `json:"mass_guard"`   // ask: an administrator confirms mass messages; "" or off

	codec *wechat.Codec
}

// Migration says from which account (by id) this one took the followers over, and until when openids can be turned.
type Migration struct {
	From  string `json:"from"`
	Until int64  `json:"until_at"` // civil
}

// Codec is the account's callback codec.
func (a *Account) Codec() *wechat.Codec { return a.codec }

// Copy returns the settings for changing; nothing of it is shared.
func (a *Account) Copy() Account {
	c := *a
	c.JSDomains, c.IPWhitelist = slices.Clone(a.JSDomains), slices.Clone(a.IPWhitelist)
	c.Administrators, c.CallbackIPs, c.Standing = slices.Clone(a.Administrators), slices.Clone(a.CallbackIPs), a.Standing.copy()
	c.MiniPrograms, c.Categories = slices.Clone(a.MiniPrograms), slices.Clone(a.Categories)
	return c
}

// Administers reports whether a citizen may act as the account's administrator.
func (a *Account) Administers(citizen string) bool {
	return len(a.Administrators) == 0 || slices.Contains(a.Administrators, citizen)
}

// Pushes reports whether callbacks are sent.
func (a *Account) Pushes() bool {
	return a.CallbackState == CallbackOK || a.CallbackState == CallbackUnchecked
}

// accounts is a snapshot that readers use without a lock; there are few accounts and few changes, one at a time.
type accounts struct {
	now    atomic.Pointer[directory]
	change sync.Mutex
}

type directory struct {
	byID, byAppID map[string]*Account
	byN           map[int64]*Account
	list          []*Account
}

func (s *Store) loadAccounts(ctx context.Context) error {
	list, err := db.All(ctx, s.db, scanAccount, "select n, doc from account order by n")
	if err != nil {
		return err
	}
	d := &directory{byID: map[string]*Account{}, byAppID: map[string]*Account{}, byN: map[int64]*Account{}, list: list}
	for _, a := range list {
		d.byID[a.ID], d.byAppID[a.AppID], d.byN[a.N] = a, a, a
		if err := s.countFans(ctx, a.N); err != nil {
			return err
		}
	}
	s.accounts.now.Store(d)
	return nil
}

func scanAccount(scan db.Scan) (*Account, error) {
	var a Account
	var n int64
	var doc []byte
	if err := scan(&n, &doc); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(doc, &a); err != nil {
		return nil, errs.Wrap(err, "read account %d", n)
	}
	a.N = n
	return &a, a.prepare()
}

// Accounts lists all accounts in the order of their creation; do not change them.
func (s *Store) Accounts() []*Account { return s.accounts.now.Load().list }

// Account finds an account by its slug.
func (s *Store) Account(id string) (*Account, error) {
	if a := s.accounts.now.Load().byID[id]; a != nil {
		return a, nil
	}
	return nil, ErrNoAccount
}

// AccountByAppID finds an account by its appid; nil when there is none.
func (s *Store) AccountByAppID(appid string) *Account { return s.accounts.now.Load().byAppID[appid] }

// AccountN finds an account by its number; nil when there is none.
func (s *Store) AccountN(n int64) *Account { return s.accounts.now.Load().byN[n] }

var slug = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// CreateAccount makes an account; secrets and ids that are missing are made up. The id must be new (ErrExists).
func (s *Store) CreateAccount(ctx context.Context, a Account) (*Account, error) {
	if !slug.MatchString(a.ID) {
		return nil, invalid("id", "slug")
	}
	s.complete(&a)
	if err := a.check(); err != nil {
		return nil, err
	}
	return s.saveAccount(ctx, a, func(tx *db.Tx, doc []byte) error {
		_, err := tx.Exec(ctx, "insert into account (id, doc) values ($1, $2)", a.ID, string(doc))
		return err
	})
}

// UpdateAccount replaces an account's settings; the id stays.
func (s *Store) UpdateAccount(ctx context.Context, a Account) (*Account, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	return s.saveAccount(ctx, a, func(tx *db.Tx, doc []byte) error {
		return db.ExpectOne(tx.Exec(ctx, "update account set doc=$1 where id=$2", string(doc), a.ID))
	})
}

func (s *Store) saveAccount(ctx context.Context, a Account, put func(*db.Tx, []byte) error) (*Account, error) {
	s.accounts.change.Lock()
	defer s.accounts.change.Unlock()
	for _, other := range s.Accounts() {
		if other.ID != a.ID && (other.AppID == a.AppID || other.OriginalID == a.OriginalID) {
			return nil, ErrExists
		}
	}
	doc, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	if err := s.db.Write(ctx, func(tx *db.Tx) error { return put(tx, doc) }); err != nil {
		if errs.Is(err, errs.Conflict) {
			return nil, ErrExists
		}
		return nil, err
	}
	if err := s.loadAccounts(ctx); err != nil {
		return nil, err
	}
	s.Hint(Hint{Topic: "account", Account: a.ID})
	return s.Account(a.ID)
}

func (s *Store) complete(a *Account) {
	a.Kind = cmp.Or(a.Kind, wechat.Service)
	a.Mode = cmp.Or(a.Mode, wechat.Plain)
	a.Name = cmp.Or(a.Name, a.ID)
	a.OriginalID = cmp.Or(a.OriginalID, s.originalID(a.ID))
	a.AppID = cmp.Or(a.AppID, s.appID(a.ID))
	a.Secret = cmp.Or(a.Secret, randomHex(32))
	a.Token = cmp.Or(a.Token, randomAlnum(32))
	a.EncodingAESKey = cmp.Or(a.EncodingAESKey, randomAlnum(43))
	a.CallbackState = cmp.Or(a.CallbackState, CallbackNone)
	if a.Callback != "" && a.CallbackState == CallbackNone {
		a.CallbackState = CallbackUnchecked
	}
	if host := hostOf(a.Callback); host != "" {
		a.OAuthDomain = cmp.Or(a.OAuthDomain, host)
		if len(a.JSDomains) == 0 {
			a.JSDomains = []string{host}
		}
	}
}

// Turn changes where callbacks go. Domains that were the old address's host follow.
func (a *Account) Turn(callback string) {
	old, host := hostOf(a.Callback), hostOf(callback)
	a.Callback = callback
	if host == "" {
		return
	}
	if a.OAuthDomain == old {
		a.OAuthDomain = host
	}
	for i, domain := range a.JSDomains {
		if domain == old {
			a.JSDomains[i] = host
		}
	}
	if len(a.JSDomains) == 0 && old == "" {
		a.JSDomains = []string{host}
	}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// check says what is wrong with the settings.
func (a *Account) check() error {
	switch {
	case a.Kind != wechat.Service && a.Kind != wechat.Subscription:
		return invalid("kind", "kind")
	case a.Name == "" || len(a.Name) > 200:
		return invalid("name", "name")
	case !slices.Contains([]string{"", GuardOff, GuardAsk}, a.MassGuard):
		return invalid("mass_guard", "kind")
	case a.Callback != "" && !isWeb(a.Callback):
		return invalid("callback", "url")
	}
	for field, value := range map[string]string{"appid": a.AppID, "original_id": a.OriginalID, "secret": a.Secret} {
		if value == "" || strings.ContainsAny(value, " \t\r\n<>&\"'") || len(value) > 200 {
			return invalid(field, "format")
		}
	}
	if err := a.Standing.check(); err != nil {
		return err
	}
	return a.prepare()
}

// prepare builds the codec and makes absent lists empty ones.
func (a *Account) prepare() error {
	for _, list := range []*[]string{&a.JSDomains, &a.IPWhitelist, &a.MiniPrograms} {
		*list = slices.Clone(*list)
		if *list == nil {
			*list = []string{}
		}
	}
	a.WeixinID = cmp.Or(a.WeixinID, a.OriginalID)
	if a.Administrators == nil {
		a.Administrators = []string{}
	}
	if a.CallbackIPs == nil {
		a.CallbackIPs = []string{}
	}
	a.Standing.fill()
	if a.Categories == nil {
		a.Categories = slices.Clone(FirstCategories)
	}
	codec, err := wechat.NewCodec(wechat.CodecConfig{
		AppID: a.AppID, Token: a.Token, Mode: a.Mode, Keys: []string{a.EncodingAESKey},
	})
	a.codec = codec
	return err
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
