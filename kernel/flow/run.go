package flow

// Run is where one matter stands: a JSON value that its events alone make. Treat it as read-only; Apply returns the next.
type Run struct {
	Flow    string `json:"flow"`             // the definition's key
	Version int64  `json:"version"`          // how many events made it
	State   string `json:"state"`            // name of the present state
	Since   int64  `json:"since"`            // entered it, ms
	At      int64  `json:"at"`               // of the last event, ms; no move may be earlier
	Owner   int64  `json:"owner"`            // unit where it was opened
	Unit    int64  `json:"unit"`             // unit where it lies now
	Holder  Who    `json:"holder,omitempty"` // who has it now; empty: in the pool
	Opener  Who    `json:"opener"`
	Outside Who    `json:"outside,omitempty"` // the party outside
	Opened  int64  `json:"opened"`

	Ended   int64  `json:"ended,omitempty"` // ms; 0 while it runs
	Outcome string `json:"outcome,omitempty"`

	Filled  []string       `json:"filled,omitempty"` // fields that have a value
	Steps   []Step         `json:"steps"`            // the states passed, the present one last
	Authors []Who          `json:"authors"`          // who opened it, filled in a field or sent it for review
	Judges  []Judged       `json:"judges,omitempty"` // who decided in which review state
	Counts  map[string]int `json:"counts,omitempty"` // how often each action was done
	Sent    *Sent          `json:"sent,omitempty"`   // who sent it here, while nobody has acted since

	Delegation *Delegation `json:"delegation,omitempty"`
	Branches   []Branch    `json:"branches,omitempty"`
	Signing    *Slots      `json:"signing,omitempty"`
	Returned   *Returned   `json:"returned,omitempty"`
	Hold       *Hold       `json:"hold,omitempty"`
	Asked      *Asked      `json:"asked,omitempty"`
	Extension  *Extension  `json:"extension,omitempty"` // asked for and not yet decided
	Children   []SubMatter `json:"children,omitempty"`
	Watchers   []Who       `json:"watchers,omitempty"`
	Urged      int         `json:"urged,omitempty"`
	Clocks     []RunClock  `json:"clocks,omitempty"`
	Fictions   []string    `json:"fictions,omitempty"` // titles of legal fictions that took effect
}

// Step is one stay in a state.
type Step struct {
	State   string `json:"state"`
	At      int64  `json:"at"`
	Unit    int64  `json:"unit"`
	Holder  Who    `json:"holder,omitempty"`  // the last one there
	Undone  bool   `json:"undone,omitempty"`  // gone back behind it
	Signers []Who  `json:"signers,omitempty"` // whose signatures were collected there
}

// Judged is one decision.
type Judged struct {
	State   string `json:"state"`
	Who     Who    `json:"who"`
	For     Who    `json:"for,omitempty"`
	Verdict string `json:"verdict,omitempty"`
	At      int64  `json:"at"`
}

// Sent is who brought the matter into the present state, from where. It is gone when somebody acts there.
type Sent struct {
	By     Who    `json:"by"`
	For    Who    `json:"for,omitempty"`
	From   string `json:"from"`
	Unit   int64  `json:"unit"`
	Holder Who    `json:"holder,omitempty"`
}

// Delegation is work done by another in the holder's name; Run.Holder is the delegate then.
type Delegation struct {
	Owner Who `json:"owner"`
	To    Who `json:"to"`
}

// Branch is the share of an assisting unit.
type Branch struct {
	ID     int         `json:"id"`
	Unit   int64       `json:"unit"`
	Holder Who         `json:"holder,omitempty"`
	Opened int64       `json:"opened"`
	Status BranchState `json:"status"`
	Ended  int64       `json:"ended,omitempty"`
	By     Who         `json:"by,omitempty"` // who answered, declined or dropped it
}

// BranchState is how a branch stands.
type BranchState string

// The states of a branch.
const (
	BranchOpen     BranchState = "open"
	BranchAnswered BranchState = "answered"
	BranchDeclined BranchState = "declined"
	BranchDropped  BranchState = "dropped"
)

// Slots is one round of counter-signing.
type Slots struct {
	Mode    string `json:"mode"`
	Percent int    `json:"percent,omitempty"`
	Slots   []Slot `json:"slots"`
}

// Slot is one signature.
type Slot struct {
	ID    int       `json:"id"`
	Who   Who       `json:"who,omitempty"`  // a person,
	Role  string    `json:"role,omitempty"` // or any holder of a role
	Waits []int     `json:"waits,omitempty"`
	State SlotState `json:"state"`
	By    Who       `json:"by,omitempty"` // who signed
	For   Who       `json:"for,omitempty"`
	At    int64     `json:"at,omitempty"`
	Added Who       `json:"added,omitempty"` // who added it later
}

// SlotState is how a signature stands.
type SlotState string

// The states of a signature.
const (
	SlotWaiting SlotState = "waiting"
	SlotAgreed  SlotState = "agreed"
	SlotRefused SlotState = "refused"
	SlotRemoved SlotState = "removed"
)

// Returned is what the present step has to mend.
type Returned struct {
	From   string   `json:"from"`             // the state that it was returned from
	By     Who      `json:"by"`               // who returned it,
	Unit   int64    `json:"unit"`             // where
	Mend   []string `json:"mend,omitempty"`   // fields; each must be filled again
	Direct bool     `json:"direct,omitempty"` // then straight back
	Left   []string `json:"left,omitempty"`   // those of Mend that are not filled again yet
}

// Hold is a suspension.
type Hold struct {
	Since  int64  `json:"since"`
	Until  int64  `json:"until,omitempty"` // ms; 0: until somebody resumes it
	By     Who    `json:"by"`
	Reason string `json:"reason"`
}

// Asked is what the outside party still has to add.
type Asked struct {
	At    int64    `json:"at"`
	Items []string `json:"items"`
	From  string   `json:"from"` // the state that asked
	Unit  int64    `json:"unit"`
	By    Who      `json:"by"`
}

// Extension is a request for more time.
type Extension struct {
	Clock  string `json:"clock"` // RunClock.ID
	Amount int64  `json:"amount"`
	By     Who    `json:"by"`
	For    Who    `json:"for,omitempty"`
	At     int64  `json:"at"`
	Reason string `json:"reason,omitempty"`
}

// SubMatter is a sub-matter.
type SubMatter struct {
	Ref     string `json:"ref"` // what the caller calls it
	Flow    string `json:"flow"`
	Action  string `json:"action"`
	Open    bool   `json:"open"`
	Outcome string `json:"outcome,omitempty"`
}

// RunClock is one round of one clock.
type RunClock struct {
	Name     string      `json:"name"`             // the ClockDef
	Branch   int         `json:"branch,omitempty"` // of PerBranch
	Round    int         `json:"round"`            // 1 and up
	Status   ClockStatus `json:"status"`
	Started  int64       `json:"started"`
	Stopped  int64       `json:"stopped,omitempty"`
	Extended int64       `json:"extended,omitempty"` // in the rule's own unit, altogether
	Times    int         `json:"times,omitempty"`    // how often it was extended
	Pauses   []Pause     `json:"pauses,omitempty"`
	Done     []string    `json:"done,omitempty"` // names of DueDefs that happened
}

// ClockStatus is how a clock stands.
type ClockStatus string

// The states of a clock.
const (
	ClockRunning ClockStatus = "running"
	ClockPaused  ClockStatus = "paused"
	ClockStopped ClockStatus = "stopped"
)

// Pause is a time that does not count. Several may overlap; the clock stands while one is open.
type Pause struct {
	Name     string   `json:"name"` // the PauseDef
	From     int64    `json:"from"`
	To       int64    `json:"to,omitempty"` // 0: not over
	Reason   string   `json:"reason,omitempty"`
	Evidence []string `json:"evidence,omitempty"`
	By       Who      `json:"by,omitempty"`
}
