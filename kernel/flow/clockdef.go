package flow

import (
	"strings"

	"weizheng/kernel/worktime"
)

// ClockDef is one time limit of a matter. Several run side by side: a legal and a promised one, one for the whole and one
// for a step.
type ClockDef struct {
	Name   string        `yaml:"name" json:"name"`
	Title  string        `yaml:"title" json:"title"`
	Basis  string        `yaml:"basis" json:"basis" enum:"legal,promised"`
	Source string        `yaml:"source,omitempty" json:"source,omitempty"` // the law of a legal one
	Rule   worktime.Rule `yaml:"rule" json:"rule"`

	// Per is what has such a clock: the matter (empty), or PerBranch: each branch of joint handling; then Starts and
	// Stops are the branch's opening and end and need not be said.
	Per string `yaml:"per,omitempty" json:"per,omitempty" enum:"branch"`

	Starts  []Trigger  `yaml:"starts,omitempty" json:"starts,omitempty"`
	Stops   []Trigger  `yaml:"stops,omitempty" json:"stops,omitempty"`
	Resets  []Trigger  `yaml:"resets,omitempty" json:"resets,omitempty"` // begins again from there as a new round (补正 where the law says so)
	Pauses  []PauseDef `yaml:"pauses,omitempty" json:"pauses,omitempty"` // it stands still while any of them holds
	Again   bool       `yaml:"again,omitempty" json:"again,omitempty"`   // Starts begins a new round after a stop (签收 after each 派单)
	Lights  Lights     `yaml:"lights,omitempty" json:"lights,omitempty"`
	Extends Extends    `yaml:"extends,omitempty" json:"extends,omitempty"`
	Due     []DueDef   `yaml:"due,omitempty" json:"due,omitempty"`
}

// PerBranch is a clock of each branch.
const PerBranch = "branch"

// The bases of a time limit.
const (
	Legal    = "legal"
	Promised = "promised"
)

// PauseDef says when a clock stands still, and for what reasons it may.
type PauseDef struct {
	Name     string    `yaml:"name" json:"name"`
	Title    string    `yaml:"title,omitempty" json:"title,omitempty"`
	On       []Trigger `yaml:"on" json:"on"`
	Resumes  []Trigger `yaml:"resumes" json:"resumes"`
	Reasons  []string  `yaml:"reasons,omitempty" json:"reasons,omitempty"`   // the only ones; none: any
	Evidence bool      `yaml:"evidence,omitempty" json:"evidence,omitempty"` // the action that pauses needs a file
}

// Lights says when a clock turns yellow: when at most so much is left. Zero fields are the defaults: one working day
// or 20 percent (rules: 电子监察, remaining ≤ 1 working day or ≤ 20 %). Red is overdue and needs no setting.
type Lights struct {
	YellowDays    int `yaml:"yellow_days,omitempty" json:"yellow_days,omitempty"`
	YellowPercent int `yaml:"yellow_percent,omitempty" json:"yellow_percent,omitempty"`
}

// Extends says how a clock may be extended. The zero value: not at all.
type Extends struct {
	Times  int        `yaml:"times,omitempty" json:"times,omitempty"` // mostly 1
	Max    int64      `yaml:"max,omitempty" json:"max,omitempty"`     // in the rule's own unit, each time; 0: its original amount
	By     []Selector `yaml:"by,omitempty" json:"by,omitempty"`       // who grants
	Source string     `yaml:"source,omitempty" json:"source,omitempty"`
}

// DueDef is what happens at a moment of a clock: somebody is told, a higher one is told, or a legal fiction takes effect.
// It never decides.
type DueDef struct {
	Name string `yaml:"name" json:"name"`

	// Offset moves the moment from the due time, in the rule's own unit: -1 one working day before, 0 when due, 3 three
	// after.
	Offset  int64    `yaml:"offset,omitempty" json:"offset,omitempty"`
	Notices []string `yaml:"notices,omitempty" json:"notices,omitempty"`
	Level   int      `yaml:"level,omitempty" json:"level,omitempty"` // of escalation: 1 and up; 0 is none
	Fiction *Fiction `yaml:"fiction,omitempty" json:"fiction,omitempty"`
}

// Fiction is what the law takes for done when a term ran out: 逾期不告知的，自收到申请材料之日起即为受理.
type Fiction struct {
	Title  string `yaml:"title" json:"title"`   // 视为受理
	Source string `yaml:"source" json:"source"` // 《行政许可法》第三十二条
	From   string `yaml:"from" json:"from"`     // only while the matter is in this state
	To     string `yaml:"to" json:"to"`
}

// Trigger is a moment of a matter at which clocks change: "open", "enter:STATE", "leave:STATE", "do:ACTION".
type Trigger string

// OnOpen is the opening of the matter.
const OnOpen Trigger = "open"

// OnEnter, OnLeave and OnDo make triggers.
func OnEnter(state string) Trigger { return Trigger("enter:" + state) }

// OnLeave is when a state is left.
func OnLeave(state string) Trigger { return Trigger("leave:" + state) }

// OnDo is when an action is done.
func OnDo(action string) Trigger { return Trigger("do:" + action) }

// Split returns the trigger's word and what it names.
func (t Trigger) Split() (word, name string) {
	word, name, _ = strings.Cut(string(t), ":")
	return word, name
}
