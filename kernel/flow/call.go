package flow

import (
	"net/url"
	"slices"
)

// ID names a call with its parameters, so that Facts can answer it: "reply.has_draft" or "fee.paid?kind=copy".
func (c Call) ID() string {
	if len(c.Params) == 0 {
		return c.Name
	}
	v := url.Values{}
	for k, x := range c.Params {
		v.Set(k, x)
	}
	return c.Name + "?" + v.Encode()
}

// Calls returns the guards that must be answered before the action can be decided: its own and those of its ways.
func (a Action) Calls() []Call {
	calls := slices.Clone(a.Guards)
	for _, w := range a.Ways {
		calls = append(calls, w.When)
	}
	return calls
}

// Effects returns what a move's events ask the house to do, in their order: the action's effects, then those of each
// state entered.
func (d *Definition) Effects(events []Event) []Call {
	var calls []Call
	for _, e := range events {
		switch e.Kind {
		case EventDid:
			a, _ := d.Action(e.Action)
			calls = append(calls, a.Effects...)
		case EventEntered, EventOpened:
			s, _ := d.State(e.State)
			calls = append(calls, s.Effects...)
		}
	}
	return calls
}

// Told is a notice that events ask for, and whom it is for in the run as it is afterwards.
type Told struct {
	Notice string   `json:"notice"`
	Text   string   `json:"text"`
	To     []Waiter `json:"to"`
	Level  int      `json:"level,omitempty"` // of escalation
}

// Tells returns the notices that events ask for; r is the run after them. Nobody is told twice by one notice.
func (d *Definition) Tells(r Run, events []Event) []Told {
	var told []Told
	for _, e := range events {
		for _, name := range e.Names {
			n, ok := d.Notice(name)
			if !ok {
				continue
			}
			t := Told{Notice: n.Name, Text: n.Text, Level: e.Level}
			for _, s := range n.To {
				for _, w := range d.who(r, s) {
					if !slices.ContainsFunc(t.To, func(x Waiter) bool { return x == w }) {
						t.To = append(t.To, w)
					}
				}
			}
			told = append(told, t)
		}
	}
	return told
}
