package citizen

// Mark is a state by colour, shape and word. Kind is "good", "warn", "bad" or "".
type Mark struct{ Kind, Text string }

// Cell is one line of Cells; with a URL it can be tapped.
type Cell struct {
	Title, Desc, Note string
	URL               string
	Mark              *Mark
}

// Cells is a group of lines: {{template "cells" .}}.
type Cells struct {
	Title string
	Items []Cell
	Tip   string
}

// Fact is a label and its value.
type Fact struct {
	Label, Value string
	URL          string
	Mark         *Mark
}

// Facts is what a record says: {{template "facts" .}}.
type Facts struct {
	Title string
	Items []Fact
}

// Article is one entry of Articles. Day is text.
type Article struct {
	Title, Summary, URL string
	Picture, PictureAlt string
	Source, Day         string
}

// Articles is a list of published content: {{template "articles" .}}.
type Articles struct {
	Title string
	Items []Article
}

// Door is one tile of Doors.
type Door struct{ Title, Desc, URL string }

// Doors is what one can do here, as tiles: {{template "doors" .}}.
type Doors struct {
	Title string
	Items []Door
}

// The states of a Step.
const (
	StepDone = "done"
	StepNow  = "now"
	StepNext = "next"
	StepBad  = "bad" // refused or late
)

// Step is one stage of a matter. When is text such as Moment's.
type Step struct {
	Title, Unit, When, Note string
	State                   string
}

// Steps is the progress of a matter, with the promised day large above it: {{template "steps" .}}.
type Steps struct {
	Title        string
	PromiseLabel string // "承诺办结"
	Promise      string // "11月27日 周五"
	Items        []Step
}

// Notice is a remark above the content. Kind is "", "good", "warn" or "bad": {{template "notice" .}}.
type Notice struct {
	Kind, Title, Text string
	URL, Link         string
}

// Empty says that there is nothing yet, and what to do: {{template "empty" .}}.
type Empty struct {
	Title, Text string
	URL, Action string
}

// Action is a button that leads somewhere. A page has one Primary at most.
type Action struct {
	Text, URL string
	Primary   bool
}

// Done says that something was received: {{template "done" .}}. Number and dates belong into Facts.
type Done struct {
	Text    string
	Facts   Facts
	Actions []Action
}

// Pager leads to the neighbours of a list's page: {{template "pager" .}}.
type Pager struct{ Newer, Older string }
