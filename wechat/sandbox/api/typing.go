package api

import (
	"context"

	"weizheng/wechat/sandbox/state"
)

// customTyping shows or hides "the other side is typing".
func (s *Server) customTyping(ctx context.Context, c *call) (any, error) {
	var in struct {
		ToUser  string `json:"touser"`
		Command string `json:"command"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Command != "Typing" && in.Command != "CancelTyping" {
		return nil, fail(45072, "invalid command")
	}
	to, err := s.contact(ctx, c, in.ToUser)
	if err != nil {
		return nil, err
	}
	now, on := s.Store.Civil(), in.Command == "Typing"
	until := int64(0)
	if on {
		switch {
		case to.TouchedAt == 0 || now-to.TouchedAt > interactionAge:
			return nil, errTyping30
		case to.TypingUntil > now:
			return nil, errTyping
		}
		until = now + typingLasts
	}
	if err := s.Store.SetTyping(ctx, to.N, until); err != nil {
		return nil, err
	}
	s.hintTyping(c, on)
	return nil, nil
}

func (s *Server) hintTyping(c *call, on bool) {
	s.Store.Hint(state.Hint{Topic: "typing", Account: c.account.ID, Citizen: c.citizen, On: &on})
}
