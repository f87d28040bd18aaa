package api

import (
	"context"

	"weizheng/wechat/sandbox/state"
)

func (s *Server) massGet(ctx context.Context, c *call) (any, error) {
	var in struct {
		MsgID looseNumber `json:"msg_id"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	b, err := s.Store.Mass(ctx, s.Store.Reader(), c.account.N, int64(in.MsgID))
	if err != nil {
		return nil, instead(err, errMassID)
	}
	return struct {
		MsgID  int64  `json:"msg_id"`
		Status string `json:"msg_status"`
	}{b.MsgID, b.State}, nil
}

// massSpeed tells how fast messages go: the setting, and ten thousands a minute.
func (s *Server) massSpeed(ctx context.Context, c *call) (any, error) {
	speed, err := s.Store.MassSpeed(ctx, s.Store.Reader(), c.account.N)
	return map[string]int64{"speed": int64(speed), "realspeed": state.PerMinute(speed) / 10_000}, err
}

func (s *Server) massSetSpeed(ctx context.Context, c *call) (any, error) {
	var in struct {
		Speed *int `json:"speed"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case in.Speed == nil:
		return nil, fail(45084, "speed is not set")
	case *in.Speed < 0 || *in.Speed > slowestSpeed:
		return nil, fail(45083, "speed must be in 0 to 4")
	}
	return nil, s.Store.SetMassSpeed(ctx, c.account.N, *in.Speed)
}
