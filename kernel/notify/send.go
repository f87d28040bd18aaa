package notify

import (
	"context"
	"errors"
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
		return s.conclude(ctx, o, verdict{state: Uncertain, problem: "notify.crashed"})
	default:
		return nil
	}
	c, openid, message, err := s.prepare(ctx, o)
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
	return s.conclude(ctx, o, judge(c.SendCustom(ctx, openid, message), o.Attempts))
}

// prepare opens content and address and finds the account's client.
func (s *Service) prepare(ctx context.Context, o Outbound) (*client.Client, string, client.CustomMessage, error) {
	reply, err := s.content(o)
	if err != nil {
		return nil, "", nil, err
	}
	message, err := client.OfReply(reply)
	if err != nil {
		return nil, "", nil, err
	}
	to, err := s.Citizens.Address(ctx, s.DB, o.Follower)
	if err != nil {
		return nil, "", nil, err
	}
	c, err := s.Accounts.Client(ctx, o.Account)
	return c, to.OpenID, message, err
}

// claim writes down that the message is on its way: from here on a crash makes it uncertain.
func (s *Service) claim(ctx context.Context, o Outbound) (bool, error) {
	var n int64
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = tx.Exec(ctx, `update outbound set state = 'sending', attempts = attempts + 1, sending_at = $2 where id = $1 and state = 'queued'`,
			o.ID, clock.Millis(s.Wall.Now()))
		return err
	})
	return n == 1, errs.Wrap(err, "claim outbound %d", o.ID)
}

// verdict is what an attempt came to.
type verdict struct {
	state   State // Queued: try again after pause
	code    wechat.Code
	rid     string
	problem string
	pause   time.Duration
	back    bool // the allowance was not used
	shut    bool // WeChat says that no allowance is left
	left    bool // the follower does not follow any more
}

// maxAttempts and their pauses span about three minutes: whoever waits longer is better told that it failed.
const maxAttempts = 4

// judge turns WeChat's answer into a verdict.
func judge(err error, attempts int) verdict {
	if err == nil {
		return verdict{state: Sent}
	}
	failed, ok := errors.AsType[*client.Error](err)
	if !ok {
		// Tokens, database, our own defects: the request was not made.
		return again(verdict{problem: errs.As(err).Key()}, attempts, errs.KindOf(err).Retry())
	}
	v := verdict{code: wechat.Code(failed.Code), rid: failed.RID, problem: errs.As(err).Key()}
	if failed.Code == client.NoAnswer {
		v.code = 0
	}
	reached := failed.Path == sendPath && !failed.Local && !failed.Unsent
	if reached && (failed.Code == client.NoAnswer || failed.Action() == wechat.ActRetry) {
		// No answer, or "system busy" for a call that is not idempotent: it may have been delivered.
		v.state, v.problem = Uncertain, "notify.no_answer"
		return v
	}
	switch failed.Action() {
	case wechat.ActRetry, wechat.ActBackOff, wechat.ActRefreshToken:
		return again(v, attempts, true)
	case wechat.ActOtherChannel:
		v.shut, v.problem = true, errUsed.Key()
		if v.code == wechat.CodeOutsideWindow {
			v.problem = errClosed.Key()
		}
	case wechat.ActDropFollower:
		v.left, v.problem = true, "notify.left"
	}
	v.state, v.back = Refused, !v.shut
	return v
}

// again is a verdict on something that was certainly not sent.
func again(v verdict, attempts int, worth bool) verdict {
	if !worth || attempts >= maxAttempts {
		v.state, v.back = Refused, true
		return v
	}
	v.state = Queued
	v.pause = []time.Duration{2 * time.Second, 30 * time.Second, 70 * time.Second}[min(attempts, 3)-1]
	return v
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
	n, err := tx.Exec(ctx, `update outbound set state = $2, code = $3, rid = $4, problem = $5, settled_at = $6,
		payload_sealed = case when $2 = 'sent' then null else payload_sealed end where id = $1 and state in `+replaceable,
		o.ID, string(v.state), int(v.code), v.rid, v.problem, clock.Millis(now))
	if err != nil || n == 0 {
		return err
	}
	if err := s.correct(ctx, tx, o, v); err != nil {
		return err
	}
	out := Outcome{Outbound: o.ID, Account: o.Account, Follower: o.Follower, Source: o.Source, State: v.state, Code: v.code, Problem: v.problem, At: now}
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
		if err := s.conclude(ctx, o, verdict{state: Uncertain, problem: "notify.crashed"}); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}
