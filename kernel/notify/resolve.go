package notify

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Resolve ends the uncertainty of a message by a person's word: they looked, or asked. delivered tells which. What is not
// uncertain is a conflict.
func (s *Service) Resolve(ctx context.Context, id int64, delivered bool) (Outbound, error) {
	v := verdict{state: Refused, problem: "notify.not_delivered"}
	if delivered {
		v = verdict{state: Sent}
	}
	var o Outbound
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if o, err = s.Get(ctx, tx, id); err != nil {
			return err
		}
		if o.State != Uncertain {
			return errs.New(errs.Conflict, "notify.not_uncertain")
		}
		v.code, v.rid = o.Code, o.RID
		if err := s.settle(ctx, tx, o, v); err != nil {
			return err
		}
		if o, err = s.Get(ctx, tx, id); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "resolve", Object: "outbound", ID: id, Unit: o.Unit, Account: o.Account,
			Detail: map[string]any{"delivered": delivered}})
	})
	return o, errs.Wrap(err, "resolve outbound %d", id)
}

// Erase forgets what notify holds of a follower: contents and windows; that something was sent, and when, stays.
func (s *Service) Erase(ctx context.Context, tx *db.Tx, follower int64) error {
	if _, err := tx.Exec(ctx, `delete from send_window where follower_id = $1`, follower); err != nil {
		return errs.Wrap(err, "erase windows of follower %d", follower)
	}
	_, err := tx.Exec(ctx, `update outbound set payload_sealed = null where follower_id = $1 and payload_sealed is not null`, follower)
	return errs.Wrap(err, "erase messages to follower %d", follower)
}

// Count returns how many messages a follower was sent or was to be sent.
func (s *Service) Count(ctx context.Context, q db.Queryer, follower int64) (int64, error) {
	n, err := db.One(ctx, q, db.Value[int64], `select count(*) from outbound where follower_id = $1`, follower)
	return n, errs.Wrap(err, "count messages to follower %d", follower)
}
