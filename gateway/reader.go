package gateway

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"weizheng/part"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// readerLease lets one replica hand out the log; another takes over when it has been silent for readerTTL.
const (
	readerLease = "gateway.reader"
	readerTTL   = 5 * time.Second
)

// Start begins to hand the log to the subscribers; it returns at once.
func (g *Gateway) Start(ctx context.Context) error {
	ctx, g.stop = context.WithCancel(context.WithoutCancel(ctx))
	g.done = make(chan struct{})
	go g.run(ctx)
	return nil
}

// Stop lets the batch in hand end, releases the lease and returns; it gives up when ctx ends.
func (g *Gateway) Stop(ctx context.Context) error {
	if g.stop == nil {
		return nil
	}
	g.stop()
	select {
	case <-g.done:
		return nil
	case <-ctx.Done():
		return errs.Wrap(ctx.Err(), "stop the inbound reader")
	}
}

func (g *Gateway) wake() {
	select {
	case g.poke <- struct{}{}:
	default:
	}
}

func (g *Gateway) run(ctx context.Context) {
	defer close(g.done)
	ticker := time.NewTicker(g.Limits.Poll)
	defer ticker.Stop()
	for {
		g.flushGaps(ctx)
		if g.leads(ctx) {
			g.drain(ctx)
		}
		select {
		case <-ctx.Done():
			// The lease is given back so that another replica need not wait for it to run out.
			bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			_ = g.DB.Release(bye, readerLease, g.Replica)
			return
		case <-ticker.C:
		case <-g.poke:
		}
	}
}

// leads reports whether this replica hands out the log; it asks the database when a third of the lease is over. Only the
// reader's goroutine calls it.
func (g *Gateway) leads(ctx context.Context) bool {
	now := g.Wall.Now()
	if held := now.Sub(g.leading); held >= 0 && held < readerTTL/3 { // a clock set back proves nothing
		return true
	}
	ok, err := g.DB.Lease(ctx, readerLease, g.Replica, readerTTL)
	if err != nil && ctx.Err() == nil {
		g.Log.WarnContext(ctx, "lease of the inbound reader", "error", err)
	}
	g.leading = time.Time{}
	if ok {
		g.leading = now
	}
	return ok
}

// A batch keeps everybody else from writing. While callbacks crowd the door the reader takes small batches and rests nine
// times as long as it worked: catching up takes a tenth of the machine then, and as much as it needs when there is room.
const (
	crowd         = 24 // callbacks at work at once
	restInCrowd   = 9
	restOtherwise = 1 // what comes meanwhile makes the next batch larger
	crowdedBatch  = 4 // the usual batch is so many times as large
)

func (g *Gateway) crowded() bool { return len(g.slots) > crowd }

// drain hands out batches until none is left.
func (g *Gateway) drain(ctx context.Context) {
	for ctx.Err() == nil {
		limit, rest := g.Limits.Batch, time.Duration(restOtherwise)
		if g.crowded() {
			limit, rest = max(1, limit/crowdedBatch), restInCrowd
		}
		start := g.Wall.Now()
		n, err := g.readBatch(ctx, limit)
		if err != nil {
			if ctx.Err() == nil {
				g.Log.ErrorContext(ctx, "inbound batch not handed out; will try again", "error", err)
			}
			return
		}
		if n == 0 {
			return
		}
		pause(ctx, rest*g.Wall.Now().Sub(start))
		if n < limit || !g.leads(ctx) {
			return
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// ReadBatch hands the oldest unread rows to every subscriber in one transaction and returns how many there were. A row
// that cannot be opened or decoded is marked read and logged: it must not stop the rest.
func (g *Gateway) ReadBatch(ctx context.Context) (int, error) {
	return g.readBatch(ctx, g.Limits.Batch)
}

func (g *Gateway) readBatch(ctx context.Context, limit int) (int, error) {
	rows, err := unread(ctx, g.DB, limit)
	if err != nil || len(rows) == 0 {
		return 0, errs.Wrap(err, "read the inbound log")
	}
	batch := make([]part.Inbound, 0, len(rows))
	more := map[int64][]wechat.Reply{}
	for _, r := range rows {
		in, rest, err := g.open(ctx, r)
		if err != nil && errs.KindOf(err).Retry() {
			return 0, errs.Wrap(err, "open inbound %d", r.id) // the database was away: the row is as good as it was
		}
		if err != nil {
			g.Log.ErrorContext(ctx, "inbound row cannot be read; passed over", "inbound", r.id, "error", err)
			continue
		}
		batch = append(batch, in)
		if len(rest) > 0 {
			more[r.id] = rest
		}
	}
	err = g.DB.Write(ctx, func(tx *db.Tx) error {
		if err := markRead(ctx, tx, rows, clock.Millis(g.Wall.Now())); err != nil {
			return err
		}
		for _, s := range g.Subscriptions {
			if err := s.Handle(ctx, tx, batch); err != nil {
				return errs.Wrap(err, "subscriber %s", s.Name)
			}
		}
		return g.sendMore(ctx, tx, batch, more)
	})
	if err != nil {
		return 0, err
	}
	g.Metrics.read(len(rows), g.Wall.Now().Sub(clock.FromMillis(rows[0].receivedAt)))
	return len(rows), nil
}

// open turns a row back into what subscribers see, and what its answer says beyond the first reply.
func (g *Gateway) open(ctx context.Context, r inbound) (in part.Inbound, more []wechat.Reply, err error) {
	account, err := g.Account(ctx, r.account)
	if err != nil {
		return part.Inbound{}, nil, errs.Wrap(err, "account of a callback")
	}
	plain, err := g.Sealer.Open(r.sealed, aadMessage)
	if err != nil {
		return part.Inbound{}, nil, errs.Wrap(err, "open message")
	}
	m, err := wechat.ParseMessage(plain)
	if err != nil {
		return part.Inbound{}, nil, errs.Wrap(err, "decode message")
	}
	answer, err := g.openAnswer(r.answer)
	if err != nil {
		return part.Inbound{}, nil, err
	}
	return part.Inbound{
		ID: r.id, Account: account, Person: r.person, Message: m, Reply: answer.Reply, Source: r.source,
		ReceivedAt: clock.FromMillis(r.receivedAt), CivilAt: clock.FromMillis(r.civilAt),
	}, answer.More, nil
}

// markRead claims the rows; when another reader was faster, nothing is handed out.
func markRead(ctx context.Context, tx *db.Tx, rows []inbound, at int64) error {
	// The last id stands in for what a list of the next power of two lacks, so that the database sees few texts.
	size := 1
	for size < len(rows) {
		size *= 2
	}
	args := make([]any, 0, size+1)
	args = append(args, at)
	var in strings.Builder
	for i := range size {
		if i > 0 {
			in.WriteByte(',')
		}
		in.WriteString("$" + strconv.Itoa(i+2))
		args = append(args, rows[min(i, len(rows)-1)].id)
	}
	n, err := tx.Exec(ctx, `update inbound set read_at=$1 where read_at is null and id in (`+in.String()+`)`, args...)
	if err != nil {
		return err
	}
	if n != int64(len(rows)) {
		return errs.New(errs.Conflict, "gateway.reader").Because(fmt.Errorf("%d of %d rows were still unread", n, len(rows)))
	}
	return nil
}

// sendMore queues what answers say beyond their first reply, after the subscribers have made the followers.
func (g *Gateway) sendMore(ctx context.Context, tx *db.Tx, batch []part.Inbound, more map[int64][]wechat.Reply) error {
	for _, in := range batch {
		if in.Message.FromUserName == "" {
			continue
		}
		for i, reply := range more[in.ID] {
			key := fmt.Sprintf("inbound:%d:%d", in.ID, i+1)
			if err := g.Outbox.Queue(ctx, tx, in.Account, in.Message.FromUserName, key, reply); err != nil {
				return errs.Wrap(err, "queue a further reply")
			}
		}
	}
	return nil
}
