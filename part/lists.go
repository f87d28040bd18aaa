package part

import (
	"context"
	"slices"

	"weizheng/platform/access"
	"weizheng/platform/db"
)

// Ref names a thing across parts: kind "follower", "citizen", "matter", "conversation" and its id.
type Ref struct {
	Kind string `json:"kind"`
	ID   int64  `json:"id"`
}

// Target is a thing that a menu button or a block can point at.
type Target struct {
	Kind  string `json:"kind"` // the noun: "page", "reply"
	ID    string `json:"id"`
	Title string `json:"title"`
	URL   string `json:"url,omitempty"` // a page's address; empty when it is a click
	Key   string `json:"key,omitempty"` // a click's key
}

// Targets lists what one part offers to point at, for one account.
type Targets struct {
	Name string
	List func(ctx context.Context, account int64) ([]Target, error)
}

// Line is one line of text with an optional link and a note at its end.
type Line struct {
	Title string `json:"title"`
	Note  string `json:"note,omitempty"`
	URL   string `json:"url,omitempty"`
	AtMs  int64  `json:"at,omitempty"`
	Mark  string `json:"mark,omitempty"` // "good", "warn", "bad": shown by word and shape as well
}

// Block is a section of an account's home page.
type Block struct {
	Name, Title string
	Load        func(ctx context.Context, account int64) ([]Line, error)
}

// Card is a panel beside a subject in the console.
type Card struct {
	Name, Title string
	On          string // the Ref kind it belongs to
	Permission  string
	Load        func(ctx context.Context, subject Ref) ([]Line, error)
}

// Action is something that can be done with a subject: "make a ticket of this".
type Action struct {
	Name, Title string
	On          string
	Permission  string
	URL         func(subject Ref) string // where the console goes to do it
}

// Searcher finds things by words for the console's search box, within the actor's reach.
type Searcher struct {
	Name, Title string
	Permission  string
	Find        func(ctx context.Context, reach access.Reach, words string, limit int) ([]Line, error)
}

// MyItems lists what a citizen has with one part, for 我的.
type MyItems struct {
	Name, Title string
	List        func(ctx context.Context, citizen int64, limit int) ([]Line, error)
}

// DataHeld is one part's share of what is known about a follower or citizen.
type DataHeld struct {
	Name, Title string
	Export      func(ctx context.Context, subject Ref) ([]Line, error)
	Erase       func(ctx context.Context, tx *db.Tx, subject Ref) error // idempotent
}

// Count is a number beside a door of the navigation: what waits for this person.
type Count struct {
	Name       string // the navigation door's noun
	Permission string
	Load       func(ctx context.Context, actor access.Actor) (int, error)
}

// Finding is one result of a health check.
type Finding struct {
	Name   string `json:"name"`
	State  string `json:"state"` // "ok", "warn", "fail"
	Title  string `json:"title"`
	Detail string `json:"detail,omitempty"`
	Next   string `json:"next,omitempty"` // what to do
	Unit   string `json:"-"`              // whom it concerns; "" = the whole installation
}

// Health reports what is going wrong in one part.
type Health struct {
	Name       string
	Permission string
	Check      func(ctx context.Context) ([]Finding, error)
}

// Lists gives each part what the others contribute. It reads the finished list of parts, so it is asked when serving,
// never while building.
type Lists struct{ parts func() []Part }

// NewLists makes Lists over the parts that the app will have built.
func NewLists(parts func() []Part) *Lists { return &Lists{parts} }

func collect[T any](l *Lists, of func(Part) []T) []T {
	var all []T
	for _, p := range l.parts() {
		all = append(all, of(p)...)
	}
	return all
}

// Targets returns every part's targets in the order of the parts; so do its sisters below.
func (l *Lists) Targets() []Targets { return collect(l, func(p Part) []Targets { return p.Targets }) }

// Blocks returns every part's blocks.
func (l *Lists) Blocks() []Block { return collect(l, func(p Part) []Block { return p.Blocks }) }

// CardsOn returns the cards that belong to a kind of subject.
func (l *Lists) CardsOn(kind string) []Card {
	cards := collect(l, func(p Part) []Card { return p.Cards })
	return slices.DeleteFunc(cards, func(c Card) bool { return c.On != kind })
}

// ActionsOn returns the actions that a kind of subject allows.
func (l *Lists) ActionsOn(kind string) []Action {
	actions := collect(l, func(p Part) []Action { return p.Actions })
	return slices.DeleteFunc(actions, func(a Action) bool { return a.On != kind })
}

// Searchers returns every part's searchers.
func (l *Lists) Searchers() []Searcher {
	return collect(l, func(p Part) []Searcher { return p.Searchers })
}

// MyItems returns every part's lists for 我的.
func (l *Lists) MyItems() []MyItems { return collect(l, func(p Part) []MyItems { return p.MyItems }) }

// DataHeld returns every part's share of personal data.
func (l *Lists) DataHeld() []DataHeld {
	return collect(l, func(p Part) []DataHeld { return p.DataHeld })
}

// Counts returns every part's counts.
func (l *Lists) Counts() []Count { return collect(l, func(p Part) []Count { return p.Counts }) }

// Health returns every part's health checks.
func (l *Lists) Health() []Health { return collect(l, func(p Part) []Health { return p.Health }) }

// Permissions returns every part's permissions.
func (l *Lists) Permissions() []Permission {
	return collect(l, func(p Part) []Permission { return p.Permissions })
}

// Guards returns every part's guards.
func (l *Lists) Guards() []Guard { return collect(l, func(p Part) []Guard { return p.Guards }) }

// Effects returns every part's effects.
func (l *Lists) Effects() []Effect { return collect(l, func(p Part) []Effect { return p.Effects }) }

// Settings returns every part's settings.
func (l *Lists) Settings() []Setting { return collect(l, func(p Part) []Setting { return p.Settings }) }

// Topics returns every part's topics.
func (l *Lists) Topics() []Topic { return collect(l, func(p Part) []Topic { return p.Topics }) }
