package state

import (
	"context"
	"encoding/json"
	"sync"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// The kinds of credential.
const (
	LegacyToken  = "legacy" // from /cgi-bin/token
	StableToken  = "stable" // from /cgi-bin/stable_token
	Ticket       = "ticket" // jsapi_ticket
	OAuthCode    = "code"
	OAuthToken   = "user"
	OAuthRefresh = "refresh"

	// Of third-party platforms. Except for AuthorizerToken the credential's Account is the component's number below zero.
	AuthorizerToken = "authorizer"
	ComponentToken  = "component"
	VerifyTicket    = "verify_ticket"
	PreAuthCode     = "preauth"
	AuthCode        = "authcode"
)

// Credential is a token, ticket or code. Its times are wall time: technical credentials do not age with civil time.
type Credential struct {
	Value     string
	Kind      string
	Account   int64
	MadeAt    int64
	ExpiresAt int64
	DeadAt    int64 // superseded, revoked or used at; 0: not
	Grant     Grant
}

// Grant is what a citizen granted by web authorisation; empty for server tokens and tickets.
type Grant struct {
	Citizen  int64  `json:"citizen,omitempty"`
	OpenID   string `json:"openid,omitempty"`
	UnionID  string `json:"unionid,omitempty"`
	Scope    string `json:"scope,omitempty"`
	Snapshot bool   `json:"snapshot,omitempty"`

	Component int64 `json:"component,omitempty"` // of an authorizer's token: who calls with it
	Account   int64 `json:"account,omitempty"`   // of an authorisation code: who gave it

	Password bool `json:"password,omitempty"` // the citizen changed their password

	Code string `json:"code,omitempty"` // of a pre-authorisation code that was used: the authorisation code that came of it
}

// tokens keeps server tokens and tickets in memory, as every call looks one up.
type tokens struct {
	mu     sync.RWMutex
	byText map[string]Credential
	latest map[tokenKey]string
}

type tokenKey struct {
	account int64
	kind    string
}

// remembered is how long a dead token is remembered, so that a call with it hears "expired" and not "unknown".
const remembered = 24 * 3600 * 1000

const credentialColumns = "value, kind, account, made_at, expires_at, dead_at, doc"

func scanCredential(scan db.Scan) (Credential, error) {
	var c Credential
	var doc []byte
	if err := scan(&c.Value, &c.Kind, &c.Account, &c.MadeAt, &c.ExpiresAt, &c.DeadAt, &doc); err != nil {
		return c, err
	}
	return c, json.Unmarshal(doc, &c.Grant)
}

func (s *Store) loadTokens(ctx context.Context) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "delete from credential where expires_at<$1", s.Wall()-remembered)
		return err
	})
	if err != nil {
		return err
	}
	list, err := db.All(ctx, s.db, scanCredential, "select "+credentialColumns+` from credential
		where kind in ($1, $2, $3, $4) order by made_at, value`, LegacyToken, StableToken, Ticket, AuthorizerToken)
	s.tokens.byText, s.tokens.latest = map[string]Credential{}, map[tokenKey]string{}
	for _, c := range list {
		s.tokens.keep(c)
	}
	return err
}

func (t *tokens) keep(c Credential) {
	t.byText[c.Value] = c
	if c.DeadAt == 0 {
		t.latest[tokenKey{c.Account, c.Kind}] = c.Value
	}
}

// Token finds a server token or ticket, dead or alive.
func (s *Store) Token(value string) (Credential, bool) {
	s.tokens.mu.RLock()
	defer s.tokens.mu.RUnlock()
	c, ok := s.tokens.byText[value]
	return c, ok
}

// Latest finds the account's newest credential of a kind that nothing has superseded; it may have expired.
func (s *Store) Latest(account int64, kind string) (Credential, bool) {
	s.tokens.mu.RLock()
	defer s.tokens.mu.RUnlock()
	c, ok := s.tokens.byText[s.tokens.latest[tokenKey{account, kind}]]
	return c, ok
}

// Replace issues a server token or ticket; older ones of its kind that are alive die at the wall instant buryAt.
func (s *Store) Replace(ctx context.Context, c Credential, buryAt int64) error {
	if err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "update credential set dead_at=$1 where account=$2 and kind=$3 and dead_at=0", buryAt,
			c.Account, c.Kind); err != nil {
			return err
		}
		return insertCredential(ctx, tx, c)
	}); err != nil {
		return err
	}
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	for value, old := range s.tokens.byText {
		if old.Account == c.Account && old.Kind == c.Kind && old.DeadAt == 0 {
			old.DeadAt = buryAt
			s.tokens.byText[value] = old
		}
		if old.ExpiresAt < s.Wall()-remembered {
			delete(s.tokens.byText, value)
		}
	}
	s.tokens.keep(c)
	return nil
}

// Bury makes one server token dead at once.
func (s *Store) Bury(ctx context.Context, value string) error {
	now := s.Wall()
	if err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "update credential set dead_at=$1 where value=$2", now, value)
		return err
	}); err != nil {
		return err
	}
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	if c, ok := s.tokens.byText[value]; ok {
		c.DeadAt = now
		s.tokens.byText[value] = c
		delete(s.tokens.latest, tokenKey{c.Account, c.Kind})
	}
	return nil
}

func insertCredential(ctx context.Context, tx *db.Tx, c Credential) error {
	doc, err := json.Marshal(c.Grant)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "insert into credential ("+credentialColumns+") values ($1, $2, $3, $4, $5, $6, $7)", c.Value,
		c.Kind, c.Account, c.MadeAt, c.ExpiresAt, c.DeadAt, string(doc))
	return err
}

// AddCredentials stores what web authorisation issues.
func (s *Store) AddCredentials(ctx context.Context, list ...Credential) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, c := range list {
			if err := insertCredential(ctx, tx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// AddCredential stores a code in tx.
func (s *Store) AddCredential(ctx context.Context, tx *db.Tx, c Credential) error {
	return insertCredential(ctx, tx, c)
}

// ErrUsed is a code that was used before, by somebody faster.
var ErrUsed = errs.New(errs.Conflict, "sandbox.code_used")

// EndPreAuth uses a pre-authorisation code up, for an authorisation code; ErrUsed when it was used before.
func (s *Store) EndPreAuth(ctx context.Context, tx *db.Tx, value, code string) error {
	n, err := tx.Exec(ctx, "update credential set dead_at=$1, doc=json_set(doc, '$.code', $2) where value=$3 and kind=$4 and dead_at=0",
		s.Wall(), code, value, PreAuthCode)
	if err == nil && n != 1 {
		err = ErrUsed
	}
	return err
}

// AddToken issues a server token beside those that live.
func (s *Store) AddToken(ctx context.Context, c Credential) error {
	if err := s.AddCredentials(ctx, c); err != nil {
		return err
	}
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	s.tokens.keep(c)
	return nil
}

// FindCredential finds what web authorisation issued; ok is false when there is none of the kind.
func (s *Store) FindCredential(ctx context.Context, kind, value string) (c Credential, ok bool, err error) {
	list, err := db.All(ctx, s.db, scanCredential, "select "+credentialColumns+
		" from credential where value=$1 and kind=$2", value, kind)
	if err != nil || len(list) == 0 {
		return Credential{}, false, err
	}
	return list[0], true, nil
}

// UseUp marks a code as used; it reports false when somebody was faster.
func (s *Store) UseUp(ctx context.Context, value string) (bool, error) {
	var n int64
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = tx.Exec(ctx, "update credential set dead_at=$1 where value=$2 and dead_at=0", s.Wall(), value)
		return err
	})
	return n == 1, err
}

// LiveTickets lists the tickets of an account that still sign.
func (s *Store) LiveTickets(account int64) []string {
	now := s.Wall()
	s.tokens.mu.RLock()
	defer s.tokens.mu.RUnlock()
	var list []string
	for _, c := range s.tokens.byText {
		if c.Account == account && c.Kind == Ticket && now < c.ExpiresAt && (c.DeadAt == 0 || now < c.DeadAt) {
			list = append(list, c.Value)
		}
	}
	return list
}
