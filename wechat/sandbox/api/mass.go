package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: message_mass_sendall, message_mass_send, Batch_Sends.
const (
	mostOpenIDs    = 10_000
	fewestOpenIDs  = 2
	clientIDBytes  = 32
	sameAge        = 24 * 3600 * 1000 // civil ms within which a clientmsgid stands for one message
	sameGap        = 60 * 1000        // civil ms between two calls with it
	dailyMass      = 1                // messages of a subscription account; of a service account, to everybody
	monthlyMassAll = 4                // messages of a service account to everybody
	slowestSpeed   = 4
)

var (
	errMassUsed = fail(45028, "has no masssend quota")
	errMassID   = fail(40059, "invalid msg id") // "不合法的消息id" in the list of all codes
)

// massHandlers are those of messages to many.
func (s *Server) massHandlers() map[string]handler {
	return map[string]handler{
		"/cgi-bin/message/mass/sendall":   s.massSendAll,
		"/cgi-bin/message/mass/send":      s.massSend,
		"/cgi-bin/message/mass/preview":   s.massPreview,
		"/cgi-bin/message/mass/delete":    s.massDelete,
		"/cgi-bin/message/mass/get":       s.massGet,
		"/cgi-bin/message/mass/speed/get": s.massSpeed,
		"/cgi-bin/message/mass/speed/set": s.massSetSpeed,
	}
}

// massIn is a message to many, of any type.
type massIn struct {
	Filter *struct {
		All bool        `json:"is_to_all"`
		Tag looseNumber `json:"tag_id"`
	} `json:"filter"`
	MsgType string `json:"msgtype"`
	Text    struct {
		Content string `json:"content"`
	} `json:"text"`
	MPNews mediaIn `json:"mpnews"`
	Voice  mediaIn `json:"voice"`
	Image  mediaIn `json:"image"` // of previews, and of older programs
	Images struct {
		MediaIDs  []string `json:"media_ids"`
		Recommend string   `json:"recommend"`
	} `json:"images"`
	MPVideo       mediaIn `json:"mpvideo"`
	IgnoreReprint int     `json:"send_ignore_reprint"`
	ClientID      string  `json:"clientmsgid"`
}

func (s *Server) massSendAll(ctx context.Context, c *call) (any, error) {
	c.body = literalEscapes(c.body)
	var in massIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Filter == nil {
		return nil, fail(40035, "invalid parameter: filter")
	}
	to := state.To{All: in.Filter.All, Tag: int64(in.Filter.Tag)}
	if !to.All {
		if _, ok, err := s.Store.FindTag(ctx, s.Store.Reader(), c.account.N, to.Tag); err != nil || !ok {
			return nil, orElse(err, errTag)
		}
	}
	return s.massStart(ctx, c, in, to)
}

func (s *Server) massSend(ctx context.Context, c *call) (any, error) {
	c.body = literalEscapes(c.body)
	var in struct {
		To []string `json:"touser"`
		massIn
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	switch n := len(in.To); {
	case n < fewestOpenIDs:
		return nil, fail(40130, "invalid openid list size, at least two openid")
	case n > mostOpenIDs:
		return nil, fail(40032, "invalid openid list size") // the code is unverified
	}
	return s.massStart(ctx, c, in.massIn, state.To{OpenIDs: in.To})
}

type massBody struct {
	okBody
	MsgID     int64 `json:"msg_id"`
	MsgDataID int64 `json:"msg_data_id,omitempty"` // of articles
}

// massStart checks everything, in this order: what it is, whether it was sent before, whether it may be sent.
func (s *Server) massStart(ctx context.Context, c *call, in massIn, to state.To) (any, error) {
	b := state.Broadcast{Account: c.account.N, ClientID: in.ClientID, ToAll: to.All, Type: in.MsgType,
		Job: state.MassJob{IgnoreReprint: in.IgnoreReprint == 1}}
	if len(in.ClientID) > clientIDBytes {
		return nil, fail(45067, "clientmsgid size out of limit")
	}
	if b.ClientID == "" { // what is asked for stands for itself
		sum := sha256.Sum256(append([]byte(c.endpoint.Path+"\n"), c.body...))
		b.ClientID = "sum:" + hex.EncodeToString(sum[:])
	}
	if err := s.sentBefore(ctx, b); err != nil {
		return nil, err
	}
	if err := s.composeMass(ctx, c.account, in, &b); err != nil {
		return nil, err
	}
	if err := s.massSlow(ctx, b); err != nil {
		return nil, err
	}
	if err := s.massAllowed(ctx, s.Store.Reader(), c.account, to); err != nil {
		return nil, err
	}
	if err := s.massConfirmed(ctx, c.account, b.ClientID); err != nil {
		return nil, err
	}
	b, err := s.Store.Aim(ctx, c.account, to, b)
	if err != nil {
		return nil, instead(err, errOpenID)
	}
	err = s.Store.Write(ctx, func(tx *db.Tx) error {
		if err := s.massAllowed(ctx, tx, c.account, to); err != nil { // somebody may have been faster
			return err
		}
		d, err := s.massDraft(ctx, tx, c, b)
		if err != nil {
			return err
		}
		b, err = s.Store.StartMass(ctx, tx, b, d)
		return err
	})
	return massBody{okBody{ErrMsg: "send job submission success"}, b.MsgID, b.MsgDataID}, err
}

// sentBefore refuses what was sent already, and says as what.
func (s *Server) sentBefore(ctx context.Context, b state.Broadcast) error {
	var before state.Broadcast
	var found bool
	err := s.Store.Write(ctx, func(tx *db.Tx) (err error) {
		before, found, err = s.Store.MassAgain(ctx, tx, b.Account, b.ClientID, s.Store.Civil()-sameAge)
		return err
	})
	switch {
	case err != nil || !found:
		return err
	case s.Store.Civil()-before.TriedAt < sameGap:
		return fail(45066, "same clientmsgid retry too fast, please retry after 1 minute")
	}
	return fail(45065, "clientmsgid exist").with("msg_id", before.MsgID)
}

// massSlow refuses the same file as less than a minute ago (WeChat docs: Global_Return_Code, 42010; the minute is unverified).
func (s *Server) massSlow(ctx context.Context, b state.Broadcast) error {
	last, err := s.Store.MassOfMedia(ctx, b.Account, b.MediaID)
	if err == nil && last != 0 && s.Store.Civil()-last < sameGap {
		err = fail(42010, "mass send the same media_id too fast, please try again later")
	}
	return err
}

// massDraft is the draft that a message of articles takes.
func (s *Server) massDraft(ctx context.Context, tx *db.Tx, c *call, b state.Broadcast) (*state.Draft, error) {
	if b.Type != "mpnews" {
		return nil, nil
	}
	d, err := s.draft(ctx, tx, c, b.MediaID)
	return &d, err
}

// massAllowed refuses what is beyond the account's allowance.
func (s *Server) massAllowed(ctx context.Context, q db.Queryer, a *state.Account, to state.To) error {
	today := s.Store.Today()
	type limit struct {
		prefix string
		toAll  bool
		most   int64
	}
	limits := []limit{{today, false, dailyMass}}
	if a.Kind == wechat.Service {
		if !to.All {
			return nil // who had their four is left out
		}
		limits = []limit{{today, true, dailyMass}, {today[:len("2026-11")], true, monthlyMassAll}}
	}
	for _, l := range limits {
		used, err := s.Store.MassUsed(ctx, q, a.N, l.prefix, l.toAll)
		if err != nil {
			return err
		}
		if used >= l.most {
			return errMassUsed
		}
	}
	return nil
}

// massConfirmed asks the administrator where messages of programs are protected.
func (s *Server) massConfirmed(ctx context.Context, a *state.Account, clientID string) error {
	if a.MassGuard != state.GuardAsk {
		return nil
	}
	answer, err := s.Store.AskGuard(ctx, a.N, clientID)
	switch {
	case err != nil || answer == state.GuardAllowed:
		return err
	case answer == state.GuardRefused:
		return fail(89505, "mass send was rejected by admin")
	}
	return fail(89504, "mass send need admin confirm")
}
