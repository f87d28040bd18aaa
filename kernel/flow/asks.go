package flow

import "slices"

// asks lists what the move must say with the action.
func (c *course) asks() []string {
	var list []string
	if c.needsReason() {
		list = append(list, AskReason)
	}
	if c.a.Evidence {
		list = append(list, AskEvidence)
	}
	switch c.a.Names {
	case NameStaff:
		list = append(list, AskStaff)
	case NameUnit:
		list = append(list, AskUnit)
	case NameAny:
		list = append(list, AskAny)
	}
	if c.needsSigners() {
		list = append(list, AskSigners)
	}
	switch c.a.Does {
	case Assign, Transfer, Reassign:
		if c.a.Names == "" {
			list = append(list, AskAny)
		}
	case Delegate:
		list = append(list, AskStaff)
	case Join:
		list = append(list, AskUnits)
	case AddSigner:
		list = append(list, AskSigners)
	case RemoveSigner:
		list = append(list, AskSlot)
	case Copy, Uncopy:
		list = append(list, AskWatch)
	case Return:
		list = append(list, AskState)
	case Ask:
		list = append(list, AskItems)
	case Extend:
		list = append(list, AskAmount)
	}
	return list
}

// needsReason: what goes against somebody, undoes something or asks for time is never done without a word.
func (c *course) needsReason() bool {
	switch c.a.Does {
	case Return, Decline, Drop, Refuses, Suspend, Extend, Deny, Cancel, Reopen, RemoveSigner:
		return true
	case Go, Mended:
		if c.a.Despite && (c.waits() || c.r.Signing != nil) {
			return true
		}
	}
	return c.a.Reason || c.a.Verdict == Refuse
}

// needsSigners: the state that the action leads to collects signatures of people who are not fixed by role.
func (c *course) needsSigners() bool {
	if c.a.Does == AddSigner || c.a.Does == Mended {
		return false
	}
	if c.a.Names == NameSigners {
		return true
	}
	for _, to := range c.a.targets() {
		if s, ok := c.d.State(to); ok && s.Signing != nil && len(s.Signing.Roles) == 0 {
			return true
		}
	}
	return false
}

// targets are the states that an action may lead to by itself.
func (a Action) targets() []string {
	var list []string
	for _, w := range a.Ways {
		list = append(list, w.To)
	}
	if a.To != "" {
		list = append(list, a.To)
	}
	return list
}

func (c *course) lacks(ask string) bool {
	m := c.m
	switch ask {
	case AskReason:
		return m.Reason == ""
	case AskEvidence:
		return len(m.Evidence) == 0
	case AskStaff:
		return m.Staff == ""
	case AskUnit:
		return m.Unit == 0
	case AskAny:
		return m.Unit == 0 && m.Staff == ""
	case AskUnits:
		return len(m.Units) == 0
	case AskSigners:
		return len(m.Signers) == 0
	case AskSlot:
		return m.Slot == 0
	case AskWatch:
		return len(m.Watch) == 0
	case AskState:
		return !slices.Contains(c.steps(), m.State)
	case AskItems:
		return len(m.Items) == 0 || slices.Contains(m.Items, "")
	case AskAmount:
		return m.Amount <= 0
	}
	return false
}
