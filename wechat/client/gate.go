package client

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"weizheng/platform/clock"
	"weizheng/wechat"
)

// backOff is how long a path rests after 45011, "called too often within a minute".
const backOff = time.Minute

// gate remembers for each path of one account why it may not be called now. The state is this process's own: another
// replica learns the same from WeChat with one call.
type gate struct {
	wall, civil clock.Clock
	limit       func(path string) int

	mu    sync.Mutex
	paths map[string]*rest
}

type rest struct {
	until  time.Time // wall; after 45011
	usedUp string    // civil day; after 45009
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
		return wechat.CodeMinuteQuota
	case r.bucket != nil && !r.bucket.AllowN(now, 1):
		return wechat.CodeMinuteQuota
	}
	return wechat.CodeOK
}

// note learns from an answer.
func (g *gate) note(path string, code int) {
	switch wechat.Code(code) {
	case wechat.CodeDailyQuota:
		g.mu.Lock()
		defer g.mu.Unlock()
		g.of(path).usedUp = clock.Day(g.civil.Now())
	case wechat.CodeMinuteQuota:
		g.mu.Lock()
		defer g.mu.Unlock()
		g.of(path).until = g.wall.Now().Add(backOff)
	}
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
