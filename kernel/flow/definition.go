package flow

// Definition is one kind of matter as data. The first state is where a matter starts.
type Definition struct {
	Key     string           `yaml:"key" json:"key"`                       // "ticket-basic": letters, digits, dashes
	Title   string           `yaml:"title" json:"title"`                   // what people call it
	Kind    string           `yaml:"kind" json:"kind"`                     // the module's noun: "ticket", "reply-review"
	Text    string           `yaml:"text,omitempty" json:"text,omitempty"` // what it is for, one sentence
	Form    string           `yaml:"form,omitempty" json:"form,omitempty"` // key of the form whose fields are spoken of
	Roles   []Role           `yaml:"roles,omitempty" json:"roles,omitempty"`
	States  []State          `yaml:"states" json:"states"`
	Actions []Action         `yaml:"actions" json:"actions"`
	Clocks  []ClockDef       `yaml:"clocks,omitempty" json:"clocks,omitempty"`
	Notices []Notice         `yaml:"notices,omitempty" json:"notices,omitempty"`
	Layout  map[string]Point `yaml:"layout,omitempty" json:"layout,omitempty"` // places of the states in the drawing

	// Separate: nobody decides in two review states of one matter (三审 by three persons).
	Separate bool `yaml:"separate,omitempty" json:"separate,omitempty"`
}

// Role is a word of this definition for people who hold a permission. The caller of Decide says who holds it where.
type Role struct {
	Name       string `yaml:"name" json:"name"`
	Title      string `yaml:"title" json:"title"`
	Permission string `yaml:"permission" json:"permission"` // "ticket.dispatch"

	// At is whose people they are: OwnerUnit (where the matter was opened; the default) or HandlingUnit (where it lies
	// now; in a branch, the branch's).
	At string `yaml:"at,omitempty" json:"at,omitempty" enum:"owner,handling"`
}

// Where a role is held.
const (
	OwnerUnit    = "owner"
	HandlingUnit = "handling"
)

// State is one step of a matter.
type State struct {
	Name  string     `yaml:"name" json:"name"`
	Title string     `yaml:"title" json:"title"`
	Acts  []Selector `yaml:"acts,omitempty" json:"acts,omitempty"` // who has to act here; none at an end

	// Review: what others made is decided here; see the package's promise about one's own work.
	Review bool `yaml:"review,omitempty" json:"review,omitempty"`

	// End: the matter is over. Outcome says how, in the words of the exchange standards (see Outcomes).
	End     bool   `yaml:"end,omitempty" json:"end,omitempty"`
	Outcome string `yaml:"outcome,omitempty" json:"outcome,omitempty"`

	// Sees are the form's fields that those who act here may see (none: all), Edits those they may change, Fills those
	// that must have a value before the matter leaves the state forward.
	Sees  []string `yaml:"sees,omitempty" json:"sees,omitempty"`
	Edits []string `yaml:"edits,omitempty" json:"edits,omitempty"`
	Fills []string `yaml:"fills,omitempty" json:"fills,omitempty"`

	Signing *Signing `yaml:"signing,omitempty" json:"signing,omitempty"`
	Effects []Call   `yaml:"effects,omitempty" json:"effects,omitempty"` // run on each entry
}

// Outcomes are the ways a matter ends.
const (
	Granted   = "granted"   // decided as asked: 准予, 通过
	Rejected  = "rejected"  // decided against: 不予, 退回办结
	Completed = "completed" // done, nothing was to be granted: 办结
	Declined  = "declined"  // not taken up: 不予受理
	Withdrawn = "withdrawn" // by whoever asked, or deemed so by law
	Forwarded = "forwarded" // to another body: 转报办结
	Void      = "void"      // cancelled: 作废
)

// Signing makes a state one of several signatures (会签). Who signs is named by whoever sends the matter in, or is one
// holder of each role in Roles.
type Signing struct {
	Mode    string   `yaml:"mode" json:"mode" enum:"all,any,order,share"`
	Percent int      `yaml:"percent,omitempty" json:"percent,omitempty"` // of ModeShare: 1–100 of the signers must agree
	Roles   []string `yaml:"roles,omitempty" json:"roles,omitempty"`
	Agreed  string   `yaml:"agreed" json:"agreed"`   // the state after agreement
	Refused string   `yaml:"refused" json:"refused"` // and after refusal
}

// Modes of counter-signing.
const (
	ModeAll   = "all"   // 会签: everybody; the first refusal ends it
	ModeAny   = "any"   // 或签: one is enough; refused when all refuse
	ModeOrder = "order" // 依次: everybody, one after the other
	ModeShare = "share" // 按比例: Percent of them
)

// Call names a guard or an effect that a part contributes, with its parameters.
type Call struct {
	Name   string            `yaml:"name" json:"name"`
	Params map[string]string `yaml:"params,omitempty" json:"params,omitempty"`
}

// Way is where an action leads when its guard holds; the first that holds is taken (条件分支).
type Way struct {
	When Call   `yaml:"when" json:"when"`
	To   string `yaml:"to" json:"to"`
}

// Action is something a person may do.
type Action struct {
	Name  string   `yaml:"name" json:"name"`
	Title string   `yaml:"title" json:"title"` // the button
	Does  Verb     `yaml:"does,omitempty" json:"does,omitempty" enum:"go,claim,release,assign,transfer,reassign,delegate,hand_back,take_back,join,answer,decline,drop,agree,refuse,add_signer,remove_signer,return,mended,withdraw,urge,suspend,resume,ask,supply,extend,grant,deny,copy,uncopy,note,child,cancel,reopen"`
	From  []string `yaml:"from" json:"from"` // states; AnyOpen for every one that is no end
	To    string   `yaml:"to,omitempty" json:"to,omitempty"`
	Ways  []Way    `yaml:"ways,omitempty" json:"ways,omitempty"` // tried before To

	By      []Selector `yaml:"by,omitempty" json:"by,omitempty"`                                     // none: who acts in the state
	Verdict string     `yaml:"verdict,omitempty" json:"verdict,omitempty" enum:"approve,refuse"`     // the decision itself
	Names   string     `yaml:"names,omitempty" json:"names,omitempty" enum:"unit,staff,any,signers"` // whom the mover must name

	Reason   bool     `yaml:"reason,omitempty" json:"reason,omitempty"`     // needs one
	Evidence bool     `yaml:"evidence,omitempty" json:"evidence,omitempty"` // needs at least one file
	Fields   []string `yaml:"fields,omitempty" json:"fields,omitempty"`     // must have a value afterwards, besides the state's Fills
	Guards   []Call   `yaml:"guards,omitempty" json:"guards,omitempty"`
	Effects  []Call   `yaml:"effects,omitempty" json:"effects,omitempty"`
	Notices  []string `yaml:"notices,omitempty" json:"notices,omitempty"`

	Bare    bool     `yaml:"bare,omitempty" json:"bare,omitempty"`                           // goes forward without the state's Fills (不予受理)
	Steps   []string `yaml:"steps,omitempty" json:"steps,omitempty"`                         // of Return: allowed steps; none: any that was passed
	Direct  string   `yaml:"direct,omitempty" json:"direct,omitempty" enum:"may,must,never"` // of Return: mended work comes straight back
	Despite bool     `yaml:"despite,omitempty" json:"despite,omitempty"`                     // although branches or sub-matters are open; closes them, needs a reason
	Along   bool     `yaml:"along,omitempty" json:"along,omitempty"`                         // while branches and sub-matters go on: does not wait for them
	After   string   `yaml:"after,omitempty" json:"after,omitempty"`                         // a clock that must have run out first (公示期满)
	Within  int      `yaml:"within_days,omitempty" json:"within_days,omitempty"`             // of Reopen: calendar days after the end
	Times   int      `yaml:"times,omitempty" json:"times,omitempty"`                         // at most so often in one matter; 0 is the verb's own limit
	Clock   string   `yaml:"clock,omitempty" json:"clock,omitempty"`                         // of Extend: which clock
	Flow    string   `yaml:"flow,omitempty" json:"flow,omitempty"`                           // of Child: key of the sub-matter's definition
	Reasons []string `yaml:"reasons,omitempty" json:"reasons,omitempty"`                     // of Suspend: the only reasons allowed, as texts
}

// AnyOpen in Action.From is every state that is no end.
const AnyOpen = "*"

// What a verdict may be.
const (
	Approve = "approve"
	Refuse  = "refuse"
)

// Whom an action's mover names.
const (
	NameUnit    = "unit"
	NameStaff   = "staff"
	NameAny     = "any" // a unit or a person
	NameSigners = "signers"
)

// Notice says whom to tell what. When is where it is sent from: an action or a clock's deadline names it.
type Notice struct {
	Name  string     `yaml:"name" json:"name"`
	Title string     `yaml:"title" json:"title"`
	To    []Selector `yaml:"to" json:"to"`
	Text  string     `yaml:"text" json:"text"` // key of the notice's text, known to kernel/notify
}

// Point is a place in the drawing, in pixels.
type Point struct {
	X int `yaml:"x" json:"x"`
	Y int `yaml:"y" json:"y"`
}

// State returns the state of that name.
func (d *Definition) State(name string) (State, bool) { return named(d.States, name) }

// Action returns the action of that name.
func (d *Definition) Action(name string) (Action, bool) { return named(d.Actions, name) }

// Clock returns the clock of that name.
func (d *Definition) Clock(name string) (ClockDef, bool) { return named(d.Clocks, name) }

// Role returns the role of that name.
func (d *Definition) Role(name string) (Role, bool) { return named(d.Roles, name) }

// Notice returns the notice of that name.
func (d *Definition) Notice(name string) (Notice, bool) { return named(d.Notices, name) }

func (s State) name() string    { return s.Name }
func (a Action) name() string   { return a.Name }
func (c ClockDef) name() string { return c.Name }
func (r Role) name() string     { return r.Name }
func (n Notice) name() string   { return n.Name }

func named[T interface{ name() string }](list []T, name string) (none T, found bool) {
	for _, x := range list {
		if x.name() == name {
			return x, true
		}
	}
	return none, false
}
