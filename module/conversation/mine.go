package conversation

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// OfCitizen returns the talks of everybody that a citizen is, newest first, limit at most.
func (s *Service) OfCitizen(ctx context.Context, citizen int64, limit int) ([]Conversation, error) {
	list, err := db.All(ctx, s.db, scanConversation, `select `+columns+from+`join follower f on f.id = c.follower_id
		where f.citizen_id = $1 order by c.last_at desc, c.id desc limit $2`, citizen, limit)
	return list, errs.Wrap(err, "talks of citizen %d", citizen)
}

// OfFollower returns the talk with a follower; errs.NotFound when they never said anything.
func (s *Service) OfFollower(ctx context.Context, q db.Queryer, follower int64) (Conversation, error) {
	return db.One(ctx, q, scanConversation, `select `+columns+from+`join follower f on f.id = c.follower_id
		where f.id = $1 and c.account_id = f.account_id`, follower)
}

// Count tells how many lines a follower's talk has.
func (s *Service) Count(ctx context.Context, follower int64) (int64, error) {
	c, err := s.OfFollower(ctx, s.db, follower)
	if errs.Is(err, errs.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, errs.Wrap(err, "talk of follower %d", follower)
	}
	n, err := db.One(ctx, s.db, db.Value[int64], `select count(*) from conversation_line where conversation_id=$1`, c.ID)
	return n, errs.Wrap(err, "count lines of conversation %d", c.ID)
}

// CountMedia tells how many files a follower's talk has.
func (s *Service) CountMedia(ctx context.Context, follower int64) (int64, error) {
	n, err := db.One(ctx, s.db, db.Value[int64], `select count(*)`+mediaFrom+`where c.follower_id=$1 and m.state=$2`,
		follower, string(MediaKept))
	return n, errs.Wrap(err, "count files of follower %d", follower)
}

// Erase removes a follower's talk with its files, within the transaction that erases them.
func (s *Service) Erase(ctx context.Context, tx *db.Tx, follower int64) error {
	c, err := s.OfFollower(ctx, tx, follower)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return errs.Wrap(err, "erase the talk of follower %d", follower)
	}
	if err := s.dropAll(ctx, tx, c.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `delete from conversation_line where conversation_id=$1`, c.ID); err != nil {
		return errs.Wrap(err, "erase lines of conversation %d", c.ID)
	}
	_, err = tx.Exec(ctx, `delete from conversation where id=$1`, c.ID)
	return errs.Wrap(err, "erase conversation %d", c.ID)
}
