package flow_test

import (
	"slices"
	"testing"

	"weizheng/kernel/flow"
)

const day = 24 * 3600 * 1000

func (p *play) clock(name string) flow.RunClock {
	p.t.Helper()
	k, ok := p.run.Clock(name, 0)
	if !ok {
		p.t.Fatalf("no clock %s", name)
	}
	return k
}

func TestThePool(t *testing.T) {
	t.Parallel()
	p := ticket(t, "handling")
	p.refused("flow.not_yours", assistant, "claim") // another unit's
	p.do(handler, "claim")
	p.refused("flow.not_yours", colleague, "claim")
	p.refused("flow.not_yours", colleague, "release")
	p.do(handler, "release")
	p.do(colleague, "claim")
	p.refused("flow.not_yours", handler, "reassign", person(handler), reason("换人"))
	p.do(lead, "reassign", person(handler), reason("换人"))
	p.refused("flow.same_person", lead, "reassign", person(handler), reason("换人"))
	if got := flow.Waiting(p.d, p.run); !slices.Equal(got, []flow.Waiter{{Who: handler.Who, Unit: 20}}) {
		t.Fatalf("waits for %+v", got)
	}
}

func TestCorrectionIsAskedOnceAndCompletely(t *testing.T) {
	t.Parallel()
	p := ticket(t, "registered")
	p.refused("flow.missing", registrar, "ask")
	p.refused("flow.missing", registrar, "ask", items("身份证明", ""))
	p.do(registrar, "ask", items("地址", "时间"))
	p.in("correcting")
	if k := p.clock("accept"); k.Status != flow.ClockPaused {
		t.Fatalf("clock %+v: waiting for the citizen does not count", k)
	}
	if got := flow.Waiting(p.d, p.run); len(got) != 1 || got[0].Who != citizen.Who {
		t.Fatalf("waits for %+v", got)
	}
	p.refused("flow.not_yours", registrar, "supply")
	p.do(citizen, "supply", filled("place"))
	p.in("registered")
	if k := p.clock("accept"); k.Status != flow.ClockRunning || k.Pauses[0].To != p.at || len(k.Breaks()) != 1 {
		t.Fatalf("clock %+v", k)
	}
	p.refused("flow.times", registrar, "ask", items("再来一件"))
}

func TestExtensionOnceWithApprovalOfAnother(t *testing.T) {
	t.Parallel()
	p := ticket(t, "handling")
	p.do(handler, "claim")
	p.refused("flow.too_long", handler, "extend", amount(6), reason("复杂"))
	p.do(handler, "extend", amount(5), reason("复杂"))
	p.refused("flow.nothing", handler, "extend", amount(5), reason("复杂"))
	p.refused("flow.not_yours", colleague, "grant")
	both := handler
	both.Leads = []int64{20}
	p.refused("flow.own_request", both, "grant")
	if got := flow.Waiting(p.d, p.run); !slices.Contains(got, flow.Waiter{Role: "dispatcher", Unit: 1}) {
		t.Fatalf("waits for %+v", got)
	}
	p.refused("flow.missing", lead, "deny")
	p.do(lead, "deny", reason("不复杂"))
	p.do(handler, "extend", amount(5), reason("有新情况"))
	p.do(lead, "grant")
	k := p.clock("handle")
	if rule := k.Rule(p.d); rule.Amount != 5 || rule.Extension != 5 {
		t.Fatalf("rule %+v", rule)
	}
	p.refused("flow.nothing", handler, "extend", amount(1), reason("再来"))
}

func TestSuspensionNeedsAReasonOfTheListAndEvidence(t *testing.T) {
	t.Parallel()
	p := ticket(t, "handling")
	p.refused("flow.missing", handler, "suspend", reason("需要鉴定或检测"))
	p.refused("flow.reason_unknown", handler, "suspend", reason("太忙"), evidence("f"))
	p.do(handler, "suspend", reason("不可抗力"), evidence("f"))
	k := p.clock("handle")
	if k.Status != flow.ClockPaused || k.Pauses[0].Reason != "不可抗力" || k.Pauses[0].Evidence[0] != "f" {
		t.Fatalf("clock %+v", k)
	}
	p.refused("flow.held", handler, "submit", filled("reply"))
	p.do(citizen, "urge")
	p.do(supervisor, "resume")
	p.do(handler, "submit", filled("reply"))
}

func TestReopeningWithinItsTerm(t *testing.T) {
	t.Parallel()
	p := ticket(t, "reviewing")
	p.do(reviewer, "approve")
	p.do(handler, "reply")
	p.in("done")
	ended := p.at
	p.refused("flow.missing", citizen, "reopen")
	late := *p
	late.at = ended + 31*day + day
	late.refused("flow.term_over", citizen, "reopen", reason("没解决"))
	p.at = ended + 29*day
	p.do(citizen, "reopen", reason("没解决"))
	p.in("handling")
	if k := p.clock("handle"); k.Round != 2 || k.Status != flow.ClockRunning {
		t.Fatalf("clock %+v", k)
	}
	if p.run.Holder != handler.Who || p.run.Ended != 0 || p.run.Outcome != "" {
		t.Fatalf("run %+v", p.run)
	}
}

const silence = `
key: silence
title: 申请
kind: application
roles: [{name: clerk, title: 窗口, permission: application.handle}]
states:
  - {name: received, title: 收件, acts: [role:clerk]}
  - {name: correcting, title: 补正, acts: [outside]}
  - {name: accepted, title: 受理, acts: [role:clerk]}
  - {name: done, title: 办结, end: true, outcome: completed}
actions:
  - {name: accept, title: 受理, from: [received], to: accepted}
  - {name: ask, title: 补正, does: ask, from: [received], to: correcting}
  - {name: supply, title: 补齐, does: supply, from: [correcting], to: received}
  - {name: finish, title: 办结, from: [accepted], to: done, after: notice}
clocks:
  - name: check
    title: 受理期限
    basis: legal
    source: 《行政许可法》第三十二条
    rule: {kind: working, amount: 5}
    starts: [open]
    resets: [do:supply]
    stops: [enter:accepted, enter:done]
    pauses: [{name: correction, on: [enter:correcting], resumes: [leave:correcting]}]
    due:
      - {name: near, offset: -1, level: 1}
      - name: deemed
        fiction: {title: 视为受理, source: 《行政许可法》第三十二条第一款第四项, from: received, to: accepted}
  - name: notice
    title: 公示期
    basis: promised
    rule: {kind: calendar, amount: 7}
    starts: [enter:accepted]
    stops: [enter:done]
`

func TestALegalFictionIsALawNotADecision(t *testing.T) {
	t.Parallel()
	d := parse(t, silence)
	if problems := flow.Validate(d, flow.Known{}); len(problems) > 0 {
		t.Fatalf("%+v", problems)
	}
	clerk := staffIn(1, 1, "clerk")
	p := open(t, d, citizen, 1)
	p.do(clerk, "ask", items("申请表"))
	events, err := flow.Fall(d, p.run, "check#1", "deemed", p.at+1)
	if err != nil || len(events) != 0 {
		t.Fatalf("a paused clock falls due: %v %v", events, err)
	}
	p.do(citizen, "supply")
	if k := p.clock("check"); k.Round != 2 || k.Started != p.at {
		t.Fatalf("clock %+v: corrected papers begin the term anew", k)
	}
	if events, err := flow.Fall(d, p.run, "check#1", "deemed", p.at+1); err != nil || len(events) != 0 {
		t.Fatalf("a stopped clock falls due: %v %v", events, err)
	}
	p.at += 7 * day
	events, err = flow.Fall(d, p.run, "check#2", "deemed", p.at)
	if err != nil {
		t.Fatal(err)
	}
	p.take(events)
	p.in("accepted")
	kinds := []flow.EventKind{}
	for _, e := range events {
		kinds = append(kinds, e.Kind)
		if e.By != flow.System {
			t.Errorf("by %s", e.By)
		}
	}
	want := []flow.EventKind{flow.EventFellDue, flow.EventFiction, flow.EventEntered, flow.EventClockStopped, flow.EventClockStarted, flow.EventAssigned}
	if !slices.Equal(kinds, want) || !slices.Equal(p.run.Fictions, []string{"视为受理"}) || events[1].Source == "" {
		t.Fatalf("events %v, fictions %v", kinds, p.run.Fictions)
	}
	if len(p.run.Judges) != 0 || slices.Contains(p.run.Authors, flow.System) {
		t.Fatal("the house is no judge and no author")
	}
	p.refused("flow.too_early", clerk, "finish")
	p.facts.Due = map[string]int64{"notice#1": p.at + 7*day}
	p.refused("flow.too_early", clerk, "finish")
	p.at += 7 * day
	p.do(clerk, "finish")
	p.in("done")
}

func TestTimeOnlyTells(t *testing.T) {
	t.Parallel()
	p := ticket(t, "handling")
	before := p.run.State
	events, err := flow.Fall(p.d, p.run, "handle#1", "very_late", p.at+20*day)
	if err != nil {
		t.Fatal(err)
	}
	p.take(events)
	told := p.d.Tells(p.run, events)
	if len(told) != 1 || told[0].Notice != "very_late" || told[0].Level != 2 ||
		!slices.Equal(told[0].To, []flow.Waiter{{Unit: 20, Lead: true}, {Role: "supervisor", Unit: 1}}) {
		t.Fatalf("told %+v", told)
	}
	if p.run.State != before {
		t.Fatalf("in %s", p.run.State)
	}
	if again, err := flow.Fall(p.d, p.run, "handle#1", "very_late", p.at+21*day); err != nil || len(again) != 0 {
		t.Fatalf("told twice: %v %v", again, err)
	}
	m := flow.Move{Action: "submit", At: p.run.At, By: flow.Person{Who: flow.System, Unit: 20}}
	if _, err := flow.Decide(p.d, p.run, m, flow.Facts{}); err == nil {
		t.Fatal("the house made a move")
	}
}

func TestSeparateStagesBySeparatePeople(t *testing.T) {
	t.Parallel()
	p := ticket(t, "reviewing")
	p.refused("flow.own_work", reviewer, "to_sign", signers(handler))
	p.do(reviewer, "to_sign", signers(signerA))
	p.refused("flow.judged", signerA, "add_signer", signers(reviewer))
	p.refused("flow.own_work", signerA, "add_signer", signers(handler))
	p.do(signerA, "disagree", reason("不妥"))
	p.do(handler, "submit")
	p.refused("flow.judged", func() flow.Person { a := signerA; a.Roles = reviewer.Roles; return a }(), "approve")
	p.do(reviewer, "approve") // the same stage again is no second stage
}

// TestAnEndStopsWhatTheDefinitionForgot plays a definition that Validate refuses.
func TestAnEndStopsWhatTheDefinitionForgot(t *testing.T) {
	t.Parallel()
	d := parse(t, smallest)
	d.Clocks[0].Stops, d.Clocks[0].Again = nil, false
	if flow.Sound(flow.Validate(d, flow.Known{})) {
		t.Fatal("a clock that never stops was found sound")
	}
	author, chief := staffIn(1, 10), staffIn(2, 10, "chief")
	p := open(t, d, author, 10)
	p.do(author, "submit", filled("days"))
	p.do(chief, "pass")
	if k := p.clock("total"); k.Status != flow.ClockStopped || k.Stopped != p.at {
		t.Fatalf("clock %+v", k)
	}
}

func TestOptionsSayWhatToBring(t *testing.T) {
	t.Parallel()
	p := ticket(t, "reviewing")
	by := map[string]flow.Option{}
	for _, o := range flow.Options(p.d, p.run, reviewer) {
		by[o.Action] = o
	}
	if o := by["back"]; !slices.Equal(o.Asks, []string{flow.AskReason, flow.AskState}) ||
		!slices.Equal(o.Steps, []string{"accepted", "handling"}) || o.Direct != "may" {
		t.Errorf("back: %+v", o)
	}
	if o := by["to_sign"]; !slices.Equal(o.Asks, []string{flow.AskSigners}) || !slices.Equal(o.To, []string{"signing"}) {
		t.Errorf("to_sign: %+v", o)
	}
	if o := by["approve"]; o.Verdict != flow.Approve || len(o.Asks) != 0 {
		t.Errorf("approve: %+v", o)
	}
	if _, ok := by["submit"]; ok {
		t.Error("submit belongs to another state")
	}
	if list := flow.Options(p.d, p.run, assistant); len(list) != 0 {
		t.Errorf("a stranger may %+v", list)
	}
	sees, all, edits := flow.Sees(p.d, p.run)
	if !all || !slices.Equal(edits, []string{"opinion"}) || !slices.Equal(sees, edits) {
		t.Errorf("sees %v %v, edits %v", sees, all, edits)
	}
}

func TestABranchIsNoSideDoor(t *testing.T) {
	t.Parallel()
	p := ticket(t, "handling")
	p.do(handler, "claim")
	p.do(handler, "join", units(30))
	for _, action := range []string{"submit_despite", "suspend", "note", "copy"} {
		p.refused("flow.not_yours", assistant, action, filled("reply"), reason("不可抗力"), evidence("f"), watch(signerA.Who))
		p.refused("flow.nothing", assistant, action, branch(1), filled("reply"), reason("不可抗力"), evidence("f"), watch(signerA.Who))
	}
	p.refused("flow.nothing", handler, "note", branch(1))
	p.refused("flow.nothing", lead, "reassign", branch(7), person(assistant), reason("换人"))
	p.do(assistant, "answer", branch(1))
	p.refused("flow.nothing", assistant, "answer", branch(1))
}

func TestSignersAreAskedAgainWhenTheMatterComesBack(t *testing.T) {
	t.Parallel()
	d := shipped(t, "ticket-basic")
	for i := range d.Actions {
		switch d.Actions[i].Name {
		case "back":
			d.Actions[i].From = append(d.Actions[i].From, "signing")
			d.Actions[i].By = []flow.Selector{flow.BySigner}
		case "withdraw":
			d.Actions[i].From = append(d.Actions[i].From, "replying")
		}
	}
	p := ticketOf(t, d, "signing")
	p.do(signerA, "agree")
	p.do(signerB, "add_signer", signers(signerC))
	p.refused("flow.field_closed", signerB, "back", reason("数字不对"), to("handling"), mend("moon"))
	p.do(signerB, "back", reason("数字不对"), to("handling"), mend("reply"), direct)
	p.do(handler, "mended", filled("reply"), signers(supervisor))
	p.in("signing")
	p.refused("flow.not_yours", supervisor, "agree") // a mover cannot choose who signs their work
	for _, s := range []flow.Person{signerA, signerB, signerC} {
		p.in("signing")
		p.do(s, "agree")
	}
	p.in("replying")
	p.do(signerC, "withdraw")
	p.in("signing")
	if n := len(p.run.Signing.Slots); n != 3 {
		t.Fatalf("%d signers", n)
	}
}
