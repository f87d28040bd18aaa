package citizen

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/client"
)

// listChunk is how many listed followers one transaction stores: about ten milliseconds of SQLite's writer, so that
// callbacks are answered meanwhile.
const listChunk = 200

// listed stores a page: unknown followers are added, all are marked as seen by this sync and to be asked about.
func (s *Service) listed(ctx context.Context, y Sync, openids []string) (fresh int, err error) {
	for len(openids) > 0 {
		n := min(listChunk, len(openids))
		added, err := s.listedChunk(ctx, y, openids[:n])
		if err != nil {
			return 0, errs.Wrap(err, "store listed followers of account %d", y.Account)
		}
		fresh += added
		openids = openids[n:]
	}
	return fresh, nil
}

func (s *Service) listedChunk(ctx context.Context, y Sync, openids []string) (fresh int, err error) {
	byPerson := make(map[string]string, len(openids))
	persons := make([]string, len(openids))
	for i, openid := range openids {
		persons[i] = s.Person(y.Account, openid)
		byPerson[persons[i]] = openid
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		fresh = 0
		known, err := s.IDs(ctx, tx, y.Account, persons)
		if err != nil {
			return err
		}
		var strangers []string
		for _, person := range persons {
			if known[person] == 0 {
				strangers = append(strangers, person)
			}
		}
		if fresh, err = s.addMany(ctx, tx, y.Account, strangers, byPerson, known); err != nil {
			return err
		}
		args := []any{true, y.ID}
		for _, person := range persons {
			args = append(args, known[person])
		}
		_, err = tx.Exec(ctx, `update follower set subscribed = $1, unsubscribed_at = 0, forget_at = 0, detail_due = $1, listed_by = $2
			where id in (`+places(3, len(persons))+`)`, args...)
		return err
	})
	return fresh, err
}

// pullTags brings an account's tags here: new and renamed ones, and those that WeChat has no more. What is on its way to
// WeChat stays as it is wanted.
func (s *Service) pullTags(ctx context.Context, c *client.Client, account int64) error {
	list, err := c.Tags(ctx)
	if err != nil {
		return errs.Wrap(err, "list tags of account %d", account)
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		now := clock.Millis(s.Wall.Now())
		args := []any{account}
		for _, t := range list {
			if t.ID <= lastReserved {
				continue
			}
			args = append(args, t.ID)
			if err := pullTag(ctx, tx, account, t, now); err != nil {
				return err
			}
		}
		return dropLost(ctx, tx, args)
	})
	return errs.Wrap(err, "store tags of account %d", account)
}

// lastReserved: tags up to this id are WeChat's own groups. WeChat docs: error 45058.
const lastReserved = 2

func pullTag(ctx context.Context, tx *db.Tx, account int64, t client.Tag, now int64) error {
	n, err := tx.Exec(ctx, `update tag set name = case when state = 'wechat' then $3 else name end where account_id = $1 and wechat_id = $2
		and not exists (select 1 from tag o where o.account_id = $1 and o.name = $3 and o.id <> tag.id)`, account, t.ID, t.Name)
	if err != nil || n > 0 {
		return err
	}
	// A tag of the same name that waits for its creation is this one.
	_, err = tx.Exec(ctx, `insert into tag (account_id, wechat_id, name, state, created_at) values ($1,$2,$3,'wechat',$4)
		on conflict (account_id, name) do update set wechat_id = excluded.wechat_id, state = case when tag.state in ('adding', 'here', 'failed') then 'wechat' else tag.state end
		where tag.wechat_id is null`, account, t.ID, t.Name, now)
	return err
}

// dropLost removes the tags that WeChat does not list; args are the account and the ids it lists.
func dropLost(ctx context.Context, tx *db.Tx, args []any) error {
	lost := `select id from tag where account_id = $1 and wechat_id is not null and state in ('wechat', 'renaming', 'failed')`
	if len(args) > 1 {
		lost += ` and wechat_id not in (` + places(2, len(args)-1) + `)`
	}
	if _, err := tx.Exec(ctx, `delete from follower_tag where tag_id in (`+lost+`)`, args...); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `delete from tag where id in (`+lost+`)`, args...)
	return err
}

// syncGone marks who is not on WeChat's list any more as having left, a thousand rows looked at a step, and ends the sync.
func (s *Service) syncGone(ctx context.Context, y Sync) error {
	type seen struct{ id, by int64 }
	list, err := db.All(ctx, s.DB, func(scan db.Scan) (r seen, err error) {
		err = scan(&r.id, &r.by)
		return r, err
	}, `select id, listed_by from follower where account_id = $1 and subscribed = $2 and id > $3 order by id limit $4`,
		y.Account, true, y.position, goneChunk)
	if err != nil {
		return errs.Wrap(err, "look for who left account %d", y.Account)
	}
	days, err := s.forgetDays(ctx, y.Account)
	if err != nil {
		return err
	}
	var left []any
	last := y.position
	for _, r := range list {
		last = r.id
		if r.by != y.ID {
			left = append(left, r.id)
		}
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := s.leave(ctx, tx, y, left, days)
		if err != nil {
			return err
		}
		return s.gone(ctx, tx, y, last, n, len(list) < goneChunk)
	})
	return errs.Wrap(err, "note who left account %d", y.Account)
}

const goneChunk = 1000

// leave marks the followers unless they came back since they were read.
func (s *Service) leave(ctx context.Context, tx *db.Tx, y Sync, left []any, days int64) (int64, error) {
	var n int64
	for len(left) > 0 {
		most := min(len(left), listChunk)
		now := clock.Millis(s.Civil.Now())
		args := append([]any{false, now, now + days*day, y.ID}, left[:most]...)
		changed, err := tx.Exec(ctx, `update follower set subscribed = $1, unsubscribed_at = $2, forget_at = $3, version = version + 1
			where listed_by <> $4 and id in (`+places(5, most)+`)`, args...)
		if err != nil {
			return 0, err
		}
		n, left = n+changed, left[most:]
	}
	return n, nil
}

// gone moves the place on and enqueues the next step, or ends the sync.
func (s *Service) gone(ctx context.Context, tx *db.Tx, y Sync, position, n int64, over bool) error {
	now := clock.Millis(s.Wall.Now())
	state, finished := SyncLeaving, int64(0)
	if over {
		state, finished = SyncDone, now
	}
	err := db.ExpectOne(tx.Exec(ctx, `update follower_sync set state = $2, position = $3, gone = gone + $4, changed_at = $5, finished_at = $6
		where id = $1 and state = 'leaving'`, y.ID, string(state), position, n, now, finished))
	if err != nil {
		return err
	}
	if over {
		return s.checkBlocksSoon(ctx, tx, y.Account)
	}
	return s.Jobs.Enqueue(ctx, tx, syncArgs{y.ID})
}
