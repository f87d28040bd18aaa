package flow

// Option is something that a person may do with a matter now, and what must be said with it.
type Option struct {
	Action  string   `json:"action"`
	Title   string   `json:"title"`
	Does    Verb     `json:"does"`
	Verdict string   `json:"verdict,omitempty"`
	Branch  int      `json:"branch,omitempty"` // to be sent back with the move
	Clock   string   `json:"clock,omitempty"`
	To      []string `json:"to,omitempty"`      // states that it may lead to
	Asks    []string `json:"asks,omitempty"`    // what the move must carry: reason, staff, unit, … (see Ask…)
	Fields  []string `json:"fields,omitempty"`  // fields that must be filled in with it
	Steps   []string `json:"steps,omitempty"`   // Return: where to
	Direct  string   `json:"direct,omitempty"`  // Return: may, must, never
	Reasons []string `json:"reasons,omitempty"` // the only reasons allowed
	Clocks  []string `json:"clocks,omitempty"`  // Extend: clocks that can be extended (RunClock.ID)
	Guards  []Call   `json:"guards,omitempty"`  // must hold besides; the caller answers them
	Ways    []Way    `json:"ways,omitempty"`
	After   string   `json:"after,omitempty"` // the clock that must have run out
}

// Options lists what a person may do now, in the order of the definition: what Decide would not refuse for who, where or
// when. Guards and waiting times are left to the caller, who knows the facts.
func Options(d *Definition, r Run, p Person) []Option {
	return optionsFor(d, r, Move{By: p})
}

// OptionsFor lists what a person may do in another's name, under a delegation in force.
func OptionsFor(d *Definition, r Run, p, of Person) []Option {
	return optionsFor(d, r, Move{By: p, For: &of})
}

func optionsFor(d *Definition, r Run, m Move) []Option {
	list := []Option{}
	m.At = r.At
	c, err := newCourse(d, r, m, Facts{Delegated: m.For != nil})
	if err != nil {
		return list
	}
	for _, a := range d.Actions {
		if !d.from(a, r.State) {
			continue
		}
		for _, branch := range branchesOf(r, a.Does) {
			c.about(a, branch)
			if c.possible() == nil {
				list = append(list, c.option())
			}
		}
	}
	return list
}

// branchesOf lists what an action can be about: the matter itself (0) or one of its open branches.
func branchesOf(r Run, v Verb) []int {
	list := []int{0}
	if !v.ofBranch() {
		return list
	}
	for _, b := range r.Branches {
		if b.Status == BranchOpen {
			list = append(list, b.ID)
		}
	}
	return list
}

func (c *course) option() Option {
	a := c.a
	o := Option{
		Action: a.Name, Title: a.Title, Does: a.Does, Verdict: a.Verdict, Branch: c.m.Branch, Asks: c.asks(),
		Fields: c.missingFields(), Guards: a.Guards, Ways: a.Ways, After: a.After, Reasons: a.Reasons, To: a.targets(),
	}
	switch a.Does {
	case Return:
		o.Steps, o.Direct = c.steps(), a.direct()
	case Mended:
		o.To = []string{c.r.Returned.From}
	case Withdraw:
		o.To = []string{c.r.Sent.From}
	case Supply:
		o.To = []string{c.supplyTo()}
	case Extend:
		o.Clocks = c.extendable()
	case Grant, Deny:
		o.Clock = c.r.Extension.Clock
	case Agree, Refuses:
		o.To = []string{c.state.Signing.Agreed, c.state.Signing.Refused}
	}
	return o
}

func (a Action) direct() string {
	if a.Direct == "" {
		return "never"
	}
	return a.Direct
}
