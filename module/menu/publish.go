package menu

import (
	"context"
	"encoding/json"

	"weizheng/kernel/account"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat/client"
)

// sendMenu is the job that asks WeChat to show a version.
type sendMenu struct {
	Account int64 `json:"account"`
	Number  int64 `json:"number"`
}

// Kind names the job.
func (sendMenu) Kind() string { return "menu.send" }

// Publish makes the draft of the version that the editor saw a new version and sends it. An account that WeChat would refuse
// is errs.Refused in the words of account.Able, and nothing changes.
func (s *Service) Publish(ctx context.Context, account, draftVersion int64) (Version, error) {
	var v Version
	if err := s.able(ctx, account); err != nil {
		return v, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := get(ctx, tx, account)
		if err != nil {
			return err
		}
		if m.Version != draftVersion {
			return errs.New(errs.Conflict, "db.stale")
		}
		v, err = s.issue(ctx, tx, "publish", account, m.Draft)
		return err
	})
	return v, errs.Wrap(err, "publish the menu of account %d", account)
}

// RollBack sends an earlier version again, as a new one, and makes it the draft.
func (s *Service) RollBack(ctx context.Context, account, number int64) (Version, error) {
	var v Version
	if err := s.able(ctx, account); err != nil {
		return v, err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := version(ctx, tx, account, number)
		if err != nil {
			return err
		}
		draft, err := encode(old.Buttons)
		if err != nil {
			return err
		}
		if err := db.ExpectOne(tx.Exec(ctx, `update menu set draft=$2, version=version+1, updated_at=$3 where account_id=$1`,
			account, draft, clock.Millis(s.Wall.Now()))); err != nil {
			return err
		}
		v, err = s.issue(ctx, tx, "roll_back", account, old.Buttons)
		return err
	})
	return v, errs.Wrap(err, "roll the menu of account %d back to %d", account, number)
}

// able asks whether WeChat would take a menu of the account now.
func (s *Service) able(ctx context.Context, id int64) error {
	return s.Accounts.Able(ctx, id, account.Menu)
}

// issue writes a version and queues its sending.
func (s *Service) issue(ctx context.Context, tx *db.Tx, verb string, account int64, buttons []Button) (Version, error) {
	if err := Validate(buttons); err != nil {
		return Version{}, err
	}
	encoded, err := encode(buttons)
	if err != nil {
		return Version{}, err
	}
	v := Version{Account: account, Buttons: buttons, State: Sending, CreatedBy: access.From(ctx).ID}
	err = tx.QueryRow(ctx, `select coalesce(max(number),0)+1 from menu_version where account_id=$1`, account).Scan(&v.Number)
	if err != nil {
		return Version{}, err
	}
	now := clock.Millis(s.Wall.Now())
	err = tx.QueryRow(ctx, `insert into menu_version (account_id, number, buttons, state, problem, code, created_by, created_at)
		values ($1,$2,$3,$4,'',0,$5,$6) returning id`, account, v.Number, encoded, string(Sending), v.CreatedBy, now).Scan(&v.ID)
	if err != nil {
		return Version{}, err
	}
	v.CreatedAt = clock.FromMillis(now)
	if err := s.recordAudit(ctx, tx, verb, account, map[string]any{"number": v.Number}); err != nil {
		return Version{}, err
	}
	return v, s.Jobs.Enqueue(ctx, tx, sendMenu{Account: account, Number: v.Number})
}

// send asks WeChat and records the outcome. A version that a newer one has overtaken is not sent any more.
func (s *Service) send(ctx context.Context, args sendMenu, attempt job.Attempt) error {
	v, err := version(ctx, s.db, args.Account, args.Number)
	if err != nil || v.State != Sending {
		return err
	}
	newest, err := s.Versions(ctx, args.Account, 0, 1)
	if err != nil {
		return err
	}
	if newest[0].Number > v.Number {
		return s.db.Write(ctx, func(tx *db.Tx) error { return s.outcome(ctx, tx, v, Past, "", 0) })
	}
	err = s.WeChat.CreateMenu(ctx, args.Account, absolute(v.Buttons, s.PublicURL))
	if err != nil && errs.KindOf(err).Retry() && attempt.N < attempt.Max {
		return err
	}
	if err != nil {
		problem, code := errs.As(err).Key(), int64(client.CodeOf(err))
		s.Log.WarnContext(ctx, "menu refused", "account_id", args.Account, "number", args.Number, "error", err)
		return s.db.Write(ctx, func(tx *db.Tx) error { return s.outcome(ctx, tx, v, Failed, problem, code) })
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.live(ctx, tx, v) })
}

func (s *Service) live(ctx context.Context, tx *db.Tx, v Version) error {
	if _, err := tx.Exec(ctx, `update menu_version set state=$2 where account_id=$1 and state=$3`,
		v.Account, string(Past), string(Live)); err != nil {
		return err
	}
	if err := db.ExpectOne(tx.Exec(ctx, `update menu set published_number=$2, published_at=$3 where account_id=$1`,
		v.Account, v.Number, clock.Millis(s.Wall.Now()))); err != nil {
		return err
	}
	content, err := json.Marshal(v.Buttons)
	if err != nil {
		return errs.Wrap(err, "encode menu")
	}
	if err := s.Record.Put(ctx, tx, "menu", v.Account, v.Account, content, s.Civil.Now()); err != nil {
		return err
	}
	return s.outcome(ctx, tx, v, Live, "", 0)
}

func (s *Service) outcome(ctx context.Context, tx *db.Tx, v Version, state State, problem string, code int64) error {
	if _, err := tx.Exec(ctx, `update menu_version set state=$3, problem=$4, code=$5 where account_id=$1 and number=$2`,
		v.Account, v.Number, string(state), problem, code); err != nil {
		return err
	}
	return s.Hints.Publish(tx, "menu", v.Account, v.Number)
}
