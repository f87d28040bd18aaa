package gateway

import (
	"context"
	"fmt"

	"weizheng/part"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat"
)

// finishLate is the job that gives the true answer after a fallback.
type finishLate struct {
	Inbound int64  `json:"inbound"`
	Slug    string `json:"slug"`
}

// Kind names the job.
func (finishLate) Kind() string { return "gateway.late" }

// finishLate asks the responders again, with more time, and sends what they say as customer messages. The row leaves
// its pending state in the same transaction, so that a second run finds nothing to do.
func (g *Gateway) finishLate(ctx context.Context, args finishLate, attempt job.Attempt) error {
	row, err := db.One(ctx, g.DB, scanInbound, `select `+inboundColumns+` from inbound where id=$1`, args.Inbound)
	if errs.Is(err, errs.NotFound) || (err == nil && row.state != statePending) {
		return nil
	}
	if err != nil {
		return errs.Wrap(err, "load late callback %d", args.Inbound)
	}
	in, _, err := g.open(ctx, row)
	if err != nil {
		return err
	}
	answer, trace, err := g.askLate(ctx, in)
	if err != nil && attempt.N < attempt.Max {
		return err
	}
	return g.DB.Write(ctx, func(tx *db.Tx) error { return g.settle(ctx, tx, row, in, answer, trace) })
}

func (g *Gateway) askLate(ctx context.Context, in part.Inbound) (part.Answer, string, error) {
	ctx, cancel := context.WithTimeout(ctx, g.Limits.Late)
	defer cancel()
	o := g.ask(ctx, part.In{
		Account: in.Account, Message: in.Message, Text: said(in.Message), Person: in.Person, Now: in.CivilAt,
	})
	if o.late {
		return part.Answer{}, o.trace, errs.New(errs.Busy, "gateway.late")
	}
	return o.answer, o.trace, nil
}

// settle records the late answer with its effect and queues it.
func (g *Gateway) settle(ctx context.Context, tx *db.Tx, row inbound, in part.Inbound, a part.Answer, trace string) error {
	err := db.ExpectOne(tx.Exec(ctx, `update inbound set state=$2, source=$3, trace=$4 where id=$1 and state=$5`,
		row.id, stateAnswered, a.Source, row.trace+" late: "+trace, statePending))
	if errs.Is(err, errs.Conflict) {
		return nil
	}
	if err != nil {
		return err
	}
	if a.Effect != nil {
		if err := a.Effect(ctx, tx, row.id); err != nil {
			return err
		}
	}
	var replies []wechat.Reply
	if a.Reply != nil {
		replies = append(replies, a.Reply)
	}
	for i, reply := range append(replies, a.More...) {
		key := fmt.Sprintf("inbound:%d:late:%d", row.id, i)
		if err := g.Outbox.Queue(ctx, tx, in.Account, in.Message.FromUserName, key, reply); err != nil {
			return errs.Wrap(err, "queue the late answer")
		}
	}
	return nil
}
