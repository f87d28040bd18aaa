package citizen

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

const blockPath = "/cgi-bin/tags/members/batchblacklist"

// BlockState is how a blacklisted follower, or one who is not any more, stands with WeChat.
type BlockState string

// The states. With BlockLocal the account may not tell WeChat: the blacklist holds in this installation only.
const (
	BlockUntold  BlockState = ""
	BlockTelling BlockState = "telling"
	BlockTold    BlockState = "told"
	BlockLocal   BlockState = "local"
	BlockFailed  BlockState = "failed"
)

// setBlocked notes it and, where the account may, has WeChat told by a job: from then on what they write does not come any
// more. WeChat docs: api_batchblacklist.
func (s *Service) setBlocked(ctx context.Context, tx *db.Tx, f Follower, blocked bool) error {
	state := BlockLocal
	if s.Accounts.May(ctx, f.Account, blockPath) == nil {
		state = BlockTelling
	}
	if err := s.noteBlocked(ctx, tx, f, blocked, state); err != nil || state == BlockLocal {
		return err
	}
	return s.Jobs.Enqueue(ctx, tx, blockArgs{f.ID})
}

// noteBlocked changes the row and what replicas know of it.
func (s *Service) noteBlocked(ctx context.Context, tx *db.Tx, f Follower, blocked bool, state BlockState) error {
	if _, err := tx.Exec(ctx, `update follower set blocked = $2, block_state = $3, block_problem = 0, block_at = $4 where id = $1`,
		f.ID, blocked, string(state), clock.Millis(s.Wall.Now())); err != nil {
		return err
	}
	tx.AfterCommit(func() { s.blocked.set(blockedKey{f.Account, f.person}, blocked) }) // here at once, elsewhere soon
	return tx.Notify(blockedChannel, "")
}

type blockArgs struct {
	Follower int64 `json:"follower"`
}

// Kind names the job.
func (blockArgs) Kind() string { return "citizen.block" }

// pushBlock tells WeChat what stands now, so that two jobs in the wrong order end right.
func (s *Service) pushBlock(ctx context.Context, args blockArgs, _ job.Attempt) error {
	f, err := s.Get(ctx, s.DB, args.Follower)
	if errs.Is(err, errs.NotFound) || err == nil && (f.Erased || f.BlockState != BlockTelling) {
		return nil
	}
	if err != nil {
		return err
	}
	openid, err := s.openid(ctx, s.DB, f)
	if err != nil {
		return err
	}
	c, err := s.Accounts.Client(ctx, f.Account)
	if err != nil {
		return err
	}
	tell := c.Unblock
	if f.Blocked {
		tell = c.Block
	}
	err = tell(ctx, []string{openid})
	switch {
	case err == nil:
		return s.settleBlock(ctx, f, BlockTold, 0)
	case client.ActionOf(err) == wechat.ActHideCapability:
		return s.settleBlock(ctx, f, BlockLocal, client.CodeOf(err))
	case errs.KindOf(err).Retry() || errs.Is(err, errs.Internal) || errs.Is(err, errs.Exhausted):
		return errs.Wrap(err, "tell WeChat of blocking follower %d", f.ID)
	}
	return s.settleBlock(ctx, f, BlockFailed, client.CodeOf(err))
}

// settleBlock records the outcome unless staff changed their mind meanwhile; then their own job follows.
func (s *Service) settleBlock(ctx context.Context, f Follower, state BlockState, problem int) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `update follower set block_state = $3, block_problem = $4, block_at = $5, version = version + 1
			where id = $1 and blocked = $2 and block_state = 'telling'`, f.ID, f.Blocked, string(state), problem, clock.Millis(s.Wall.Now()))
		return err
	})
	return errs.Wrap(err, "settle the block of follower %d", f.ID)
}
