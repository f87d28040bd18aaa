package conversation

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Received is one callback as the inbox takes it.
type Received struct {
	Inbound int64
	Account int64
	Person  string // blind index of the openid
	At      time.Time
	Line    Line // Kind, Text, Detail of what came in; Author is Citizen, or System for an event
	Reply   *Line
	Waits   bool // nobody gave a real answer: a person has to
}

// Receive writes a batch of callbacks into the inbox, in the batch's transaction. Followers that are not known are
// passed over: their account forgot them meanwhile.
func (s *Service) Receive(ctx context.Context, tx *db.Tx, batch []Received) error {
	ids, err := s.followers(ctx, tx, batch)
	if err != nil {
		return err
	}
	now := clock.Millis(s.Wall.Now())
	for _, r := range batch {
		follower, ok := ids[key{r.Account, r.Person}]
		if !ok {
			continue
		}
		if err := s.receive(ctx, tx, r, follower, now); err != nil {
			return errs.Wrap(err, "inbound %d into the inbox", r.Inbound)
		}
	}
	return nil
}

type key struct {
	account int64
	person  string
}

func (s *Service) followers(ctx context.Context, tx *db.Tx, batch []Received) (map[key]int64, error) {
	persons := map[int64][]string{}
	for _, r := range batch {
		persons[r.Account] = append(persons[r.Account], r.Person)
	}
	all := map[key]int64{}
	for account, list := range persons {
		ids, err := s.Followers.IDs(ctx, tx, account, list)
		if err != nil {
			return nil, err
		}
		for person, id := range ids {
			all[key{account, person}] = id
		}
	}
	return all, nil
}

func (s *Service) receive(ctx context.Context, tx *db.Tx, r Received, follower, now int64) error {
	clean, hidden, err := s.conceal(r.Line.Text)
	if err != nil {
		return err
	}
	r.Line.Text = clean
	last := r.Line // of who waits, a list shows the question and not the rule's promise
	if r.Reply != nil && !r.Waits {
		last = *r.Reply
	}
	id, version, err := upsert(ctx, tx, r, follower, last, now)
	if err != nil {
		return err
	}
	in := draft{Line: r.Line, hidden: hidden}
	in.Conversation, in.At, in.InboundID = id, r.At, r.Inbound
	if in.ID, err = insertLine(ctx, tx, in, now); err != nil {
		return err
	}
	if err := s.expect(ctx, tx, in, r.Account, follower, now); err != nil {
		return err
	}
	if r.Reply != nil {
		out := draft{Line: *r.Reply}
		out.Conversation, out.At, out.InboundID = id, r.At, r.Inbound
		if r.Waits {
			out.waited = promises // it only says that a person will answer
		}
		if _, err := insertLine(ctx, tx, out, now); err != nil {
			return err
		}
	}
	return s.Hints.Publish(tx, Topic, id, version)
}

// promises marks a rule's line that is no real answer; statistics leave it out.
const promises = -1

// upsert makes or moves on the conversation: a citizen's word opens it; who waits goes on waiting, and the list goes on
// showing for what, whatever menus they tap and rules answer meanwhile.
func upsert(ctx context.Context, tx *db.Tx, r Received, follower int64, last Line, now int64) (id, version int64, err error) {
	at, waits := clock.Millis(r.At), int64(0)
	if r.Waits {
		waits = at
	}
	state := Open
	if r.Line.Author == System {
		state = Closed // an event alone asks nothing of anybody; an open conversation stays open
	}
	err = tx.QueryRow(ctx, `insert into conversation (account_id, follower_id, person, state, claimed_by, claimed_until,
			starred, waiting_since, last_at, last_from, last_kind, last_text, version, created_at)
		values ($1,$2,$3,$4,0,0,$5,$6,$7,$8,$9,$10,1,$11)
		on conflict (account_id, follower_id) do update set
			state = case when excluded.state = 'open' then 'open' else conversation.state end,
			waiting_since = case when conversation.waiting_since > 0 then conversation.waiting_since else excluded.waiting_since end,
			last_at = excluded.last_at,
			last_from = case when conversation.waiting_since > 0 and excluded.waiting_since = 0 then conversation.last_from else excluded.last_from end,
			last_kind = case when conversation.waiting_since > 0 and excluded.waiting_since = 0 then conversation.last_kind else excluded.last_kind end,
			last_text = case when conversation.waiting_since > 0 and excluded.waiting_since = 0 then conversation.last_text else excluded.last_text end,
			version = conversation.version + 1
		returning id, version`,
		r.Account, follower, r.Person, string(state), false, waits, at, string(last.Author), last.Kind,
		excerpt(last.Text), now).Scan(&id, &version)
	return id, version, err
}

// excerpt is the first line's worth of a text, for lists.
func excerpt(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

const sealHidden = "conversation.hidden"

// conceal replaces numbers that identify people by references and seals their values.
func (s *Service) conceal(text string) (clean string, hidden []byte, err error) {
	clean, found := crypt.Redact(text)
	if len(found) == 0 {
		return clean, nil, nil
	}
	plain, err := json.Marshal(found)
	if err != nil {
		return "", nil, errs.Wrap(err, "encode hidden values")
	}
	hidden, err = s.Sealer.Seal(plain, sealHidden)
	return clean, hidden, errs.Wrap(err, "seal hidden values")
}
