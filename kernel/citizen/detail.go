package citizen

import (
	"context"
	"strconv"
	"time"

	"weizheng/kernel/setting"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

const (
	detailPath  = "/cgi-bin/user/info/batchget"
	detailBatch = 100 // WeChat docs: api_batchuserinfo
	// callsPerBatch keeps a batch that has to be halved within a job's 30 seconds; two strangers are found with 27.
	callsPerBatch = 30
)

type detailArgs struct {
	Account int64 `json:"account"`
}

// Kind names the job.
func (detailArgs) Kind() string { return "citizen.details" }

func detailKey(account int64) string { return "account:" + strconv.FormatInt(account, 10) }

// askDetails asks WeChat about the followers of an account whose details are due, a thousand a run, until none is. One run
// at a time for an account: two would ask about the same people.
func (s *Service) askDetails(ctx context.Context, args detailArgs, _ job.Attempt) error {
	lease, owner := "citizen.details:"+strconv.FormatInt(args.Account, 10), crypt.RandomCode(12)
	alone, err := s.DB.Lease(ctx, lease, owner, detailLease)
	if err != nil {
		return err
	}
	if !alone {
		return s.askAgain(ctx, args.Account, 2*time.Second)
	}
	defer func() {
		if err := s.DB.Release(context.WithoutCancel(ctx), lease, owner); err != nil {
			s.Log.WarnContext(ctx, "the lease of follower details runs out by itself", "account_id", args.Account, "error", err)
		}
	}()
	return s.askInTurn(ctx, args)
}

// detailLease outlives a job's 30 seconds.
const detailLease = 40 * time.Second

func (s *Service) askInTurn(ctx context.Context, args detailArgs) error {
	c, err := s.Accounts.Client(ctx, args.Account)
	if err != nil {
		return s.syncFailed(ctx, args.Account, err)
	}
	for calls := 0; calls < batchesPerJob; {
		n, err := s.askBatch(ctx, c, args.Account)
		switch {
		case errs.Is(err, errs.Exhausted):
			return s.askAgain(ctx, args.Account, quotaPause)
		case errs.Is(err, errs.Refused):
			return s.syncFailed(ctx, args.Account, err)
		case err != nil:
			return err
		case n == 0:
			return s.syncAsked(ctx, args.Account)
		}
		calls += n
	}
	return s.askAgain(ctx, args.Account, 0)
}

func (s *Service) askAgain(ctx context.Context, account int64, after time.Duration) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Jobs.Enqueue(ctx, tx, detailArgs{account}, s.after(after, job.Unique(detailKey(account)))...)
	})
}

// askBatch asks about up to 100 followers and stores the answers call by call; calls is how many it took, 0 when nobody
// is due. Somebody whom WeChat does not know spoils a whole call (40003): it is halved until they stand alone, and who is
// refused alone is noted as somebody who does not follow.
func (s *Service) askBatch(ctx context.Context, c *client.Client, account int64) (calls int, err error) {
	batch, err := s.addressed(ctx, `where f.account_id = $1 and f.detail_due order by f.id limit $2`, account, detailBatch)
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	tags, err := s.tagIDs(ctx, account)
	if err != nil {
		return 0, err
	}
	days, err := s.forgetDays(ctx, account)
	if err != nil {
		return 0, err
	}
	rest := [][]addressed{batch}
	for len(rest) > 0 && calls < callsPerBatch { // what is left stays due
		next := rest[len(rest)-1]
		rest = rest[:len(rest)-1]
		calls++
		users, err := c.UserBatch(ctx, openidsOf(next))
		switch unknown := client.ActionOf(err) == wechat.ActDropFollower; {
		case unknown && len(next) > 1:
			half := len(next) / 2
			rest = append(rest, next[half:], next[:half])
			continue
		case unknown:
			s.Log.WarnContext(ctx, "WeChat does not know a follower", "account_id", account, "follower", next[0].id, "code", client.CodeOf(err))
			users = []client.User{{OpenID: next[0].openid}}
		case err != nil:
			return calls, errs.Wrap(err, "ask about followers of account %d", account)
		}
		if err := s.store(ctx, account, next, users, tags, days); err != nil {
			return calls, err
		}
	}
	return calls, nil
}

func openidsOf(batch []addressed) []string {
	openids := make([]string, len(batch))
	for i, a := range batch {
		openids[i] = a.openid
	}
	return openids
}

// store learns what one call answered about the batch.
func (s *Service) store(ctx context.Context, account int64, batch []addressed, users []client.User, tags map[int]int64, days int64) error {
	byOpenID := make(map[string]int64, len(batch))
	for _, a := range batch {
		byOpenID[a.openid] = a.id
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		var left int64
		for _, u := range users {
			id, ok := byOpenID[u.OpenID]
			if !ok {
				continue
			}
			n, err := s.learn(ctx, tx, id, u, tags, days)
			if err != nil {
				return errs.Wrap(err, "learn about follower %d", id)
			}
			left += n
		}
		return s.asked(ctx, tx, account, batch, left)
	})
}

// asked takes the batch off the list, also those whom WeChat said nothing of, and moves the running sync on.
func (s *Service) asked(ctx context.Context, tx *db.Tx, account int64, batch []addressed, left int64) error {
	args := []any{false}
	for _, a := range batch {
		args = append(args, a.id)
	}
	n, err := tx.Exec(ctx, `update follower set detail_due = $1 where detail_due and id in (`+places(2, len(batch))+`)`, args...)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update follower_sync set asked = asked + $2, gone = gone + $3, changed_at = $4 where account_id = $1 and finished_at = 0`,
		account, n, left, clock.Millis(s.Wall.Now()))
	return err
}

// learn stores what WeChat tells of one follower; left is 1 when they turn out to have left. WeChat docs: api_userinfo.
func (s *Service) learn(ctx context.Context, tx *db.Tx, id int64, u client.User, tags map[int]int64, forgetDays int64) (left int64, err error) {
	if !u.Following() {
		now := clock.Millis(s.Civil.Now())
		return tx.Exec(ctx, `update follower set subscribed = $2, unsubscribed_at = $3, forget_at = $4, version = version + 1
			where id = $1 and subscribed`, id, false, now, now+forgetDays*day)
	}
	scene := u.QRSceneStr
	if scene == "" && u.QRScene != 0 {
		scene = strconv.FormatInt(u.QRScene, 10)
	}
	_, err = tx.Exec(ctx, `update follower set subscribed = $2, subscribed_at = $3, unsubscribed_at = 0, forget_at = 0, scene = $4,
		scene_key = case when $5 <> '' then $5 else scene_key end, version = version + 1 where id = $1`,
		id, true, u.SubscribeTime*1000, u.SubscribeScene, scene)
	if err != nil {
		return 0, err
	}
	if err := s.learnRemark(ctx, tx, id, u.Remark); err != nil {
		return 0, err
	}
	if err := learnTags(ctx, tx, id, u.Tags, tags); err != nil {
		return 0, err
	}
	return 0, s.unite(ctx, tx, id, u.UnionID)
}

const day = int64(24 * time.Hour / time.Millisecond)

// learnRemark takes a remark made on WeChat's website; one made here is never emptied by silence.
func (s *Service) learnRemark(ctx context.Context, tx *db.Tx, id int64, remark string) error {
	if remark == "" || checkRemark(remark) != nil {
		return nil
	}
	f, err := s.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	present, err := s.Remark(ctx, tx, f)
	if err != nil || present == remark {
		return err
	}
	return s.storeRemark(ctx, tx, f, remark)
}

// learnTags makes a follower's tags those that WeChat has; what is on its way to WeChat stays.
func learnTags(ctx context.Context, tx *db.Tx, id int64, wechatTags []int, known map[int]int64) error {
	if len(known) == 0 {
		return nil
	}
	have := []any{id}
	for _, w := range wechatTags {
		tag, ok := known[w]
		if !ok {
			continue
		}
		have = append(have, tag)
		_, err := tx.Exec(ctx, `insert into follower_tag (follower_id, tag_id, state) values ($1, $2, 'on') on conflict (follower_id, tag_id)
			do update set state = 'on' where follower_tag.state = 'adding'`, id, tag)
		if err != nil {
			return err
		}
	}
	except := ""
	if len(have) > 1 {
		except = ` and tag_id not in (` + places(2, len(have)-1) + `)`
	}
	_, err := tx.Exec(ctx, `delete from follower_tag where follower_id = $1 and state = 'on'`+except+
		` and tag_id in (select id from tag where wechat_id is not null)`, have...)
	return err
}

// tagIDs maps WeChat's tag ids of an account to ours.
func (s *Service) tagIDs(ctx context.Context, account int64) (map[int]int64, error) {
	list, err := s.Tags(ctx, account)
	ids := make(map[int]int64, len(list))
	for _, t := range list {
		if t.WeChatID != 0 {
			ids[t.WeChatID] = t.ID
		}
	}
	return ids, err
}

// forgetDays is how long who unsubscribed is still remembered.
func (s *Service) forgetDays(ctx context.Context, id int64) (int64, error) {
	a, err := s.Accounts.Known(ctx, id)
	return s.Settings.Int(ctx, "citizen.forget_days", setting.At{Unit: a.Unit, Account: id}), err
}
