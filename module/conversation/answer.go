package conversation

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Reply is what a person answers. Key makes it once and for all: the same key gives the same line.
type Reply struct {
	Text string
	Key  string
}

// Validate reports every fault.
func (r Reply) Validate() error {
	var faults []errs.Field
	switch {
	case strings.TrimSpace(r.Text) == "":
		faults = append(faults, errs.Field{Field: "text", Key: "shape.required"})
	case len(r.Text) > MaxAnswerBytes:
		faults = append(faults, errs.Field{Field: "text", Key: "conversation.too_long",
			Params: map[string]any{"max": MaxAnswerBytes, "now": len(r.Text)}})
	}
	if r.Key == "" || len(r.Key) > 64 {
		faults = append(faults, errs.Field{Field: "key", Key: "shape.required"})
	}
	return errs.InvalidFields(faults)
}

// Answer says something to the follower in the account's name: the line, the reserved window and the intent to send are
// one transaction; the sending is a job. Somebody else's warm claim is errs.Conflict; a closed window is errs.Exhausted
// and leaves no trace.
func (s *Service) Answer(ctx context.Context, id int64, r Reply) (Line, error) {
	if err := r.Validate(); err != nil {
		return Line{}, err
	}
	var line Line
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if line, err = byKey(ctx, tx, id, r.Key); !errs.Is(err, errs.NotFound) {
			return err
		}
		line, err = s.answer(ctx, tx, id, r)
		return err
	})
	return line, errs.Wrap(err, "answer in conversation %d", id)
}

func (s *Service) answer(ctx context.Context, tx *db.Tx, id int64, r Reply) (Line, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return Line{}, err
	}
	if s.heldByOther(ctx, c) {
		return Line{}, errClaimed(c.ClaimedBy)
	}
	dedupe := "conversation:" + strconv.FormatInt(id, 10) + ":" + r.Key
	outbound, err := s.Outbox.QueueText(ctx, tx, c.Account, c.Follower, dedupe, r.Text)
	if err != nil {
		return Line{}, err
	}
	clean, hidden, err := s.conceal(r.Text)
	if err != nil {
		return Line{}, err
	}
	now := s.Civil.Now()
	l := draft{hidden: hidden, idem: r.Key, Line: Line{
		Conversation: id, Author: Staff, StaffID: access.From(ctx).ID, Kind: "text", Text: clean, Hidden: hidden != nil,
		At: now, State: Sending, OutboundID: outbound,
	}}
	if !c.WaitingSince.IsZero() {
		l.waited = max(now.Sub(c.WaitingSince).Milliseconds(), 1)
	}
	if l.ID, err = insertLine(ctx, tx, l, clock.Millis(s.Wall.Now())); err != nil {
		return Line{}, err
	}
	s.hold(ctx, &c)
	c.State, c.WaitingSince = Open, instant(0)
	c.LastAt, c.LastFrom, c.LastKind, c.LastText = now, Staff, "text", excerpt(clean)
	if err := save(ctx, tx, &c); err != nil {
		return Line{}, err
	}
	if err := tx.Notify(claimChannel, c.claim()); err != nil {
		return Line{}, err
	}
	return l.Line, s.act(ctx, tx, "answer", c, map[string]any{"line": l.ID})
}

func byKey(ctx context.Context, q db.Queryer, conversation int64, idem string) (Line, error) {
	return db.One(ctx, q, scanLine, `select `+lineColumns+` from conversation_line where conversation_id=$1 and idem=$2`,
		conversation, idem)
}

// Outcome records what became of a sent line, in the transaction that records it for the outbound message. Messages that
// are no line of a conversation are passed over.
func (s *Service) Outcome(ctx context.Context, tx *db.Tx, outbound int64, state LineState, problem string) error {
	var conversation int64
	err := tx.QueryRow(ctx, `update conversation_line set state=$2, problem=$3 where outbound_id=$1 returning conversation_id`,
		outbound, string(state), problem).Scan(&conversation)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return errs.Wrap(err, "outcome of outbound %d", outbound)
	}
	return errs.Wrap(s.moved(ctx, tx, conversation), "outcome of outbound %d", outbound)
}

// AddNote writes a line that only staff see.
func (s *Service) AddNote(ctx context.Context, id int64, text string) (Line, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Line{}, errs.InvalidFields([]errs.Field{{Field: "text", Key: "shape.required"}})
	}
	if utf8.RuneCountInString(text) > MaxNoteRunes {
		return Line{}, errs.InvalidFields([]errs.Field{{Field: "text", Key: "shape.max_length", Params: map[string]any{"max": MaxNoteRunes}}})
	}
	clean, hidden, err := s.conceal(text)
	if err != nil {
		return Line{}, err
	}
	l := draft{hidden: hidden, Line: Line{
		Conversation: id, Author: Note, StaffID: access.From(ctx).ID, Kind: "text", Text: clean, Hidden: hidden != nil, At: s.Civil.Now(),
	}}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		if l.ID, err = insertLine(ctx, tx, l, clock.Millis(s.Wall.Now())); err != nil {
			return err
		}
		return s.act(ctx, tx, "note", c, map[string]any{"line": l.ID})
	})
	return l.Line, errs.Wrap(err, "note in conversation %d", id)
}
