package app

import (
	"context"

	"weizheng/kernel/org"
	"weizheng/kernel/worktime/worktimeweb"
	"weizheng/platform/access"
)

// worktimeUnits shows the tree of units to kernel/worktime, which stands before kernel/org.
type worktimeUnits struct{ *org.Service }

func (u worktimeUnits) UnitsWithin(ctx context.Context, reach access.Reach) ([]worktimeweb.Unit, error) {
	list, err := u.Units(ctx, reach)
	out := make([]worktimeweb.Unit, 0, len(list))
	for _, one := range list {
		if !one.Closed {
			out = append(out, worktimeweb.Unit{ID: one.ID, ParentID: one.ParentID, Name: one.Name, Path: one.Path})
		}
	}
	return out, err
}
