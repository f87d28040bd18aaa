package notify

import (
	"context"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

const sendPath = "/cgi-bin/message/custom/send"

// send runs one attempt. Everything that can fail without having sent comes before the claim; after it, only the answer
// decides. A run that finds the message on its way comes after a crash, or after an outcome that could not be recorded:
// then nobody knows.
func (s *Service) send(ctx context.Context, args sendArgs, _ job.Attempt) error {
	o, err := s.Get(ctx, s.DB, args.Outbound)
	if err != nil {
		return err
	}
	switch o.State {
	case Queued:
	case Sending:
		return s.conclude(ctx, o, s.leftOpen(o))
	default:
		return nil
	}
	deliver, err := s.prepare(ctx, o)
	if err != nil {
		if e := errs.As(err); !e.Kind().Retry() && e.Kind() != errs.Internal {
			return s.conclude(ctx, o, verdict{state: Refused, problem: e.Key(), back: true})
		}
		return err
	}
	if claimed, err := s.claim(ctx, o); err != nil || !claimed {
		return err
	}
	o.Attempts++
	if o.began == 0 {
		o.began = clock.Millis(s.Wall.Now())
	}
	msgID, err := deliver(ctx)
	return s.conclude(ctx, o, s.judge(o, msgID, err))
}

// leftOpen is the verdict on a message that was on its way when its process ended.
func (s *Service) leftOpen(o Outbound) verdict {
	if s.repeatable(o) {
		return verdict{state: Queued, problem: "notify.crashed"}
	}
	return verdict{state: Uncertain, problem: "notify.crashed"}
}

// prepare opens content and address and finds the account's client; what it returns sends.
func (s *Service) prepare(ctx context.Context, o Outbound) (func(context.Context) (msgID int64, err error), error) {
	to, err := s.Citizens.Address(ctx, s.DB, o.Follower)
	if err != nil {
		return nil, err
	}
	c, err := s.Accounts.Client(ctx, o.Account)
	if err != nil {
		return nil, err
	}
	if o.Channel == ByTemplate {
		t, err := s.template(o)
		return func(ctx context.Context) (int64, error) { return sendTemplate(ctx, c, o, to.OpenID, t) }, err
	}
	message, err := s.message(o)
	return func(ctx context.Context) (int64, error) { return 0, c.SendCustom(ctx, to.OpenID, message) }, err
}

// message opens the content of a customer message.
func (s *Service) message(o Outbound) (client.CustomMessage, error) {
	plain, err := s.content(o)
	if err != nil {
		return nil, err
	}
	reply, err := wechat.UnmarshalReply(plain)
	if err != nil {
		return nil, errs.Wrap(err, "decode outbound %d", o.ID)
	}
	return client.OfReply(reply)
}

// claim writes down that the message is on its way: from here on a crash makes it uncertain.
func (s *Service) claim(ctx context.Context, o Outbound) (bool, error) {
	var n int64
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = tx.Exec(ctx, `update outbound set state = 'sending', attempts = attempts + 1, sending_at = $2,
			began_at = case when began_at = 0 then $2 else began_at end where id = $1 and state = 'queued'`,
			o.ID, clock.Millis(s.Wall.Now()))
		return err
	})
	return n == 1, errs.Wrap(err, "claim outbound %d", o.ID)
}

// conclude records a verdict even when the job's own time is up or the process is stopping.
func (s *Service) conclude(ctx context.Context, o Outbound, v verdict) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if v.state == Queued {
			return s.requeue(ctx, tx, o, v)
		}
		return s.settle(ctx, tx, o, v)
	})
	return errs.Wrap(err, "record the outcome of outbound %d", o.ID)
}

func (s *Service) requeue(ctx context.Context, tx *db.Tx, o Outbound, v verdict) error {
	n, err := tx.Exec(ctx, `update outbound set state = 'queued', code = $2, rid = $3, problem = $4 where id = $1 and state = 'sending'`,
		o.ID, int(v.code), v.rid, v.problem)
	if err != nil || n == 0 {
		return err
	}
	return s.Jobs.Enqueue(ctx, tx, sendArgs{o.ID}, job.At(s.Wall.Now().Add(v.pause)))
}

// settle writes the outcome, corrects the windows and tells the hooks. What is known for certain may replace uncertain,
// never the other way round.
func (s *Service) settle(ctx context.Context, tx *db.Tx, o Outbound, v verdict) error {
	now := s.Civil.Now()
	replaceable := `('held', 'queued', 'sending', 'uncertain')`
	if v.state == Uncertain {
		replaceable = `('sending')`
	}
	n, err := tx.Exec(ctx, `update outbound set state = $2, code = $3, rid = $4, problem = $5, settled_at = $6, msg_id = $7,
		payload_sealed = case when $2 = 'sent' then null else payload_sealed end where id = $1 and state in `+replaceable,
		o.ID, string(v.state), int(v.code), v.rid, v.problem, clock.Millis(now), v.msgID)
	if err != nil || n == 0 {
		return err
	}
	if err := s.correct(ctx, tx, o, v); err != nil {
		return err
	}
	return s.tell(ctx, tx, Outcome{Outbound: o.ID, Account: o.Account, Follower: o.Follower, Source: o.Source, State: v.state, Code: v.code, Problem: v.problem, At: now})
}

// tell lets the hooks hear of an outcome.
func (s *Service) tell(ctx context.Context, tx *db.Tx, out Outcome) error {
	for _, hook := range s.Outcomes {
		if err := hook(ctx, tx, out); err != nil {
			return errs.Wrap(err, "tell the outcome")
		}
	}
	return nil
}

// correct brings windows and follower into line with what WeChat said.
func (s *Service) correct(ctx context.Context, tx *db.Tx, o Outbound, v verdict) error {
	if v.back {
		if err := giveBack(ctx, tx, o.Follower, o.window); err != nil {
			return err
		}
	}
	if v.shut {
		if err := shut(ctx, tx, o.Follower, max(o.window.opened, clock.Millis(o.CreatedAt))); err != nil {
			return err
		}
	}
	if v.left {
		return s.Citizens.Left(ctx, tx, o.Follower)
	}
	return nil
}

// abandoned is how long a message may be on its way before its job must be dead: jobs have 30 seconds and are believed
// dead after 60.
const abandoned = 2 * time.Minute

// Abandoned makes messages uncertain whose job vanished while they were on their way. It returns how many.
func (s *Service) Abandoned(ctx context.Context) (int, error) {
	list, err := db.All(ctx, s.DB, scanOutbound, `select `+columns+from+`where o.state = 'sending' and o.sending_at < $1 order by o.sending_at limit $2`,
		clock.Millis(s.Wall.Now().Add(-abandoned)), releaseBatch)
	if err != nil {
		return 0, errs.Wrap(err, "list abandoned messages")
	}
	for _, o := range list {
		if err := s.conclude(ctx, o, s.leftOpen(o)); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}
