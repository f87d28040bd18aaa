package client

import (
	"context"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// earliest is how long before its end a token is replaced: WeChat has the next one ready five minutes early.
const earliest = 5 * time.Minute

// StoredTokens is a TokenSource over a TokenStore: one fetch at a time in this process, one at a time over all replicas,
// none as long as the store has a token that was not refused.
type StoredTokens struct {
	wire  *wire
	store TokenStore
	key   string
	fetch func(ctx context.Context, force bool) (value string, life time.Duration, err error)

	flight singleflight.Group
	mu     sync.Mutex
	cached Token
	bad    string // the value last dropped: a load that began before the drop must not bring it back
	last   int64  // the highest version seen
}

// StableTokens fetches by /cgi-bin/stable_token, the way to prefer: replicas that fetch get the same token, and one fetch
// too many invalidates nothing. cfg needs AppID and Secret; its Tokens is not used.
func StableTokens(cfg Config, store TokenStore) *StoredTokens {
	w := newWire(cfg)
	return newStored(w, store, cfg.AppID, func(ctx context.Context, force bool) (string, time.Duration, error) {
		var out grant
		err := w.do(ctx, request{path: "/cgi-bin/stable_token", out: &out, in: map[string]any{
			"grant_type": "client_credential", "appid": w.cfg.AppID, "secret": w.cfg.Secret, "force_refresh": force,
		}})
		return out.AccessToken, out.life(), err
	})
}

// LegacyTokens fetches by /cgi-bin/token, whose every call ends the token before it: only for accounts without
// stable_token, and never from two stores.
func LegacyTokens(cfg Config, store TokenStore) *StoredTokens {
	w := newWire(cfg)
	return newStored(w, store, cfg.AppID, func(ctx context.Context, _ bool) (string, time.Duration, error) {
		var out grant
		err := w.do(ctx, request{path: "/cgi-bin/token", out: &out, query: url.Values{
			"grant_type": {"client_credential"}, "appid": {w.cfg.AppID}, "secret": {w.cfg.Secret},
		}})
		return out.AccessToken, out.life(), err
	})
}

type grant struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int64  `json:"expires_in"` // seconds that remain
}

func (g grant) life() time.Duration { return time.Duration(g.ExpiresIn) * time.Second }

func newStored(w *wire, store TokenStore, key string, fetch func(context.Context, bool) (string, time.Duration, error)) *StoredTokens {
	if store == nil {
		store = NewMemoryStore()
	}
	return &StoredTokens{wire: w, store: store, key: key, fetch: fetch}
}

// String keeps the token out of %v.
func (s *StoredTokens) String() string { return "client.StoredTokens(" + s.key + ")" }

// GoString keeps the token out of %#v.
func (s *StoredTokens) GoString() string { return s.String() }

// Token returns a token that lives and was not refused, fetching one if there is none.
func (s *StoredTokens) Token(ctx context.Context) (string, error) {
	if t, ok := s.fresh(); ok {
		return t.Value, nil
	}
	return s.shared(ctx, "token", s.renew)
}

// Force fetches a new token at once, ending the present one within five minutes. Only by an administrator's action: WeChat
// allows it 20 times a day, 30 s apart. With LegacyTokens every fetch is of this sort.
func (s *StoredTokens) Force(ctx context.Context) error {
	_, err := s.shared(ctx, "force", func(ctx context.Context) (string, error) { return s.locked(ctx, true) })
	return err
}

// Drop forgets token here and in the store, if it still is the one they have.
func (s *StoredTokens) Drop(ctx context.Context, token string) error {
	s.mu.Lock()
	s.bad = token
	if s.cached.Value == token {
		s.cached = Token{}
	}
	s.mu.Unlock()
	return s.store.Drop(ctx, s.key, token)
}

// shared lets all callers wait for one run of do. It goes on when the caller who started it gives up.
func (s *StoredTokens) shared(ctx context.Context, name string, do func(context.Context) (string, error)) (string, error) {
	if db.InWrite(ctx) {
		return "", errInWrite
	}
	done := s.flight.DoChan(name, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.wire.cfg.Timeout)
		defer cancel()
		return do(ctx)
	})
	select {
	case r := <-done:
		if r.Err != nil {
			return "", r.Err
		}
		return r.Val.(string), nil
	case <-ctx.Done():
		return "", errs.New(errs.Unavailable, "wechat.away").Because(ctx.Err())
	}
}

// renew looks again, in memory and in the store, before it takes the lock: another caller or replica may have been here.
func (s *StoredTokens) renew(ctx context.Context) (string, error) {
	if t, ok := s.fresh(); ok {
		return t.Value, nil
	}
	t, err := s.store.Load(ctx, s.key)
	if err != nil {
		return "", errs.Wrap(err, "load token")
	}
	if s.keep(t) {
		return t.Value, nil
	}
	return s.locked(ctx, false)
}

// locked fetches under the store's lock, unless another replica just did.
func (s *StoredTokens) locked(ctx context.Context, force bool) (string, error) {
	unlock, err := s.store.Lock(ctx, s.key)
	if err != nil {
		return "", errs.Wrap(err, "lock token")
	}
	defer unlock()
	old, err := s.store.Load(ctx, s.key)
	if err != nil {
		return "", errs.Wrap(err, "load token")
	}
	if !force && s.keep(old) {
		return old.Value, nil
	}
	value, life, err := s.fetch(ctx, force)
	if err != nil {
		return "", err
	}
	if value == "" || life <= 0 {
		ep := wechat.Endpoint{Path: "token"}
		return "", s.wire.unanswered(ep, "answer without a token", false, nil)
	}
	t := Token{Value: value, ExpiresAt: s.wire.cfg.Wall.Now().Add(life - min(earliest, life/10)), Version: s.next(old.Version)}
	if err := s.store.Save(ctx, s.key, t); err != nil {
		return "", errs.Wrap(err, "save token")
	}
	s.mu.Lock()
	s.cached, s.bad = t, "" // WeChat hands it out now, whatever it said before
	s.mu.Unlock()
	return value, nil
}

// next is the version after old, and after every one this process saw: a drop may have deleted the row.
func (s *StoredTokens) next(old int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = max(s.last, old) + 1
	return s.last
}

func (s *StoredTokens) fresh() (Token, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cached, s.usable(s.cached)
}

// keep caches a loaded token if it can be used.
func (s *StoredTokens) keep(t Token) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.usable(t) || t.Value == s.bad {
		return false
	}
	s.cached, s.last = t, max(s.last, t.Version)
	return true
}

func (s *StoredTokens) usable(t Token) bool {
	return t.Value != "" && s.wire.cfg.Wall.Now().Before(t.ExpiresAt)
}
