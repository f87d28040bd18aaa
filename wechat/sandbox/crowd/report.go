package crowd

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// What came of an act.
const (
	Answered    = "answered"    // a reply, a page
	Nothing     = "nothing"     // the account took it and answered nothing
	Unavailable = "unavailable" // 「该公众号暂时无法提供服务」, or a page that does not open
	Refused     = "refused"     // a page says no (4xx)
	Skipped     = "skipped"     // there was nothing to do it with: no menu, no page, no form, nothing to rate
	Lost        = "lost"        // the crowd ended, or gave up waiting, before anything came
	Failed      = "failed"      // the sandbox itself could not
)

const (
	keptSlowest  = 10
	keptExamples = 3 // of each kind and outcome
)

// Seen is one act as a citizen saw it.
type Seen struct {
	Citizen string  `json:"citizen"`
	Act     string  `json:"act"`
	Did     string  `json:"did"`
	Outcome string  `json:"outcome"`
	Saw     string  `json:"saw"`
	TookMS  float64 `json:"took_ms"`
}

// Line is what the report says of one kind of act. Waits are those of acts that were answered, or not, by the account.
type Line struct {
	Act      string         `json:"act"`
	Count    int            `json:"count"`
	Outcomes map[string]int `json:"outcomes"`
	P50      float64        `json:"p50_ms"`
	P90      float64        `json:"p90_ms"`
	P99      float64        `json:"p99_ms"`
	Max      float64        `json:"max_ms"`
}

// Report is what a crowd saw and waited so far.
type Report struct {
	Count    int    `json:"count"`
	Acts     []Line `json:"acts"`
	Slowest  []Seen `json:"slowest"`
	Examples []Seen `json:"examples"`
}

// tally collects what was seen; safe for concurrent use.
type tally struct {
	mu       sync.Mutex
	count    int
	outcomes map[string]map[string]int // by kind
	waits    map[string][]float32      // by kind, in ms; at most maxActs together
	slowest  []Seen
	examples []Seen
}

func newTally() *tally {
	return &tally{outcomes: map[string]map[string]int{}, waits: map[string][]float32{}}
}

// waited reports whether an outcome says how long the account took.
func waited(outcome string) bool {
	return outcome == Answered || outcome == Nothing || outcome == Unavailable || outcome == Refused
}

func (t *tally) add(s Seen, took time.Duration) {
	s.TookMS = round(float64(took) / float64(time.Millisecond))
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count++
	if t.outcomes[s.Act] == nil {
		t.outcomes[s.Act] = map[string]int{}
	}
	t.outcomes[s.Act][s.Outcome]++
	if t.outcomes[s.Act][s.Outcome] <= keptExamples {
		t.examples = append(t.examples, s)
	}
	if !waited(s.Outcome) {
		return
	}
	t.waits[s.Act] = append(t.waits[s.Act], float32(s.TookMS))
	if len(t.slowest) < keptSlowest || s.TookMS > t.slowest[len(t.slowest)-1].TookMS {
		t.slowest = append(t.slowest, s)
		slices.SortStableFunc(t.slowest, func(a, b Seen) int { return cmp.Compare(b.TookMS, a.TookMS) })
		t.slowest = t.slowest[:min(len(t.slowest), keptSlowest)]
	}
}

func round(ms float64) float64 { return float64(int64(ms*10+0.5)) / 10 }

// report sums up; it sorts all waits, so it is not for every second of a large crowd but for who asks.
func (t *tally) report() Report {
	t.mu.Lock()
	r := Report{Count: t.count, Acts: []Line{}, Slowest: append([]Seen{}, t.slowest...), Examples: append([]Seen{}, t.examples...)}
	waits := map[string][]float32{}
	for _, kind := range Kinds {
		if len(t.outcomes[kind]) == 0 {
			continue
		}
		l := Line{Act: kind, Outcomes: map[string]int{}}
		for outcome, n := range t.outcomes[kind] {
			l.Outcomes[outcome] = n
			l.Count += n
		}
		waits[kind] = slices.Clone(t.waits[kind])
		r.Acts = append(r.Acts, l)
	}
	t.mu.Unlock()
	slices.SortStableFunc(r.Examples, func(a, b Seen) int {
		return cmp.Or(cmp.Compare(slices.Index(Kinds, a.Act), slices.Index(Kinds, b.Act)), cmp.Compare(a.Outcome, b.Outcome))
	})
	for i := range r.Acts {
		l, w := &r.Acts[i], waits[r.Acts[i].Act]
		slices.Sort(w)
		l.P50, l.P90, l.P99, l.Max = rank(w, 50), rank(w, 90), rank(w, 99), rank(w, 100)
	}
	return r
}

// rank is the value that percent of the sorted values do not exceed; 0 of none.
func rank(sorted []float32, percent int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	i := (len(sorted)*percent + 99) / 100
	return round(float64(sorted[max(i, 1)-1]))
}
