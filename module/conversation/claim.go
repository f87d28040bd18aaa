package conversation

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// errClaimed carries the id of the person who has it, for the face to name.
func errClaimed(by int64) error {
	return errs.New(errs.Conflict, "conversation.claimed").With("staff", by)
}

// Claim takes a conversation for the acting person. Somebody else's warm claim is errs.Conflict
// "conversation.claimed"; with take it is taken over, which is recorded.
func (s *Service) Claim(ctx context.Context, id int64, take bool) (Conversation, error) {
	return s.change(ctx, id, "claim", func(c *Conversation) error {
		if s.heldByOther(ctx, *c) && !take {
			return errClaimed(c.ClaimedBy)
		}
		s.hold(ctx, c)
		return nil
	})
}

// Release gives a conversation back; only who has it can, and giving back what nobody has is no fault.
func (s *Service) Release(ctx context.Context, id int64) (Conversation, error) {
	return s.change(ctx, id, "release", func(c *Conversation) error {
		if s.heldByOther(ctx, *c) {
			return errClaimed(c.ClaimedBy)
		}
		c.ClaimedBy, c.ClaimedUntil = 0, instant(0)
		return nil
	})
}

// Close ends the talk until the follower writes again: nobody waits, nobody has it.
func (s *Service) Close(ctx context.Context, id int64) (Conversation, error) {
	return s.change(ctx, id, "close", func(c *Conversation) error {
		if s.heldByOther(ctx, *c) {
			return errClaimed(c.ClaimedBy)
		}
		c.State, c.ClaimedBy, c.ClaimedUntil, c.WaitingSince = Closed, 0, instant(0), instant(0)
		return nil
	})
}

// Star marks a conversation, or unmarks it.
func (s *Service) Star(ctx context.Context, id int64, starred bool) (Conversation, error) {
	return s.change(ctx, id, "star", func(c *Conversation) error {
		c.Starred = starred
		return nil
	})
}

// heldByOther reports whether somebody else's claim is warm.
func (s *Service) heldByOther(ctx context.Context, c Conversation) bool {
	return c.ClaimedBy != 0 && c.ClaimedBy != access.From(ctx).ID && s.Wall.Now().Before(c.ClaimedUntil)
}

// hold makes the acting person the one who has the conversation, warm from now.
func (s *Service) hold(ctx context.Context, c *Conversation) {
	c.ClaimedBy, c.ClaimedUntil = access.From(ctx).ID, s.Wall.Now().Add(ClaimWarm)
}

// change runs a verb that changes only the conversation's own row.
func (s *Service) change(ctx context.Context, id int64, verb string, f func(c *Conversation) error) (Conversation, error) {
	var c Conversation
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if c, err = lock(ctx, tx, id); err != nil {
			return err
		}
		if err := f(&c); err != nil {
			return err
		}
		if err := save(ctx, tx, &c); err != nil {
			return err
		}
		if err := tx.Notify(claimChannel, c.claim()); err != nil {
			return err
		}
		return s.act(ctx, tx, verb, c, nil)
	})
	return c, errs.Wrap(err, "%s conversation %d", verb, id)
}
