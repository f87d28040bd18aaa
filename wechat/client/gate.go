package client

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"weizheng/platform/clock"
	"weizheng/wechat"
)

// rests are how long a path is not called after a code: 45011 is "too often within a minute"; of an address that waits for
// the administrator, or was refused by them, nothing else helps (WeChat docs: getStableAccessToken).
var rests = map[wechat.Code]time.Duration{
	wechat.CodeMinuteQuota: time.Minute,
	89503:                  time.Minute, // ours: the administrator has the question on the phone
	89507:                  time.Hour,
	89506:                  24 * time.Hour,
}

// gate remembers for each path of one account why it may not be called now. The state is this process's own: another
// replica learns the same from WeChat with one call.
type gate struct {
	wall, civil clock.Clock
	limit       func(path string) int

	mu    sync.Mutex
	paths map[string]*rest
}

type rest struct {
	until  time.Time   // wall; after one of rests
	why    wechat.Code // that one
	usedUp string      // civil day; after 45009
	bucket *rate.Limiter
}

func newGate(cfg Config) *gate {
	limit := cfg.Limit
	if limit == nil {
		limit = func(path string) int {
			e, _ := wechat.EndpointOf(path)
			return e.PerMinute
		}
	}
	return &gate{wall: cfg.Wall, civil: cfg.Civil, limit: limit, paths: map[string]*rest{}}
}

func (g *gate) of(path string) *rest {
	r := g.paths[path]
	if r == nil {
		r = &rest{}
		if n := g.limit(path); n > 0 {
			r.bucket = rate.NewLimiter(rate.Limit(float64(n)/60), n)
		}
		g.paths[path] = r
	}
	return r
}

// pass takes one call of path; CodeOK means go ahead, else the code says why not.
func (g *gate) pass(path string) wechat.Code {
	g.mu.Lock()
	defer g.mu.Unlock()
	r, now := g.of(path), g.wall.Now()
	switch {
	case r.usedUp != "" && r.usedUp == clock.Day(g.civil.Now()):
		return wechat.CodeDailyQuota
	case now.Before(r.until):
		return r.why
	case r.bucket != nil && !r.bucket.AllowN(now, 1):
		return wechat.CodeMinuteQuota
	}
	return wechat.CodeOK
}

// note learns from an answer.
func (g *gate) note(path string, code int) {
	pause := rests[wechat.Code(code)]
	if pause == 0 && wechat.Code(code) != wechat.CodeDailyQuota {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if pause > 0 {
		r := g.of(path)
		r.until, r.why = g.wall.Now().Add(pause), wechat.Code(code)
		return
	}
	g.of(path).usedUp = clock.Day(g.civil.Now())
}

// lift forgets that path is used up: WeChat says there is quota again.
func (g *gate) lift(path string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.of(path).usedUp = ""
}

// liftAll forgets that any path is used up.
func (g *gate) liftAll() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range g.paths {
		r.usedUp = ""
	}
}
