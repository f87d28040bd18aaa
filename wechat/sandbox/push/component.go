package push

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"time"

	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// WeChat docs: 第三方平台, component_verify_ticket.
const (
	ticketEvery = 10 * time.Minute // wall
	ticketLife  = 12 * time.Hour   // wall
)

// Tickets pushes a ticket to every component that wants them, each ten minutes, until ctx ends.
func (e *Engine) Tickets(ctx context.Context) {
	tick := time.NewTicker(ticketEvery)
	defer tick.Stop()
	for {
		list, err := e.Store.Components(ctx)
		if err != nil && ctx.Err() == nil {
			e.Log.WarnContext(ctx, "third-party platforms could not be read", "error", err)
		}
		for _, c := range list {
			if c.Pushing {
				_ = e.PushTicket(ctx, c) // the wire log says what went wrong; the next one comes
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// PushTicket makes a ticket and pushes it to the component's address. The error is for people; the ticket is valid anyway.
func (e *Engine) PushTicket(ctx context.Context, c *state.Component) error {
	now := e.Store.Wall()
	t := state.Credential{Value: "ticket@@@" + state.RandomText(80), Kind: state.VerifyTicket, Account: -c.N, MadeAt: now,
		ExpiresAt: now + ticketLife.Milliseconds()}
	if err := e.Store.AddCredentials(ctx, t); err != nil {
		return err
	}
	return e.Tell(ctx, c, &wechat.Message{InfoType: "component_verify_ticket", ComponentVerifyTicket: t.Value})
}

// Tell pushes a notice to a component, always encrypted, three times at most, until it answers success.
func (e *Engine) Tell(ctx context.Context, c *state.Component, m *wechat.Message) error {
	m.AppID, m.CreateTime = c.AppID, e.Wall.Now().Unix()
	xml, err := wechat.EncodeMessage(m)
	if err != nil {
		return err
	}
	if c.TicketURL == "" {
		return errors.New("没有设置授权事件接收地址")
	}
	for try := 1; ; try++ {
		if err = e.tellOnce(ctx, c, xml, try); err == nil || try == maxTries || ctx.Err() != nil {
			return err
		}
	}
}

func (e *Engine) tellOnce(ctx context.Context, c *state.Component, xml []byte, try int) error {
	start := e.Wall.Now()
	var random [16]byte
	rand.Read(random[:])
	q, body, err := c.Codec().Push(xml, c.AppID, "", start.Unix(), nonce(), random[:])
	if err != nil {
		return err
	}
	target, err := withQuery(c.TicketURL, q.Values())
	if err != nil {
		return err
	}
	entry := wire.Entry{At: start.UnixMilli(), Dir: "callback", Method: http.MethodPost, Attempt: try, Path: target, Request: string(body),
		RequestPlain: string(xml)}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	status, answer, err := e.post(ctx, target, body, nil)
	entry.Status, entry.Response, entry.TookMS = status, string(answer), e.Wall.Now().Sub(start).Milliseconds()
	if err == nil && (status != http.StatusOK || strings.TrimSpace(string(answer)) != wechat.Success) {
		err = errors.New("没有回复 success")
	}
	if err != nil {
		err = readable(err)
		entry.Error = err.Error()
	}
	e.Wire.Add(entry)
	return err
}
