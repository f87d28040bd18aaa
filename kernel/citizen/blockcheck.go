package citizen

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

const blacklistPath = "/cgi-bin/tags/members/getblacklist"

// blacklistPages bounds one check: ten thousand people on a blacklist are more than any government's.
const blacklistPages = 10

type blockCheckArgs struct {
	Account int64 `json:"account"`
}

// Kind names the job.
func (blockCheckArgs) Kind() string { return "citizen.blacklist" }

// checkBlocksSoon has an account's blacklist compared with WeChat's: after a sync, and when somebody writes whom WeChat
// should hold back. Staff may have changed it on WeChat's own website; no event tells of that.
func (s *Service) checkBlocksSoon(ctx context.Context, tx *db.Tx, account int64) error {
	if err := s.Accounts.May(ctx, account, blacklistPath); err != nil {
		if errs.Is(err, errs.Refused) {
			return nil
		}
		return err
	}
	return s.Jobs.Enqueue(ctx, tx, blockCheckArgs{account}, job.Unique("account:"+strconv.FormatInt(account, 10)))
}

// checkBlocks brings this installation's blacklist into step with WeChat's. What changed here since it began stands, and so
// does what WeChat is still to be told.
func (s *Service) checkBlocks(ctx context.Context, args blockCheckArgs, _ job.Attempt) error {
	began := clock.Millis(s.Wall.Now())
	c, err := s.Accounts.Client(ctx, args.Account)
	if err != nil {
		return err
	}
	listed, next := map[string]bool{}, ""
	for range blacklistPages {
		page, err := c.Blacklist(ctx, next)
		if err != nil {
			return errs.Wrap(err, "read the blacklist of account %d", args.Account)
		}
		for _, openid := range page.OpenIDs {
			listed[s.Person(args.Account, openid)] = true
		}
		if next = page.Next; next == "" {
			return s.followBlacklist(ctx, args.Account, listed, began)
		}
	}
	return nil // longer than anything we understand: nothing is taken back for it
}

// followBlacklist notes what was changed at WeChat: who is listed and was not told of, who was told of and is not listed.
func (s *Service) followBlacklist(ctx context.Context, account int64, listed map[string]bool, began int64) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		told, err := db.All(ctx, tx, scanFollower, `select `+columns+from+`where f.account_id = $1 and f.blocked and f.block_state = 'told'
			and f.block_at < $2 and f.person is not null`, account, began)
		if err != nil {
			return err
		}
		for _, f := range told {
			if listed[f.person] {
				continue
			}
			if err := s.adoptBlock(ctx, tx, f, false); err != nil {
				return err
			}
		}
		for _, person := range slices.Sorted(maps.Keys(listed)) {
			list, err := db.All(ctx, tx, scanFollower, `select `+columns+from+`where f.account_id = $1 and f.person = $2 and f.block_at < $3
				and f.block_state <> 'telling' and not (f.blocked and f.block_state = 'told')`, account, person, began)
			if err != nil {
				return err
			}
			for _, f := range list {
				if err := s.adoptBlock(ctx, tx, f, true); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return errs.Wrap(err, "follow the blacklist of account %d", account)
}

// adoptBlock notes what staff did on WeChat's website.
func (s *Service) adoptBlock(ctx context.Context, tx *db.Tx, f Follower, blocked bool) error {
	if err := s.noteBlocked(ctx, tx, f, blocked, BlockTold); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update follower set version = version + 1 where id = $1`, f.ID); err != nil {
		return err
	}
	return s.record(ctx, tx, "change", f, map[string]any{"blocked": blocked, "by": "wechat"})
}
