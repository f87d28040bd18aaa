package matter

import (
	"context"
	"slices"
	"strings"

	"weizheng/kernel/flow"
	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
)

// Deed is one event of a matter as people read it.
type Deed struct {
	ID       int64
	At       int64  // civil
	Wall     int64  // when it was written down, if that was another time
	By       Actor  // who did it
	ByName   string // as they were called then; "" for the house and for citizens
	For      string // in whose name
	Action   string // title of the action; "" for what happened by itself
	Reason   string
	Evidence []string
	Filled   []Filled
	Files    []File // given with it as evidence
	Lost     int    // of such files, those that are gone
	Lines    []Line
}

// Line is one thing that an event brought about: a key for words, and what to put into them.
type Line struct {
	Kind   string
	Params map[string]any
}

// History tells a matter's events from the first to the last, with the names of their time. A sealed one is NotFound for
// all but its parties, and each look is audited.
func (s *Service) History(ctx context.Context, id int64) ([]Deed, error) {
	m, err := s.openFor(ctx, id)
	if err != nil {
		return nil, err
	}
	b, err := s.box(&m)
	if err != nil {
		return nil, err
	}
	p, err := s.kept(ctx, s.DB, m.FlowID)
	if err != nil {
		return nil, err
	}
	list, err := events(ctx, s.DB, &m, b)
	if err != nil {
		return nil, err
	}
	filled, err := s.changes(ctx, &m, p, list)
	if err != nil {
		return nil, err
	}
	files, err := s.files(ctx, s.DB, m.ID)
	if err != nil {
		return nil, err
	}
	out := make([]Deed, 0, len(list))
	for i := range list {
		out = append(out, (&teller{d: p.d, e: &list[i], filled: filled[list[i].ID], files: files}).tell())
	}
	return out, nil
}

// teller puts one event into words' keys.
type teller struct {
	d      *flow.Definition
	e      *Event
	filled []Filled
	files  []File // of the matter
}

func (t *teller) tell() Deed {
	e := t.e
	out := Deed{ID: e.ID, At: e.At, Wall: e.Wall, By: e.By, Filled: t.filled}
	for _, x := range e.record.Events {
		if x.Kind == flow.EventDid || x.Kind == flow.EventOpened {
			out.ByName, out.For = t.who(x.By), t.who(x.For)
			out.Reason = x.Reason
			t.proof(&out, x.Evidence)
			action, _ := t.d.Action(x.Action)
			out.Action = action.Title
		}
		if line, ok := t.line(x); ok {
			out.Lines = append(out.Lines, line)
		}
	}
	for _, f := range e.record.Fell {
		if f.Kind == kindYellow || f.Kind == kindRed {
			out.Lines = append(out.Lines, Line{f.Kind, map[string]any{"clock": t.clock(f.Clock)}})
		}
	}
	for _, c := range e.record.Clocks {
		if c.State == flow.ClockRunning && c.Day != "" {
			out.Lines = append(out.Lines, Line{"reckoned", map[string]any{"clock": t.clock(c.Clock), "day": c.Day, "at": c.Due, "hours": c.Rule.InUnit() == worktime.Hours}})
		}
	}
	for _, m := range e.record.Moved {
		out.Lines = append(out.Lines, Line{"moved", map[string]any{"clock": t.clock(m.Clock), "from": lastDay(m.From), "to": lastDay(m.To), "why": e.record.Why}})
	}
	return out
}

// proof parts an evidence's words from its files. What was typed and only looks like a file's reference is words.
func (t *teller) proof(out *Deed, evidence []string) {
	for _, one := range evidence {
		code := EvidenceFile(one)
		i := slices.IndexFunc(t.files, func(f File) bool { return code != "" && f.Code == code })
		switch {
		case i >= 0:
			out.Files = append(out.Files, t.files[i])
		case code != "":
			out.Lost++
		default:
			out.Evidence = append(out.Evidence, one)
		}
	}
}

// lastDay is the day of a term's end: what ends at 24:00 ends on the day before the instant.
func lastDay(ms int64) string {
	if ms <= 0 || ms >= never {
		return ""
	}
	return clock.Day(clock.FromMillis(ms - 1))
}

// line says what came of an event; what the deed itself says already has no line.
func (t *teller) line(x flow.Event) (Line, bool) {
	state, _ := t.d.State(x.State)
	from, _ := t.d.State(x.From)
	p := map[string]any{"state": state.Title, "from": from.Title, "unit": t.e.record.Names[unitKey(x.Unit)], "who": t.who(x.Staff), "reason": x.Reason,
		"clock": t.clock(x.Clock), "title": x.Title, "source": x.Source, "amount": x.Amount, "items": strings.Join(x.Items, "；"),
		"day": lastDay(x.Until), "names": t.names(x), "level": x.Level}
	kind := string(x.Kind)
	switch x.Kind {
	case flow.EventDid, flow.EventClockStarted:
		return Line{}, false
	case flow.EventAssigned:
		if x.Staff == "" {
			kind = "pooled"
		}
		if x.Staff.CitizenID() != 0 {
			kind = "waits_outside"
		}
	case flow.EventEntered:
		if x.Back {
			kind = "went_back"
		}
	case flow.EventBranchEnded:
		kind = "branch_" + x.Outcome
	case flow.EventSigned:
		kind = "signed_" + x.Verdict
	case flow.EventSigningClosed:
		kind = "signing_closed_" + x.Verdict
		if x.Verdict == "" {
			kind = "signing_dropped"
		}
	case flow.EventHeld:
		if x.Until == 0 {
			kind = "held_open"
		}
	case flow.EventFellDue:
		kind = "fell_due"
		p["title"] = t.noticeTitle(x)
	}
	return Line{kind, p}, true
}

// noticeTitle names a deadline by the notice that goes with it.
func (t *teller) noticeTitle(x flow.Event) string {
	for _, name := range x.Names {
		if n, ok := t.d.Notice(name); ok {
			return n.Title
		}
	}
	return ""
}

// who is how somebody was called then.
func (t *teller) who(w flow.Who) string { return t.e.record.Names[string(w)] }

func (t *teller) names(x flow.Event) string {
	var all []string
	for _, w := range append(signers(x), x.Watch...) {
		if name := t.who(w); name != "" {
			all = append(all, name)
		}
	}
	return strings.Join(all, "、")
}

// clock is the title of a clock, whose id is name/branch#round.
func (t *teller) clock(id string) string {
	name, _, _ := strings.Cut(id, "#")
	name, _, _ = strings.Cut(name, "/")
	def, _ := t.d.Clock(name)
	return def.Title
}
