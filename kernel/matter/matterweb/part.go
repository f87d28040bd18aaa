// Package matterweb is the faces of running matters: the staff's tasks and their unit's inbox, a matter's page with what
// may be done with it, deputies, notices, and what a change of calendar or rule would move.
//
// Promises: what may be done with a matter its definition decides, whatever a face offers; names, states and clocks are
// told in words; contact and hidden numbers are shown for a reason only, which is audited.
package matterweb

import (
	"context"
	_ "embed"
	"time"

	"weizheng/kernel/form"
	"weizheng/kernel/matter"
	"weizheng/kernel/org"
	"weizheng/kernel/worktime"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
)

//go:embed text.zh.json
var texts []byte

const (
	read   = matter.Read
	act    = matter.Acting
	assign = "matter.assign"
	reveal = "matter.reveal"
	change = "matter.recompute"
)

// The settings of this part.
const (
	RetentionYears = "matter.retention_years"
	RetentionKinds = "matter.retention_kinds"
)

func settings() []part.Setting {
	return []part.Setting{{
		Name: RetentionYears, Type: part.SettingInt, Unit: "年", Default: "10", Min: 1, Max: 100, Scope: part.ScopeInstallation,
		Text:   "事项办结多少年以后清除，经过、时限、联系方式和附件一起清除，只留审计记录；没有办结的、还有子事项在保存的不清除。",
		Source: "国家档案局令第 8 号《机关文件材料归档范围和文书档案保管期限规定》：定期保管分 30 年、10 年；需要归档的请在清除前归档",
	}, {
		Name: RetentionKinds, Type: part.SettingJSON, Default: `{"ticket": 3}`, Scope: part.ScopeInstallation,
		Text:   "某些种类的事项另定保存年数，写作 {\"种类\": 年数}，例如 {\"ticket\": 3, \"reply-review\": 5}。写得不对时，什么都不清除。",
		Source: "《个人信息保护法》第十九条：保存期限应当为实现处理目的所必要的最短时间",
	}}
}

// Org names people and units.
type Org interface {
	Names(ctx context.Context, ids []int64) (map[int64]string, error)
	UnitNames(ctx context.Context, ids []int64) (map[int64]string, error)
	Unit(ctx context.Context, id int64) (org.Unit, error)
	Units(ctx context.Context, reach access.Reach) ([]org.Unit, error)
	ListStaff(ctx context.Context, reach access.Reach, f org.StaffFilter) (org.StaffPage, error)
}

// Calendars shows what a unit's calendar would be with another list of a year.
type Calendars interface {
	Would(ctx context.Context, unit string, list worktime.Year) (*worktime.Calendar, error)
}

// Deps is what the faces need.
type Deps struct {
	Matters   *matter.Service
	Flows     Flows
	Org       Org
	Forms     *form.Service
	Calendars Calendars
	Civil     clock.Clock
	Step      func(worktime.Step, worktime.Rule) string // says a step of a counting
}

// Part is everything that matter adds to the house.
func Part(d Deps) part.Part {
	w := ownWords()
	c := console{d, w}
	return part.Part{
		Name:   "matter",
		Schema: matter.Schema(),
		Texts:  texts,
		Permissions: []part.Permission{
			{Key: read, Text: "查看本单位的事项和自己的待办"},
			{Key: act, Text: "办理事项（能做哪一步由流程决定）"},
			{Key: assign, Text: "把事项派给同事或单位"},
			{Key: matter.Lead, Text: "作为单位负责人改派、批准延期、接收督办"},
			{Key: reveal, Text: "查看事项里的联系方式和证件号码（要写理由，留记录）"},
			{Key: change, Text: "提出或批准时限变更（不能批准自己提出的），重算在办事项的到期时间"},
		},
		Settings: settings(),
		Routes:   c.routes(),
		Topics:   []part.Topic{{Name: matter.Topic, Permission: read}, {Name: matter.RecomputeTopic, Permission: change}},
		Sweeps: []part.Sweep{
			{Name: "matter.due", Run: d.Matters.Sweep},
			{Name: "matter.retention", Run: d.Matters.Purge},
			{Name: "matter.catchup", Run: d.Matters.CatchUp},
			{Name: "matter.keys", Run: func(ctx context.Context, _ time.Time) (int, error) { return d.Matters.ForgetKeys(ctx) }},
		},
		Commands:  d.commands(),
		Cards:     []part.Card{{Name: "matter", Title: "办过的事项", On: "citizen", Permission: read, Load: c.card}},
		Searchers: []part.Searcher{{Name: "matter", Title: "事项", Permission: read, Find: c.find}},
		DataHeld:  []part.DataHeld{{Name: "matter", Title: w.say("matter.held"), Export: c.export, Erase: d.erase}},
		Counts: []part.Count{
			{Name: "task", Permission: read, Load: func(ctx context.Context, a access.Actor) (int, error) {
				return d.Matters.CountMine(ctx, a, matter.Filter{})
			}},
			{Name: "notice", Permission: read, Load: func(ctx context.Context, a access.Actor) (int, error) { return d.Matters.Unread(ctx, a.ID) }},
			{Name: "recompute", Permission: change, Load: c.asked},
		},
		Health: []part.Health{{Name: "matter", Permission: change, Check: c.findings}},
	}
}
