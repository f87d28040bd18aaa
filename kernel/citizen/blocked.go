package citizen

import (
	"context"
	"sync"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// blockedChannel is where replicas tell each other that the blacklist changed.
const blockedChannel = "citizen.blocked"

// blacklist keeps in memory whom staff blocked, so that the path of a message reads no database.
type blacklist struct {
	mu       sync.RWMutex
	list     map[blockedKey]bool
	unlisten func()
}

type blockedKey struct {
	account int64
	person  string
}

// Start loads the blacklist and follows its changes on all replicas.
func (s *Service) Start(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	s.blocked.unlisten = s.DB.Listen(blockedChannel, func(string) {
		if err := s.loadBlocked(ctx); err != nil {
			s.Log.ErrorContext(ctx, "the blacklist could not be loaded again", "error", err)
		}
	})
	return s.loadBlocked(ctx)
}

// Stop ends the listening.
func (s *Service) Stop(context.Context) error {
	if s.blocked.unlisten != nil {
		s.blocked.unlisten()
	}
	return nil
}

func (s *Service) loadBlocked(ctx context.Context) error {
	keys, err := db.All(ctx, s.DB, func(scan db.Scan) (k blockedKey, err error) {
		err = scan(&k.account, &k.person)
		return k, err
	}, `select account_id, person from follower where blocked and person is not null`)
	if err != nil {
		return errs.Wrap(err, "load the blacklist")
	}
	list := make(map[blockedKey]bool, len(keys))
	for _, k := range keys {
		list[k] = true
	}
	s.blocked.mu.Lock()
	defer s.blocked.mu.Unlock()
	s.blocked.list = list
	return nil
}

func (b *blacklist) set(k blockedKey, blocked bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !blocked {
		delete(b.list, k)
		return
	}
	if b.list == nil {
		b.list = map[blockedKey]bool{}
	}
	b.list[k] = true
}

// blockedSender is Blocked for who sent a callback, without work while nobody is blocked.
func (s *Service) blockedSender(in Inbound) bool {
	s.blocked.mu.RLock()
	some := len(s.blocked.list) > 0
	s.blocked.mu.RUnlock()
	return some && s.Blocked(in.Account, s.Person(in.Account, in.OpenID))
}

// Blocked reports whether staff blocked a person (blind index) in an account: they are recorded still, but nobody answers.
func (s *Service) Blocked(account int64, person string) bool {
	s.blocked.mu.RLock()
	defer s.blocked.mu.RUnlock()
	return s.blocked.list[blockedKey{account, person}]
}
