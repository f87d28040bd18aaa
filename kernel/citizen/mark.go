package citizen

import (
	"context"
	"strings"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// ChangeIn is what staff change about a follower; nil leaves it as it is. Version is the one that was read, 0 for any.
type ChangeIn struct {
	ID        int64
	Version   int64
	Remark    *string // at most 29 bytes as WeChat allows; "" takes it away
	Important *bool
	Blocked   *bool // the blacklist: nobody is told and nothing is sent; WeChat's follows where the account may, then nothing comes either
}

// Change notes things about a follower. What is so already is no change. Where the account may, WeChat is told of
// remark and blacklist by jobs; the remark is stored sealed and is found again only when asked for whole.
func (s *Service) Change(ctx context.Context, in ChangeIn) (Follower, error) {
	if in.Remark != nil {
		*in.Remark = strings.TrimSpace(*in.Remark)
		if err := checkRemark(*in.Remark); err != nil {
			return Follower{}, err
		}
	}
	var f Follower
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if f, err = s.Get(ctx, tx, in.ID); err != nil {
			return err
		}
		switch {
		case f.Erased:
			return errs.New(errs.NotFound, "citizen.erased")
		case in.Version != 0 && in.Version != f.Version:
			return errs.New(errs.Conflict, "db.stale")
		}
		changed, err := s.apply(ctx, tx, f, in)
		if err != nil || len(changed) == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, `update follower set version = version + 1 where id = $1`, f.ID); err != nil {
			return err
		}
		if f, err = s.Get(ctx, tx, in.ID); err != nil {
			return err
		}
		return s.record(ctx, tx, "change", f, changed)
	})
	return f, errs.Wrap(err, "change follower %d", in.ID)
}

// apply makes the changes and names them for the audit, without their words.
func (s *Service) apply(ctx context.Context, tx *db.Tx, f Follower, in ChangeIn) (map[string]any, error) {
	changed := map[string]any{}
	if in.Remark != nil {
		present, err := s.Remark(ctx, tx, f)
		if err != nil {
			return nil, err
		}
		if present != *in.Remark {
			changed["remark"] = *in.Remark != ""
			if err := s.setRemark(ctx, tx, f, *in.Remark); err != nil {
				return nil, err
			}
		}
	}
	if in.Important != nil && *in.Important != f.Important {
		changed["important"] = *in.Important
		if _, err := tx.Exec(ctx, `update follower set important = $2 where id = $1`, f.ID, *in.Important); err != nil {
			return nil, err
		}
	}
	if in.Blocked != nil && *in.Blocked != f.Blocked {
		changed["blocked"] = *in.Blocked
		if err := s.setBlocked(ctx, tx, f, *in.Blocked); err != nil {
			return nil, err
		}
	}
	return changed, nil
}
