package flow

// Move is what somebody wants to do. Which fields count depends on the action's verb; see Option.Asks.
type Move struct {
	Action string  `json:"action"`
	At     int64   `json:"at"` // civil time, ms
	By     Person  `json:"by"`
	For    *Person `json:"for,omitempty"` // in whose name, under a delegation that Facts.Delegated confirms

	Reason   string   `json:"reason,omitempty"`
	Evidence []string `json:"evidence,omitempty"` // references of files
	Filled   []string `json:"filled,omitempty"`   // fields that get a value; the values are the caller's
	Emptied  []string `json:"emptied,omitempty"`  // fields that lose theirs

	Staff   Who     `json:"staff,omitempty"`   // to whom
	Unit    int64   `json:"unit,omitempty"`    // to which unit; Join: the lead unit
	Units   []int64 `json:"units,omitempty"`   // Join: the assisting units
	Signers []Who   `json:"signers,omitempty"` // in their order
	Watch   []Who   `json:"watch,omitempty"`   // Copy, Uncopy
	Branch  int     `json:"branch,omitempty"`  // which one; 0 is the matter itself
	Slot    int     `json:"slot,omitempty"`    // AddSigner: beside which signature; RemoveSigner: which
	Before  bool    `json:"before,omitempty"`  // AddSigner: before it, else after

	State  string   `json:"state,omitempty"`  // Return: which step
	Mend   []string `json:"mend,omitempty"`   // Return: fields to mend
	Direct bool     `json:"direct,omitempty"` // Return: mended work comes straight back
	Items  []string `json:"items,omitempty"`  // Ask: everything that is missing
	Until  int64    `json:"until,omitempty"`  // Suspend: ms; 0 until somebody resumes it
	Clock  string   `json:"clock,omitempty"`  // Extend, Grant, Deny
	Amount int64    `json:"amount,omitempty"` // Extend: in the rule's own unit
}

// Facts is what the caller of Decide looked up. What is missing counts as not so.
type Facts struct {
	Guards    map[string]bool  `json:"guards,omitempty"`    // by Call.ID: does it hold?
	People    map[Who]Person   `json:"people,omitempty"`    // everybody whom the move names
	Units     []int64          `json:"units,omitempty"`     // those of the units named that exist
	Due       map[string]int64 `json:"due,omitempty"`       // by RunClock.ID: when it falls due, ms
	Delegated bool             `json:"delegated,omitempty"` // Move.By may act for Move.For now
	Hidden    []string         `json:"hidden,omitempty"`    // fields that the form does not ask for, as it is answered after the move
}
