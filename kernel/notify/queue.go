package notify

import (
	"context"
	"encoding/json"
	"strconv"

	"weizheng/kernel/account"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// Intent is a message to be sent: a reply as a customer message, or a template. Dedupe is unique in its account: the same key is the same message for ever. Quiet lets it
// wait for the end of quiet hours; what answers a person who is waiting does not.
type Intent struct {
	Follower int64
	Reply    wechat.Reply // in a form that customer messages have; nil with Template
	Template *Template
	Source   string // what wants it: "conversation:5"
	Dedupe   string
	Quiet    bool
}

// longestKey bounds Dedupe and Source in bytes.
const longestKey = 200

// Validate reports every fault of the input.
func (in Intent) Validate() error {
	var faults []errs.Field
	switch _, err := in.content(); {
	case err != nil || (in.Reply == nil) == (in.Template == nil):
		faults = append(faults, errs.Field{Field: "reply", Key: "notify.reply"})
	case in.Template != nil:
		faults = append(faults, in.Template.faults()...)
	}
	if in.Dedupe == "" || len(in.Dedupe) > longestKey || len(in.Source) > longestKey {
		faults = append(faults, errs.Field{Field: "dedupe", Key: "notify.dedupe"})
	}
	return errs.InvalidFields(faults)
}

// Queue records the intent to send, in the caller's transaction: with the allowance taken and the job enqueued, or held
// until quiet hours end. It returns the message's id, of the first one if the key was seen before. Nothing is written with
// errs.Exhausted "notify.window_closed" or "notify.window_used" (no allowance), errs.Refused "notify.left" (does not
// follow), "notify.blocked", and in the words of account.Able what the account cannot do.
func (s *Service) Queue(ctx context.Context, tx *db.Tx, in Intent) (int64, error) {
	if err := in.Validate(); err != nil {
		return 0, err
	}
	f, err := s.Citizens.Get(ctx, tx, in.Follower)
	if err != nil {
		return 0, err
	}
	id, err := db.One(ctx, tx, db.Value[int64], `select id from outbound where account_id = $1 and dedupe = $2`, f.Account, in.Dedupe)
	if !errs.Is(err, errs.NotFound) {
		return id, errs.Wrap(err, "look for message %q", in.Dedupe)
	}
	switch {
	case f.Blocked:
		return 0, errs.New(errs.Refused, "notify.blocked")
	case !f.Subscribed:
		return 0, errs.New(errs.Refused, "notify.left")
	}
	o := Outbound{Account: f.Account, Follower: f.ID, Channel: Custom, Source: in.Source, State: Queued, dedupe: in.Dedupe}
	need := account.CustomMessage
	if in.Template != nil {
		o.Channel, need = ByTemplate, account.TemplateMessage
	}
	if err := s.Accounts.Able(ctx, f.Account, need); err != nil {
		return 0, err
	}
	if in.Quiet {
		if o.DueAt = s.quietUntil(ctx, f); !o.DueAt.IsZero() {
			o.State = Held
		}
	}
	if o.State == Queued && o.Channel == Custom {
		if o.window, err = s.take(ctx, tx, f.ID); err != nil {
			return 0, err
		}
	}
	return s.insert(ctx, tx, o, in)
}

// content is what the ledger keeps of an intent.
func (in Intent) content() ([]byte, error) {
	if in.Template != nil {
		return json.Marshal(in.Template)
	}
	if _, err := client.OfReply(in.Reply); err != nil {
		return nil, err
	}
	return wechat.MarshalReply(in.Reply)
}

// kind names what an intent is.
func (in Intent) kind() string {
	if in.Template != nil {
		return "template"
	}
	return in.Reply.Type()
}

// insert writes the row and, when it need not wait, the job.
func (s *Service) insert(ctx context.Context, tx *db.Tx, o Outbound, in Intent) (int64, error) {
	o.Kind = in.kind()
	payload, err := s.seal(o, in)
	if err != nil {
		return 0, err
	}
	now, due, settled := clock.Millis(s.Civil.Now()), int64(0), int64(0)
	if !o.DueAt.IsZero() {
		due = clock.Millis(o.DueAt)
	}
	if o.State == Refused {
		settled = now
	}
	id, err := db.One(ctx, tx, db.Value[int64], `insert into outbound (account_id, follower_id, channel, kind, source, dedupe, payload_sealed, state,
		window_kind, window_opened, problem, due_at, created_at, settled_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14) returning id`,
		o.Account, o.Follower, string(o.Channel), o.Kind, o.Source, o.dedupe, payload, string(o.State), o.window.kind, o.window.opened, o.Problem, due, now, settled)
	if err != nil {
		return 0, errs.Wrap(err, "record message %q", o.dedupe)
	}
	if o.State == Queued {
		err = s.Jobs.Enqueue(ctx, tx, sendArgs{id})
	}
	return id, err
}

const payloadSeal = "outbound.payload:"

// seal encrypts a message's content, bound to its follower and key.
func (s *Service) seal(o Outbound, in Intent) ([]byte, error) {
	plain, err := in.content()
	if err != nil {
		return nil, errs.Wrap(err, "encode message %q", o.dedupe)
	}
	sealed, err := s.Ring.Seal(plain, o.purpose())
	return sealed, errs.Wrap(err, "seal message %q", o.dedupe)
}

func (o Outbound) purpose() string {
	return payloadSeal + strconv.FormatInt(o.Follower, 10) + ":" + o.dedupe
}

// content opens what is to be sent.
func (s *Service) content(o Outbound) ([]byte, error) {
	if len(o.payload) == 0 {
		return nil, errs.New(errs.NotFound, "notify.content_gone")
	}
	plain, err := s.Ring.Open(o.payload, o.purpose())
	if err != nil {
		return nil, errs.Wrap(err, "open outbound %d", o.ID)
	}
	return plain, nil
}

// QueueText queues a text to a follower; see Queue. account must be the follower's.
func (s *Service) QueueText(ctx context.Context, tx *db.Tx, account, follower int64, dedupe, text string) (int64, error) {
	f, err := s.Citizens.Get(ctx, tx, follower)
	if err != nil {
		return 0, err
	}
	if f.Account != account {
		return 0, errs.New(errs.NotFound, "citizen.unknown")
	}
	return s.Queue(ctx, tx, Intent{Follower: follower, Reply: wechat.Text{Content: text}, Source: dedupe, Dedupe: dedupe})
}

// QueueReply queues what a passive reply could not carry, to whoever the openid is. That it may not be sent is written
// down as a refused message and is no error: the transaction it belongs to, of the callback, must go on.
func (s *Service) QueueReply(ctx context.Context, tx *db.Tx, account int64, openid, dedupe string, reply wechat.Reply) error {
	person := s.Citizens.Person(account, openid)
	ids, err := s.Citizens.IDs(ctx, tx, account, []string{person})
	if err != nil {
		return err
	}
	follower, ok := ids[person]
	if !ok {
		s.Log.WarnContext(ctx, "a further reply is for nobody we know", "account_id", account)
		return nil
	}
	in := Intent{Follower: follower, Reply: reply, Source: dedupe, Dedupe: dedupe}
	_, err = s.Queue(ctx, tx, in)
	if !errs.Is(err, errs.Exhausted) && !errs.Is(err, errs.Refused) {
		return err
	}
	_, err = s.insert(ctx, tx, Outbound{
		Account: account, Follower: follower, Channel: Custom, Source: in.Source, State: Refused, Problem: errs.As(err).Key(), dedupe: dedupe,
	}, in)
	return err
}

type sendArgs struct {
	Outbound int64 `json:"outbound"`
}

// Kind names the job.
func (sendArgs) Kind() string { return "notify.send" }
