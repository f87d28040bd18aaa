package accountweb

import (
	"context"
	"time"

	"weizheng/kernel/account"
	"weizheng/platform/clock"
	"weizheng/wechat"
)

type persona struct {
	Name string `json:"name" doc:"how the account calls itself"`
	Tone string `json:"tone"`
}

// faultView is WeChat's word that no call of the account can succeed.
type faultView struct {
	Code    int    `json:"code"`
	Meaning string `json:"meaning"`
	At      int64  `json:"at"`
}

// accountView is an account as the console sees it.
type accountView struct {
	ID           int64          `json:"id"`
	Slug         string         `json:"slug"`
	Name         string         `json:"name"`
	Kind         wechat.Kind    `json:"kind"`
	Verified     bool           `json:"verified"`
	OriginalID   string         `json:"original_id"`
	AppID        string         `json:"appid"`
	Mode         wechat.Mode    `json:"mode"`
	UnitID       int64          `json:"unit_id"`
	UnitName     string         `json:"unit_name"`
	Intro        string         `json:"intro"`
	Principal    string         `json:"principal"`
	Contact      string         `json:"contact"`
	Farewell     string         `json:"farewell"`
	Avatar       string         `json:"avatar"`
	Persona      persona        `json:"persona"`
	CallbackURL  string         `json:"callback_url"`
	HasSecret    bool           `json:"has_secret"`
	HasToken     bool           `json:"has_token"`
	HasKey       bool           `json:"has_key"`
	HasKeyBefore bool           `json:"has_key_before"`
	KeyChangedAt int64          `json:"key_changed_at" doc:"0: never"`
	OAuthDomain  bool           `json:"oauth_domain"`
	Identity     bool           `json:"identity" doc:"it says who a visitor is for accounts that cannot"`
	Authorises   bool           `json:"can_authorise" doc:"its pages can ask WeChat who a visitor is"`
	Status       account.Status `json:"status"`
	StatusReason string         `json:"status_reason"`
	Enabled      bool           `json:"enabled"`
	Fault        *faultView     `json:"fault,omitempty"`
	Followers    *int64         `json:"followers,omitempty"`
	CreatedAt    int64          `json:"created_at"`
	UpdatedAt    int64          `json:"updated_at"`
	Version      int64          `json:"version"`
}

func (c console) view(a account.Account) accountView {
	p := a.Profile
	v := accountView{
		ID: a.ID, Slug: a.Slug, Name: p.Name, Kind: a.Kind, Verified: a.Verified, OriginalID: a.OriginalID, AppID: a.AppID,
		Mode: a.Mode, UnitID: a.UnitID, Intro: p.Intro, Principal: p.Principal, Contact: p.Contact, Farewell: p.Farewell,
		Avatar: p.Avatar, Persona: persona(p.Persona), CallbackURL: c.Accounts.CallbackURL(a), HasSecret: a.HasSecret,
		HasToken: a.HasToken, HasKey: a.HasKey, HasKeyBefore: a.HasKeyBefore, KeyChangedAt: millis(a.KeyChangedAt),
		OAuthDomain: a.OAuthDomain, Identity: a.Identity, Authorises: a.CanAuthorise(), Status: a.Status,
		StatusReason: a.StatusReason, Enabled: a.Status == account.Active, CreatedAt: millis(a.CreatedAt),
		UpdatedAt: millis(a.UpdatedAt), Version: a.Version,
	}
	if a.Fault.Code != 0 {
		v.Fault = &faultView{a.Fault.Code, wechat.Code(a.Fault.Code).Meaning(), millis(a.Fault.At)}
	}
	return v
}

// views adds what other parts know: the units' names and who follows.
func (c console) views(ctx context.Context, list []account.Account) ([]accountView, error) {
	var ids, units []int64
	for _, a := range list {
		ids, units = append(ids, a.ID), append(units, a.UnitID)
	}
	names, err := c.Units.UnitNames(ctx, units)
	if err != nil {
		return nil, err
	}
	var following map[int64]int64
	if c.Followers != nil {
		if following, err = c.Followers.Following(ctx, ids); err != nil {
			return nil, err
		}
	}
	views := make([]accountView, 0, len(list))
	for _, a := range list {
		v := c.view(a)
		v.UnitName = names[a.UnitID]
		if c.Followers != nil {
			n := following[a.ID]
			v.Followers = &n
		}
		views = append(views, v)
	}
	return views, nil
}

// shown turns what a verb gave into what the console sees.
func (c console) shown(ctx context.Context) func(account.Account, error) (*accountView, error) {
	return func(a account.Account, err error) (*accountView, error) {
		if err != nil {
			return nil, err
		}
		views, err := c.views(ctx, []account.Account{a})
		if err != nil {
			return nil, err
		}
		return &views[0], nil
	}
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return clock.Millis(t)
}
