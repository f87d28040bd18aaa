package flow_test

import (
	"slices"
	"testing"

	"weizheng/kernel/flow"
)

// The people of a hotline: a centre (unit 1) and two bureaus (20 and 30).
var (
	registrar  = staffIn(1, 1, "registrar")
	dispatcher = staffIn(2, 1, "dispatcher")
	reviewer   = staffIn(3, 1, "reviewer")
	reviewer2  = staffIn(31, 1, "reviewer")
	supervisor = staffIn(4, 1, "supervisor")
	handler    = staffIn(5, 20, "handler")
	colleague  = staffIn(6, 20, "handler")
	lead       = flow.Person{Who: flow.Staff(7), Unit: 20, Leads: []int64{20}}
	assistant  = staffIn(8, 30, "handler")
	signerA    = staffIn(9, 1)
	signerB    = staffIn(10, 30)
	signerC    = staffIn(11, 40)
	citizen    = flow.Person{Who: flow.Citizen(12)}
)

func everybody() map[flow.Who]flow.Person {
	all := map[flow.Who]flow.Person{}
	for _, p := range []flow.Person{registrar, dispatcher, reviewer, reviewer2, supervisor, handler, colleague, lead, assistant, signerA, signerB, signerC} {
		all[p.Who] = p
	}
	return all
}

func unit(id int64) func(*flow.Move)         { return func(m *flow.Move) { m.Unit = id } }
func units(ids ...int64) func(*flow.Move)    { return func(m *flow.Move) { m.Units = ids } }
func branch(id int) func(*flow.Move)         { return func(m *flow.Move) { m.Branch = id } }
func slot(id int) func(*flow.Move)           { return func(m *flow.Move) { m.Slot = id } }
func direct(m *flow.Move)                    { m.Direct = true }
func before(m *flow.Move)                    { m.Before = true }
func mend(f ...string) func(*flow.Move)      { return func(m *flow.Move) { m.Mend = f } }
func items(i ...string) func(*flow.Move)     { return func(m *flow.Move) { m.Items = i } }
func evidence(f ...string) func(*flow.Move)  { return func(m *flow.Move) { m.Evidence = f } }
func amount(n int64) func(*flow.Move)        { return func(m *flow.Move) { m.Amount = n } }
func later(ms int64) func(*flow.Move)        { return func(m *flow.Move) { m.Until = ms } }
func watch(who ...flow.Who) func(*flow.Move) { return func(m *flow.Move) { m.Watch = who } }
func signers(list ...flow.Person) func(*flow.Move) {
	return func(m *flow.Move) {
		for _, p := range list {
			m.Signers = append(m.Signers, p.Who)
		}
	}
}

// ticket is a citizen's ticket, brought as far as a state on the common way.
func ticket(t *testing.T, upTo string) *play {
	t.Helper()
	return ticketOf(t, shipped(t, "ticket-basic"), upTo)
}

func ticketOf(t *testing.T, d *flow.Definition, upTo string) *play {
	t.Helper()
	p := open(t, d, citizen, 1)
	p.facts = flow.Facts{People: everybody(), Units: []int64{1, 20, 30, 40}}
	for _, step := range []struct {
		state string
		go_   func()
	}{
		{"registered", func() { p.do(registrar, "accept", filled("subject", "content")) }},
		{"accepted", func() { p.do(dispatcher, "dispatch", unit(20), filled("class")) }},
		{"dispatched", func() { p.do(handler, "sign_in") }},
		{"handling", func() { p.do(handler, "claim"); p.do(handler, "submit", filled("reply")) }},
		{"reviewing", func() { p.do(reviewer, "to_sign", signers(signerA, signerB)) }},
	} {
		if step.state == upTo {
			break
		}
		step.go_()
	}
	p.in(upTo)
	return p
}

// TestEveryApprovalAction names each approval action that common approval systems have, and shows it.
func TestEveryApprovalAction(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		run  func(t *testing.T)
	}{
		{"会签 all sign", func(t *testing.T) {
			p := ticket(t, "signing")
			p.do(signerA, "agree")
			p.in("signing")
			p.refused("flow.not_yours", signerA, "agree")
			p.refused("flow.not_yours", signerC, "agree")
			p.do(signerB, "agree")
			p.in("replying")
			if p.run.Holder != handler.Who {
				t.Fatalf("held by %s: who handled it answers", p.run.Holder)
			}
		}},
		{"会签 one refusal ends it", func(t *testing.T) {
			p := ticket(t, "signing")
			p.refused("flow.missing", signerB, "disagree")
			p.do(signerB, "disagree", reason("依据不足"))
			p.in("handling")
		}},
		{"或签 one signature is enough", func(t *testing.T) {
			p := signing(t, flow.ModeAny, 0)
			p.do(signerB, "agree")
			p.in("replying")
		}},
		{"或签 refused when all refuse", func(t *testing.T) {
			p := signing(t, flow.ModeAny, 0)
			for _, s := range []flow.Person{signerA, signerB} {
				p.do(s, "disagree", reason("不妥"))
				p.in("signing")
			}
			p.do(signerC, "disagree", reason("不妥"))
			p.in("handling")
		}},
		{"依次审批 in order", func(t *testing.T) {
			p := signing(t, flow.ModeOrder, 0)
			p.refused("flow.not_yours", signerB, "agree")
			p.do(signerA, "agree")
			p.refused("flow.not_yours", signerC, "agree")
			p.do(signerB, "agree")
			p.do(signerC, "agree")
			p.in("replying")
		}},
		{"按比例 by share", func(t *testing.T) {
			p := signing(t, flow.ModeShare, 60)
			p.do(signerA, "disagree", reason("不妥"))
			p.do(signerB, "agree")
			p.in("signing")
			p.do(signerC, "agree")
			p.in("replying")
		}},
		{"加签 before", func(t *testing.T) {
			p := ticket(t, "signing")
			p.do(signerA, "add_signer", signers(signerC), before)
			p.refused("flow.not_yours", signerA, "agree")
			p.do(signerC, "agree")
			p.do(signerA, "agree")
			p.do(signerB, "agree")
			p.in("replying")
		}},
		{"加签 after", func(t *testing.T) {
			p := ticket(t, "signing")
			p.refused("flow.signer_twice", signerA, "add_signer", signers(signerB))
			p.do(signerA, "add_signer", signers(signerC))
			p.refused("flow.not_yours", signerC, "agree")
			p.do(signerA, "agree")
			p.do(signerB, "agree")
			p.in("signing")
			p.do(signerC, "agree")
			p.in("replying")
		}},
		{"减签", func(t *testing.T) {
			p := ticket(t, "signing")
			p.do(signerA, "agree")
			p.refused("flow.not_yours", signerB, "remove_signer", slot(2), reason("出差"))
			p.do(reviewer, "remove_signer", slot(2), reason("出差"))
			p.in("replying")
		}},
		{"转办", func(t *testing.T) {
			p := ticket(t, "handling")
			p.refused("flow.not_yours", handler, "transfer", person(colleague))
			p.do(handler, "claim")
			p.refused("flow.unable", handler, "transfer", person(signerA))
			p.do(handler, "transfer", person(colleague))
			p.refused("flow.not_yours", handler, "submit", filled("reply"))
			p.do(colleague, "submit", filled("reply"))
		}},
		{"委派 and back", func(t *testing.T) {
			p := ticket(t, "handling")
			p.do(handler, "claim")
			p.do(handler, "delegate", person(signerB))
			p.refused("flow.not_yours", handler, "submit", filled("reply"))
			p.do(signerB, "submit", filled("reply"))
			last := p.events[slices.IndexFunc(p.events, func(e flow.Event) bool { return e.Action == "submit" })]
			if last.By != signerB.Who || last.For != handler.Who {
				t.Fatalf("both names are kept: %+v", last)
			}
			p.do(reviewer, "approve")
			if p.run.Holder != handler.Who && p.run.Holder != signerB.Who {
				t.Fatalf("held by %s", p.run.Holder)
			}
		}},
		{"委派 handed back and taken back", func(t *testing.T) {
			p := ticket(t, "handling")
			p.do(handler, "claim")
			p.do(handler, "delegate", person(colleague))
			p.refused("flow.not_yours", handler, "hand_back")
			p.do(colleague, "hand_back")
			p.do(handler, "delegate", person(colleague))
			p.refused("flow.not_yours", colleague, "take_back")
			p.do(handler, "take_back")
			if p.run.Holder != handler.Who {
				t.Fatalf("held by %s", p.run.Holder)
			}
		}},
		{"代理 on behalf of an absent colleague", func(t *testing.T) {
			p := ticket(t, "reviewing")
			absent := func(m *flow.Move) { m.For = &reviewer }
			p.refused("flow.not_delegated", supervisor, "approve", absent)
			p.facts.Delegated = true
			p.do(supervisor, "approve", absent)
			if j := p.run.Judges[0]; j.Who != supervisor.Who || j.For != reviewer.Who {
				t.Fatalf("both names are kept: %+v", j)
			}
		}},
		{"驳回 to any earlier step, through the steps again", func(t *testing.T) {
			p := ticket(t, "reviewing")
			p.refused("flow.missing", reviewer, "back", reason("重写"), to("registered"))
			p.do(reviewer, "back", reason("分类不对"), to("accepted"))
			p.in("accepted")
			p.do(dispatcher, "dispatch", unit(20))
			p.do(handler, "sign_in")
			p.in("handling")
		}},
		{"驳回 with what to mend, straight back", func(t *testing.T) {
			p := ticket(t, "reviewing")
			p.do(reviewer, "claim")
			p.do(reviewer, "back", reason("没有回答第二问"), to("handling"), mend("reply"), direct)
			if p.run.Holder != handler.Who {
				t.Fatalf("held by %s: who had it there mends it", p.run.Holder)
			}
			p.refused("flow.mend_direct", handler, "submit", filled("reply"))
			p.refused("flow.missing", handler, "mended")
			p.do(handler, "mended", filled("reply"))
			p.in("reviewing")
			if p.run.Holder != reviewer.Who {
				t.Fatalf("held by %s: who returned it sees it again", p.run.Holder)
			}
		}},
		{"撤回 while nobody has acted", func(t *testing.T) {
			p := ticket(t, "reviewing")
			p.refused("flow.not_yours", colleague, "withdraw")
			p.do(handler, "withdraw")
			p.in("handling")
			p.do(handler, "submit")
			p.do(reviewer, "claim")
			p.refused("flow.not_yours", handler, "withdraw")
		}},
		{"撤销 by the outside party", func(t *testing.T) {
			p := ticket(t, "handling")
			p.refused("flow.not_yours", handler, "give_up")
			p.do(citizen, "give_up")
			p.in("withdrawn")
		}},
		{"作废", func(t *testing.T) {
			p := ticket(t, "handling")
			p.refused("flow.missing", supervisor, "cancel")
			p.do(supervisor, "cancel", reason("测试件"))
			p.in("void")
		}},
		{"抄送", func(t *testing.T) {
			p := ticket(t, "handling")
			p.do(lead, "copy", watch(signerA.Who, signerB.Who))
			p.do(lead, "uncopy", watch(signerB.Who))
			p.do(signerA, "note", reason("请注意时限"))
			if !slices.Equal(p.run.Watchers, []flow.Who{signerA.Who}) {
				t.Fatalf("watchers %v", p.run.Watchers)
			}
		}},
		{"子流程", func(t *testing.T) {
			p := ticket(t, "handling")
			p.do(handler, "inquire", reason("需调查"))
			p.refused("flow.waits", handler, "submit", filled("reply"))
			events, err := flow.ChildEnded(p.d, p.run, "1", flow.Completed, p.at)
			if err != nil {
				t.Fatal(err)
			}
			p.take(events)
			p.do(handler, "submit", filled("reply"))
		}},
		{"条件分支", func(t *testing.T) {
			d := parse(t, branching)
			for label, c := range map[string]struct {
				facts map[string]bool
				want  string
			}{
				"the condition holds":    {map[string]bool{"amount.above?fen=100000": true}, "big"},
				"it does not":            {map[string]bool{"amount.above?fen=100000": false}, "small"},
				"nobody looked it up":    {nil, "small"},
				"another one's answered": {map[string]bool{"amount.above": true}, "small"},
			} {
				p := open(t, d, staffIn(1, 1), 1)
				p.facts.Guards = c.facts
				p.do(staffIn(1, 1), "submit")
				if p.run.State != c.want {
					t.Errorf("%s: in %s, want %s", label, p.run.State, c.want)
				}
			}
		}},
		{"并行 lead and assisting units", func(t *testing.T) {
			p := ticket(t, "accepted")
			p.refused("flow.unit_twice", dispatcher, "dispatch_joint", unit(20), units(20), filled("class"))
			p.do(dispatcher, "dispatch_joint", unit(20), units(30, 40), filled("class"))
			p.do(handler, "sign_in")
			if len(p.run.Branches) != 2 || p.run.Branches[0].Status != flow.BranchOpen {
				t.Fatalf("branches %+v", p.run.Branches)
			}
			p.refused("flow.waits", handler, "submit", filled("reply"))
			p.refused("flow.not_yours", handler, "answer", branch(1))
			p.do(assistant, "claim", branch(1))
			if k, _ := p.run.Clock("assist", 1); k.Status != flow.ClockRunning || k.ID() != "assist/1#1" {
				t.Fatalf("clock of the branch %+v", k)
			}
			p.do(assistant, "answer", branch(1))
			if k, _ := p.run.Clock("assist", 1); k.Status != flow.ClockStopped {
				t.Fatalf("clock of the branch %+v", k)
			}
			p.do(handler, "do_without", branch(2), reason("与本件无关"))
			p.do(handler, "submit", filled("reply"))
			p.refused("flow.own_work", reviewer, "to_sign", signers(assistant))
		}},
		{"并行 going on without the assisting units", func(t *testing.T) {
			p := ticket(t, "handling")
			p.do(handler, "join", units(30))
			p.do(assistant, "not_ours", branch(1), reason("不归我们管"))
			p.do(handler, "join", units(30))
			p.refused("flow.missing", handler, "submit_despite", filled("reply"))
			p.do(handler, "submit_despite", filled("reply"), reason("协办意见不影响答复"))
			if b := p.run.Branches[1]; b.Status != flow.BranchDropped {
				t.Fatalf("branch %+v", b)
			}
		}},
		{"延迟 suspended until a day", func(t *testing.T) {
			p := ticket(t, "handling")
			p.do(handler, "suspend", reason("需要鉴定或检测"), evidence("f1"), later(p.at+10_000_000))
			if events, err := flow.Wake(p.d, p.run, p.at+9_000_000); err != nil || len(events) != 0 {
				t.Fatalf("woke early: %v %v", events, err)
			}
			events, err := flow.Wake(p.d, p.run, p.at+10_000_000)
			if err != nil {
				t.Fatal(err)
			}
			p.take(events)
			p.at += 10_000_000
			if c, _ := p.run.Clock("handle", 0); c.Status != flow.ClockRunning || len(c.Pauses) != 1 || c.Pauses[0].To == 0 {
				t.Fatalf("clock %+v", c)
			}
			p.do(handler, "submit", filled("reply"))
		}},
		{"触发 effects run with the action", func(t *testing.T) {
			p := ticket(t, "reviewing")
			p.do(reviewer, "approve")
			n := len(p.events)
			p.do(handler, "reply")
			calls := p.d.Effects(p.events[n:])
			if len(calls) != 1 || calls[0].ID() != "ticket.reply" {
				t.Fatalf("effects %v", calls)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t)
		})
	}
}

const branching = `
key: branching
title: 报销
kind: claim
states:
  - {name: draft, title: 填写, acts: [opener]}
  - {name: big, title: 大额, acts: [opener]}
  - {name: small, title: 小额, acts: [opener]}
  - {name: done, title: 办结, end: true, outcome: completed}
actions:
  - name: submit
    title: 提交
    from: [draft]
    ways: [{when: {name: amount.above, params: {fen: "100000"}}, to: big}]
    to: small
  - {name: close, title: 办结, from: [big, small], to: done}
`

// signing is a ticket before three signers, in another mode than the shipped one.
func signing(t *testing.T, mode string, percent int) *play {
	t.Helper()
	p := ticket(t, "reviewing")
	for i := range p.d.States {
		if g := p.d.States[i].Signing; g != nil {
			g.Mode, g.Percent = mode, percent
		}
	}
	p.do(reviewer, "to_sign", signers(signerA, signerB, signerC))
	return p
}
