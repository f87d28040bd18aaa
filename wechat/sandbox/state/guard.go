package state

import (
	"context"

	"weizheng/platform/db"
)

// Whether an administrator confirms the mass messages that programs send.
const (
	GuardOff = "off"
	GuardAsk = "ask"
)

// The answers of an administrator.
const (
	GuardWaits   = ""
	GuardAllowed = "allow"
	GuardRefused = "refuse"
)

// guardLife is how long an administrator may take, and how long the answer holds, in civil ms. WeChat docs: Batch_Sends.
const guardLife = 30 * 60 * 1000

// AskGuard asks the administrator about a mass message, or hears the answer; an allowance works once.
func (s *Store) AskGuard(ctx context.Context, account int64, clientID string) (answer string, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		list, err := db.All(ctx, tx, db.Value[string], "select answer from mass_guard where account=$1 and client_id=$2 and until_at>$3",
			account, clientID, s.Civil())
		if err != nil {
			return err
		}
		answer = GuardWaits
		if len(list) > 0 {
			answer = list[0]
		}
		if len(list) > 0 && answer == GuardWaits {
			return nil
		}
		if _, err := tx.Exec(ctx, "delete from mass_guard where account=$1 and (client_id=$2 or until_at<=$3)", account, clientID, s.Civil()); err != nil {
			return err
		}
		if answer != GuardWaits {
			return nil
		}
		_, err = tx.Exec(ctx, "insert into mass_guard (account, client_id, answer, until_at) values ($1, $2, $3, $4)", account, clientID,
			answer, s.Civil()+guardLife)
		return err
	})
	return answer, err
}

// AnswerGuard is the administrator's answer to all that waits; it returns to how many.
func (s *Store) AnswerGuard(ctx context.Context, account int64, allow bool) (answered int64, err error) {
	answer := GuardRefused
	if allow {
		answer = GuardAllowed
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		answered, err = tx.Exec(ctx, "update mass_guard set answer=$1, until_at=$2 where account=$3 and answer='' and until_at>$4", answer,
			s.Civil()+guardLife, account, s.Civil())
		return err
	})
	return answered, err
}
