package citizen

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

const remarkPath = "/cgi-bin/user/info/updateremark"

// setRemark stores a remark that staff made and, where the account may, has WeChat told.
func (s *Service) setRemark(ctx context.Context, tx *db.Tx, f Follower, text string) error {
	if err := s.storeRemark(ctx, tx, f, text); err != nil {
		return err
	}
	if s.Accounts.May(ctx, f.Account, remarkPath) != nil {
		return nil
	}
	return s.Jobs.Enqueue(ctx, tx, remarkArgs{f.ID})
}

// storeRemark seals a remark into its row, or clears it.
func (s *Service) storeRemark(ctx context.Context, tx *db.Tx, f Follower, text string) error {
	var sealed []byte
	var index *string
	if text != "" {
		k, err := s.followerKey(ctx, tx, f)
		if err != nil {
			return err
		}
		if sealed, err = k.Seal([]byte(text), remarkSeal+f.person); err != nil {
			return err
		}
		i := s.remarkIndex(text)
		index = &i
	}
	_, err := tx.Exec(ctx, `update follower set remark_sealed = $2, remark_index = $3 where id = $1`, f.ID, sealed, index)
	return err
}

type remarkArgs struct {
	Follower int64 `json:"follower"`
}

// Kind names the job.
func (remarkArgs) Kind() string { return "citizen.remark" }

// pushRemark tells WeChat the remark that stands now, so that two jobs in the wrong order end right.
func (s *Service) pushRemark(ctx context.Context, args remarkArgs, _ job.Attempt) error {
	f, err := s.Get(ctx, s.DB, args.Follower)
	if err != nil || f.Erased {
		return err
	}
	openid, err := s.openid(ctx, s.DB, f)
	if err != nil {
		return err
	}
	remark, err := s.Remark(ctx, s.DB, f)
	if err != nil {
		return err
	}
	c, err := s.Accounts.Client(ctx, f.Account)
	if err != nil {
		return err
	}
	return errs.Wrap(c.Remark(ctx, openid, remark), "remark of follower %d", f.ID)
}
