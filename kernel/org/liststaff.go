package org

import (
	"context"
	"strings"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// StaffFilter narrows a list; zero fields narrow nothing. Words fit a part of name or login, or a whole phone number.
type StaffFilter struct {
	Words string
	Unit  string // path: this unit and everything below
	Role  string
	State State
	After int64 // the Next of the page before
	Limit int   // 1 … 200; else 50
}

// StaffPage is a part of a list. Next is 0 on the last one.
type StaffPage struct {
	Staff []Staff
	Next  int64
}

// ListStaff returns the people whose unit is within reach, in the order in which they came.
func (s *Service) ListStaff(ctx context.Context, reach access.Reach, f StaffFilter) (StaffPage, error) {
	if f.Limit < 1 || f.Limit > 200 {
		f.Limit = 50
	}
	where, args := reach.Where("u.path", "", 1)
	add := func(term string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			term = strings.Replace(term, "?", "$"+itoa(int64(len(args))), 1)
		}
		where += " and " + term
	}
	if words := strings.TrimSpace(f.Words); words != "" {
		like := "%" + escapeLike(words) + "%"
		add(`(lower(p.name) like ? escape '\' or p.login like ? escape '\' or p.phone_index = ?)`, like, like,
			s.Ring.Index("staff.phone", plainPhone(words)))
	}
	if f.Unit != "" {
		add("u.path like ?", f.Unit+"%")
	}
	if f.Role != "" {
		add("exists (select 1 from staff_grant g where g.staff_id = p.id and g.role = ?)", f.Role)
	}
	s.addState(f.State, add)
	if f.After > 0 {
		add("p.id > ?", f.After)
	}
	args = append(args, f.Limit+1)
	list, err := db.All(ctx, s.DB, s.scanStaff, "select "+staffColumns+fromStaff+"where "+where+
		" order by p.id limit $"+itoa(int64(len(args))), args...)
	if err != nil {
		return StaffPage{}, errs.Wrap(err, "list staff")
	}
	page := StaffPage{Staff: list}
	if len(list) > f.Limit {
		page.Staff = list[:f.Limit]
		page.Next = page.Staff[f.Limit-1].ID
	}
	return page, nil
}

func (s *Service) addState(state State, add func(string, ...any)) {
	now := s.now()
	switch state {
	case Active:
		add("not p.disabled and (p.until_at = 0 or p.until_at > ?) and p.password <> ''", now)
	case Disabled:
		add("p.disabled")
	case Expired:
		add("not p.disabled and p.until_at <> 0 and p.until_at <= ?", now)
	case Invited:
		add("not p.disabled and (p.until_at = 0 or p.until_at > ?) and p.password = ''", now)
	}
}
