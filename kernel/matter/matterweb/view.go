package matterweb

import (
	"context"
	"slices"

	"weizheng/kernel/matter"
	"weizheng/platform/clock"
)

// matterView is a matter in a list.
type matterView struct {
	ID           int64  `json:"id"`
	Number       string `json:"number"`
	Kind         string `json:"kind"`
	KindTitle    string `json:"kind_title"`
	State        string `json:"state"`
	StateTitle   string `json:"state_title"`
	Held         string `json:"held" enum:"pool,kept,over" doc:"待认领、有人办、已结束"`
	Light        string `json:"light" enum:"green,yellow,red"`
	Title        string `json:"title"`
	Sealed       bool   `json:"sealed"`
	UnitID       int64  `json:"unit_id"`
	Unit         string `json:"unit"`
	AssigneeID   int64  `json:"assignee_id"`
	Assignee     string `json:"assignee"`
	AccountID    int64  `json:"account_id"`
	CitizenID    int64  `json:"citizen_id"`
	SubjectKind  string `json:"subject_kind"`
	SubjectID    int64  `json:"subject_id"`
	OpenedAt     int64  `json:"opened_at"`
	DueAt        int64  `json:"due_at" doc:"最早的到期时间；0 没有在走的时钟"`
	ClosedAt     int64  `json:"closed_at"`
	Outcome      string `json:"outcome"`
	OutcomeTitle string `json:"outcome_title"`
	Version      int64  `json:"version"`
}

var heldNames = [...]string{"pool", "kept", "over"}

func (c console) views(ctx context.Context, list []matter.Matter) ([]matterView, error) {
	var staff, units []int64
	for _, m := range list {
		staff, units = append(staff, m.Assignee), append(units, m.Unit)
	}
	people, places, err := c.named(ctx, staff, units)
	if err != nil {
		return nil, err
	}
	now := clock.Millis(c.Civil.Now())
	out := make([]matterView, 0, len(list))
	for i := range list {
		m := &list[i]
		kind, state, err := c.Matters.Titles(ctx, *m)
		if err != nil {
			return nil, err
		}
		v := matterView{ID: m.ID, Number: m.Number, Kind: m.Kind, KindTitle: kind, State: m.State, StateTitle: state, Held: heldNames[m.Held],
			Light: m.Light(now).String(), Title: m.Title, Sealed: m.Sealed, UnitID: m.Unit, Unit: places[m.Unit], AssigneeID: m.Assignee,
			Assignee: people[m.Assignee], AccountID: m.Account, CitizenID: m.Citizen, SubjectKind: m.Subject.Kind, SubjectID: m.Subject.ID,
			OpenedAt: m.OpenedAt, DueAt: m.Due(), ClosedAt: m.ClosedAt, Outcome: m.Outcome, Version: m.Version}
		if m.Outcome != "" {
			v.OutcomeTitle = c.words.say("matter.outcome." + m.Outcome)
		}
		out = append(out, v)
	}
	return out, nil
}

// named returns what people and units are called; 0 is nobody.
func (c console) named(ctx context.Context, staff, units []int64) (people, places map[int64]string, err error) {
	unique := func(ids []int64) []int64 {
		slices.Sort(ids)
		return slices.DeleteFunc(slices.Compact(ids), func(id int64) bool { return id == 0 })
	}
	if people, err = c.Org.Names(ctx, unique(staff)); err != nil {
		return nil, nil, err
	}
	places, err = c.Org.UnitNames(ctx, unique(units))
	return people, places, err
}
