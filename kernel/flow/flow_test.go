package flow_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"weizheng/kernel/flow"
	"weizheng/platform/errs"
)

const smallest = `
key: smallest
title: 请假
kind: leave
roles:
  - {name: chief, title: 科长, permission: leave.review}
states:
  - {name: draft, title: 填写, acts: [opener], fills: [days]}
  - {name: review, title: 审核, acts: [role:chief], review: true}
  - {name: done, title: 办结, end: true, outcome: granted}
actions:
  - {name: submit, title: 提交, from: [draft], to: review}
  - {name: pass, title: 通过, from: [review], to: done, verdict: approve}
  - {name: back, title: 退回, does: return, from: [review]}
clocks:
  - name: total
    title: 审批时限
    basis: promised
    rule: {kind: working, amount: 3}
    starts: [enter:review]
    stops: [leave:review]
    again: true
`

func parse(t *testing.T, text string) *flow.Definition {
	t.Helper()
	d, problems := flow.Parse([]byte(text))
	if len(problems) > 0 {
		t.Fatalf("parse: %+v", problems)
	}
	return d
}

// staffIn is a member of staff who holds roles in their own unit.
func staffIn(id, unit int64, roles ...string) flow.Person {
	p := flow.Person{Who: flow.Staff(id), Unit: unit}
	for _, r := range roles {
		p.Roles = append(p.Roles, flow.RoleIn{Role: r, Unit: unit})
	}
	return p
}

// play is a matter in a test: moves go through Decide, and every event through JSON and Apply.
type play struct {
	t      *testing.T
	d      *flow.Definition
	run    flow.Run
	events []flow.Event
	at     int64
	facts  flow.Facts
}

func open(t *testing.T, d *flow.Definition, by flow.Person, unit int64) *play {
	t.Helper()
	p := &play{t: t, d: d, at: 1_000_000}
	events, err := flow.Start(d, flow.Opening{At: p.at, By: by, Unit: unit})
	if err != nil {
		t.Fatal(err)
	}
	p.take(events)
	return p
}

func (p *play) take(events []flow.Event) {
	p.t.Helper()
	for _, e := range events {
		raw, err := json.Marshal(e)
		if err != nil {
			p.t.Fatal(err)
		}
		var back flow.Event
		if err := json.Unmarshal(raw, &back); err != nil {
			p.t.Fatal(err)
		}
		next, err := flow.Apply(p.d, p.run, back)
		if err != nil {
			p.t.Fatalf("apply %s: %v", raw, err)
		}
		p.run, p.events = next, append(p.events, back)
	}
	again, err := flow.Replay(p.d, p.events)
	if err != nil {
		p.t.Fatal(err)
	}
	if diff := cmp.Diff(again, p.run); diff != "" {
		p.t.Fatalf("the events give another run:\n%s", diff)
	}
}

func (p *play) try(by flow.Person, action string, more ...func(*flow.Move)) error {
	p.t.Helper()
	p.at += 60_000
	m := flow.Move{Action: action, At: p.at, By: by}
	for _, f := range more {
		f(&m)
	}
	before := asJSON(p.run)
	events, err := flow.Decide(p.d, p.run, m, p.facts)
	if diff := cmp.Diff(before, asJSON(p.run)); diff != "" {
		p.t.Fatalf("Decide changed the run:\n%s", diff)
	}
	if err == nil {
		p.take(events)
	}
	return err
}

func (p *play) do(by flow.Person, action string, more ...func(*flow.Move)) {
	p.t.Helper()
	if err := p.try(by, action, more...); err != nil {
		p.t.Fatalf("%s by %s: %v", action, by.Who, err)
	}
}

func (p *play) refused(key string, by flow.Person, action string, more ...func(*flow.Move)) {
	p.t.Helper()
	err := p.try(by, action, more...)
	if err == nil {
		p.t.Fatalf("%s by %s was let through, want %s", action, by.Who, key)
	}
	if e := errs.As(err); e.Key() != key && (len(e.Fields()) == 0 || e.Fields()[0].Key != key) {
		p.t.Fatalf("%s by %s: %v, want %s", action, by.Who, err, key)
	}
}

func (p *play) in(state string) {
	p.t.Helper()
	if p.run.State != state {
		p.t.Fatalf("in %s, want %s", p.run.State, state)
	}
}

func reason(text string) func(*flow.Move)     { return func(m *flow.Move) { m.Reason = text } }
func filled(f ...string) func(*flow.Move)     { return func(m *flow.Move) { m.Filled = f } }
func to(state string) func(*flow.Move)        { return func(m *flow.Move) { m.State = state } }
func person(who flow.Person) func(*flow.Move) { return func(m *flow.Move) { m.Staff = who.Who } }

func TestTheSimplePath(t *testing.T) {
	t.Parallel()
	d := parse(t, smallest)
	if problems := flow.Validate(d, flow.Known{}); len(problems) > 0 {
		t.Fatalf("%+v", problems)
	}
	author, chief := staffIn(1, 10), staffIn(2, 10, "chief")
	p := open(t, d, author, 10)
	p.refused("flow.missing", author, "submit")
	p.refused("flow.not_yours", chief, "submit", filled("days"))
	p.do(author, "submit", filled("days"))
	p.in("review")
	if c, _ := p.run.Clock("total", 0); c.Status != flow.ClockRunning || c.ID() != "total#1" {
		t.Fatalf("clock %+v", c)
	}
	p.refused("flow.not_yours", author, "pass")
	p.do(chief, "back", reason("天数不对"), to("draft"))
	p.in("draft")
	p.do(author, "submit")
	p.do(chief, "pass")
	p.in("done")
	if p.run.Outcome != flow.Granted || p.run.Ended != p.at {
		t.Fatalf("ended %+v", p.run)
	}
	if c, _ := p.run.Clock("total", 0); c.Status != flow.ClockStopped || c.Round != 2 {
		t.Fatalf("clock %+v", c)
	}
	p.refused("flow.not_here", chief, "pass")
}

func TestNobodyDecidesOnTheirOwnWork(t *testing.T) {
	t.Parallel()
	d := parse(t, smallest)
	both := staffIn(1, 10, "chief")
	other := staffIn(2, 10)
	p := open(t, d, both, 10)
	p.do(both, "submit", filled("days"))
	p.refused("flow.own_work", both, "pass")
	p.refused("flow.own_work", both, "back", reason("x"), to("draft"))
	p.facts = flow.Facts{Delegated: true}
	p.refused("flow.own_work", other, "pass", func(m *flow.Move) { m.For = &both })
	if len(flow.Options(d, p.run, both)) != 0 {
		t.Fatal("options offer what Decide refuses")
	}
}

func TestApplyTakesNoUnknownEvent(t *testing.T) {
	t.Parallel()
	d := parse(t, smallest)
	p := open(t, d, staffIn(1, 10), 10)
	for label, e := range map[string]flow.Event{
		"of a newer version": {Kind: "teleported", At: p.at, By: flow.Staff(1)},
		"of an earlier time": {Kind: flow.EventUrged, At: p.at - 1, By: flow.Staff(1)},
		"a second opening":   {Kind: flow.EventOpened, At: p.at, By: flow.Staff(1), State: "draft"},
		"an unknown state":   {Kind: flow.EventEntered, At: p.at, By: flow.Staff(1), State: "moon"},
	} {
		if _, err := flow.Apply(d, p.run, e); !errors.Is(err, flow.ErrEvent) {
			t.Errorf("%s: %v", label, err)
		}
	}
}
