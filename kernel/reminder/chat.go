package reminder

import (
	"context"
	"strings"
	"time"

	"weizheng/kernel/org"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Asked is what a phone is asked after it scanned a code or typed its word.
type Asked struct {
	Staff org.Staff // whose account it would be bound to
	Void  string    // instead: a message key that says why not
}

// SceneOf returns the scene of a binding's code out of an event's key; ok is false for any other.
func SceneOf(eventKey string) (scene string, ok bool) {
	scene = strings.TrimPrefix(eventKey, "qrscene_")
	return scene, strings.HasPrefix(scene, scenePrefix)
}

// scene and word find an offer.
func (s *Service) byScene(scene string) (where string, index string) {
	return `o.account_id = $2 and o.scene = $3`, s.Ring.Index("reminder.scene", scene)
}

func (s *Service) byWord(word string) (where string, index string) {
	return `o.account_id = $2 and o.word = $3`, s.Ring.Index("reminder.word", strings.ToUpper(word))
}

// find is one of byScene and byWord.
func (s *Service) find(scene, word string) (where, index string) {
	if scene != "" {
		return s.byScene(scene)
	}
	return s.byWord(word)
}

// Look says what to ask a phone that scanned a scene, or typed a word (the other is ""). Nothing changes.
func (s *Service) Look(ctx context.Context, account int64, person, scene, word string) (Asked, error) {
	where, index := s.find(scene, word)
	o, err := s.offer(ctx, s.DB, where, "", account, index)
	if errs.Is(err, errs.NotFound) {
		return Asked{Void: "reminder.chat_over"}, nil
	}
	if err != nil {
		return Asked{}, err
	}
	ids, err := s.Citizens.IDs(ctx, s.DB, account, []string{person})
	if err != nil {
		return Asked{}, err
	}
	if o.State == Void || o.Follower != 0 && o.Follower != ids[person] {
		return Asked{Void: "reminder.chat_void"}, nil
	}
	b, err := bindingOfFollower(ctx, s.DB, ids[person])
	if err == nil && b.Staff != o.Staff {
		return Asked{Void: "reminder.chat_taken"}, nil
	}
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Asked{}, err
	}
	p, err := s.Staff.Staff(ctx, o.Staff)
	return Asked{Staff: p}, err
}

// Scan notes which phone scanned a code, in the transaction of the answer. A second phone makes the offer void: one of the
// two has it from somewhere else.
func (s *Service) Scan(ctx context.Context, tx *db.Tx, account int64, openid, scene, word string, at time.Time) error {
	where, index := s.find(scene, word)
	o, err := s.offer(ctx, tx, where, tx.Dialect().ForUpdate(), account, index)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	r, err := s.Citizens.Ensure(ctx, tx, account, openid, at)
	if err != nil {
		return err
	}
	switch {
	case o.Follower == r.ID:
		return nil
	case o.Follower != 0:
		_, err = tx.Exec(ctx, `update reminder_offer set state = 'void' where staff_id = $1`, o.Staff)
		return errs.Wrap(err, "void an offer")
	}
	b, err := bindingOfFollower(ctx, tx, r.ID)
	if err == nil && b.Staff != o.Staff {
		return nil
	}
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	// What this phone scanned before is another's offer or one that it will not come back to.
	if _, err := tx.Exec(ctx, `update reminder_offer set state = 'void' where follower_id = $1`, r.ID); err != nil {
		return errs.Wrap(err, "void an older offer")
	}
	_, err = tx.Exec(ctx, `update reminder_offer set state = 'scanned', follower_id = $2 where staff_id = $1 and state = 'open'`, o.Staff, r.ID)
	return errs.Wrap(err, "note a scan")
}

// Yes is what a phone is told that said yes: the digits for the console, good once Agree has kept them.
type Yes struct {
	Follower int64
	Digits   string
}

// String keeps the digits out of logs.
func (Yes) String() string { return "reminder.Yes" }

// Yes draws the digits for a phone that scanned a code; NotFound "reminder.no_offer" for any other.
func (s *Service) Yes(ctx context.Context, account int64, person string) (Yes, error) {
	ids, err := s.Citizens.IDs(ctx, s.DB, account, []string{person})
	if err != nil {
		return Yes{}, err
	}
	o, err := s.offer(ctx, s.DB, `o.follower_id = $2 and o.state in ('scanned', 'told')`, "", ids[person])
	if err != nil {
		return Yes{}, err
	}
	digits, err := drawDigits()
	return Yes{Follower: o.Follower, Digits: digits}, err
}

// Agree keeps the digits that a phone is told, in the transaction of the answer that tells them; earlier ones are good no
// more.
func (s *Service) Agree(ctx context.Context, tx *db.Tx, y Yes) error {
	o, err := s.offer(ctx, tx, `o.follower_id = $2 and o.state in ('scanned', 'told')`, tx.Dialect().ForUpdate(), y.Follower)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update reminder_offer set state = 'told', digits = $2 where staff_id = $1`, o.Staff, s.digitsOf(o.Staff, y.Digits))
	return errs.Wrap(err, "keep digits")
}
