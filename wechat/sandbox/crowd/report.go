package crowd

import (
	"cmp"
	"maps"
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
	Returned    = "returned"    // a form came back with faults, and was given up
	Skipped     = "skipped"     // there was nothing to do it with: no menu, no page, no form, nothing to rate
	Lost        = "lost"        // the crowd ended, or gave up waiting, before anything came
	Failed      = "failed"      // the sandbox itself could not
)

const (
	keptSlowest  = 10
	keptExamples = 3 // of each kind and outcome
	keptMissing  = 20
	keptErrors   = 50 // different texts
)

// Seen is one act as a citizen saw it.
type Seen struct {
	Citizen string  `json:"citizen"`
	Act     string  `json:"act"`
	Did     string  `json:"did"`
	Outcome string  `json:"outcome"`
	Kind    string  `json:"kind,omitempty"` // of what was seen: text, news, image, voice, video, music, page, …
	Saw     string  `json:"saw"`
	TookMS  float64 `json:"took_ms"`

	Pages    int `json:"pages,omitempty"`     // of a form: pages that were fetched and sent
	SentBack int `json:"sent_back,omitempty"` // times that it came back with faults
}

// Line is what the report says of one kind of act. Waits are those of acts that were answered, or not, by the account.
type Line struct {
	Act      string         `json:"act"`
	Count    int            `json:"count"`
	Outcomes map[string]int `json:"outcomes"`
	Kinds    map[string]int `json:"kinds"` // of the answers
	SentBack int            `json:"sent_back,omitempty"`
	P50      float64        `json:"p50_ms"`
	P95      float64        `json:"p95_ms"`
	P99      float64        `json:"p99_ms"`
	Max      float64        `json:"max_ms"`
}

// Report is what a crowd saw and waited so far.
type Report struct {
	Count    int     `json:"count"`
	Acts     []Line  `json:"acts"`
	Errors   []Fault `json:"errors"`  // what was read in place of an answer, the most frequent first
	Missing  []Seen  `json:"missing"` // acts whose answer never came; the first
	Slowest  []Seen  `json:"slowest"`
	Examples []Seen  `json:"examples"`
}

// Fault is a text that citizens read where they expected an answer.
type Fault struct {
	Act   string `json:"act"`
	Saw   string `json:"saw"`
	Count int    `json:"count"`
}

// tally collects what was seen; safe for concurrent use.
type tally struct {
	mu       sync.Mutex
	count    int
	outcomes map[string]map[string]int // by kind
	kinds    map[string]map[string]int // of answers, by kind of act
	sentBack map[string]int
	errors   map[Fault]int // without their Count
	missing  []Seen
	waits    map[string][]float32 // by kind, in ms; at most maxActs together
	slowest  []Seen
	examples []Seen
}

func newTally() *tally {
	return &tally{outcomes: map[string]map[string]int{}, kinds: map[string]map[string]int{}, sentBack: map[string]int{}, errors: map[Fault]int{},
		waits: map[string][]float32{}}
}

// waited reports whether an outcome says how long the account took.
func waited(outcome string) bool {
	return outcome == Answered || outcome == Nothing || outcome == Unavailable || outcome == Refused || outcome == Returned
}

// failing reports whether an outcome's text is no answer.
func failing(outcome string) bool {
	return outcome == Unavailable || outcome == Refused || outcome == Failed
}

func (t *tally) add(s Seen, took time.Duration) {
	s.TookMS = round(float64(took) / float64(time.Millisecond))
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count++
	if t.outcomes[s.Act] == nil {
		t.outcomes[s.Act], t.kinds[s.Act] = map[string]int{}, map[string]int{}
	}
	t.outcomes[s.Act][s.Outcome]++
	if t.outcomes[s.Act][s.Outcome] <= keptExamples {
		t.examples = append(t.examples, s)
	}
	t.note(s)
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

// note counts what was seen; it needs the lock.
func (t *tally) note(s Seen) {
	if s.Kind != "" {
		t.kinds[s.Act][s.Kind]++
	}
	t.sentBack[s.Act] += s.SentBack
	f := Fault{Act: s.Act, Saw: s.Saw}
	if _, known := t.errors[f]; failing(s.Outcome) && (known || len(t.errors) < keptErrors) {
		t.errors[f]++
	}
	if s.Outcome == Lost && len(t.missing) < keptMissing {
		t.missing = append(t.missing, s)
	}
}

func round(ms float64) float64 { return float64(int64(ms*10+0.5)) / 10 }

// report sums up; it sorts all waits, so it is not for every second of a large crowd but for who asks.
func (t *tally) report() Report {
	t.mu.Lock()
	r := Report{Count: t.count, Acts: []Line{}, Slowest: append([]Seen{}, t.slowest...), Examples: append([]Seen{}, t.examples...),
		Missing: append([]Seen{}, t.missing...), Errors: []Fault{}}
	for f, n := range t.errors {
		f.Count = n
		r.Errors = append(r.Errors, f)
	}
	waits := map[string][]float32{}
	for _, kind := range Kinds {
		if len(t.outcomes[kind]) == 0 {
			continue
		}
		l := Line{Act: kind, Outcomes: map[string]int{}, Kinds: maps.Clone(t.kinds[kind]), SentBack: t.sentBack[kind]}
		for outcome, n := range t.outcomes[kind] {
			l.Outcomes[outcome] = n
			l.Count += n
		}
		waits[kind] = slices.Clone(t.waits[kind])
		r.Acts = append(r.Acts, l)
	}
	t.mu.Unlock()
	slices.SortFunc(r.Errors, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Act, b.Act), cmp.Compare(a.Saw, b.Saw))
	})
	slices.SortStableFunc(r.Examples, func(a, b Seen) int {
		return cmp.Or(cmp.Compare(slices.Index(Kinds, a.Act), slices.Index(Kinds, b.Act)), cmp.Compare(a.Outcome, b.Outcome))
	})
	for i := range r.Acts {
		l, w := &r.Acts[i], waits[r.Acts[i].Act]
		slices.Sort(w)
		l.P50, l.P95, l.P99, l.Max = rank(w, 50), rank(w, 95), rank(w, 99), rank(w, 100)
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
