package matterweb

import (
	"context"

	"weizheng/kernel/matter"
	"weizheng/kernel/org"
	"weizheng/platform/access"
)

type choicesIn struct {
	Scope string `query:"scope" enum:"mine,watching,done,unit" default:"mine" doc:"哪个列表；unit 是单位的事项"`
	Unit  int64  `query:"unit" minimum:"0" doc:"scope 是 unit 时：哪个单位（含下级）；0 是能看的全部"`
	Held  string `query:"held" enum:"pool,kept,open,over"`
}

type wordView struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

type choiceView struct {
	Kind   string     `json:"kind"`
	Title  string     `json:"title"`
	States []wordView `json:"states"`
}

type nameView struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type choicesOut struct {
	Kinds     []choiceView `json:"kinds" doc:"列表里有的类别和步骤，不只是看得到的这一页"`
	Assignees []nameView   `json:"assignees" doc:"列表里谁在办；单位的列表是那里的同事"`
}

// mostColleagues bounds how many people a filter offers.
const mostColleagues = 200

// choices lists what a list can be narrowed to.
func (c console) choices(ctx context.Context, in *choicesIn) (*choicesOut, error) {
	me := access.From(ctx)
	out := &choicesOut{Kinds: []choiceView{}, Assignees: []nameView{}}
	if in.Scope == "unit" {
		kinds, err := c.Matters.Choices(ctx, me.Reach(read), in.Unit, heldSets[in.Held])
		if err != nil {
			return nil, err
		}
		out.kinds(kinds)
		return out, c.colleaguesOf(ctx, me, in.Unit, out)
	}
	kinds, staff, err := c.Matters.TaskChoices(ctx, me, matter.Scope(in.Scope))
	if err != nil {
		return nil, err
	}
	out.kinds(kinds)
	names, _, err := c.named(ctx, staff, nil)
	for _, id := range staff {
		out.Assignees = append(out.Assignees, nameView{id, names[id]})
	}
	return out, err
}

func (o *choicesOut) kinds(list []matter.Choice) {
	for _, k := range list {
		v := choiceView{k.Kind, k.Title, []wordView{}}
		for _, s := range k.States {
			v.States = append(v.States, wordView(s))
		}
		o.Kinds = append(o.Kinds, v)
	}
}

// colleaguesOf adds the people of a unit, as far as the actor may look.
func (c console) colleaguesOf(ctx context.Context, me access.Actor, unit int64, out *choicesOut) error {
	filter := org.StaffFilter{Unit: me.Unit, State: org.Active, Limit: mostColleagues}
	if unit != 0 {
		u, err := c.Org.Unit(ctx, unit)
		if err != nil {
			return err
		}
		filter.Unit = u.Path
	}
	page, err := c.Org.ListStaff(ctx, me.Reach(read), filter)
	for _, p := range page.Staff {
		out.Assignees = append(out.Assignees, nameView{p.ID, p.Name})
	}
	return err
}
