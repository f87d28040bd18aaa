package state

import (
	"context"
	"encoding/json"
	"regexp"

	"weizheng/platform/db"
)

// What an outcome is for.
const (
	GoalSubmit  = "submit" // whether the next draft is taken for publishing at all
	GoalPublish = "publish"
	GoalMass    = "mass"
)

// Outcome is what an account's next publication or mass message is to come to.
type Outcome struct {
	N       int64  `json:"id"`
	Account string `json:"account"`
	Goal    string `json:"goal"`
	Status  int    `json:"status,omitempty"`   // publish_status; for submit the errcode 53503, 53504 or 53505
	FailIdx []int  `json:"fail_idx,omitempty"` // articles from 1
	Result  string `json:"result,omitempty"`   // of a mass message
	Reprint []int  `json:"reprint,omitempty"`  // articles from 1 that are judged to be reprints
	AfterMS int64  `json:"after_ms,omitempty"` // civil; 0: as long as it takes
}

var massResult = regexp.MustCompile(`^(send success|send fail|err\([0-9]{5}\))$`)

func (o Outcome) check() error {
	switch {
	case o.AfterMS < 0 || o.AfterMS > longestPublishing:
		return invalid("after_ms", "range")
	case o.Goal == GoalPublish && (o.Status < 0 || o.Status == PublishRunning || o.Status > PublishBanned):
		return invalid("status", "range")
	case o.Goal == GoalSubmit && (o.Status < 53503 || o.Status > 53505):
		return invalid("status", "range")
	case o.Goal == GoalMass && o.Result != "" && !massResult.MatchString(o.Result):
		return invalid("result", "format")
	case o.Goal != GoalPublish && o.Goal != GoalMass && o.Goal != GoalSubmit:
		return invalid("goal", "kind")
	}
	for _, list := range [][]int{o.FailIdx, o.Reprint} {
		for _, idx := range list {
			if idx < 1 || idx > 8 {
				return invalid("fail_idx", "range")
			}
		}
	}
	return nil
}

// AddOutcome plans what the next one comes to; several are used up in their order.
func (s *Store) AddOutcome(ctx context.Context, o Outcome) (Outcome, error) {
	a, err := s.Account(o.Account)
	if err != nil {
		return o, err
	}
	if err := o.check(); err != nil {
		return o, err
	}
	doc, err := json.Marshal(o)
	if err != nil {
		return o, err
	}
	return o, s.db.Write(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, "insert into content_outcome (account, goal, doc) values ($1, $2, $3) returning n", a.N, o.Goal, string(doc)).Scan(&o.N)
	})
}

func scanOutcome(scan db.Scan) (Outcome, error) {
	var o Outcome
	var n int64
	var doc []byte
	if err := scan(&n, &doc); err != nil {
		return o, err
	}
	err := json.Unmarshal(doc, &o)
	o.N = n
	return o, err
}

// Outcomes lists what is planned for an account.
func (s *Store) Outcomes(ctx context.Context, account int64) ([]Outcome, error) {
	return db.All(ctx, s.db, scanOutcome, "select n, doc from content_outcome where account=$1 order by n", account)
}

// ForgetOutcomes removes what is planned for an account.
func (s *Store) ForgetOutcomes(ctx context.Context, account int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "delete from content_outcome where account=$1", account)
		return err
	})
}

// TakeGate uses up what is planned for the next draft that is handed in: an errcode, or 0.
func (s *Store) TakeGate(ctx context.Context, tx *db.Tx, account int64) (int, error) {
	o, err := s.takeOutcome(ctx, tx, account, GoalSubmit)
	return o.Status, err
}

// takeOutcome uses up the next one; without any everything goes well.
func (s *Store) takeOutcome(ctx context.Context, tx *db.Tx, account int64, goal string) (Outcome, error) {
	list, err := db.All(ctx, tx, scanOutcome, `delete from content_outcome where n=(select n from content_outcome
		where account=$1 and goal=$2 order by n limit 1) returning n, doc`, account, goal)
	if err != nil || len(list) == 0 {
		return Outcome{}, err
	}
	return list[0], nil
}
