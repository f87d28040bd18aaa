package sandbox

import (
	"context"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// Account is an Official Account with its secrets; see state.Account for what is made up when missing.
type Account = state.Account

// Citizen is a person who is made before anybody listens.
type Citizen struct{ ID, Name, Avatar string }

// Follow is a follower who was there before anybody listened.
type Follow struct {
	Account, Citizen string // ids
	At               time.Time
	How              string // subscribe_scene; "" is ADD_SCENE_SEARCH
}

// SeedAccount makes an account without asking its callback address for the echo, or returns the one that exists.
func (s *Sandbox) SeedAccount(ctx context.Context, a Account) (*Account, error) {
	made, err := s.store.CreateAccount(ctx, a)
	if errs.Is(err, errs.Conflict) {
		return s.store.Account(a.ID)
	}
	return made, err
}

// SetCallback changes where an account's callbacks go without asking for the echo: the caller is the address.
func (s *Sandbox) SetCallback(ctx context.Context, account, address string) error {
	a, err := s.store.Account(account)
	if err != nil || a.Callback == address {
		return err
	}
	next := a.Copy()
	next.Turn(address)
	next.CallbackState, next.CallbackError = state.CallbackUnchecked, ""
	if address == "" {
		next.CallbackState = state.CallbackNone
	}
	_, err = s.store.UpdateAccount(ctx, next)
	return err
}

// Accounts lists all accounts with their secrets; do not change them.
func (s *Sandbox) Accounts() []*Account { return s.store.Accounts() }

// SeedCitizens makes citizens, some tens of thousands a second; those that exist are left as they are.
func (s *Sandbox) SeedCitizens(ctx context.Context, list []Citizen) error {
	rows := make([]state.Citizen, len(list))
	for i, c := range list {
		rows[i] = state.Citizen{ID: c.ID, Name: c.Name, Avatar: c.Avatar}
	}
	return s.store.SeedCitizens(ctx, rows)
}

// SeedFollows makes followers without callbacks, in the order of their times; who follows already is left alone.
func (s *Sandbox) SeedFollows(ctx context.Context, list []Follow) error {
	rows := make([]state.Follow, len(list))
	for i, f := range list {
		rows[i] = state.Follow{Account: f.Account, Citizen: f.Citizen, At: clock.Millis(f.At), How: f.How}
	}
	return s.store.SeedFollows(ctx, rows)
}

// OpenID is by what an account knows a citizen, whether they met or not.
func (s *Sandbox) OpenID(account, citizen string) string { return s.store.OpenID(account, citizen) }

// SeedMenuMinutes says how long phones keep a menu, unless somebody has said so through the API; WeChat's are 5.
func (s *Sandbox) SeedMenuMinutes(ctx context.Context, n int64) error {
	return s.store.SeedMenuMinutes(ctx, n)
}

// Merchant is an account's merchant of WeChat Pay with its keys.
type Merchant = state.Merchant

// SeedMerchant makes the merchant of a verified account, or returns the one that exists.
func (s *Sandbox) SeedMerchant(ctx context.Context, account string) (*Merchant, error) {
	a, err := s.store.Account(account)
	if err != nil {
		return nil, err
	}
	return s.pay.Open(ctx, a)
}
