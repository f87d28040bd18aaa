package citizen

import (
	"context"
	"strings"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

const remarkPath = "/cgi-bin/user/info/updateremark"

// SetRemark notes something about a follower, at most 29 bytes as WeChat allows; "" takes it away. Where the account may,
// WeChat is told by a job. The remark is stored sealed and is found again only when asked for whole.
func (s *Service) SetRemark(ctx context.Context, follower int64, text string) (Follower, error) {
	text = strings.TrimSpace(text)
	if err := checkRemark(text); err != nil {
		return Follower{}, err
	}
	var f Follower
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if f, err = s.Get(ctx, tx, follower); err != nil {
			return err
		}
		if err := s.storeRemark(ctx, tx, f, text); err != nil {
			return err
		}
		if f, err = s.Get(ctx, tx, follower); err != nil {
			return err
		}
		if s.Accounts.May(ctx, f.Account, remarkPath) == nil {
			if err := s.Jobs.Enqueue(ctx, tx, remarkArgs{f.ID}); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, "remark", f, map[string]any{"set": text != ""})
	})
	return f, errs.Wrap(err, "remark on follower %d", follower)
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
	_, err := tx.Exec(ctx, `update follower set remark_sealed = $2, remark_index = $3, version = version + 1 where id = $1`, f.ID, sealed, index)
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
