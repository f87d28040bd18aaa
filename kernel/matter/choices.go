package matter

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Choice is one kind of matter that a list has, and the states they are in: what its filters can offer.
type Choice struct {
	Kind, Title string
	States      []StateChoice
}

// StateChoice is a state of a kind.
type StateChoice struct{ Name, Title string }

// kindState is a pair that some matter of a list has.
type kindState struct{ kind, state string }

// Choices lists what a unit's inbox can be narrowed to: what hangs there in fact, whatever page is shown.
func (s *Service) Choices(ctx context.Context, reach access.Reach, unit int64, held []Held) ([]Choice, error) {
	places, err := s.places(ctx, reach, unit)
	if err != nil {
		return nil, err
	}
	spans, err := s.spans(ctx, places, Filter{Held: held})
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(spans))
	for _, one := range spans {
		if !slices.Contains(ids, one.facet) {
			ids = append(ids, one.facet)
		}
	}
	known, err := s.facets.get(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	have := map[kindState]bool{}
	for _, id := range ids {
		have[kindState{known[id].Kind, known[id].State}] = true
	}
	return s.choices(ctx, have)
}

// choiceRows bounds how much of somebody's own list is looked through for its choices.
const choiceRows = 5000

// TaskChoices lists what somebody's own list can be narrowed to, and who has the matters in it, by id.
func (s *Service) TaskChoices(ctx context.Context, a access.Actor, scope Scope) ([]Choice, []int64, error) {
	by, known := scopes[scope]
	if !known {
		return nil, nil, errScope
	}
	text, args := fmt.Sprintf(`select p.matter_id from matter_party p where p.staff_id = $1 and %s order by p.%s %s limit %d`, by.where, by.column, by.way, choiceRows), []any{a.ID}
	if scope == Turn {
		var err error
		if text, args, err = s.mineQuery(ctx, a, Filter{}, nil, choiceRows); err != nil {
			return nil, nil, err
		}
	}
	type row struct {
		kindState
		staff int64
	}
	rows, err := db.All(ctx, s.DB, func(scan db.Scan) (r row, err error) { return r, scan(&r.kind, &r.state, &r.staff) },
		`select distinct m.kind, m.state, coalesce(m.assignee_id, 0) from (`+text+`) mine join matter m on m.id = mine.matter_id`, args...)
	if err != nil {
		return nil, nil, errs.Wrap(err, "choices of staff %d", a.ID)
	}
	have, staff := map[kindState]bool{}, map[int64]bool{}
	for _, r := range rows {
		have[r.kindState], staff[r.staff] = true, true
	}
	delete(staff, 0)
	list, err := s.choices(ctx, have)
	return list, slices.Sorted(maps.Keys(staff)), err
}

// choices names kinds and states as their newest definition does that knows them.
func (s *Service) choices(ctx context.Context, have map[kindState]bool) ([]Choice, error) {
	ids, err := db.All(ctx, s.DB, db.Value[int64], `select id from matter_flow order by id`)
	if err != nil {
		return nil, errs.Wrap(err, "list the definitions")
	}
	kinds := map[string]*Choice{}
	titles := map[kindState]string{}
	for _, id := range ids {
		d, err := s.definition(ctx, s.DB, id)
		if err != nil {
			return nil, err
		}
		kinds[d.Kind] = &Choice{Kind: d.Kind, Title: d.Title}
		for _, state := range d.States {
			titles[kindState{d.Kind, state.Name}] = state.Title
		}
	}
	for one := range have {
		if c := kinds[one.kind]; c != nil {
			c.States = append(c.States, StateChoice{one.state, titles[one]})
		}
	}
	out := []Choice{}
	for _, c := range kinds {
		if len(c.States) > 0 {
			slices.SortFunc(c.States, func(a, b StateChoice) int { return cmp.Compare(a.Name, b.Name) })
			out = append(out, *c)
		}
	}
	slices.SortFunc(out, func(a, b Choice) int { return strings.Compare(a.Kind, b.Kind) })
	return out, nil
}
