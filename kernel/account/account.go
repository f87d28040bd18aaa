package account

import (
	"encoding/json"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// Status is whether an account is in service.
type Status string

// The states.
const (
	Active    Status = "active"
	Suspended Status = "suspended"
)

// Persona is how an account speaks: its own name for itself and its tone, in words.
type Persona struct {
	Name string `json:"name"`
	Tone string `json:"tone"`
}

// Profile is what people read about an account.
type Profile struct {
	Name      string  `json:"name"`
	Intro     string  `json:"intro"`
	Principal string  `json:"principal"` // 主体: the body that WeChat verified
	Contact   string  `json:"contact"`   // of customer service
	Farewell  string  `json:"farewell"`
	Avatar    string  `json:"avatar"` // address of a picture
	Persona   Persona `json:"persona"`
}

// Fault is WeChat's word that no call of this account can succeed; the zero Fault is none.
type Fault struct {
	Code int
	At   time.Time // wall
}

// Account is one Official Account without its secrets.
type Account struct {
	ID           int64
	Slug         string
	Kind         wechat.Kind
	Verified     bool
	Status       Status
	StatusReason string
	UnitID       int64
	Unit         string // path
	Profile      Profile
	OriginalID   string
	AppID        string
	Mode         wechat.Mode
	Endpoints    client.Endpoints
	OAuthDomain  bool // the web authorisation domain is set in WeChat, so pages may ask who somebody is
	Identity     bool // the installation's account for web authorisation of accounts that have none
	HasSecret    bool
	HasToken     bool
	HasKey       bool
	HasKeyBefore bool
	KeyChangedAt time.Time // zero when never
	Fault        Fault
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Version      int64
}

// Object is what permissions are asked for.
func (a Account) Object() access.Object { return access.Object{Unit: a.Unit, Account: a.ID} }

// CanAuthorise reports whether pages of this account may use its own web authorisation: verified service accounts only.
// WeChat docs: Wechat_webpage_authorization.
func (a Account) CanAuthorise() bool {
	return a.Kind == wechat.Service && a.Verified && a.OAuthDomain
}

// LogValue names the account in a log.
func (a Account) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("id", a.ID), slog.String("slug", a.Slug))
}

var (
	slugForm     = regexp.MustCompile(`^[a-z][a-z0-9-]{1,31}$`)
	appIDForm    = regexp.MustCompile(`^wx[0-9A-Za-z]{4,30}$`)
	originalForm = regexp.MustCompile(`^gh_[0-9A-Za-z]{4,30}$`)
	tokenForm    = regexp.MustCompile(`^[0-9A-Za-z]{3,32}$`)
	secretForm   = regexp.MustCompile(`^[0-9A-Za-z]{16,64}$`)
	keyForm      = regexp.MustCompile(`^[0-9A-Za-z]{43}$`)
)

// faults collects what is wrong with an input; every rule of the package is one of its methods.
type faults []errs.Field

func (f *faults) add(field, key string) { *f = append(*f, errs.Field{Field: field, Key: key}) }

func (f *faults) form(field, value string, form *regexp.Regexp, key string) {
	if !form.MatchString(value) {
		f.add(field, key)
	}
}

// optional is form for a field that may be empty.
func (f *faults) optional(field, value string, form *regexp.Regexp, key string) {
	if value != "" {
		f.form(field, value, form, key)
	}
}

func (f *faults) length(field, value string, least, most int) {
	n := utf8.RuneCountInString(value)
	if n < least || n > most || !utf8.ValidString(value) {
		*f = append(*f, errs.Field{Field: field, Key: "account.length", Params: map[string]any{"least": least, "most": most}})
	}
}

func (f *faults) oneOf(field, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		f.add(field, "account.choice")
	}
}

// profile checks the words; the limits are WeChat's for names (30) and introductions (120), and ours for the rest.
func (f *faults) profile(p Profile) {
	f.length("name", p.Name, 1, 30)
	f.length("intro", p.Intro, 0, 120)
	f.length("principal", p.Principal, 0, 60)
	f.length("contact", p.Contact, 0, 120)
	f.length("farewell", p.Farewell, 0, 300)
	f.length("avatar", p.Avatar, 0, 500)
	f.length("persona.name", p.Persona.Name, 0, 20)
	f.length("persona.tone", p.Persona.Tone, 0, 200)
}

func (f *faults) endpoints(e client.Endpoints) {
	for field, value := range map[string]string{
		"endpoints.api": e.API, "endpoints.mp": e.MP, "endpoints.open": e.Open, "endpoints.res": e.Res, "endpoints.pay": e.Pay,
	} {
		u, err := url.Parse(value)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.User != nil {
			f.add(field, "account.endpoint")
		}
	}
}

// modeNeeds checks that what a mode needs is there: encryption needs a key.
func (f *faults) modeNeeds(mode wechat.Mode, hasKey bool) {
	f.oneOf("mode", string(mode), string(wechat.Plain), string(wechat.Compatible), string(wechat.Safe))
	if mode != wechat.Plain && !hasKey {
		f.add("encoding_aes_key", "account.key_needed")
	}
}

func (f faults) err() error {
	slices.SortStableFunc(f, func(a, b errs.Field) int {
		switch {
		case a.Field < b.Field:
			return -1
		case a.Field > b.Field:
			return 1
		}
		return 0
	})
	return errs.InvalidFields(f)
}

// validKey reports whether a key is 43 characters that decode to 32 bytes, as WeChat gives them.
func validKey(key string) bool {
	if !keyForm.MatchString(key) {
		return false
	}
	_, err := wechat.NewAESKey(key)
	return err == nil
}

// addresses is how Endpoints are stored.
type addresses struct {
	API  string `json:"api"`
	MP   string `json:"mp"`
	Open string `json:"open"`
	Res  string `json:"res"`
	Pay  string `json:"pay"`
}

func encodeEndpoints(e client.Endpoints) string {
	b, err := json.Marshal(addresses(e))
	if err != nil { // five strings
		panic(err)
	}
	return string(b)
}

func decodeEndpoints(b []byte) (client.Endpoints, error) {
	var a addresses
	err := json.Unmarshal(b, &a)
	return client.Endpoints(a), err
}
