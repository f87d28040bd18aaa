package api

import (
	"context"

	"weizheng/platform/db"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: createKfSession, getKfSession, getMsgList.
const (
	sessionPage   = 1000
	waitingPage   = 100
	recordSpan    = 24 * 3600 // s
	recordsAtMost = 10_000
)

var errSession = fail(65413, "no session of the user")

type sessionIn struct {
	Name   string `json:"kf_account"`
	OpenID string `json:"openid"`
}

// sides finds the worker and the citizen of a call.
func (s *Server) sides(ctx context.Context, c *call) (state.Worker, state.Contact, error) {
	var in sessionIn
	if err := c.decode(&in); err != nil {
		return state.Worker{}, state.Contact{}, err
	}
	w, err := s.bound(ctx, c.account, in.Name)
	if err != nil {
		return w, state.Contact{}, err
	}
	contact, err := s.contact(ctx, c, in.OpenID)
	return w, contact, err
}

// sessionCreate gives somebody to a worker who is online and whom nobody else serves.
func (s *Server) sessionCreate(ctx context.Context, c *call) (any, error) {
	w, contact, err := s.sides(ctx, c)
	if err != nil {
		return nil, err
	}
	if !w.Online {
		return nil, fail(65415, "the custom service is not online")
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		open, ok, err := s.Store.Session(ctx, tx, contact.N)
		if err != nil {
			return err
		}
		if ok && open.Worker == w.N {
			return nil
		}
		if ok && open.Worker != 0 {
			return fail(65414, "the user is accepted by other custom service")
		}
		return s.Acts.Serve(ctx, tx, c.account, contact, w)
	})
}

func (s *Server) sessionClose(ctx context.Context, c *call) (any, error) {
	w, contact, err := s.sides(ctx, c)
	if err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		open, ok, err := s.Store.Session(ctx, tx, contact.N)
		if err != nil {
			return err
		}
		if !ok || open.Worker != w.N {
			return errSession
		}
		return s.Acts.Release(ctx, tx, c.account, contact, w)
	})
}

// sessionOf tells who serves somebody.
func (s *Server) sessionOf(ctx context.Context, c *call) (any, error) {
	contact, err := s.contact(ctx, c, c.query.Get("openid"))
	if err != nil {
		return nil, err
	}
	open, ok, err := s.Store.Session(ctx, s.Store.Reader(), contact.N)
	if err != nil || !ok || open.Worker == 0 {
		return nil, orElse(err, errSession)
	}
	w, err := s.Store.WorkerN(ctx, s.Store.Reader(), open.Worker)
	if err != nil {
		return nil, err
	}
	return map[string]any{"createtime": open.MadeAt / 1000, "kf_account": w.Name}, nil
}

func (s *Server) sessionList(ctx context.Context, c *call) (any, error) {
	w, err := s.worker(ctx, s.Store.Reader(), c.account, c.query.Get("kf_account"))
	if err != nil {
		return nil, err
	}
	list, err := s.Store.Sessions(ctx, s.Store.Reader(), c.account.N, w.N, sessionPage)
	if err != nil {
		return nil, err
	}
	type session struct {
		MadeAt int64  `json:"createtime"`
		OpenID string `json:"openid"`
	}
	out := make([]session, len(list))
	for i, v := range list {
		out[i] = session{v.MadeAt / 1000, v.OpenID}
	}
	return map[string]any{"sessionlist": out}, nil
}

// waiting lists up to 100 who wait, those who wait longest first, and how many there are of these.
func (s *Server) waiting(ctx context.Context, c *call) (any, error) {
	list, err := s.Store.Sessions(ctx, s.Store.Reader(), c.account.N, 0, sessionPage)
	if err != nil {
		return nil, err
	}
	type waits struct {
		Latest int64  `json:"latest_time"`
		OpenID string `json:"openid"`
	}
	out := []waits{}
	for _, v := range list[:min(len(list), waitingPage)] {
		out = append(out, waits{v.LatestAt / 1000, v.OpenID})
	}
	return map[string]any{"count": len(list), "waitcaselist": out}, nil
}

// records answers what was said in customer service within a span of up to a day.
func (s *Server) records(ctx context.Context, c *call) (any, error) {
	var in struct {
		Start  int64 `json:"starttime"`
		End    int64 `json:"endtime"`
		MsgID  int64 `json:"msgid"`
		Number int   `json:"number"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	switch {
	case in.Start <= 0 || in.End < in.Start || in.MsgID < 1 || in.Number < 1 || in.Number > recordsAtMost:
		return nil, fail(65416, "invalid query parameter")
	case in.End-in.Start > recordSpan:
		return nil, fail(65417, "query time span exceed limit")
	}
	list, err := s.Store.ServiceRecords(ctx, c.account.N, in.Start*1000, in.End*1000+999, in.MsgID, in.Number)
	if err != nil {
		return nil, err
	}
	type record struct {
		OpenID string `json:"openid"`
		Code   int    `json:"opercode"`
		Text   string `json:"text"`
		Time   int64  `json:"time"`
		Worker string `json:"worker"`
	}
	out, next := make([]record, len(list)), in.MsgID
	for i, r := range list {
		out[i], next = record{r.OpenID, r.Code, r.Text, r.At / 1000, r.Worker}, r.N+1
	}
	return map[string]any{"recordlist": out, "number": len(out), "msgid": next}, nil
}
