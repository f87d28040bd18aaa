package citizen

import (
	"context"
	"strconv"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat/client"
)

// maxTagging is how many followers one call of TagFollowers takes; a console page selects fewer.
const maxTagging = 500

// TagFollowers gives a tag to followers of its account, or takes it from them; followers of other accounts are left out.
// WeChat is told by a job, 50 at a time. It returns how many changed.
func (s *Service) TagFollowers(ctx context.Context, tag int64, followers []int64, on bool) (int, error) {
	if len(followers) == 0 || len(followers) > maxTagging {
		return 0, errs.InvalidFields([]errs.Field{{Field: "followers", Key: "citizen.followers", Params: map[string]any{"most": maxTagging}}})
	}
	var changed int64
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := s.tag(ctx, tx, tag)
		if err != nil {
			return err
		}
		if t.State == TagRemoving {
			return errs.New(errs.Conflict, "citizen.tag_going")
		}
		if changed, err = setMembers(ctx, tx, t, followers, on); err != nil || changed == 0 {
			return err
		}
		if t.State != TagHere {
			if err := s.Jobs.Enqueue(ctx, tx, memberArgs{t.ID}, job.Unique(memberKey(t.ID))); err != nil {
				return err
			}
		}
		first, err := s.Get(ctx, tx, followers[0])
		if err != nil {
			return err
		}
		return s.record(ctx, tx, "tag", first, map[string]any{"tag": tag, "on": on, "followers": len(followers)})
	})
	return int(changed), errs.Wrap(err, "tag followers with %d", tag)
}

func setMembers(ctx context.Context, tx *db.Tx, t Tag, followers []int64, on bool) (int64, error) {
	args := []any{t.ID, t.Account}
	for _, f := range followers {
		args = append(args, f)
	}
	chosen := `select id from follower where account_id = $2 and person is not null and id in (` + places(3, len(followers)) + `)`
	local := t.State == TagHere
	switch {
	case on:
		state := "adding"
		if local {
			state = "on"
		}
		args = append(args, state)
		last := "$" + strconv.Itoa(len(args))
		return tx.Exec(ctx, `insert into follower_tag (follower_id, tag_id, state) select f.id, $1, `+last+` from (`+chosen+`) f where true
			on conflict (follower_id, tag_id) do update set state = excluded.state where follower_tag.state = 'removing'`, args...)
	case local:
		return tx.Exec(ctx, `delete from follower_tag where tag_id = $1 and follower_id in (`+chosen+`)`, args...)
	}
	// Who was only to be tagged may have been meanwhile: taking it back is told to WeChat all the same.
	return tx.Exec(ctx, `update follower_tag set state = 'removing' where tag_id = $1 and state <> 'removing' and follower_id in (`+chosen+`)`, args...)
}

type memberArgs struct {
	Tag int64 `json:"tag"`
}

// Kind names the job.
func (memberArgs) Kind() string { return "citizen.tag_members" }

func memberKey(tag int64) string { return "tag:" + strconv.FormatInt(tag, 10) }

// taggingBatch is WeChat's limit. WeChat docs: batchtagging.
const taggingBatch = 50

// batchesPerJob keeps a job within its 30 seconds.
const batchesPerJob = 10

// quotaPause is how long a job rests when WeChat's daily allowance is used up; the day may end before that.
const quotaPause = 30 * time.Minute

// tagMembers brings who has a tag into WeChat.
func (s *Service) tagMembers(ctx context.Context, args memberArgs, _ job.Attempt) error {
	t, err := s.tag(ctx, s.DB, args.Tag)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil || t.State == TagHere || t.State == TagRemoving {
		return err
	}
	if t.WeChatID == 0 {
		return s.memberAgain(ctx, t.ID, 5*time.Second) // the tag itself comes first
	}
	c, err := s.Accounts.Client(ctx, t.Account)
	if err != nil {
		return err
	}
	for range batchesPerJob {
		done, err := s.tagBatch(ctx, c, t)
		if errs.Is(err, errs.Exhausted) {
			return s.memberAgain(ctx, t.ID, quotaPause)
		}
		if err != nil || done {
			return err
		}
	}
	return s.memberAgain(ctx, t.ID, 0)
}

func (s *Service) memberAgain(ctx context.Context, tag int64, after time.Duration) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Jobs.Enqueue(ctx, tx, memberArgs{tag}, s.after(after, job.Unique(memberKey(tag)))...)
	})
}

// after adds a pause to a job's options; none is no instant either, since a job with one waits up to five seconds longer.
func (s *Service) after(pause time.Duration, opts ...job.Option) []job.Option {
	if pause > 0 {
		opts = append(opts, job.At(s.Wall.Now().Add(pause)))
	}
	return opts
}

// tagBatch tells WeChat of up to 50 changes of one sort; done when there are none.
func (s *Service) tagBatch(ctx context.Context, c *client.Client, t Tag) (done bool, err error) {
	for _, state := range []string{"adding", "removing"} {
		batch, err := s.addressed(ctx, `join follower_tag ft on ft.follower_id = f.id where ft.tag_id = $1 and ft.state = $2
			order by ft.follower_id limit $3`, t.ID, state, taggingBatch)
		if err != nil {
			return false, err
		}
		if len(batch) == 0 {
			continue
		}
		return false, s.tellMembers(ctx, c, t, state, batch)
	}
	return true, nil
}

// tellMembers makes the call. One follower whom WeChat does not know spoils the whole batch: then they go one by one, and
// who is refused alone is let go.
func (s *Service) tellMembers(ctx context.Context, c *client.Client, t Tag, state string, batch []addressed) error {
	openids := make([]string, len(batch))
	for i, a := range batch {
		openids[i] = a.openid
	}
	call := c.TagUsers
	if state == "removing" {
		call = c.UntagUsers
	}
	err := call(ctx, t.WeChatID, openids)
	if errs.Is(err, errs.Refused) || errs.Is(err, errs.Invalid) {
		if len(batch) == 1 {
			s.Log.InfoContext(ctx, "WeChat refused to tag a follower", "follower", batch[0].id, "tag", t.ID, "code", client.CodeOf(err))
			return s.settleMembers(ctx, t, state, false, batch)
		}
		for _, one := range batch {
			if err := s.tellMembers(ctx, c, t, state, []addressed{one}); err != nil {
				return err
			}
		}
		return nil
	}
	if err != nil {
		return err
	}
	return s.settleMembers(ctx, t, state, state == "adding", batch)
}

// settleMembers records that the batch, still in the state it was read in, has the tag now or has it no more.
func (s *Service) settleMembers(ctx context.Context, t Tag, state string, has bool, batch []addressed) error {
	args := []any{t.ID, state}
	for _, a := range batch {
		args = append(args, a.id)
	}
	who := ` where tag_id = $1 and state = $2 and follower_id in (` + places(3, len(batch)) + `)`
	statement := `delete from follower_tag` + who
	if has {
		statement = `update follower_tag set state = 'on'` + who
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, statement, args...)
		return err
	})
	return errs.Wrap(err, "note who has tag %d", t.ID)
}

// addressed is a follower with the openid opened, for a call.
type addressed struct {
	id     int64
	openid string
}

// addressed reads followers and opens their openids; tail is the rest of the query. Erased ones are left out.
func (s *Service) addressed(ctx context.Context, tail string, args ...any) ([]addressed, error) {
	type sealed struct {
		id              int64
		person          string
		openid, wrapped []byte
	}
	list, err := db.All(ctx, s.DB, func(scan db.Scan) (r sealed, err error) {
		err = scan(&r.id, &r.person, &r.openid, &r.wrapped)
		return r, err
	}, `select f.id, coalesce(f.person, ''), f.openid_sealed, o.key_wrapped from follower f join citizen o on o.id = f.origin_id `+tail, args...)
	if err != nil {
		return nil, err
	}
	out := make([]addressed, 0, len(list))
	for _, r := range list {
		if r.person == "" || len(r.wrapped) == 0 {
			continue
		}
		k, err := s.Ring.UnwrapDataKey(r.wrapped)
		if err != nil {
			return nil, errs.Wrap(err, "data key of follower %d", r.id)
		}
		plain, err := k.Open(r.openid, openidSeal+r.person)
		if err != nil {
			return nil, errs.Wrap(err, "open the address of follower %d", r.id)
		}
		out = append(out, addressed{r.id, string(plain)})
	}
	return out, nil
}
