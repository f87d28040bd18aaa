package conversation

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// claimChannel is where replicas tell each other who is being talked to: "<account>:<person>:<until ms>".
const claimChannel = "conversation.claim"

// claims keeps in memory which followers a person is talking to, so that the path of a message reads no database.
type claims struct {
	mu       sync.RWMutex
	until    map[key]time.Time
	unlisten func()
}

func (c Conversation) claim() string {
	return strconv.FormatInt(c.Account, 10) + ":" + c.Person + ":" + strconv.FormatInt(stored(c.ClaimedUntil), 10)
}

// Start loads the warm claims and listens for changes of all replicas.
func (s *Service) Start(ctx context.Context) error {
	s.claims.unlisten = s.db.Listen(claimChannel, func(payload string) {
		if payload == "" { // the connection was lost and healed: something may have been missed
			if err := s.loadClaims(context.WithoutCancel(ctx)); err != nil {
				s.Log.ErrorContext(ctx, "claims could not be loaded again", "error", err)
			}
			return
		}
		s.claims.set(payload)
	})
	return s.loadClaims(ctx)
}

// Stop ends the listening.
func (s *Service) Stop(context.Context) error {
	if s.claims.unlisten != nil {
		s.claims.unlisten()
	}
	return nil
}

func (s *Service) loadClaims(ctx context.Context) error {
	type row struct {
		key
		until int64
	}
	rows, err := db.All(ctx, s.db, func(scan db.Scan) (r row, err error) {
		return r, scan(&r.account, &r.person, &r.until)
	}, `select account_id, person, claimed_until from conversation where claimed_by > 0 and claimed_until > $1`,
		clock.Millis(s.Wall.Now()))
	if err != nil {
		return errs.Wrap(err, "load claims")
	}
	fresh := make(map[key]time.Time, len(rows))
	for _, r := range rows {
		fresh[r.key] = clock.FromMillis(r.until)
	}
	s.claims.mu.Lock()
	defer s.claims.mu.Unlock()
	s.claims.until = fresh
	return nil
}

func (c *claims) set(payload string) {
	parts := strings.Split(payload, ":")
	if len(parts) != 3 {
		return
	}
	account, err1 := strconv.ParseInt(parts[0], 10, 64)
	until, err2 := strconv.ParseInt(parts[2], 10, 64)
	if err1 != nil || err2 != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.until == nil {
		c.until = map[key]time.Time{}
	}
	if k := (key{account, parts[1]}); until == 0 {
		delete(c.until, k)
	} else {
		c.until[k] = clock.FromMillis(until)
	}
}

// Talking reports whether a person is talking to the follower now: rules keep silent.
func (s *Service) Talking(account int64, person string) bool {
	s.claims.mu.RLock()
	until, ok := s.claims.until[key{account, person}]
	s.claims.mu.RUnlock()
	return ok && s.Wall.Now().Before(until)
}
