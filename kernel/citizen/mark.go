package citizen

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// MarkImportant sets or takes the mark of an important person. Setting what is set changes nothing.
func (s *Service) MarkImportant(ctx context.Context, follower int64, important bool) (Follower, error) {
	return s.mark(ctx, follower, "important", important, func(f Follower) bool { return f.Important })
}

// Block puts a follower on this installation's blacklist or takes them off: their messages are still recorded, nobody is
// told of them and nothing is sent to them. WeChat's own blacklist is not touched.
func (s *Service) Block(ctx context.Context, follower int64, blocked bool) (Follower, error) {
	return s.mark(ctx, follower, "blocked", blocked, func(f Follower) bool { return f.Blocked })
}

// mark sets one of the two flags; column is one of ours, never input.
func (s *Service) mark(ctx context.Context, follower int64, column string, value bool, present func(Follower) bool) (Follower, error) {
	var f Follower
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if f, err = s.Get(ctx, tx, follower); err != nil {
			return err
		}
		if f.Erased {
			return errs.New(errs.NotFound, "citizen.erased")
		}
		if present(f) == value {
			return nil
		}
		if _, err := tx.Exec(ctx, `update follower set `+column+` = $2, version = version + 1 where id = $1`, follower, value); err != nil {
			return err
		}
		if f, err = s.Get(ctx, tx, follower); err != nil {
			return err
		}
		return s.record(ctx, tx, column, f, map[string]any{"set": value})
	})
	return f, errs.Wrap(err, "mark follower %d", follower)
}
