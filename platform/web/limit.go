package web

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"weizheng/platform/clock"
)

// Limit names a row of the limits table: a bucket per key (client address, session, link or API key) that refills at
// Rate and holds Burst. Each replica counts for itself; limits that must be exact across replicas (codes by SMS, wrong
// passwords) are counted rows of the part that owns them.
type Limit string

// The rows. A signed callback is never limited by address or sender: WeChat calls from few addresses.
const (
	LimitAddress        Limit = "address"         // pages, files and the open API, per client address
	LimitConsoleAddress Limit = "console_address" // the console, per client address
	LimitCitizen        Limit = "citizen"         // per citizen session
	LimitStaff          Limit = "staff"           // per staff session, at a desk or on the phone
	LimitKey            Limit = "key"             // per API key
	LimitLogin          Limit = "login"           // attempts to prove who one is, per client address
	LimitOutward        Limit = "outward"         // what calls out for one person at a desk (a code, a trial message), per client address
	LimitSubmit         Limit = "submit"          // forms sent by a citizen's address
)

// Allowance is what a limit grants: Rate a second in the long run, Burst at once.
type Allowance struct {
	Rate  float64
	Burst int
}

// DefaultLimits is the table a Config starts from.
//
// A county's citizens reach us through few addresses of mobile carriers, so the limit per address is wide and the one
// per session is what a thumb can do. A console page asks for a dozen lists at once. Ten wrong passwords, then one every
// six seconds, makes guessing useless long before the account's own lock does.
func DefaultLimits() map[Limit]Allowance {
	return map[Limit]Allowance{
		LimitAddress:        {Rate: 50, Burst: 300},
		LimitConsoleAddress: {Rate: 100, Burst: 500},
		LimitCitizen:        {Rate: 5, Burst: 40},
		LimitStaff:          {Rate: 30, Burst: 200},
		LimitKey:            {Rate: 20, Burst: 100},
		LimitLogin:          {Rate: 1.0 / 6, Burst: 10},
		LimitOutward:        {Rate: 1, Burst: 60},
		LimitSubmit:         {Rate: 5, Burst: 60},
	}
}

// bucketsKept bounds the memory of the limiter: about 200 bytes each, the least recently used go first. Whoever comes
// from more addresses than this has a fresh bucket for each anyway.
const bucketsKept = 50_000

// limiter keeps the buckets. It is safe for concurrent use.
type limiter struct {
	wall  clock.Clock
	table map[Limit]Allowance

	mu      sync.Mutex
	buckets map[bucketKey]*list.Element
	recent  *list.List // of *bucket, the most recently used in front
}

type bucketKey struct {
	limit Limit
	key   string
}

type bucket struct {
	key     bucketKey
	limiter *rate.Limiter
}

func newLimiter(wall clock.Clock, table map[Limit]Allowance) *limiter {
	return &limiter{wall: wall, table: table, buckets: map[bucketKey]*list.Element{}, recent: list.New()}
}

// take uses one token. When there is none it returns how long until there is one. A limit that the table does not hold,
// or with a rate of 0, is no limit.
func (l *limiter) take(limit Limit, key string) (wait time.Duration, ok bool) {
	allowance := l.table[limit]
	if limit == "" || key == "" || allowance.Rate <= 0 {
		return 0, true
	}
	now := l.wall.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(bucketKey{limit, key}, allowance)
	if b.AllowN(now, 1) {
		return 0, true
	}
	missing := 1 - b.TokensAt(now)
	return time.Duration(missing / allowance.Rate * float64(time.Second)), false
}

func (l *limiter) bucket(key bucketKey, a Allowance) *rate.Limiter {
	if e, ok := l.buckets[key]; ok {
		l.recent.MoveToFront(e)
		return e.Value.(*bucket).limiter
	}
	b := &bucket{key, rate.NewLimiter(rate.Limit(a.Rate), max(a.Burst, 1))}
	l.buckets[key] = l.recent.PushFront(b)
	if l.recent.Len() > bucketsKept {
		oldest := l.recent.Back()
		delete(l.buckets, oldest.Value.(*bucket).key)
		l.recent.Remove(oldest)
	}
	return b.limiter
}
