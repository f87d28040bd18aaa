package account

import (
	"context"
	"sync"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// call is one answered request to WeChat, as the client's observer tells it.
type call struct {
	path string
	code wechat.Code
	rid  string
}

type callKey struct {
	account int64
	day     string
	path    string
}

type callCount struct {
	calls, failed int64
	code          wechat.Code
	rid           string
	at            int64
}

type callbackKey struct {
	account int64
	day     string
}

type callbackCount struct {
	good, bad     int64
	goodAt, badAt int64
	reason        string
}

// verdict is what calls taught about an account that is not a count.
type verdict struct {
	fault    wechat.Code // 0: none seen
	faultAt  int64
	cleared  bool                // a token was given out: there is no fault
	refusals map[string]*Refusal // nil: it succeeded, so the refusal is forgotten
	spent    map[string]*Refusal // the same of calls that are used up
}

// tally collects in memory what calls and callbacks teach, so that observing never waits for the database.
type tally struct {
	mu        sync.Mutex
	calls     map[callKey]*callCount
	callbacks map[callbackKey]*callbackCount
	verdicts  map[int64]*verdict
}

func (t *tally) init() {
	t.calls, t.callbacks, t.verdicts = map[callKey]*callCount{}, map[callbackKey]*callbackCount{}, map[int64]*verdict{}
}

const tokenPath = "/cgi-bin/stable_token"

// observe notes one call.
func (s *Service) observe(account int64, k learnt, c call) {
	now := clock.Millis(s.Wall.Now())
	day := clock.Day(s.Civil.Now())
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	n := at(s.tally.calls, callKey{account, day, c.path})
	n.calls++
	if c.code != wechat.CodeOK {
		n.failed++
		n.code, n.rid, n.at = c.code, c.rid, now
	}
	s.tally.judge(account, k, c, now, day)
}

// judge draws conclusions: no permission, used up for the day, a fault, or that one of them is over.
func (t *tally) judge(account int64, k learnt, c call, now int64, day string) {
	_, refused := k.refusals[c.path]
	_, spent := k.spent[c.path]
	if c.code == wechat.CodeOK && spent {
		at(t.verdicts, account).spend(c.path, nil)
	}
	switch {
	case c.code == wechat.CodeOK && c.path == tokenPath:
		v := at(t.verdicts, account)
		v.fault, v.cleared = 0, true
	case c.code == wechat.CodeOK && refused:
		at(t.verdicts, account).refuse(c.path, nil)
	case c.code.Action() == wechat.ActHideCapability:
		at(t.verdicts, account).refuse(c.path, &Refusal{Path: c.path, Code: c.code, RID: c.rid, At: clock.FromMillis(now)})
	case c.code == wechat.CodeDailyQuota:
		at(t.verdicts, account).spend(c.path, &Refusal{Path: c.path, Code: c.code, RID: c.rid, At: clock.FromMillis(now), Day: day})
	case isFault(c):
		v := at(t.verdicts, account)
		v.fault, v.faultAt, v.cleared = c.code, now, false
	}
}

func (v *verdict) refuse(path string, r *Refusal) {
	if v.refusals == nil {
		v.refusals = map[string]*Refusal{}
	}
	v.refusals[path] = r
}

func (v *verdict) spend(path string, r *Refusal) {
	if v.spent == nil {
		v.spent = map[string]*Refusal{}
	}
	v.spent[path] = r
}

// isFault: a frozen account or secret, or wrong credentials where a token is asked for; there 40001 is a wrong secret.
func isFault(c call) bool {
	if c.code.Action() == wechat.ActSuspend {
		return true
	}
	return c.path == tokenPath && (c.code.Action() == wechat.ActFixConfig || c.code == wechat.CodeBadCredential)
}

func at[K comparable, V any](m map[K]*V, key K) *V {
	v := m[key]
	if v == nil {
		v = new(V)
		m[key] = v
	}
	return v
}

// CallbackSeen notes a callback that was let in. It never blocks; counts are written within flushEvery.
func (s *Service) CallbackSeen(account int64) {
	now := s.Wall.Now()
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	n := at(s.tally.callbacks, callbackKey{account, clock.Day(s.Civil.Now())})
	n.good, n.goodAt = n.good+1, clock.Millis(now)
}

// CallbackRefused notes one that was not; reason is one word such as "signature" or "stale".
func (s *Service) CallbackRefused(account int64, reason string) {
	now := s.Wall.Now()
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	n := at(s.tally.callbacks, callbackKey{account, clock.Day(s.Civil.Now())})
	n.bad, n.badAt, n.reason = n.bad+1, clock.Millis(now), reason
}

// take empties the tally.
func (t *tally) take() (map[callKey]*callCount, map[callbackKey]*callbackCount, map[int64]*verdict) {
	t.mu.Lock()
	defer t.mu.Unlock()
	calls, callbacks, verdicts := t.calls, t.callbacks, t.verdicts
	t.init()
	return calls, callbacks, verdicts
}

// giveBack returns what could not be written, under what has been counted since.
func (t *tally) giveBack(calls map[callKey]*callCount, callbacks map[callbackKey]*callbackCount, verdicts map[int64]*verdict) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k, old := range calls {
		n := at(t.calls, k)
		n.calls, n.failed = n.calls+old.calls, n.failed+old.failed
		if n.at == 0 {
			n.code, n.rid, n.at = old.code, old.rid, old.at
		}
	}
	for k, old := range callbacks {
		n := at(t.callbacks, k)
		n.good, n.bad = n.good+old.good, n.bad+old.bad
		n.goodAt = max(n.goodAt, old.goodAt)
		if n.badAt == 0 {
			n.badAt, n.reason = old.badAt, old.reason
		}
	}
	for id, old := range verdicts {
		if _, newer := t.verdicts[id]; !newer {
			t.verdicts[id] = old
		}
	}
}

// Flush writes what was counted in one transaction; on failure it is kept for the next time.
func (s *Service) Flush(ctx context.Context) error {
	calls, callbacks, verdicts := s.tally.take()
	if len(calls)+len(callbacks)+len(verdicts) == 0 {
		return nil
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := writeCalls(ctx, tx, calls); err != nil {
			return err
		}
		if err := writeCallbacks(ctx, tx, callbacks); err != nil {
			return err
		}
		return s.writeVerdicts(ctx, tx, verdicts)
	})
	if err != nil {
		s.tally.giveBack(calls, callbacks, verdicts)
	}
	return errs.Wrap(err, "write counts of calls")
}
