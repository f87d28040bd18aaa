package api

import (
	"context"
	"encoding/json"
	"net/http"
	"unicode/utf8"

	"github.com/skip2/go-qrcode"

	"weizheng/platform/db"
	"weizheng/wechat/sandbox/state"
)

// WeChat docs: createQRCode.
const (
	qrLongest     = 2_592_000 // s: 30 days
	qrShort       = 60        // s, when none is given. WeChat docs: Generating_a_Parametric_QR_Code of 2021
	qrPermanentID = 100_000   // the largest scene_id of a permanent code
	qrSceneChars  = 64
	qrPermanents  = 100_000 // permanent codes of an account
	qrPixels      = 430     // as WeChat's pictures
)

type qrIn struct {
	Expire int64  `json:"expire_seconds"`
	Action string `json:"action_name"`
	Info   struct {
		Scene struct {
			ID  *json.Number `json:"scene_id"`
			Str string       `json:"scene_str"`
		} `json:"scene"`
	} `json:"action_info"`
}

type qrBody struct {
	Ticket string `json:"ticket"`
	Expire int64  `json:"expire_seconds,omitempty"`
	URL    string `json:"url"`
}

func (s *Server) qrCreate(ctx context.Context, c *call) (any, error) {
	var in qrIn
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	q, err := in.check(c.account.N)
	if err != nil {
		return nil, err
	}
	temporary := in.Action == "QR_SCENE" || in.Action == "QR_STR_SCENE"
	if temporary {
		if in.Expire == 0 {
			in.Expire = qrShort
		}
		q.ExpiresAt = s.Store.Civil() + in.Expire*1000
	}
	if err := s.Store.Write(ctx, func(tx *db.Tx) error {
		got, made, err := s.Store.AddQR(ctx, tx, q)
		if err != nil {
			return err
		}
		q = got
		return s.checkPermanents(ctx, tx, q, made)
	}); err != nil {
		return nil, err
	}
	out := qrBody{Ticket: q.Ticket, URL: q.URL}
	if temporary {
		out.Expire = in.Expire
	}
	return out, nil
}

// checkPermanents refuses a new permanent code beyond the account's number.
func (s *Server) checkPermanents(ctx context.Context, tx *db.Tx, q state.QR, made bool) error {
	if !made || !q.Permanent() {
		return nil
	}
	n, err := s.Store.PermanentQRs(ctx, tx, q.Account)
	if err == nil && n > qrPermanents {
		return fail(45029, "qrcode count out of limit")
	}
	return err
}

// check reads the scene as its action wants it.
func (in qrIn) check(account int64) (state.QR, error) {
	q := state.QR{Account: account, Kind: in.Action}
	errScene := fail(40053, "invalid action info")
	switch in.Action {
	case "QR_SCENE", "QR_LIMIT_SCENE":
		if in.Info.Scene.ID == nil {
			return q, errScene
		}
		id, err := in.Info.Scene.ID.Int64()
		permanent := in.Action == "QR_LIMIT_SCENE"
		if err != nil || id == 0 || id != int64(int32(id)) || permanent && (id < 1 || id > qrPermanentID) {
			return q, errScene
		}
		q.SceneID = id
	case "QR_STR_SCENE", "QR_LIMIT_STR_SCENE":
		q.SceneStr = in.Info.Scene.Str
		if n := utf8.RuneCountInString(q.SceneStr); n < 1 || n > qrSceneChars {
			return q, errScene
		}
	default:
		return q, fail(40052, "invalid action name")
	}
	if in.Expire < 0 || in.Expire > qrLongest {
		return q, fail(40097, "invalid args: expire_seconds") // the code is unverified
	}
	return q, nil
}

// qrShow is the picture of a ticket: 404 when there is none or it has expired.
func (s *Server) qrShow(ctx context.Context, c *call) (any, error) {
	q, ok, err := s.Store.FindQR(ctx, c.query.Get("ticket"))
	if err != nil || !ok || q.Ticket != c.query.Get("ticket") || !q.Permanent() && q.ExpiresAt <= s.Store.Civil() {
		return &file{mime: "text/html", status: http.StatusNotFound, content: []byte("404 Not Found")}, nil
	}
	picture, err := qrcode.Encode(q.URL, qrcode.Medium, qrPixels)
	if err != nil {
		return nil, err
	}
	return &file{mime: "image/png", content: picture}, s.knowCode(ctx, picture, q.URL)
}
