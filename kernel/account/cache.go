package account

import (
	"context"
	"strconv"
	"sync"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// channel carries the id of a changed account to every replica.
const channel = "account"

// cacheAge is how old what is in memory may be when no notification comes: a unit that moved tells nobody here. Then one
// small query tells whether anything changed.
const cacheAge = 15 * time.Second

// entry is one account ready for use. It is never changed after it was made.
type entry struct {
	account  Account
	codec    *wechat.Codec
	codecErr error
	client   *client.Client
	refusals map[string]Refusal
	spent    map[string]Refusal // used up, by path; of today or of a day before
	at       time.Time          // wall, when it was known to be right
}

// cache keeps entries by id and slug. round grows at every forgetting, so that what was read before a change is not
// kept after it.
type cache struct {
	mu    sync.RWMutex
	round uint64
	ids   map[int64]*entry
	slugs map[string]int64
}

func (c *cache) init() { c.ids, c.slugs = map[int64]*entry{}, map[string]int64{} }

// forget drops one account, or all of them when notifications may have been lost (an empty payload).
func (c *cache) forget(payload string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.round++
	if id, err := strconv.ParseInt(payload, 10, 64); err == nil {
		delete(c.ids, id)
	} else {
		clear(c.ids)
	}
}

// Reread makes every replica read all accounts again once the transaction is committed: their units moved.
func (s *Service) Reread(tx *db.Tx) error {
	tx.AfterCommit(func() { s.cache.forget("") })
	return tx.Notify(channel, "all")
}

func (c *cache) byID(id int64) (*entry, uint64) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.ids[id], c.round
}

func (c *cache) idOf(slug string) (int64, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	id, ok := c.slugs[slug]
	return id, ok
}

// keep stores an entry that was read in a round that still lasts.
func (c *cache) keep(e *entry, round uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.round != round {
		return
	}
	c.ids[e.account.ID] = e
	c.slugs[e.account.Slug] = e.account.ID // a slug never changes: it need not be forgotten
}

// announce makes every replica forget an account once the transaction is committed; this one before Write returns.
func (s *Service) announce(tx *db.Tx, id int64) error {
	payload := strconv.FormatInt(id, 10)
	tx.AfterCommit(func() { s.cache.forget(payload) })
	return tx.Notify(channel, payload)
}

// ready returns an account from memory, reading it when it is not there or too old to trust.
func (s *Service) ready(ctx context.Context, id int64) (*entry, error) {
	e, round := s.cache.byID(id)
	now := s.Wall.Now()
	if e != nil && now.Sub(e.at) < cacheAge {
		return e, nil
	}
	if e != nil {
		same, err := s.unchanged(ctx, e.account)
		if err != nil && errs.KindOf(err).Retry() {
			return e, nil // the database is away: what is known serves until it can be asked, for nothing can be written either
		}
		if err != nil {
			return nil, err
		}
		if same {
			again := *e
			again.at = now
			s.cache.keep(&again, round)
			return &again, nil
		}
	}
	r, err := byID(ctx, s.DB, id)
	if err != nil {
		return nil, errs.Wrap(err, "load account %d", id)
	}
	if e, err = s.makeReady(ctx, r, now); err != nil {
		return nil, err
	}
	s.cache.keep(e, round)
	return e, nil
}

// lookTime bounds the question whether an account is unchanged: a callback waits for it.
const lookTime = time.Second

// unchanged asks the database whether an account is still as it was read, its unit's path included.
func (s *Service) unchanged(ctx context.Context, a Account) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	n, err := db.One(ctx, s.DB, db.Value[int64], `select count(*)`+from+`where a.id = $1 and a.version = $2 and u.path = $3 and a.fault_code = $4`,
		a.ID, a.Version, a.Unit, a.Fault.Code)
	return n == 1, errs.Wrap(err, "look after account %d", a.ID)
}

func (s *Service) makeReady(ctx context.Context, r row, now time.Time) (*entry, error) {
	c, err := s.open(r)
	if err != nil {
		return nil, err
	}
	e := &entry{account: r.Account, at: now}
	if e.refusals, err = refusalsOf(ctx, s.DB, r.ID); err != nil {
		return nil, err
	}
	if e.spent, err = spentOf(ctx, s.DB, r.ID); err != nil {
		return nil, err
	}
	e.codec, e.codecErr = wechat.NewCodec(wechat.CodecConfig{AppID: r.AppID, Token: c.token, Mode: r.Mode, Keys: c.keys()})
	e.client = s.makeClient(e, c)
	return e, nil
}

// Known returns an account from memory: at most a notification, or cacheAge, behind the database.
func (s *Service) Known(ctx context.Context, id int64) (Account, error) {
	e, err := s.ready(ctx, id)
	if err != nil {
		return Account{}, err
	}
	return e.account, nil
}

// Codec returns an account and what opens its callbacks, from memory. An unknown or suspended account is errs.NotFound.
func (s *Service) Codec(ctx context.Context, slug string) (Account, *wechat.Codec, error) {
	id, ok := s.cache.idOf(slug)
	if !ok {
		if !slugForm.MatchString(slug) {
			return Account{}, nil, errUnknown // strangers cannot make us ask the database with nonsense
		}
		a, err := s.BySlug(ctx, slug)
		if err != nil {
			return Account{}, nil, err
		}
		id = a.ID
	}
	e, err := s.ready(ctx, id)
	if err != nil {
		return Account{}, nil, err
	}
	if e.account.Status != Active {
		return Account{}, nil, errUnknown
	}
	return e.account, e.codec, errs.Wrap(e.codecErr, "callback settings of account %d", id)
}
