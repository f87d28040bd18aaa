package client

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"time"
)

// TokenSource hands out the access_token of an account.
type TokenSource interface {
	Token(ctx context.Context) (string, error)
	// Drop says that WeChat refused this very token. A newer one is not touched.
	Drop(ctx context.Context, token string) error
}

// Token is a token (or JS ticket) as a store keeps it. It does not print.
type Token struct {
	Value     string    // store at least 512 characters
	ExpiresAt time.Time // not used after this; some minutes before WeChat forgets it
	Version   int64     // grows by one with each fetch
}

// String tells everything but the token.
func (t Token) String() string {
	return "client.Token(version " + strconv.FormatInt(t.Version, 10) + ", until " + t.ExpiresAt.UTC().Format(time.RFC3339) + ")"
}

// GoString keeps the token out of %#v.
func (t Token) GoString() string { return t.String() }

// LogValue keeps the token out of logs.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// TokenStore keeps tokens where all replicas see them. The key is the appid, or the appid with ":jsapi" for the ticket.
type TokenStore interface {
	// Load returns the zero Token if there is none.
	Load(ctx context.Context, key string) (Token, error)
	Save(ctx context.Context, key string, t Token) error
	// Drop deletes the token if its value is still this one, in one step.
	Drop(ctx context.Context, key, value string) error
	// Lock is held across replicas while one of them fetches; it waits until it has it or ctx ends.
	Lock(ctx context.Context, key string) (unlock func(), err error)
}

// FixedToken is a token that somebody else looks after.
type FixedToken string

// Token returns it.
func (t FixedToken) Token(context.Context) (string, error) { return string(t), nil }

// Drop cannot do anything.
func (FixedToken) Drop(context.Context, string) error { return nil }

// String keeps the token out of %v.
func (FixedToken) String() string { return "client.FixedToken" }

// GoString keeps the token out of %#v.
func (FixedToken) GoString() string { return "client.FixedToken" }

// LogValue keeps the token out of logs.
func (FixedToken) LogValue() slog.Value { return slog.StringValue("client.FixedToken") }

// MemoryStore is a TokenStore for one process.
type MemoryStore struct {
	mu     sync.Mutex
	tokens map[string]Token
	locks  map[string]chan struct{}
}

// NewMemoryStore returns an empty store.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{tokens: map[string]Token{}, locks: map[string]chan struct{}{}}
}

// Load returns the token of key.
func (s *MemoryStore) Load(_ context.Context, key string) (Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens[key], nil
}

// Save replaces the token of key.
func (s *MemoryStore) Save(_ context.Context, key string, t Token) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[key] = t
	return nil
}

// Drop deletes the token of key if it is value.
func (s *MemoryStore) Drop(_ context.Context, key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens[key].Value == value {
		delete(s.tokens, key)
	}
	return nil
}

// Lock waits for the lock of key.
func (s *MemoryStore) Lock(ctx context.Context, key string) (unlock func(), err error) {
	s.mu.Lock()
	lock := s.locks[key]
	if lock == nil {
		lock = make(chan struct{}, 1)
		s.locks[key] = lock
	}
	s.mu.Unlock()
	select {
	case lock <- struct{}{}:
		return func() { <-lock }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// String keeps the tokens out of %v.
func (*MemoryStore) String() string { return "client.MemoryStore" }

// GoString keeps the tokens out of %#v.
func (*MemoryStore) GoString() string { return "client.MemoryStore" }
