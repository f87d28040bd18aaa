// Package flowweb is the faces of flow in the console: definitions as drafts and versions, their problems in Chinese, what
// changes from one version to the next, and trials that play invented people through a draft.
//
// It gives the editor everything it shows: the draft as JSON or YAML with the places of its states, the words that a
// definition may use, and after each change the problems with the path of what they are about.
package flowweb

import (
	"context"
	_ "embed"

	"weizheng/kernel/flow"
	"weizheng/kernel/worktime"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
)

//go:embed text.zh.json
var texts []byte

const (
	read    = "flow.read"
	edit    = "flow.edit"
	publish = Publish
)

// Publish is the permission to let a flow go live, one's own or, after a look at it, a colleague's.
const Publish = "flow.publish"

// Review is the setting that asks for a colleague's look before a flow goes live that one has changed oneself.
const Review = "flow.review"

// Units tells what the faces need of units.
type Units interface {
	UnitNames(ctx context.Context, ids []int64) (map[int64]string, error)
	UnitPath(ctx context.Context, id int64) (string, error)
}

// Staff tells who made a version.
type Staff interface {
	Names(ctx context.Context, ids []int64) (map[int64]string, error)
}

// Calendars hands out working calendars.
type Calendars interface {
	Calendar(ctx context.Context, unit string) (*worktime.Calendar, error)
}

// Word is something that a definition may name, and what people call it.
type Word struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Form is a form that a definition may speak of, with its fields.
type Form struct {
	Key    string      `json:"key"`
	Title  string      `json:"title"`
	Fields []FormField `json:"fields"`
}

// FormField is one field of a form.
type FormField struct {
	Word
	Required bool `json:"required,omitempty" doc:"to be given whatever else is said"`
}

// Deps is what the faces need. Say says a message key in Chinese; Forms lists the forms within reach that are live.
type Deps struct {
	Flows     *flow.Service
	Units     Units
	Staff     Staff
	Calendars Calendars
	Lists     *part.Lists
	Civil     clock.Clock
	Say       func(key string, params map[string]any) string
	Forms     func(ctx context.Context, reach access.Reach) ([]Form, error)
	Reviewed  func(ctx context.Context, unit string) bool // the setting Review; nil: as it is by default
}

// Part is everything that flow adds to the house.
func Part(d Deps) part.Part {
	return part.Part{
		Name:   "flow",
		Schema: flow.Schema(),
		Texts:  texts,
		Permissions: []part.Permission{
			{Key: read, Text: "查看流程"},
			{Key: edit, Text: "设计流程、试运行"},
			{Key: publish, Text: "发布、停用流程"},
		},
		Settings: []part.Setting{{
			Name: Review, Type: part.SettingBool, Default: "true", Scope: part.ScopeUnit,
			Text:   "改流程的人不能自己发布，要由另一位能发布的同事看过；没有别人能发布时可以自己发布，审计里会注明。",
			Source: "行政执法决定法制审核、政务事项动态管理的通行做法：制定与审核分离",
		}},
		Effects: []part.Effect{
			{Name: "flow.publish", Text: "让审核通过的流程版本上线", Run: d.approved},
			{Name: "flow.settle", Text: "把审核没通过、撤回记到流程版本上", Run: d.settled},
		},
		Routes:   console{d}.routes(),
		Topics:   []part.Topic{{Name: "flow", Permission: read}},
		Services: []part.Service{{Name: "flow", Start: d.Flows.Start, Stop: d.Flows.Stop}},
		Health:   []part.Health{{Name: "flow", Permission: read, Check: d.health}},
	}
}
