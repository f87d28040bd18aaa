package flow_test

import (
	"fmt"
	"math/rand/v2"

	"weizheng/kernel/flow"
	"weizheng/kernel/worktime"
)

// generator makes definitions that are sound by construction, and people and moves for them.
type generator struct{ *rand.Rand }

func (g generator) one(of ...string) string { return of[g.IntN(len(of))] }
func (g generator) likely(percent int) bool { return g.IntN(100) < percent }

// definition is a chain of steps with everything beside it that the engine knows, each by chance.
func (g generator) definition() *flow.Definition {
	d := &flow.Definition{Key: "random", Title: "随机", Kind: "random", Separate: g.likely(50)}
	for i := range 3 {
		d.Roles = append(d.Roles, flow.Role{Name: fmt.Sprintf("r%d", i), Title: "角色", Permission: "x.y", At: g.one("", flow.OwnerUnit, flow.HandlingUnit)})
	}
	n := 2 + g.IntN(4)
	for i := range n {
		d.States = append(d.States, g.state(i, n, i > 0 && d.States[i-1].Signing != nil))
		if s := &d.States[i]; i > 1 && d.States[1].Signing == nil && s.Signing == nil && !s.Review && g.likely(30) {
			s.Acts = []flow.Selector{flow.HolderOf("s1")}
		}
	}
	for _, outcome := range []string{flow.Completed, flow.Rejected, flow.Void} {
		d.States = append(d.States, flow.State{Name: outcome, Title: "结束", End: true, Outcome: outcome})
	}
	for i := range n {
		g.steps(d, i, n)
	}
	g.everywhere(d, n)
	g.clocks(d, n)
	return d
}

// state is the i-th of n; after says that it comes after signatures, which name no signers.
func (g generator) state(i, n int, after bool) flow.State {
	s := flow.State{Name: fmt.Sprintf("s%d", i), Title: "状态"}
	role := flow.InRole(fmt.Sprintf("r%d", g.IntN(3)))
	s.Acts = []flow.Selector{role}
	if i == 0 && g.likely(50) {
		s.Acts = []flow.Selector{flow.ByOpener}
	}
	if i > 0 && g.likely(30) {
		s.Acts = append(s.Acts, flow.ByLead)
	}
	if i > 0 && g.likely(20) {
		s.Acts = []flow.Selector{flow.ByAssignee}
	}
	if i == 0 || g.likely(50) {
		s.Fills = []string{fmt.Sprintf("f%d", i)}
	}
	if i == 0 {
		return s
	}
	_, open := s.Acts[0].Role()
	s.Review = open && g.likely(40)
	if g.likely(35) {
		s.Review, s.Fills = true, nil
		s.Acts = []flow.Selector{flow.BySigner}
		s.Signing = &flow.Signing{Mode: g.one(flow.ModeAll, flow.ModeAny, flow.ModeOrder, flow.ModeShare), Agreed: next(i, n), Refused: "s0"}
		if s.Signing.Mode == flow.ModeShare {
			s.Signing.Percent = 1 + g.IntN(100)
		}
		if after || g.likely(30) {
			s.Signing.Roles = []string{"r0", "r1"}
		}
	}
	return s
}

func next(i, n int) string {
	if i+1 == n {
		return flow.Completed
	}
	return fmt.Sprintf("s%d", i+1)
}

// steps are the actions of one state.
func (g generator) steps(d *flow.Definition, i, n int) {
	s := d.States[i]
	add := func(a flow.Action) {
		a.Name, a.Title, a.From = fmt.Sprintf("%s_%d", a.Name, i), "做", []string{s.Name}
		d.Actions = append(d.Actions, a)
	}
	if s.Signing != nil {
		add(flow.Action{Name: "agree", Does: flow.Agree})
		add(flow.Action{Name: "refuse", Does: flow.Refuses})
		add(flow.Action{Name: "more", Does: flow.AddSigner})
		add(flow.Action{Name: "fewer", Does: flow.RemoveSigner, By: []flow.Selector{flow.InRole("r0")}})
	} else {
		on := flow.Action{Name: "on", To: next(i, n), Along: g.likely(30)}
		if on.To == flow.Completed {
			on.Along = false
		}
		if s.Review {
			on.Verdict = flow.Approve
			add(flow.Action{Name: "no", To: flow.Rejected, Verdict: flow.Refuse})
		} else if g.likely(40) && on.To != flow.Completed {
			on.Names = g.one(flow.NameUnit, flow.NameStaff, flow.NameAny)
			if g.likely(50) {
				on.Does = flow.Assign
			}
		}
		add(on)
		add(flow.Action{Name: "despite", To: next(i, n), Despite: true})
		if _, pool := s.Acts[0].Role(); pool {
			add(flow.Action{Name: "claim", Does: flow.Claim})
		}
	}
	if i > 0 && !d.States[i-1].Review {
		add(flow.Action{Name: "back", Does: flow.Return, Direct: g.one("", "may", "must"), By: g.judges(s)})
		add(flow.Action{Name: "withdraw", Does: flow.Withdraw})
	}
}

// judges are those who may return work: in a signing state the signers.
func (g generator) judges(s flow.State) []flow.Selector {
	if s.Signing != nil {
		return []flow.Selector{flow.BySigner}
	}
	return nil
}

// everywhere are the actions that do not belong to one state.
func (g generator) everywhere(d *flow.Definition, n int) {
	var steps []string
	var plain []string
	for _, s := range d.States[:n] {
		steps = append(steps, s.Name)
		if s.Signing == nil {
			plain = append(plain, s.Name)
		}
	}
	anybody := []flow.Selector{flow.ByAssignee, flow.ByOpener, flow.ByLead, flow.InRole("r0"), flow.InRole("r1")}
	add := func(a flow.Action) {
		a.Title = "做"
		if a.From == nil {
			a.From = []string{flow.AnyOpen}
		}
		d.Actions = append(d.Actions, a)
	}
	add(flow.Action{Name: "mended", Does: flow.Mended, From: steps, By: anybody})
	if !hasReturn(d) {
		d.Actions = d.Actions[:len(d.Actions)-1]
	}
	add(flow.Action{Name: "release", Does: flow.Release, From: plain})
	add(flow.Action{Name: "transfer", Does: flow.Transfer, From: plain})
	add(flow.Action{Name: "reassign", Does: flow.Reassign, From: plain})
	add(flow.Action{Name: "delegate", Does: flow.Delegate, From: plain})
	add(flow.Action{Name: "hand_back", Does: flow.HandBack})
	add(flow.Action{Name: "take_back", Does: flow.TakeBack})
	add(flow.Action{Name: "join", Does: flow.Join, From: plain})
	add(flow.Action{Name: "answer", Does: flow.Answer})
	add(flow.Action{Name: "decline", Does: flow.Decline})
	add(flow.Action{Name: "drop", Does: flow.Drop, By: anybody})
	add(flow.Action{Name: "suspend", Does: flow.Suspend, By: anybody})
	add(flow.Action{Name: "resume", Does: flow.Resume, By: anybody})
	add(flow.Action{Name: "extend", Does: flow.Extend, By: anybody})
	add(flow.Action{Name: "grant", Does: flow.Grant})
	add(flow.Action{Name: "deny", Does: flow.Deny})
	add(flow.Action{Name: "turn_away", From: []string{"s0"}, To: flow.Rejected, Bare: true, Despite: true, Reason: true})
	add(flow.Action{Name: "urge", Does: flow.Urge})
	add(flow.Action{Name: "copy", Does: flow.Copy, By: anybody})
	add(flow.Action{Name: "uncopy", Does: flow.Uncopy, By: anybody})
	add(flow.Action{Name: "note", Does: flow.Note, By: anybody})
	add(flow.Action{Name: "child", Does: flow.Child, Flow: "other", From: plain})
	add(flow.Action{Name: "cancel", Does: flow.Cancel, By: anybody, To: flow.Void})
	add(flow.Action{Name: "reopen", Does: flow.Reopen, From: []string{flow.Completed, flow.Rejected}, By: anybody, To: "s0", Within: 30, Times: 2})
	if g.likely(50) {
		d.States = append(d.States, flow.State{Name: "asking", Title: "补正", Acts: []flow.Selector{flow.ByOutside}})
		add(flow.Action{Name: "ask", Does: flow.Ask, From: []string{"s0"}, To: "asking"})
		add(flow.Action{Name: "supply", Does: flow.Supply, From: []string{"asking"}})
		add(flow.Action{Name: "give_up", From: []string{"asking"}, To: flow.Void, Bare: true, Despite: true})
	}
}

func hasReturn(d *flow.Definition) bool {
	for _, a := range d.Actions {
		if a.Does == flow.Return && a.Direct != "" {
			return true
		}
	}
	return false
}

func (g generator) clocks(d *flow.Definition, n int) {
	ends := []flow.Trigger{flow.OnEnter(flow.Completed), flow.OnEnter(flow.Rejected), flow.OnEnter(flow.Void)}
	rule := worktime.Rule{Kind: worktime.Working, Amount: int64(1 + g.IntN(20))}
	by := []flow.Selector{flow.InRole("r1"), flow.ByLead}
	hold := flow.PauseDef{Name: "hold", Title: "暂停", On: []flow.Trigger{flow.OnDo("suspend")}, Resumes: []flow.Trigger{flow.OnDo("resume")}}
	d.Clocks = []flow.ClockDef{
		{Name: "total", Title: "总时限", Basis: flow.Promised, Rule: rule, Starts: []flow.Trigger{flow.OnOpen}, Stops: ends, Again: g.likely(50),
			Pauses: []flow.PauseDef{hold}, Extends: flow.Extends{Times: 1, By: by}, Due: []flow.DueDef{{Name: "late", Level: 1}}},
		{Name: "help", Title: "协办时限", Basis: flow.Promised, Rule: rule, Per: flow.PerBranch, Extends: flow.Extends{Times: 1, By: by}},
	}
	for i := range n {
		if g.likely(50) {
			continue
		}
		s := d.States[i].Name
		k := flow.ClockDef{Name: "step" + s, Title: "步骤时限", Basis: flow.Promised, Rule: rule, Again: true,
			Starts: []flow.Trigger{flow.OnEnter(s)}, Stops: []flow.Trigger{flow.OnLeave(s)}}
		if g.likely(50) {
			k.Pauses = []flow.PauseDef{hold}
		}
		if i == 1 && !d.States[0].Review {
			k.Basis, k.Source = flow.Legal, "《某法》第一条"
		}
		d.Clocks = append(d.Clocks, k)
	}
	if d.States[len(d.States)-1].Name == "asking" {
		d.Clocks = append(d.Clocks, flow.ClockDef{Name: "silence", Title: "补正期限", Basis: flow.Legal, Source: "《某法》第三十二条", Rule: rule, Again: true,
			Starts: []flow.Trigger{flow.OnEnter("asking")}, Stops: []flow.Trigger{flow.OnLeave("asking")}, Pauses: []flow.PauseDef{hold},
			Due: []flow.DueDef{{Name: "gone", Fiction: &flow.Fiction{Title: "视为撤回", Source: "《某法》第三十二条", From: "asking", To: flow.Void}}}})
		total := &d.Clocks[0]
		total.Pauses = append(total.Pauses, flow.PauseDef{Name: "asked", Title: "等待补正", On: []flow.Trigger{flow.OnEnter("asking")}, Resumes: []flow.Trigger{flow.OnLeave("asking")}})
	}
}

// crowd is a handful of staff in three units with roles by chance, and one citizen.
func (g generator) crowd() []flow.Person {
	list := []flow.Person{{Who: flow.Citizen(1)}}
	for id := range int64(7) {
		p := flow.Person{Who: flow.Staff(id + 1), Unit: 1 + id%3}
		for r := range 3 {
			for u := range int64(3) {
				if g.likely(50) {
					p.Roles = append(p.Roles, flow.RoleIn{Role: fmt.Sprintf("r%d", r), Unit: u + 1})
				}
			}
		}
		if g.likely(40) {
			p.Leads = append(p.Leads, p.Unit)
		}
		list = append(list, p)
	}
	return list
}

// move is what somebody might try: mostly something that is on offer, said mostly in full.
func (g generator) move(d *flow.Definition, r flow.Run, people []flow.Person, at int64) flow.Move {
	by := people[g.IntN(len(people))]
	m := flow.Move{By: by, At: at, Action: d.Actions[g.IntN(len(d.Actions))].Name}
	if g.likely(90) {
		for range 12 {
			m.By = people[g.IntN(len(people))]
			options := flow.Options(d, r, m.By)
			if len(options) == 0 {
				continue
			}
			o := options[g.IntN(len(options))]
			m.Action, m.Branch = o.Action, o.Branch
			g.say(&m, o, r, people)
			if !g.likely(dull(o)) {
				break
			}
		}
	}
	if g.likely(10) {
		other := people[g.IntN(len(people))]
		m.For = &other
	}
	if g.likely(15) { // somebody tries to come in by a side door
		m.Branch = g.IntN(4)
		m.By = people[g.IntN(len(people))]
	}
	return m
}

// dull is how readily an option is passed over: what is on offer everywhere, and what ends a matter at once, would leave
// the rest untried.
func dull(o flow.Option) int {
	switch o.Does {
	case flow.Cancel:
		return 97
	case flow.Urge, flow.Copy, flow.Uncopy, flow.Note, flow.Suspend, flow.Child, flow.Reassign, flow.Extend:
		return 85
	}
	if o.Action == "turn_away" || o.Action == "give_up" {
		return 95
	}
	return 0
}

func (g generator) say(m *flow.Move, o flow.Option, r flow.Run, people []flow.Person) {
	somebody := func() flow.Who { return people[g.IntN(len(people))].Who }
	m.Reason, m.Evidence = g.one("理由", "理由", "理由", ""), []string{"file"}
	m.Filled = o.Fields
	m.Direct, m.Before = g.likely(50), g.likely(50)
	m.Items = []string{"材料"}
	m.Amount = int64(1 + g.IntN(8))
	m.Slot = g.IntN(4)
	m.Watch = []flow.Who{somebody()}
	if g.likely(50) {
		m.Staff = somebody()
	} else {
		m.Unit = int64(1 + g.IntN(4))
	}
	m.Units = []int64{int64(1 + g.IntN(3))}
	if o.Does == flow.Join {
		m.Unit = 0
	}
	for range 1 + g.IntN(3) {
		m.Signers = append(m.Signers, somebody())
	}
	if len(o.Steps) > 0 {
		m.State, m.Mend = o.Steps[g.IntN(len(o.Steps))], []string{"f0"}
	}
	if len(o.Clocks) > 0 {
		m.Clock = o.Clocks[g.IntN(len(o.Clocks))]
	}
	if g.likely(50) && o.Does == flow.Suspend {
		m.Until = m.At + 1 + g.Int64N(3_600_000)
	}
}
