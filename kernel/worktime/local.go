package worktime

import (
	"weizheng/platform/errs"
)

// LocalKind is what a local day is.
type LocalKind string

// The kinds of local days.
const (
	LocalOff   LocalKind = "off"   // a day off: an ethnic holiday (Measures on Holidays art 4), a closure
	LocalWork  LocalKind = "work"  // a working day, whatever the weekday
	LocalHours LocalKind = "hours" // hours of its own, as a half day; whether it is a working day stays as it is
)

// Local is a day, or a stretch of days, on which a unit differs from the State Council's list.
type Local struct {
	From  string    `json:"from"` // YYYY-MM-DD
	To    string    `json:"to"`   // the last day; "" is From
	Name  string    `json:"name"`
	Kind  LocalKind `json:"kind"`
	Spans []Span    `json:"spans,omitempty"` // of LocalHours; of LocalWork where it has hours of its own
}

// localLimit is how many days one local entry may span.
const localLimit = 366

// Validate returns every fault of the entry.
func (l Local) Validate() error {
	_, _, _, f := l.parse("")
	return errs.InvalidFields(f)
}

func (l Local) parse(prefix string) (from, to Day, spans []span, f []errs.Field) {
	fault := func(field, key string) {
		f = append(f, errs.Field{Field: prefix + field, Key: key, Params: map[string]any{"max": localLimit}})
	}
	from, ok := ParseDay(l.From)
	if !ok {
		fault("from", "worktime.date")
	}
	to = from
	if l.To != "" {
		if to, ok = ParseDay(l.To); !ok {
			fault("to", "worktime.date")
		}
	}
	if len(f) == 0 && (to < from || to-from >= localLimit) {
		fault("to", "worktime.stretch")
	}
	if n := len([]rune(l.Name)); n == 0 || n > nameLimit {
		f = append(f, errs.Field{Field: prefix + "name", Key: "worktime.name", Params: map[string]any{"max": nameLimit}})
	}
	if l.Kind != LocalOff && l.Kind != LocalWork && l.Kind != LocalHours {
		fault("kind", "worktime.local_kind")
	}
	if l.Kind == LocalHours && len(l.Spans) == 0 {
		fault("spans", "worktime.spans_none")
	}
	spans, faults := parseSpans(prefix+"spans", l.Spans)
	return from, to, spans, append(f, faults...)
}

func (c *Calendar) layLocal(l Local, from, to Day, spans []span) {
	for d := from; d <= to; d++ {
		working := l.Kind == LocalWork || (l.Kind == LocalHours && c.IsWorking(d))
		if l.Kind == LocalOff {
			spans = nil
		}
		c.set(d, working)
		c.local[d] = mark{name: l.Name, spans: spans}
	}
}
