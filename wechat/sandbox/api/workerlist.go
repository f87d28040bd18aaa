package api

import (
	"context"

	"weizheng/wechat/sandbox/state"
)

type workerOut struct {
	Name        string `json:"kf_account"`
	Head        string `json:"kf_headimgurl"`
	ID          int64  `json:"kf_id"`
	Nick        string `json:"kf_nick"`
	Person      string `json:"kf_wx,omitempty"`
	Invited     string `json:"invite_wx,omitempty"`
	InviteUntil int64  `json:"invite_expire_time,omitempty"`
	InviteState string `json:"invite_status,omitempty"`
}

func (s *Server) workers(ctx context.Context, c *call) (any, error) {
	list, err := s.Store.Workers(ctx, s.Store.Reader(), c.account.N)
	if err != nil {
		return nil, err
	}
	out := make([]workerOut, len(list))
	for i, w := range list {
		out[i] = workerOut{Name: w.Name, ID: w.ID, Nick: w.Nick, Person: w.Person, Invited: w.Invited}
		if w.Head != "" {
			out[i].Head = s.Base + state.MediaURL(w.Head)
		}
		if w.Invited != "" {
			out[i].InviteUntil, out[i].InviteState = w.InviteUntil/1000, w.Invite(s.Store.Civil())
		}
	}
	return map[string]any{"kf_list": out}, nil
}

func (s *Server) onlineWorkers(ctx context.Context, c *call) (any, error) {
	list, err := s.Store.Workers(ctx, s.Store.Reader(), c.account.N)
	if err != nil {
		return nil, err
	}
	type online struct {
		Name   string `json:"kf_account"`
		Status int    `json:"status"` // 1: in a browser
		ID     int64  `json:"kf_id"`
		Cases  int    `json:"accepted_case"`
	}
	out := []online{}
	for _, w := range list {
		if !w.Online {
			continue
		}
		sessions, err := s.Store.Sessions(ctx, s.Store.Reader(), c.account.N, w.N, sessionPage)
		if err != nil {
			return nil, err
		}
		out = append(out, online{Name: w.Name, Status: 1, ID: w.ID, Cases: len(sessions)})
	}
	return map[string]any{"kf_online_list": out}, nil
}
