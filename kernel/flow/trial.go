package flow

import "weizheng/kernel/worktime"

// Trial is a matter that never was: invented people who do something at invented times, to see what a definition makes of
// it before it goes live.
type Trial struct {
	People  []Person    `json:"people"`
	At      int64       `json:"at"`   // when it is opened, ms
	By      Who         `json:"by"`   // who opens it
	Unit    int64       `json:"unit"` // in which unit
	Outside Who         `json:"outside,omitempty"`
	Filled  []string    `json:"filled,omitempty"`
	Moves   []TrialMove `json:"moves,omitempty"`
	Until   int64       `json:"until,omitempty"` // lets time pass after the last move
}

// TrialMove is one move of a trial. Reads as Move does, but names people instead of describing them.
type TrialMove struct {
	Action string          `json:"action"`
	At     int64           `json:"at"`
	By     Who             `json:"by"`
	For    Who             `json:"for,omitempty"`
	Guards map[string]bool `json:"guards,omitempty"` // what the guards would say, by Call.ID
	Child  string          `json:"child,omitempty"`  // instead of an action: this sub-matter ended,
	Result string          `json:"result,omitempty"` // with this outcome

	Reason   string   `json:"reason,omitempty"`
	Evidence []string `json:"evidence,omitempty"`
	Filled   []string `json:"filled,omitempty"`
	Emptied  []string `json:"emptied,omitempty"`
	Staff    Who      `json:"staff,omitempty"`
	Unit     int64    `json:"unit,omitempty"`
	Units    []int64  `json:"units,omitempty"`
	Signers  []Who    `json:"signers,omitempty"`
	Watch    []Who    `json:"watch,omitempty"`
	Branch   int      `json:"branch,omitempty"`
	Slot     int      `json:"slot,omitempty"`
	Before   bool     `json:"before,omitempty"`
	State    string   `json:"state,omitempty"`
	Mend     []string `json:"mend,omitempty"`
	Direct   bool     `json:"direct,omitempty"`
	Items    []string `json:"items,omitempty"`
	Until    int64    `json:"until,omitempty"`
	Clock    string   `json:"clock,omitempty"`
	Amount   int64    `json:"amount,omitempty"`
}

// Frame is what a trial came to after one step: the opening, a move, or something that fell due in between.
type Frame struct {
	At      int64         `json:"at"`
	Move    int           `json:"move"` // index of the move, -1 for what happened by itself
	Refused error         `json:"-"`    // why the move was not possible; nothing changed then
	Events  []Event       `json:"events"`
	Run     Run           `json:"run"`
	Clocks  []TrialClock  `json:"clocks"`
	Waiting []Waiter      `json:"waiting"`
	Options []TrialOption `json:"options"`
	Told    []Told        `json:"told"`
	Effects []Call        `json:"effects"`
}

// TrialClock is a clock as the trial's people would see it.
type TrialClock struct {
	ID          string      `json:"id"`
	Title       string      `json:"title"`
	Basis       string      `json:"basis"`
	Status      ClockStatus `json:"status"`
	Started     int64       `json:"started"`
	Due         int64       `json:"due,omitempty"`    // 0: stands still
	Yellow      int64       `json:"yellow,omitempty"` //
	Date        string      `json:"date,omitempty"`
	Provisional bool        `json:"provisional,omitempty"`
	Light       string      `json:"light" enum:"green,yellow,red"`
}

// TrialOption is what one of the people could do next.
type TrialOption struct {
	Who     Who      `json:"who"`
	Options []Option `json:"options"`
}

// Limits of one trial.
const (
	maxPeople = 20
	maxMoves  = 200
	maxFrames = 300
)

// Try plays a trial on a calendar. A move that is refused is a frame that says so, and the trial goes on.
func Try(d *Definition, in Trial, cal *worktime.Calendar) ([]Frame, error) {
	t := &trial{d: d, cal: cal, facts: Facts{People: map[Who]Person{}}}
	if err := t.people(in); err != nil {
		return nil, err
	}
	by := t.facts.People[in.By]
	events, err := Start(d, Opening{At: in.At, By: by, Outside: in.Outside, Unit: in.Unit, Filled: in.Filled})
	if err != nil {
		return nil, err
	}
	if err := t.take(in.At, -1, events, nil); err != nil {
		return nil, err
	}
	for i, m := range in.Moves {
		if err := t.pass(m.At); err != nil {
			return nil, err
		}
		events, refused := t.decide(m)
		if err := t.take(m.At, i, events, refused); err != nil {
			return nil, err
		}
	}
	if err := t.pass(in.Until); err != nil {
		return nil, err
	}
	return t.frames, nil
}
