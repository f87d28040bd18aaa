package account

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// SetMode says how callbacks are protected. It must be what is set in WeChat, where a change takes effect at once; what
// arrives in another mode is refused and counted. The encrypted modes need a key.
func (s *Service) SetMode(ctx context.Context, id, version int64, mode wechat.Mode) (Account, error) {
	var a Account
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := s.GetIn(ctx, tx, id)
		if err != nil {
			return err
		}
		var f faults
		f.modeNeeds(mode, old.HasKey)
		if err := f.err(); err != nil {
			return err
		}
		from := old.Mode
		old.Version = version
		if err := s.touch(ctx, tx, old, `mode = $4`, string(mode)); err != nil {
			return err
		}
		if a, err = s.GetIn(ctx, tx, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, "mode", a, map[string]any{"from": from, "to": mode})
	})
	return a, errs.Wrap(err, "set mode of account %d", id)
}
