// Package fault disturbs calls on purpose: the next n calls of a path are late, refused, cut or repeated, so that a
// client's errors can be tried out without waiting for WeChat to have a bad day.
package fault

import (
	"slices"
	"strings"
	"sync"

	"weizheng/platform/errs"
)

// The kinds of fault; API.md says what each does.
const (
	Delay     = "delay"
	Code      = "code"
	HTML      = "html"
	Drop      = "drop"
	DropAfter = "drop_after"
	Duplicate = "duplicate"
	Late      = "late"
	Revoke    = "revoke"
)

// The paths that are none of WeChat's: callbacks to accounts, and notices of WeChat Pay to merchants.
const (
	Callback = "callback"
	Notice   = "pay_notice"
)

// Fault is a planned disturbance.
type Fault struct {
	ID      int64  `json:"id"`
	Path    string `json:"path"` // an API path, a prefix ending in "*", "callback" or "pay_notice"
	Account string `json:"account,omitempty"`
	Kind    string `json:"kind"`
	Code    int    `json:"code,omitempty"`
	DelayMS int64  `json:"delay_ms,omitempty"`
	Times   int    `json:"times"`
	Left    int    `json:"left"`
}

const (
	maxFaults = 100
	maxDelay  = 10 * 60 * 1000
)

var (
	onAPI      = []string{Delay, Code, HTML, Drop, DropAfter, Late, Revoke}
	onCallback = []string{Delay, Drop, Duplicate, Late}
)

// List is the planned faults; its zero value is empty. It is safe for concurrent use.
type List struct {
	mu     sync.Mutex
	faults []Fault
	last   int64
}

// Add plans a fault.
func (l *List) Add(f Fault) (Fault, error) {
	if err := f.check(); err != nil {
		return f, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.faults) >= maxFaults {
		return f, invalid("faults", "too_many")
	}
	return l.add(f), nil
}

func (l *List) add(f Fault) Fault {
	l.last++
	f.ID = l.last
	f.Times = max(f.Times, 1)
	f.Left = f.Times
	l.faults = append(l.faults, f)
	return f
}

// Replace plans these faults and no others; on an error nothing changes.
func (l *List) Replace(list []Fault) error {
	if len(list) > maxFaults {
		return invalid("faults", "too_many")
	}
	for _, f := range list {
		if err := f.check(); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = nil
	for _, f := range list {
		l.add(f)
	}
	return nil
}

// Remove forgets one fault; false when there is none.
func (l *List) Remove(id int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.faults)
	l.faults = slices.DeleteFunc(l.faults, func(f Fault) bool { return f.ID == id })
	return len(l.faults) < n
}

// All lists the faults that are still to come.
func (l *List) All() []Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Fault{}, l.faults...)
}

// Take uses up one time of each fault that meets this call; of each kind the first.
func (l *List) Take(path, account string) []Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.faults) == 0 {
		return nil
	}
	var met []Fault
	kept := l.faults[:0]
	for _, f := range l.faults {
		seen := slices.ContainsFunc(met, func(m Fault) bool { return m.Kind == f.Kind })
		if !seen && f.meets(path, account) {
			f.Left--
			met = append(met, f)
		}
		if f.Left > 0 {
			kept = append(kept, f)
		}
	}
	l.faults = kept
	return met
}

// Find picks the fault of a kind.
func Find(list []Fault, kind string) (Fault, bool) {
	for _, f := range list {
		if f.Kind == kind {
			return f, true
		}
	}
	return Fault{}, false
}

func (f Fault) meets(path, account string) bool {
	if f.Account != "" && f.Account != account {
		return false
	}
	if prefix, ok := strings.CutSuffix(f.Path, "*"); ok {
		return strings.HasPrefix(path, "/") && strings.HasPrefix(path, prefix)
	}
	return f.Path == path
}

func (f Fault) check() error {
	kinds := onAPI
	called := f.Path == Callback || f.Path == Notice
	if called {
		kinds = onCallback
	}
	switch {
	case !called && !strings.HasPrefix(f.Path, "/"):
		return invalid("path", "path")
	case !slices.Contains(kinds, f.Kind):
		return invalid("kind", "kind")
	case f.Kind == Code && f.Code == 0:
		return invalid("code", "required")
	case f.DelayMS < 0 || f.DelayMS > maxDelay:
		return invalid("delay_ms", "range")
	case f.Times < 0 || f.Times > 1_000_000:
		return invalid("times", "range")
	}
	return nil
}

func invalid(field, key string) error {
	return errs.InvalidFields([]errs.Field{{Field: field, Key: key}})
}
