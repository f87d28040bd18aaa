package flow

import "strings"

// Selector says who, seen from one matter:
//
//	assignee      who holds it now (the delegate, while it is delegated)
//	unit          any staff of the unit where it lies, while nobody holds it
//	lead          who leads that unit (or the branch's)
//	opener        who opened it
//	outside       the party outside government whose matter it is
//	sender        who sent it into the present state
//	branch        who holds a branch, or staff of its unit while nobody does
//	signer        whose signature is waited for
//	watcher       who was given a copy
//	holder:STATE  who held it when it was last in STATE
//	role:ROLE     who holds the definition's role; in State.Acts only while nobody else has claimed it
type Selector string

// The selectors without an argument; Holder and InRole are prefixes.
const (
	ByAssignee Selector = "assignee"
	ByUnit     Selector = "unit"
	ByLead     Selector = "lead"
	ByOpener   Selector = "opener"
	ByOutside  Selector = "outside"
	BySender   Selector = "sender"
	ByBranch   Selector = "branch"
	BySigner   Selector = "signer"
	ByWatcher  Selector = "watcher"

	holderPrefix = "holder:"
	rolePrefix   = "role:"
)

// HolderOf selects who held the matter when it was last in a state.
func HolderOf(state string) Selector { return Selector(holderPrefix + state) }

// InRole selects the holders of a role.
func InRole(role string) Selector { return Selector(rolePrefix + role) }

// Role returns the role that s names, if it names one.
func (s Selector) Role() (string, bool) { return strings.CutPrefix(string(s), rolePrefix) }

// Holder returns the state whose holder s names, if it names one.
func (s Selector) Holder() (string, bool) { return strings.CutPrefix(string(s), holderPrefix) }
