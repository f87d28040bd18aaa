package menu

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Save keeps a draft. It may be unfinished, so only its size is checked; version is the one the editor saw (0 for the
// first), else errs.Conflict "db.stale".
func (s *Service) Save(ctx context.Context, account, version int64, buttons []Button) (Menu, error) {
	if err := checkSize(buttons); err != nil {
		return Menu{}, err
	}
	draft, err := encode(buttons)
	if err != nil {
		return Menu{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now := clock.Millis(s.Wall.Now())
		if version == 0 {
			n, err := tx.Exec(ctx, `insert into menu (account_id, draft, version, updated_at, published_number, published_at)
				values ($1,$2,1,$3,0,0) on conflict (account_id) do nothing`, account, draft, now)
			if err := db.ExpectOne(n, err); err != nil {
				return err
			}
		} else if err := db.ExpectOne(tx.Exec(ctx, `update menu set draft=$3, version=version+1, updated_at=$4
			where account_id=$1 and version=$2`, account, version, draft, now)); err != nil {
			return err
		}
		return s.recordAudit(ctx, tx, "save", account, map[string]any{"buttons": len(buttons)})
	})
	if err != nil {
		return Menu{}, errs.Wrap(err, "save the menu of account %d", account)
	}
	return s.Get(ctx, account)
}

// checkSize keeps a draft within what a form can hold; Validate judges it when it is published.
func checkSize(buttons []Button) error {
	if len(buttons) > MaxTop {
		return errs.InvalidFields([]errs.Field{{Field: "buttons", Key: "shape.max_items", Params: map[string]any{"max": MaxTop}}})
	}
	for _, b := range buttons {
		if len(b.Sub) > MaxSub {
			return errs.InvalidFields([]errs.Field{{Field: "buttons", Key: "shape.max_items", Params: map[string]any{"max": MaxSub}}})
		}
	}
	return nil
}
