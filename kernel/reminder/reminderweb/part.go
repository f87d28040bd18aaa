// Package reminderweb is the faces of staff's phones: binding one in the console and in the chat, what is to be reminded of,
// what became of reminders, and the pages under /s/ where a few things can be done on the way.
//
// Promises:
//
//   - The pages need no script. What is done there needs a word at most; everything else is left to a desk, and said so.
//   - A page shows what its reader may see at that moment, and does what matter's definition lets them do. A form that was
//     sent twice does its work once; whoever decides on what has changed meanwhile is told and decides again.
package reminderweb

import (
	"context"
	"embed"
	"time"

	"weizheng/kernel/matter"
	"weizheng/kernel/org"
	"weizheng/kernel/reminder"
	"weizheng/part"
	"weizheng/platform/db"
	"weizheng/platform/web"
)

//go:embed text.zh.json
var texts []byte

//go:embed pages/*.html
var pages embed.FS

// Org names people and units.
type Org interface {
	Names(ctx context.Context, ids []int64) (map[int64]string, error)
	UnitNames(ctx context.Context, ids []int64) (map[int64]string, error)
	Staff(ctx context.Context, id int64) (org.Staff, error)
}

// Deps is what the faces need. Say says a message key of any part; Words one that was kept without its parameters.
type Deps struct {
	Reminders *reminder.Service
	Matters   *matter.Service
	Org       Org
	Sessions  *web.Sessions
	Pages     *web.Pages
	Lists     *part.Lists
	Say       func(key string, params map[string]any) string
	Words     func(key string) string
}

const (
	matterRead = matter.Read
	matterAct  = "matter.act"
	staffRead  = "staff.read"
	staffEdit  = "staff.edit"
)

// Part is everything that reminder adds to the house.
func Part(d Deps) part.Part {
	return part.Part{
		Name:       "reminder",
		Schema:     reminder.Schema(),
		Texts:      texts,
		Settings:   settings(),
		Routes:     append(console{d}.routes(), newPhone(d).routes()...),
		Responders: []part.Responder{{Name: "phone", Slot: part.SlotSafety, Offer: chat{d}.offer}},
		Sweeps: []part.Sweep{
			{Name: "reminder.send", Run: d.Reminders.Send},
			{Name: "reminder.purge", Run: d.Reminders.Purge},
		},
		DataHeld: []part.DataHeld{{Name: "reminder", Title: "工作人员的手机", Export: d.export, Erase: d.erase}},
		Health:   []part.Health{{Name: "reminder", Permission: "setting.read", Check: health{d}.findings}},
	}
}

func settings() []part.Setting {
	number := func(name, unit, value, text, source string, least, most int64) part.Setting {
		return part.Setting{Name: name, Type: part.SettingInt, Unit: unit, Default: value, Text: text, Source: source,
			Scope: part.ScopeInstallation, Min: least, Max: most}
	}
	word := func(name, unit, value, text, source string) part.Setting {
		return part.Setting{Name: name, Type: part.SettingText, Unit: unit, Default: value, Text: text, Source: source, Scope: part.ScopeInstallation}
	}
	return []part.Setting{
		word(reminder.SettingAccount, "", "", "给工作人员发待办提醒的公众号，写它的网址名；留空就是不发到手机。宜用已认证的服务号。",
			"模板消息和网页授权只给认证的服务号"),
		word(reminder.SettingTemplate, "", "", "待办提醒用的模板编号，在公众号后台的模板库里选；对方 48 小时内没有说过话时用它。", "微信公众平台：模板消息"),
		{Name: reminder.SettingData, Type: part.SettingJSON, Default: `{"thing1":"title","character_string2":"number","thing3":"step","time4":"at"}`,
			Text: "模板里的每一栏填什么：title 提醒的是什么，number 事项编号，step 走到哪一步，at 提醒的时间，due 到期的日子。", Source: "按所选模板的栏目填写",
			Scope: part.ScopeInstallation},
		number(reminder.SettingGather, "分钟", "10", "刚提醒过一次，多久以内新来的攒成一条再发；0 是每次都马上发。", "不频繁打扰", 0, 240),
		number(reminder.SettingLinkHours, "小时", "72", "提醒里的链接多久有效。", "链接不宜长期有效；跨过一个周末", 1, 720),
		word(reminder.SettingQuietFrom, "时:分", "21:30", "从几点起不提醒工作人员，到免打扰结束再发；本人可以另设。与结束时间相同就是不设。", "非工作时间不打扰"),
		word(reminder.SettingQuietUntil, "时:分", "07:30", "到几点结束。", "非工作时间不打扰"),
		number(reminder.SettingKeepDays, "天", "90", "提醒的记录保存多少天；事项本身不受影响。", "查清有没有送到，一个季度够用", 7, 3660),
	}
}

// export is this part's share of what is known about a follower.
func (d Deps) export(ctx context.Context, subject part.Ref) ([]part.Line, error) {
	if subject.Kind != "follower" {
		return nil, nil
	}
	bound, err := d.Reminders.IsPhone(ctx, subject.ID)
	if err != nil || !bound {
		return nil, err
	}
	return []part.Line{{Title: d.Say("reminder.held_phone", nil)}}, nil
}

func (d Deps) erase(ctx context.Context, tx *db.Tx, subject part.Ref) error {
	if subject.Kind != "follower" {
		return nil
	}
	return d.Reminders.Forget(ctx, tx, subject.ID)
}

// health tells of reminders that cannot reach anybody.
type health struct{ Deps }

func (h health) findings(ctx context.Context) ([]part.Finding, error) {
	way, err := h.Reminders.Way(ctx)
	problem := way.Problem
	if err != nil {
		if problem = reminder.WayProblem(err); problem == "" {
			return nil, err
		}
	}
	bound, err := h.Reminders.CountBound(ctx)
	if err != nil {
		return nil, err
	}
	var found []part.Finding
	if problem != "" {
		found = append(found, part.Finding{Name: "reminder.way", State: "warn", Title: h.Say("reminder.health_way", nil),
			Detail: h.Say(problem, nil), Next: h.Say("reminder.health_way_next", nil)})
	}
	n, err := h.Reminders.CountUnsent(ctx, h.Reminders.Civil.Now().Add(-24*time.Hour))
	if err != nil || n == 0 || bound == 0 {
		return found, err
	}
	return append(found, part.Finding{Name: "reminder.unsent", State: "warn", Title: h.Say("reminder.health_unsent", map[string]any{"count": n}),
		Detail: h.Say("reminder.health_unsent_detail", nil), Next: h.Say("reminder.health_unsent_next", nil)}), nil
}
