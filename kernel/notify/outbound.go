package notify

import (
	"context"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// State is what became of a message.
type State string

// The states.
const (
	Held      State = "held"      // waits for the end of quiet hours
	Queued    State = "queued"    // waits for its turn
	Sending   State = "sending"   // on its way
	Sent      State = "sent"      // WeChat took it
	Refused   State = "refused"   // it was certainly not sent; Problem says why
	Uncertain State = "uncertain" // nobody knows; never repeated by itself
)

// Channel is the way that a message goes.
type Channel string

// The channels.
const (
	Custom     Channel = "custom"   // a customer message, within WeChat's windows
	ByTemplate Channel = "template" // a message by template: at any time, in the template's form
)

// Outbound is a message in the ledger, without its content.
type Outbound struct {
	ID        int64
	Account   int64
	Unit      string // path of the account's unit
	Follower  int64
	Channel   Channel
	Kind      string // text, image, …; "template"
	Source    string
	State     State
	Attempts  int
	Code      wechat.Code
	RID       string
	Problem   string // message key
	DueAt     time.Time
	CreatedAt time.Time
	SettledAt time.Time
	Delivered time.Time // civil, of messages by template: when WeChat told that it arrived; zero: not told

	began   int64 // wall, of the first attempt
	dedupe  string
	payload []byte
	window  taken
}

// Object is what permissions are asked for.
func (o Outbound) Object() access.Object { return access.Object{Unit: o.Unit, Account: o.Account} }

// Outcome is what a Hook hears.
type Outcome struct {
	Outbound int64
	Account  int64
	Follower int64
	Source   string
	State    State // Sent, Refused or Uncertain; a message by template may be Sent first and Refused when WeChat tells
	Code     wechat.Code
	Problem  string // message key, with Refused and Uncertain
	At       time.Time
}

const columns = `o.id, o.account_id, u.path, o.follower_id, o.kind, o.source, o.dedupe, o.payload_sealed, o.state, o.window_kind, o.window_opened,
	o.attempts, o.code, o.rid, o.problem, o.due_at, o.created_at, o.settled_at, o.channel, o.began_at, o.delivered_at`

const from = ` from outbound o join account a on a.id = o.account_id join unit u on u.id = a.unit_id `

func scanOutbound(scan db.Scan) (o Outbound, err error) {
	var state string
	var code, due, created, settled, delivered int64
	err = scan(&o.ID, &o.Account, &o.Unit, &o.Follower, &o.Kind, &o.Source, &o.dedupe, &o.payload, &state, &o.window.kind, &o.window.opened,
		&o.Attempts, &code, &o.RID, &o.Problem, &due, &created, &settled, &o.Channel, &o.began, &delivered)
	o.State, o.Code = State(state), wechat.Code(code)
	o.DueAt, o.CreatedAt, o.SettledAt, o.Delivered = instant(due), instant(created), instant(settled), instant(delivered)
	return o, err
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return clock.FromMillis(ms)
}

// Get returns one message of the ledger.
func (s *Service) Get(ctx context.Context, q db.Queryer, id int64) (Outbound, error) {
	o, err := db.One(ctx, q, scanOutbound, `select `+columns+from+`where o.id = $1`, id)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "notify.unknown")
	}
	return o, errs.Wrap(err, "load outbound %d", id)
}

// List returns what was sent to a follower, the newest first; before is the last id of the page before, 0 for the first.
func (s *Service) List(ctx context.Context, follower, before int64, limit int) ([]Outbound, error) {
	where, args := `where o.follower_id = $1`, []any{follower, min(max(limit, 1), 200)}
	if before > 0 {
		where, args = where+` and o.id < $3`, append(args, before)
	}
	list, err := db.All(ctx, s.DB, scanOutbound, `select `+columns+from+where+` order by o.id desc limit $2`, args...)
	return list, errs.Wrap(err, "list messages to follower %d", follower)
}

// ListUncertain returns the messages of which nobody knows whether they arrived, within reach, the oldest first.
func (s *Service) ListUncertain(ctx context.Context, reach access.Reach, after int64, limit int) ([]Outbound, error) {
	where, args := reach.Where("u.path", "o.account_id", 3)
	args = append([]any{after, min(max(limit, 1), 200)}, args...)
	list, err := db.All(ctx, s.DB, scanOutbound, `select `+columns+from+`where o.state = 'uncertain' and o.id > $1 and `+where+` order by o.id limit $2`, args...)
	return list, errs.Wrap(err, "list uncertain messages")
}

// CountUncertain counts them by account: for health.
func (s *Service) CountUncertain(ctx context.Context) (map[int64]int64, error) {
	type count struct{ account, n int64 }
	list, err := db.All(ctx, s.DB, func(scan db.Scan) (c count, err error) {
		err = scan(&c.account, &c.n)
		return c, err
	}, `select account_id, count(*) from outbound where state = 'uncertain' group by account_id`)
	counts := make(map[int64]int64, len(list))
	for _, c := range list {
		counts[c.account] = c.n
	}
	return counts, errs.Wrap(err, "count uncertain messages")
}
