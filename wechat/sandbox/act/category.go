package act

import (
	"context"
	"slices"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// The allowance of an account's categories. WeChat docs: 类目模板.
const (
	mostCategories  = 5
	categoryChanges = 5 // a calendar month
)

// ErrCategoryChanges is the refusal of a sixth change in a month.
var ErrCategoryChanges = errs.New(errs.Conflict, "sandbox.category_changes")

// Categorise changes an account's categories; templates that it took before stay.
func (x *Acts) Categorise(ctx context.Context, account string, ids []int) error {
	a, err := x.Store.Account(account)
	if err != nil {
		return err
	}
	if len(ids) == 0 || len(ids) > mostCategories {
		return invalid("categories", "count")
	}
	for i, id := range ids {
		if !state.KnownCategory(id) || slices.Contains(ids[:i], id) {
			return invalid("categories", "kind")
		}
	}
	n, err := x.Store.CategoryChanges(ctx, a.N, x.monthStart())
	if err != nil {
		return err
	}
	if n >= categoryChanges {
		return ErrCategoryChanges
	}
	next := a.Copy()
	next.Categories = ids
	if _, err := x.Store.UpdateAccount(ctx, next); err != nil {
		return err
	}
	return x.Store.CountCategoryChange(ctx, a.N)
}

// monthStart is the first instant of the civil month.
func (x *Acts) monthStart() int64 {
	day := clock.FromMillis(x.Store.Civil()).In(clock.Zone)
	return clock.Millis(time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, clock.Zone))
}
