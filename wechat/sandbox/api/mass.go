package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"weizheng/platform/db"
	"weizheng/platform/errs"
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
	errMassID   = fail(40059, "invalid msg id") // the code is unverified
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

// composeMass makes the item that recipients will see, but for articles, which have no address before they are published.
func (s *Server) composeMass(ctx context.Context, a *state.Account, in massIn, b *state.Broadcast) (err error) {
	switch in.MsgType {
	case "text":
		if in.Text.Content == "" {
			return errNoText
		}
		if len(in.Text.Content) > textBytes {
			return errTooLong
		}
		b.ItemType, b.Body, err = s.bubble(ctx, a, wechat.Text{Content: in.Text.Content})
	case "voice":
		b.MediaID = in.Voice.MediaID
		b.ItemType, b.Body, err = s.bubble(ctx, a, wechat.Voice{MediaID: in.Voice.MediaID})
	case "image":
		err = s.composeImages(ctx, a, in, b)
	case "mpvideo":
		b.MediaID = in.MPVideo.MediaID
		err = s.composeMassVideo(ctx, a, in.MPVideo, b)
	case "mpnews":
		b.MediaID = in.MPNews.MediaID
		_, err = s.Store.Draft(ctx, s.Store.Reader(), a.N, in.MPNews.MediaID)
		err = instead(err, errMediaID)
	case "wxcard":
		return fail(45113, "wxcard is offline")
	default:
		return fail(40008, "invalid message type")
	}
	return err
}

// massImages is how many pictures one message has at most (unverified).
const massImages = 20

func (s *Server) composeImages(ctx context.Context, a *state.Account, in massIn, b *state.Broadcast) error {
	ids := in.Images.MediaIDs
	if len(ids) == 0 && in.Image.MediaID != "" {
		ids = []string{in.Image.MediaID}
	}
	switch {
	case len(ids) == 0:
		return errMediaID
	case len(ids) > massImages:
		return fail(45008, "article size out of limit") // the code is unverified
	}
	pictures := make([]map[string]any, len(ids))
	for i, id := range ids {
		typ, body, err := s.bubble(ctx, a, wechat.Image{MediaID: id})
		if err != nil {
			return err
		}
		pictures[i], b.ItemType, b.Body = body, typ, body
	}
	if len(ids) > 1 || in.Images.Recommend != "" {
		b.ItemType, b.Body = "images", map[string]any{"pictures": pictures, "recommend": in.Images.Recommend}
	}
	return nil
}

func (s *Server) composeMassVideo(ctx context.Context, a *state.Account, in mediaIn, b *state.Broadcast) error {
	m, err := s.Store.AccountMedia(ctx, s.Store.Reader(), a.N, state.MassVideo, in.MediaID)
	if err != nil {
		return instead(err, errMediaID)
	}
	title, description := m.Name, m.Note
	if in.Title != "" {
		title, description = in.Title, in.Description
	}
	b.ItemType, b.Body = "video", map[string]any{"media_id": m.ID, "url": state.MediaURL(m.ID), "title": title, "description": description, "thumb_url": ""}
	return nil
}

// massPreview shows a message to one follower; a draft stays in the box. WeChat docs: message_mass_preview.
func (s *Server) massPreview(ctx context.Context, c *call) (any, error) {
	c.body = literalEscapes(c.body)
	var in struct {
		To     string `json:"touser"`
		ToName string `json:"towxname"`
		massIn
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	to, err := s.previewer(ctx, c, in.To, in.ToName)
	if err != nil {
		return nil, err
	}
	b := state.Broadcast{Account: c.account.N, Type: in.MsgType}
	if err := s.composeMass(ctx, c.account, in.massIn, &b); err != nil {
		return nil, err
	}
	err = s.Store.Write(ctx, func(tx *db.Tx) error {
		if d, err := s.massDraft(ctx, tx, c, b); err != nil {
			return err
		} else if d != nil {
			p := state.Publication{Account: c.account.N, How: state.ByPreview}
			if p.MsgDataID, err = s.Store.NextMsgDataID(ctx, tx); err != nil {
				return err
			}
			_, list, err := s.Store.AddPublication(ctx, tx, p, d.Articles, state.Readable)
			if err != nil {
				return err
			}
			b.ItemType, b.Body = state.ArticleCard(s.Base, list)
		}
		_, err := s.Store.AddItem(ctx, tx, state.Item{Account: c.account.N, Citizen: to.Citizen, From: state.FromAccount, Origin: "preview",
			Type: b.ItemType, Body: b.Body})
		return err
	})
	return massBody{okBody: okBody{ErrMsg: "preview success"}, MsgID: s.Store.NextMsgID() >> 21}, err
}

// previewer finds the follower, by openid or by the name in WeChat, which here is the citizen's id.
func (s *Server) previewer(ctx context.Context, c *call, openid, name string) (state.Contact, error) {
	if name != "" {
		citizen, err := s.Store.Citizen(ctx, name)
		if err != nil {
			return state.Contact{}, instead(err, fail(40132, "invalid username"))
		}
		openid = s.Store.OpenID(c.account.ID, citizen.ID)
	}
	to, err := s.contact(ctx, c, openid)
	if err == nil && !to.Subscribed || errors.Is(err, errOpenID) && name != "" {
		return to, fail(43004, "require subscribe")
	}
	return to, err
}

// massDelete deletes what a message sent: of articles the one at the place, counted from 1, or all; the cards stay in the
// chats. WeChat docs: message_mass_delete.
func (s *Server) massDelete(ctx context.Context, c *call) (any, error) {
	var in struct {
		MsgID looseNumber `json:"msg_id"`
		Idx   int         `json:"article_idx"`
		URL   string      `json:"url"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *db.Tx) error {
		b, err := s.Store.Mass(ctx, tx, c.account.N, int64(in.MsgID))
		if in.MsgID == 0 && in.URL != "" {
			b, in.Idx, err = s.massAt(ctx, tx, c, in.URL)
		}
		switch {
		case errs.Is(err, errs.NotFound):
			return errMassID
		case err != nil:
			return err
		case b.State != state.MassSent && b.State != state.MassDeleted:
			return errMassID
		case b.Type == "mpvideo":
			return s.Store.DeleteMass(ctx, tx, b)
		case b.Type != "mpnews":
			return fail(40008, "invalid message type") // the code is unverified
		}
		return s.massDeleteArticles(ctx, tx, b, in.Idx)
	})
}

func (s *Server) massDeleteArticles(ctx context.Context, tx *db.Tx, b state.Broadcast, idx int) error {
	if idx < 0 || idx > len(b.Job.Articles) {
		return fail(40060, "invalid article_idx")
	}
	first, err := s.Store.PublishedByData(ctx, tx, b.Account, b.MsgDataID, 0)
	if err != nil {
		return err
	}
	if err := s.Store.SetArticleState(ctx, tx, first.Publication, idx-1, state.Deleted); err != nil {
		return err
	}
	list, err := s.Store.PublishedIn(ctx, tx, first.Publication.N)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.State != state.Deleted {
			return nil
		}
	}
	return s.Store.DeleteMass(ctx, tx, b)
}

// massAt finds the message by the address of one of its articles.
func (s *Server) massAt(ctx context.Context, tx *db.Tx, c *call, address string) (b state.Broadcast, idx int, err error) {
	a, err := s.Store.Published(ctx, tx, state.ArticleID(address))
	if err != nil || a.Account != c.account.N || a.How != state.ByMass {
		return b, 0, orElse(err, state.ErrNoMass)
	}
	b, err = s.Store.MassByData(ctx, tx, c.account.N, a.MsgDataID)
	return b, a.Place + 1, err
}

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
