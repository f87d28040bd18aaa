package flow

// Event is something that happened to a matter. Kind says which of the other fields count; the events of a matter, in
// their order, are all that its Run is made of.
type Event struct {
	Kind   EventKind `json:"kind"`
	At     int64     `json:"at"` // civil time, ms
	By     Who       `json:"by"`
	For    Who       `json:"for,omitempty"` // in whose name
	Action string    `json:"action,omitempty"`
	Does   Verb      `json:"does,omitempty"` // of EventDid

	Reason   string   `json:"reason,omitempty"`
	Evidence []string `json:"evidence,omitempty"`
	Verdict  string   `json:"verdict,omitempty"`
	Filled   []string `json:"filled,omitempty"`
	Emptied  []string `json:"emptied,omitempty"`

	State   string   `json:"state,omitempty"` // the one entered
	From    string   `json:"from,omitempty"`  // the one left
	Back    bool     `json:"back,omitempty"`  // to an earlier step
	Unit    int64    `json:"unit,omitempty"`
	Staff   Who      `json:"staff,omitempty"`
	Outside Who      `json:"outside,omitempty"`
	Flow    string   `json:"flow,omitempty"`
	Outcome string   `json:"outcome,omitempty"`
	Branch  int      `json:"branch,omitempty"`
	Slot    int      `json:"slot,omitempty"`
	Slots   *Slots   `json:"slots,omitempty"`
	Added   *Slot    `json:"added,omitempty"`
	Blocks  []int    `json:"blocks,omitempty"` // slots that wait for the added one
	Watch   []Who    `json:"watch,omitempty"`
	Mend    []string `json:"mend,omitempty"`
	Direct  bool     `json:"direct,omitempty"`
	Items   []string `json:"items,omitempty"`
	Until   int64    `json:"until,omitempty"`
	Clock   string   `json:"clock,omitempty"`
	Round   int      `json:"round,omitempty"`
	Pause   string   `json:"pause,omitempty"` // name of a PauseDef
	Amount  int64    `json:"amount,omitempty"`
	Child   string   `json:"child,omitempty"`
	Due     string   `json:"due,omitempty"` // name of a DueDef
	Title   string   `json:"title,omitempty"`
	Source  string   `json:"source,omitempty"`
	Level   int      `json:"level,omitempty"`
	Names   []string `json:"names,omitempty"` // of the notices to send
}

// EventKind is the sort of an event.
type EventKind string

// The kinds. Each move gives one EventDid, followed by what came of it.
const (
	EventOpened EventKind = "opened" // By, Outside, Flow, Unit, State, Filled, Names
	EventDid    EventKind = "did"    // Action and what was said with it: Reason, Evidence, Verdict, Filled, Emptied, Branch, Names

	EventEntered    EventKind = "entered"   // State, From, Back
	EventAssigned   EventKind = "assigned"  // Unit, Staff (empty: the pool), Branch
	EventDelegated  EventKind = "delegated" // Staff
	EventHandedBack EventKind = "handed_back"

	EventBranchOpened EventKind = "branch_opened" // Branch, Unit
	EventBranchEnded  EventKind = "branch_ended"  // Branch, Outcome (a BranchState)

	EventSigningOpened EventKind = "signing_opened" // Slots
	EventSigned        EventKind = "signed"         // Slot, Verdict
	EventSignerAdded   EventKind = "signer_added"   // Added, Blocks
	EventSignerRemoved EventKind = "signer_removed" // Slot
	EventSigningClosed EventKind = "signing_closed" // Verdict

	EventReturned EventKind = "returned" // From, Unit, Mend, Direct; entering follows
	EventMended   EventKind = "mended"
	EventHeld     EventKind = "held"    // Until, Reason
	EventResumed  EventKind = "resumed" //
	EventAsked    EventKind = "asked"   // Items, From, Unit
	EventSupplied EventKind = "supplied"

	EventExtensionAsked   EventKind = "extension_asked" // Clock (a RunClock.ID), Amount, Reason
	EventExtensionDenied  EventKind = "extension_denied"
	EventExtensionGranted EventKind = "extension_granted"

	EventClockStarted  EventKind = "clock_started"  // Clock (a ClockDef's name), Branch, Round
	EventClockPaused   EventKind = "clock_paused"   // Clock (a RunClock.ID; so the following), Pause, Reason, Evidence
	EventClockResumed  EventKind = "clock_resumed"  // Pause
	EventClockStopped  EventKind = "clock_stopped"  //
	EventClockExtended EventKind = "clock_extended" // Amount

	EventFellDue EventKind = "fell_due" // Clock (a RunClock.ID), Due, Level, Names
	EventFiction EventKind = "fiction"  // Clock, Due, Title, Source; entering follows

	EventWatched     EventKind = "watched"   // Watch
	EventUnwatched   EventKind = "unwatched" // Watch
	EventUrged       EventKind = "urged"
	EventChildOpened EventKind = "child_opened" // Child, Flow
	EventChildEnded  EventKind = "child_ended"  // Child, Outcome
	EventEnded       EventKind = "ended"        // Outcome
	EventReopened    EventKind = "reopened"
)
