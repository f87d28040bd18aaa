package citizen

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// State narrows a list of followers.
type State string

// The states to list by; the empty one lists everybody known.
const (
	Following   State = "following"
	Left        State = "left"
	Important   State = "important"
	Blacklisted State = "blocked"
)

// Query says which followers of one account to list. After is the last id of the page before, 0 for the first.
type Query struct {
	Account int64
	State   State
	Tag     int64
	Q       string // an exact remark, number or openid: what is sealed can only be found whole
	After   int64
	Limit   int // 1–201: a page, and one row to see that there is another
}

// List returns followers, the newest first. Each filter walks an index of its own.
func (s *Service) List(ctx context.Context, q Query) ([]Follower, error) {
	where, args := `f.account_id = $1`, []any{q.Account}
	add := func(condition string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" and "+condition, len(args))
	}
	if q.After > 0 {
		add(`f.id < $%d`, q.After)
	}
	switch q.State {
	case "":
	case Following:
		add(`f.subscribed = $%d`, true)
	case Left:
		add(`f.subscribed = $%d`, false)
	case Important:
		where += ` and f.important`
	case Blacklisted:
		where += ` and f.blocked`
	default:
		return nil, errs.InvalidFields([]errs.Field{{Field: "state", Key: "citizen.state"}})
	}
	if q.Q != "" {
		numbered, _ := s.Numbered(q.Q)
		args = append(args, s.remarkIndex(q.Q), s.Person(q.Account, q.Q), numbered)
		where += fmt.Sprintf(` and (f.remark_index = $%d or f.person = $%d or f.id = $%d)`, len(args)-2, len(args)-1, len(args))
	} else {
		where += ` and f.person is not null`
	}
	join := from
	if q.Tag != 0 {
		join += ` join follower_tag ft on ft.follower_id = f.id `
		add(`ft.tag_id = $%d and ft.state <> 'removing'`, q.Tag)
	}
	args = append(args, min(max(q.Limit, 1), 201))
	list, err := db.All(ctx, s.DB, scanFollower, `select `+columns+join+`where `+where+fmt.Sprintf(` order by f.id desc limit $%d`, len(args)), args...)
	return list, errs.Wrap(err, "list followers of account %d", q.Account)
}

// Of lists a citizen's living followers, the oldest first.
func (s *Service) Of(ctx context.Context, q db.Queryer, citizen int64) ([]Follower, error) {
	list, err := db.All(ctx, q, scanFollower, `select `+columns+from+`where f.citizen_id = $1 and f.person is not null order by f.id`, citizen)
	return list, errs.Wrap(err, "list followers of citizen %d", citizen)
}

// In returns the follower that a citizen is in an account; errs.NotFound when they are none there.
func (s *Service) In(ctx context.Context, q db.Queryer, citizen, account int64) (Follower, error) {
	f, err := db.One(ctx, q, scanFollower, `select `+columns+from+`where f.citizen_id = $1 and f.account_id = $2 and f.person is not null
		order by f.subscribed desc, f.id limit 1`, citizen, account)
	return f, errs.Wrap(known(err), "follower of citizen %d", citizen)
}

// ListOf is List over several accounts, the newest followers of all of them first: a page of each, merged.
func (s *Service) ListOf(ctx context.Context, accounts []int64, q Query) ([]Follower, error) {
	all := []Follower{}
	for _, id := range accounts {
		q.Account = id
		list, err := s.List(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b Follower) int { return cmp.Compare(b.ID, a.ID) })
	return all[:min(len(all), max(q.Limit, 1))], nil
}
