package gateway

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"weizheng/part"
)

// offered is what came of offering a message to the responders.
type offered struct {
	answer part.Answer
	trace  string
	late   bool // the budget ended first: answer is the fallback, the true one will follow
}

const sourceFallback = "fallback"

// offer asks the responders in their order, within the budget.
func (g *Gateway) offer(ctx context.Context, in part.In) offered {
	ctx, cancel := context.WithTimeout(ctx, g.Limits.Budget)
	defer cancel()
	answered := make(chan offered, 1)
	go func() { answered <- g.ask(ctx, in) }()
	select {
	case o := <-answered:
		if !o.late {
			return o
		}
	case <-ctx.Done():
	}
	if in.Message.MsgType == "event" && in.Message.Event == "unsubscribe" {
		return offered{trace: "timeout"} // nobody is left to hear a fallback
	}
	return offered{
		answer: part.Answer{Reply: g.Fallback(context.WithoutCancel(ctx), in.Account), Source: sourceFallback},
		trace:  "timeout",
		late:   true,
	}
}

// ask goes through the responders until one takes the message. A responder that fails is passed over; the trace names
// each: "duty- keyword! default+".
func (g *Gateway) ask(ctx context.Context, in part.In) offered {
	var trace strings.Builder
	note := func(name, mark string) {
		if trace.Len() > 0 {
			trace.WriteByte(' ')
		}
		trace.WriteString(name)
		trace.WriteString(mark)
	}
	for _, r := range g.Responders {
		answer, took, err := callResponder(ctx, r, in)
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			note(r.Name, "~")
			return offered{trace: trace.String(), late: true}
		case err != nil:
			g.Metrics.responderFailed(r.Name)
			g.Log.ErrorContext(ctx, "responder failed", "responder", r.Name, "account", in.Account.Slug, "error", err)
			note(r.Name, "!")
		case took:
			note(r.Name, "+")
			return offered{answer: answer, trace: trace.String()}
		default:
			note(r.Name, "-")
		}
	}
	return offered{trace: trace.String()}
}

// callResponder turns a panic into an error: one responder's defect must not silence the account.
func callResponder(ctx context.Context, r part.Responder, in part.In) (a part.Answer, took bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			a, took, err = part.Answer{}, false, fmt.Errorf("responder panicked: %v", p)
		}
	}()
	return r.Offer(ctx, in)
}

func trim(s string) string { return strings.TrimSpace(s) }
