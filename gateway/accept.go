package gateway

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"weizheng/part"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// result is what a callback is answered with.
type result struct {
	reply     wechat.Reply
	source    string
	duplicate bool
}

var errUnfinished = errs.New(errs.Internal, "gateway.unfinished")

// accept answers a message once and for all: the first delivery computes the answer and records it, deliveries that
// come while it is at work wait for it, and later ones get what was recorded.
func (g *Gateway) accept(ctx context.Context, door Door, m *wechat.Message) (result, error) {
	dedupe := g.dedupe(m)
	delivery := delivery{door.Account.ID, dedupe}
	c, first := g.flight.join(delivery)
	if !first {
		select {
		case <-c.done:
			res := c.result
			res.duplicate = true
			return res, c.err
		case <-ctx.Done():
			return result{}, ctx.Err()
		}
	}
	c.err = errUnfinished // for those who wait, should a defect unwind this
	defer g.flight.leave(delivery, c)
	// WeChat may hang up; what was begun is finished all the same, for the delivery that follows.
	c.result, c.err = g.answerAndRecord(context.WithoutCancel(ctx), door, m, dedupe)
	return c.result, c.err
}

// dedupe is the key by which a delivery is known again, unique in its account. A message's own id is no secret and grows
// with time; an event has none, so its second and a blind index of what makes it (sender and key among it) stand for it.
func (g *Gateway) dedupe(m *wechat.Message) string {
	if m.MsgID != 0 && m.FromCitizen() {
		return "m" + padded(m.MsgID, 20)
	}
	return "e" + padded(m.CreateTime, 11) + ":" + g.Sealer.Index("inbound", m.Key())[:32]
}

// padded is n in so many digits.
func padded(n int64, digits int) string {
	s := strconv.FormatInt(n, 10)
	if n < 0 || len(s) >= digits {
		return fmt.Sprintf("%0*d", digits, n)
	}
	return strings.Repeat("0", digits-len(s)) + s
}

func (g *Gateway) answerAndRecord(ctx context.Context, door Door, m *wechat.Message, dedupe string) (result, error) {
	in := part.In{Account: door.Account, Message: m, Text: said(m), Now: g.Civil.Now()}
	if m.FromUserName != "" {
		in.Person = g.Person(door.Account.ID, m.FromUserName)
	}
	offered := g.offer(ctx, in)
	row, err := g.seal(in, dedupe, offered)
	if err != nil {
		return result{}, err
	}
	return g.record(ctx, row, offered)
}

// record inserts the row; when another delivery was first, its stored answer wins and no effect is committed.
func (g *Gateway) record(ctx context.Context, row inbound, offered offered) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, writeBudget)
	defer cancel()
	res := result{reply: offered.answer.Reply, source: offered.answer.Source}
	err := g.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := insert(ctx, tx, row, offered.late || offered.answer.Effect != nil)
		if errs.Is(err, errs.Conflict) {
			res.duplicate = true
			return nil
		}
		if err != nil {
			return err
		}
		res.duplicate = false
		if offered.late {
			return g.Jobs.Enqueue(ctx, tx, finishLate{Inbound: id, Slug: row.slug})
		}
		if offered.answer.Effect != nil {
			return offered.answer.Effect(ctx, tx, id)
		}
		return nil
	})
	if err != nil {
		g.gaps.refused(row.account, g.Wall.Now(), errs.As(err).Key())
		return result{}, errs.Wrap(err, "record callback")
	}
	if res.duplicate {
		return g.recorded(ctx, row.account, row.dedupe)
	}
	g.wake()
	return res, nil
}

// recorded loads the answer that the first delivery was given.
func (g *Gateway) recorded(ctx context.Context, account int64, dedupe string) (result, error) {
	sealed, source, err := answerOf(ctx, g.DB, account, dedupe)
	if err != nil {
		return result{}, errs.Wrap(err, "load the recorded answer")
	}
	answer, err := g.openAnswer(sealed)
	if err != nil {
		return result{}, err
	}
	return result{reply: answer.Reply, source: source, duplicate: true}, nil
}

// seal makes the row that the log keeps.
func (g *Gateway) seal(in part.In, dedupe string, o offered) (inbound, error) {
	row := inbound{
		account: in.Account.ID, slug: in.Account.Slug, dedupe: dedupe, person: in.Person, kind: kindOf(in.Message),
		receivedAt: clock.Millis(g.Wall.Now()), civilAt: clock.Millis(in.Now),
		source: o.answer.Source, trace: o.trace, state: stateAnswered,
	}
	if o.late {
		row.state = statePending
	}
	var err error
	if row.sealed, err = g.Sealer.Seal(in.Message.Raw, aadMessage); err != nil {
		return inbound{}, errs.Wrap(err, "seal message")
	}
	if row.answer, err = g.sealAnswer(o.answer); err != nil {
		return inbound{}, err
	}
	return row, nil
}

// said is a message's text: what was typed, or a voice's recognition.
func said(m *wechat.Message) string {
	switch m.MsgType {
	case "text":
		return trim(m.Content)
	case "voice":
		return trim(m.Recognition)
	}
	return ""
}

// flight joins deliveries of the same message that are at work at the same time, so that a slow responder is asked once.
type flight struct {
	mu    sync.Mutex
	calls map[delivery]*call
}

// delivery is what two deliveries of one message share.
type delivery struct {
	account int64
	dedupe  string
}

type call struct {
	done   chan struct{}
	result result
	err    error
}

func (f *flight) join(key delivery) (c *call, first bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c, ok := f.calls[key]; ok {
		return c, false
	}
	c = &call{done: make(chan struct{})}
	f.calls[key] = c
	return c, true
}

func (f *flight) leave(key delivery, c *call) {
	f.mu.Lock()
	delete(f.calls, key)
	f.mu.Unlock()
	close(c.done)
}
