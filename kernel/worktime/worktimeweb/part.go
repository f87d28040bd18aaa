// Package worktimeweb is the faces of worktime: the working calendar in the console, its import, a calculator, and the command
// that counts a term without a house.
package worktimeweb

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"

	"weizheng/kernel/worktime"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
)

//go:embed text.zh.json
var texts []byte

const (
	read = "worktime.read"
	edit = "worktime.edit"
)

// Unit is a unit of the tree as far as calendars show it.
type Unit struct {
	ID       int64  `json:"id"`
	ParentID int64  `json:"parent_id"`
	Name     string `json:"name"`
	Path     string `json:"path"`
}

// Units finds units; this package stands before kernel/org.
type Units interface {
	UnitPath(ctx context.Context, id int64) (string, error)
	UnitsWithin(ctx context.Context, reach access.Reach) ([]Unit, error)
	UnitNames(ctx context.Context, ids []int64) (map[int64]string, error)
}

// Staff tells who made a version.
type Staff interface {
	Names(ctx context.Context, ids []int64) (map[int64]string, error)
}

// Deps is what the faces need.
type Deps struct {
	Worktime *worktime.Service
	Units    Units
	Staff    Staff
	Civil    clock.Clock
}

// Part is everything that worktime adds to the house.
func Part(d Deps) part.Part {
	return part.Part{
		Name:   "worktime",
		Schema: worktime.Schema(),
		Texts:  texts,
		Permissions: []part.Permission{
			{Key: read, Text: "查看工作日历"},
			{Key: edit, Text: "修改工作日历：导入放假安排、定本地安排和办公时间"},
		},
		Routes:   console{d}.routes(),
		Topics:   []part.Topic{{Name: "worktime", Permission: read}},
		Services: []part.Service{{Name: "worktime", Start: d.Worktime.Start, Stop: d.Worktime.Stop}},
		Counts:   []part.Count{{Name: "worktime", Permission: edit, Load: d.count}},
		Health:   []part.Health{{Name: "worktime", Permission: read, Check: d.health}},
	}
}

// count is 1 beside the door for who could import what is missing.
func (d Deps) count(ctx context.Context, actor access.Actor) (int, error) {
	missing, err := d.Worktime.Missing(ctx)
	if err != nil || missing == 0 || !actor.Can(edit, access.Object{}) {
		return 0, err
	}
	return 1, nil
}

func (d Deps) health(ctx context.Context) ([]part.Finding, error) {
	missing, err := d.Worktime.Missing(ctx)
	if err != nil {
		return nil, err
	}
	if missing == 0 {
		return []part.Finding{{Name: "worktime.year", State: "ok", Title: "放假安排齐全"}}, nil
	}
	f := part.Finding{Name: "worktime.year", State: "warn", Title: strconv.Itoa(missing) + " 年的放假安排还没有导入",
		Detail: fmt.Sprintf("落在 %d 年的到期日先按周末和法定节日估算，并标明“预估”；导入以后会重新计算。", missing),
		Next:   "国务院办公厅一般在 11 月公布下一年的安排。公布后，在“系统 → 工作日历”里导入。"}
	if missing == d.Civil.Now().In(clock.Zone).Year() {
		f.State = "fail"
		f.Next = "今年的安排已经在用了，请马上在“系统 → 工作日历”里导入。"
	}
	return []part.Finding{f}, nil
}
