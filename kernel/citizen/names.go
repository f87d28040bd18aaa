package citizen

import (
	"context"
	"fmt"
	"strings"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Name is what staff see of a follower: the remark, else an opaque number. WeChat tells no nickname any more.
func (s *Service) Name(ctx context.Context, q db.Queryer, f Follower) (string, error) {
	remark, err := s.Remark(ctx, q, f)
	if err != nil || remark != "" {
		return remark, err
	}
	return "粉丝 " + s.Number(f.ID), nil
}

// Names returns the names of followers by id; unknown ids are left out. One query, and one more for each remark.
func (s *Service) Names(ctx context.Context, ids []int64) (map[int64]string, error) {
	names := make(map[int64]string, len(ids))
	if len(ids) == 0 {
		return names, nil
	}
	args := make([]any, len(ids))
	marks := make([]string, len(ids))
	for i, id := range ids {
		args[i], marks[i] = id, fmt.Sprintf("$%d", i+1)
	}
	list, err := db.All(ctx, s.DB, scanFollower, `select `+columns+from+`where f.id in (`+strings.Join(marks, ",")+`)`, args...)
	if err != nil {
		return nil, errs.Wrap(err, "names of followers")
	}
	for _, f := range list {
		if names[f.ID], err = s.Name(ctx, s.DB, f); errs.Is(err, errs.NotFound) {
			names[f.ID], err = "粉丝 "+s.Number(f.ID), nil // erased meanwhile
		}
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}

// Following counts who follows the accounts now; an account that nobody follows is left out.
func (s *Service) Following(ctx context.Context, accounts []int64) (map[int64]int64, error) {
	counts := make(map[int64]int64, len(accounts))
	for _, id := range accounts {
		n, err := db.One(ctx, s.DB, db.Value[int64], `select count(*) from follower where account_id = $1 and subscribed`, id)
		if err != nil {
			return nil, errs.Wrap(err, "count who follows account %d", id)
		}
		if n > 0 {
			counts[id] = n
		}
	}
	return counts, nil
}
