package flow_test

import (
	"slices"
	"testing"

	"weizheng/kernel/flow"
)

// leaves lets somebody leave and another take their place.
func (p *play) leaves(from, to flow.Person, watches bool) {
	p.t.Helper()
	p.at += 60_000
	s := flow.Succession{At: p.at, By: supervisor.Who, From: from.Who, To: to.Who, Watches: watches}
	events, err := flow.Succeed(p.d, p.run, s)
	if err != nil {
		p.t.Fatal(err)
	}
	p.take(events)
	// Nothing is opened twice: there is nothing left to give.
	if again, err := flow.Succeed(p.d, p.run, s); err != nil || len(again) > 0 {
		p.t.Errorf("a second time %+v, %v", again, err)
	}
}

func TestSucceed(t *testing.T) {
	t.Parallel()
	heir := staffIn(50, 20, "handler")
	for _, c := range []struct {
		label string
		run   func(t *testing.T)
	}{
		{"what somebody holds", func(t *testing.T) {
			p := ticket(t, "handling")
			p.do(handler, "claim")
			p.leaves(handler, heir, true)
			if p.run.Holder != heir.Who || p.run.Unit != 20 {
				t.Errorf("held by %s in %d", p.run.Holder, p.run.Unit)
			}
			p.do(heir, "submit", filled("reply"))
		}},
		{"nothing of theirs", func(t *testing.T) {
			p := ticket(t, "handling")
			before := len(p.events)
			p.leaves(colleague, heir, true)
			if len(p.events) != before {
				t.Errorf("%+v", p.events[before:])
			}
		}},
		{"a signature, all at once", func(t *testing.T) {
			p := signing(t, flow.ModeAll, 0)
			p.leaves(signerB, heir, true)
			p.refused("flow.not_yours", signerB, "agree")
			p.do(signerA, "agree")
			p.do(heir, "agree")
			p.in("signing")
			p.do(signerC, "agree")
			p.in("replying")
		}},
		{"a signature in order keeps its place", func(t *testing.T) {
			p := signing(t, flow.ModeOrder, 0)
			p.leaves(signerB, heir, true)
			p.refused("flow.not_yours", heir, "agree")
			p.do(signerA, "agree")
			p.refused("flow.not_yours", signerC, "agree")
			p.do(heir, "agree")
			p.do(signerC, "agree")
			p.in("replying")
		}},
		{"who signs already does not sign twice", func(t *testing.T) {
			p := signing(t, flow.ModeAll, 0)
			p.leaves(signerA, signerB, true)
			p.do(signerB, "agree")
			p.in("signing")
			p.do(signerC, "agree")
			p.in("replying")
		}},
		{"the last open signature was theirs", func(t *testing.T) {
			p := signing(t, flow.ModeAll, 0)
			p.do(signerB, "agree")
			p.do(signerC, "agree")
			p.leaves(signerA, signerB, true)
			p.in("replying")
			if p.run.Holder != handler.Who {
				t.Errorf("held by %s, who handled it was %s", p.run.Holder, handler.Who)
			}
		}},
		{"a signature that was given stays", func(t *testing.T) {
			p := signing(t, flow.ModeAll, 0)
			p.do(signerA, "agree")
			p.leaves(signerA, heir, true)
			p.refused("flow.not_yours", heir, "agree")
		}},
		{"copies go along, or end", func(t *testing.T) {
			p := ticket(t, "handling")
			p.do(handler, "claim")
			p.do(handler, "copy", watch(signerA.Who, signerC.Who))
			p.leaves(signerA, signerB, true)
			p.leaves(signerC, signerA, false)
			if !slices.Equal(p.run.Watchers, []flow.Who{signerB.Who}) {
				t.Errorf("watched by %v", p.run.Watchers)
			}
		}},
		{"a delegation whose owner leaves", func(t *testing.T) {
			p := ticket(t, "handling")
			p.do(handler, "claim")
			p.do(handler, "delegate", person(colleague))
			p.leaves(handler, heir, true)
			if p.run.Holder != colleague.Who || p.run.Delegation == nil || p.run.Delegation.Owner != heir.Who {
				t.Errorf("%+v", p.run.Delegation)
			}
			p.do(colleague, "hand_back")
			if p.run.Holder != heir.Who {
				t.Errorf("held by %s", p.run.Holder)
			}
		}},
		{"a delegate who leaves", func(t *testing.T) {
			p := ticket(t, "handling")
			p.do(handler, "claim")
			p.do(handler, "delegate", person(colleague))
			p.leaves(colleague, heir, true)
			if p.run.Holder != heir.Who || p.run.Delegation == nil || p.run.Delegation.Owner != handler.Who {
				t.Errorf("%s %+v", p.run.Holder, p.run.Delegation)
			}
			p.leaves(heir, handler, true)
			if p.run.Holder != handler.Who || p.run.Delegation != nil {
				t.Errorf("%s %+v", p.run.Holder, p.run.Delegation)
			}
		}},
		{"nobody inherits the judgement of their own work", func(t *testing.T) {
			both := staffIn(1, 10, "chief")
			d := parse(t, smallest+"\n")
			d.Actions = append(d.Actions, flow.Action{Name: "claim", Title: "认领", Does: flow.Claim, From: []string{"review"}})
			chief := staffIn(2, 10, "chief")
			p := open(t, d, both, 10)
			p.do(both, "submit", filled("days"))
			p.do(chief, "claim")
			p.leaves(chief, both, true)
			if p.run.Holder != "" {
				t.Errorf("held by %s", p.run.Holder)
			}
		}},
		{"nor the signature under it", func(t *testing.T) {
			p := ticket(t, "reviewing")
			for i := range p.d.States {
				if p.d.States[i].Signing != nil {
					p.d.States[i].Review = true
				}
			}
			p.do(reviewer, "to_sign", signers(signerA, signerB))
			p.leaves(signerA, handler, true)
			p.refused("flow.not_yours", handler, "agree")
			p.do(signerA, "agree")
		}},
	} {
		t.Run(c.label, func(t *testing.T) { t.Parallel(); c.run(t) })
	}
}
