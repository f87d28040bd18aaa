package citizen

import (
	"context"
	"slices"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

// maxTagsOfOne is WeChat's limit of tags on a follower. WeChat docs: error 45059.
const maxTagsOfOne = 20

// SetTags makes a follower's tags exactly these, of the follower's account. WeChat is told by jobs.
func (s *Service) SetTags(ctx context.Context, follower int64, tags []int64) (Follower, error) {
	if len(tags) > maxTagsOfOne {
		return Follower{}, errs.InvalidFields([]errs.Field{{Field: "tag_ids", Key: "citizen.tags_of_one", Params: map[string]any{"most": maxTagsOfOne}}})
	}
	var f Follower
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if f, err = s.Get(ctx, tx, follower); err != nil {
			return err
		}
		if f.Erased {
			return errs.New(errs.NotFound, "citizen.erased")
		}
		present, err := db.All(ctx, tx, db.Value[int64], `select tag_id from follower_tag where follower_id = $1 and state <> 'removing'`, follower)
		if err != nil {
			return err
		}
		for _, id := range tags {
			if !slices.Contains(present, id) {
				if err := s.setTag(ctx, tx, f, id, true); err != nil {
					return err
				}
			}
		}
		for _, id := range present {
			if !slices.Contains(tags, id) {
				if err := s.setTag(ctx, tx, f, id, false); err != nil {
					return err
				}
			}
		}
		return s.record(ctx, tx, "tag", f, map[string]any{"from": present, "to": tags})
	})
	return f, errs.Wrap(err, "set tags of follower %d", follower)
}

// setTag gives one tag to one follower or takes it, and has WeChat told.
func (s *Service) setTag(ctx context.Context, tx *db.Tx, f Follower, id int64, on bool) error {
	t, err := s.tag(ctx, tx, id)
	if err != nil {
		return err
	}
	if t.Account != f.Account {
		return errs.New(errs.NotFound, "citizen.tag_unknown")
	}
	if on && t.State == TagRemoving {
		return errs.New(errs.Conflict, "citizen.tag_going")
	}
	if _, err := setMembers(ctx, tx, t, []int64{f.ID}, on); err != nil || t.State == TagHere {
		return err
	}
	return s.Jobs.Enqueue(ctx, tx, memberArgs{t.ID}, job.Unique(memberKey(t.ID)))
}

// CountTags returns how many followers have each tag of an account.
func (s *Service) CountTags(ctx context.Context, account int64) (map[int64]int64, error) {
	type count struct{ tag, n int64 }
	list, err := db.All(ctx, s.DB, func(scan db.Scan) (c count, err error) {
		err = scan(&c.tag, &c.n)
		return c, err
	}, `select t.id, count(ft.follower_id) from tag t join follower_tag ft on ft.tag_id = t.id where t.account_id = $1 group by t.id`, account)
	counts := make(map[int64]int64, len(list))
	for _, c := range list {
		counts[c.tag] = c.n
	}
	return counts, errs.Wrap(err, "count tags of account %d", account)
}
