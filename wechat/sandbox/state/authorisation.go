package state

import (
	"context"
	"encoding/json"
	"slices"

	"weizheng/platform/db"
)

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
	s.hostsChanged(ctx, tx)
	return err
}

// DropAuthorisation takes it back, and the tokens with it.
func (s *Store) DropAuthorisation(ctx context.Context, tx *db.Tx, component, account int64) error {
	if _, err := tx.Exec(ctx, "delete from authorisation where component=$1 and account=$2", component, account); err != nil {
		return err
	}
	now := s.Wall()
	_, err := tx.Exec(ctx, `update credential set dead_at=$1 where account=$2 and kind=$3 and dead_at=0
		and json_extract(doc, '$.component')=$4`, now, account, AuthorizerToken, component)
	s.hostsChanged(ctx, tx)
	tx.AfterCommit(func() { s.tokens.bury(account, component, now) })
	return err
}

// bury makes the tokens dead with which a component calls for an account.
func (t *tokens) bury(account, component, now int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for value, c := range t.byText {
		if c.Account == account && c.Kind == AuthorizerToken && c.Grant.Component == component && c.DeadAt == 0 {
			c.DeadAt = now
			t.byText[value] = c
		}
	}
}

// hosts is a snapshot of what accounts gave to components, for every callback and every page.
type hosts struct {
	messages map[int64][]*Component // by account
	web      map[webKey]*Component
	domains  []string
}

type webKey struct {
	account int64
	appid   string // the component's
}

// Hosts are the components that get a copy of an account's messages: those to which it gave the set of messages. Each may
// answer, and so may the account's own server (a platform's own account of it; WeChat's documents do not say).
func (s *Store) Hosts(account int64) []*Component { return s.hosts.Load().messages[account] }

// WebHost is the component of an appid to which an account gave the set of web services; nil when it did not.
func (s *Store) WebHost(account int64, appid string) *Component {
	return s.hosts.Load().web[webKey{account, appid}]
}

// PlatformDomains are the domains of all components' pages.
func (s *Store) PlatformDomains() []string { return s.hosts.Load().domains }

// Pushes reports whether the messages of an account go anywhere.
func (s *Store) Pushes(a *Account) bool { return a.Pushes() || len(s.Hosts(a.N)) > 0 }

// loadHosts reads who gets whose messages.
func (s *Store) loadHosts(ctx context.Context) error {
	list, err := s.Components(ctx)
	if err != nil {
		return err
	}
	h := &hosts{messages: map[int64][]*Component{}, web: map[webKey]*Component{}}
	for _, c := range list {
		h.domains = append(h.domains, c.PageDomain, c.WebDomain)
		given, err := s.Authorisations(ctx, s.db, c.N)
		if err != nil {
			return err
		}
		for _, a := range given {
			if c.MessageURL != "" && slices.Contains(a.Sets, messageSet) {
				h.messages[a.Account] = append(h.messages[a.Account], c)
			}
			if slices.Contains(a.Sets, webSet) {
				h.web[webKey{a.Account, c.AppID}] = c
			}
		}
	}
	s.hosts.Store(h)
	return nil
}

func (s *Store) hostsChanged(ctx context.Context, tx *db.Tx) {
	tx.AfterCommit(func() {
		if err := s.loadHosts(context.WithoutCancel(ctx)); err != nil {
			s.log.ErrorContext(ctx, "who gets whose messages was not read again", "error", err)
		}
	})
}
