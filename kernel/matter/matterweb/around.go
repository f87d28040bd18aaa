package matterweb

import (
	"context"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/kernel/matter"
	"weizheng/kernel/worktime"
)

// branchView is the share of an assisting unit.
type branchView struct {
	ID       int    `json:"id"`
	Unit     string `json:"unit"`
	Holder   string `json:"holder" doc:"空是等那里的人认领"`
	State    string `json:"state" enum:"open,answered,declined,dropped" doc:"在办、已反馈、退回、不再等"`
	OpenedAt int64  `json:"opened_at"`
	EndedAt  int64  `json:"ended_at"`
}

// signerView is one signature of the present round.
type signerView struct {
	Slot  int    `json:"slot"`
	Name  string `json:"name" doc:"人名，或角色的名称"`
	State string `json:"state" enum:"next,waiting,agreed,refused,removed" doc:"正等他签、还没轮到、同意、不同意、减去了"`
	By    string `json:"by" doc:"实际签的人，与 name 不同才有"`
	At    int64  `json:"at"`
	Added bool   `json:"added" doc:"是加签的"`
}

// mendView is what was sent back to be mended.
type mendView struct {
	From   string   `json:"from" doc:"从哪一步退回来的"`
	By     string   `json:"by"`
	Fields []string `json:"fields" doc:"要改的栏目"`
	Left   []string `json:"left" doc:"其中还没改的"`
	Direct bool     `json:"direct" doc:"改好直接送回那一步"`
}

// longerView is an extension that waits for a decision.
type longerView struct {
	Clock  string `json:"clock" doc:"时限的名称"`
	Amount int64  `json:"amount"`
	By     string `json:"by"`
	Reason string `json:"reason"`
}

// aroundView is what stands around a matter, with names.
type aroundView struct {
	Branches []branchView `json:"branches" doc:"协办的单位"`
	Mode     string       `json:"mode" enum:",all,any,order,share" doc:"怎样会签；空是没有在会签"`
	Signers  []signerView `json:"signers"`
	Mend     *mendView    `json:"mend,omitempty"`
	Longer   *longerView  `json:"longer,omitempty"`
	HeldBy   string       `json:"held_by" doc:"谁暂停的"`
	Parent   *matterView  `json:"parent,omitempty"`
	Children []matterView `json:"children" doc:"子事项，看不到的不列"`
}

// around gathers it.
func (c console) around(ctx context.Context, seen matter.Seen) (out aroundView, err error) {
	out = aroundView{Branches: []branchView{}, Signers: []signerView{}, Children: []matterView{}}
	r := seen.Run
	var people []flow.Who
	var units []int64
	for _, b := range r.Branches {
		people, units = append(people, b.Holder), append(units, b.Unit)
	}
	if r.Signing != nil {
		for _, s := range r.Signing.Slots {
			people = append(people, s.Who, s.By)
		}
	}
	if r.Returned != nil {
		people = append(people, r.Returned.By)
	}
	if r.Extension != nil {
		people = append(people, r.Extension.By)
	}
	if r.Hold != nil {
		people = append(people, r.Hold.By)
	}
	var ids []int64
	for _, who := range people {
		ids = append(ids, who.StaffID())
	}
	names, places, err := c.named(ctx, ids, units)
	if err != nil {
		return out, err
	}
	called := func(w flow.Who) string { return names[w.StaffID()] }
	for _, b := range r.Branches {
		out.Branches = append(out.Branches, branchView{b.ID, places[b.Unit], called(b.Holder), string(b.Status), b.Opened, b.Ended})
	}
	out.round(seen, called)
	if b := r.Returned; b != nil {
		state, _ := seen.Flow.State(b.From)
		out.Mend = &mendView{From: state.Title, By: called(b.By), Fields: b.Mend, Left: b.Left, Direct: b.Direct}
	}
	if e := r.Extension; e != nil {
		k, _ := r.ClockByID(e.Clock)
		def, _ := seen.Flow.Clock(k.Name)
		out.Longer = &longerView{def.Title, e.Amount, called(e.By), e.Reason}
	}
	if r.Hold != nil {
		out.HeldBy = called(r.Hold.By)
	}
	return out, c.family(ctx, seen, &out)
}

// round tells how the present signing stands.
func (o *aroundView) round(seen matter.Seen, called func(flow.Who) string) {
	if seen.Run.Signing == nil {
		return
	}
	o.Mode = seen.Run.Signing.Mode
	turn := map[int]bool{}
	for _, w := range flow.Waiting(seen.Flow, seen.Run) {
		turn[w.Slot] = true
	}
	for _, s := range inTurn(seen.Run.Signing.Slots) {
		v := signerView{Slot: s.ID, Name: called(s.Who), State: string(s.State), At: s.At, Added: s.Added != ""}
		if s.Who == "" {
			role, _ := seen.Flow.Role(s.Role)
			v.Name = role.Title
		}
		if by := called(s.By); by != v.Name {
			v.By = by
		}
		if s.State == flow.SlotWaiting && turn[s.ID] {
			v.State = "next"
		}
		o.Signers = append(o.Signers, v)
	}
}

// inTurn puts signatures into the order in which they come: who was asked later may come before who was there first.
func inTurn(slots []flow.Slot) []flow.Slot {
	out := make([]flow.Slot, 0, len(slots))
	left := slices.Clone(slots)
	for len(left) > 0 {
		next := max(0, slices.IndexFunc(left, func(s flow.Slot) bool {
			return !slices.ContainsFunc(left, func(o flow.Slot) bool { return slices.Contains(s.Waits, o.ID) })
		}))
		out, left = append(out, left[next]), slices.Delete(left, next, next+1)
	}
	return out
}

func (c console) family(ctx context.Context, seen matter.Seen, out *aroundView) error {
	parent, children, err := c.Matters.Family(ctx, &seen.Matter)
	if err != nil {
		return err
	}
	if out.Children, err = c.views(ctx, children); err != nil || parent == nil {
		return err
	}
	one, err := c.views(ctx, []matter.Matter{*parent})
	if err == nil {
		out.Parent = &one[0]
	}
	return err
}

type explainIn struct {
	Matter int64  `path:"matter"`
	Clock  string `query:"clock" maxLength:"120" required:"true"`
}

type explainOut struct {
	Rule  worktime.Rule `json:"rule"`
	Steps []string      `json:"steps" doc:"到期时间是怎么算出来的，一步一句"`
	Kept  bool          `json:"kept" doc:"事项实际按 due_at，与按今天的日历算的不同"`
	DueAt int64         `json:"due_at" doc:"0 停着，说不准"`
}

// explain says how the end of a clock came about.
func (c console) explain(ctx context.Context, in *explainIn) (*explainOut, error) {
	seen, err := c.Matters.View(ctx, in.Matter)
	if err != nil {
		return nil, err
	}
	e, err := c.Matters.Explain(ctx, seen, in.Clock)
	if err != nil {
		return nil, err
	}
	out := &explainOut{Rule: e.Rule, Steps: []string{}, Kept: e.Kept, DueAt: e.Due}
	if out.DueAt >= matter.Never {
		out.DueAt = 0
	}
	for _, s := range e.Steps {
		out.Steps = append(out.Steps, c.Step(s, e.Rule))
	}
	return out, nil
}
