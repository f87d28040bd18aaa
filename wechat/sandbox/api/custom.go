package api

import (
	"context"

	"weizheng/platform/db"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: sendCustomMessage, typing.
const (
	textBytes      = 2048   // of a text (unverified)
	interactionAge = 30_000 // ms within which typing may be shown
	typingLasts    = 15_000 // ms (unverified)
)

var (
	errClosed   = fail(45015, "response out of time limit or subscription is canceled")
	errUsedUp   = fail(45047, "out of response count limit")
	errNoText   = fail(44004, "empty content")
	errTooLong  = fail(45002, "content size out of limit")
	errTyping30 = fail(45080, "need interaction with the user in 30 seconds")
	errTyping   = fail(45081, "already in typing state")
)

// customSend shows a message in the chat, if a window is open.
func (s *Server) customSend(ctx context.Context, c *call) (any, error) {
	c.body = literalEscapes(c.body)
	var in customIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	to, err := s.contact(ctx, c, in.ToUser)
	if err != nil {
		return nil, err
	}
	if err := takes(to); err != nil {
		return nil, err
	}
	worker, err := s.speaker(ctx, c.account, in.Service.Account)
	if err != nil {
		return nil, err
	}
	typ, body, err := s.compose(ctx, c.account, in)
	if err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		if err := s.spend(ctx, tx, to.N); err != nil {
			return err
		}
		if to.TypingUntil > s.Store.Civil() {
			tx.AfterCommit(func() { s.hintTyping(c, false) })
		}
		if worker != nil {
			if err := s.Acts.Spoke(ctx, tx, *worker, to, in.Text.Content, body); err != nil {
				return err
			}
		}
		_, err := s.Store.AddItem(ctx, tx, state.Item{Account: to.Account, Citizen: to.Citizen, From: state.FromAccount,
			Origin: "custom", Type: typ, Body: body})
		return err
	})
}

// speaker is the customer-service account under whose name a message goes; nil for none.
func (s *Server) speaker(ctx context.Context, a *state.Account, name string) (*state.Worker, error) {
	if name == "" {
		return nil, nil
	}
	if err := served(a); err != nil {
		return nil, err
	}
	w, err := s.bound(ctx, a, name)
	return &w, err
}

// spend takes one message from the contact's windows; who unfollowed has none.
func (s *Server) spend(ctx context.Context, tx *db.Tx, contact int64) error {
	spent, open, err := s.Store.Spend(ctx, tx, contact)
	switch {
	case err != nil:
		return err
	case !open:
		return errClosed
	case !spent:
		return errUsedUp
	}
	_, err = tx.Exec(ctx, "update contact set typing_until=0 where n=$1", contact)
	return err
}

// literalEscapes makes \uXXXX in JSON text stay as these six characters: WeChat shows them so, which is why programs
// must send raw UTF-8.
func literalEscapes(body []byte) []byte {
	if !hasEscape(body) {
		return body
	}
	out := make([]byte, 0, len(body)+16)
	for i := 0; i < len(body); i++ {
		if body[i] == '\\' && i+1 < len(body) {
			if body[i+1] == 'u' {
				out = append(out, '\\')
			}
			out = append(out, body[i], body[i+1])
			i++
			continue
		}
		out = append(out, body[i])
	}
	return out
}
