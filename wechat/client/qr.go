package client

import (
	"context"
	"math"
	"net/url"
	"time"
	"unicode/utf8"
)

// QRAction is a kind of QR code with a scene.
type QRAction string

// The actions. Of the permanent ones an account has 100 000, and they cannot be deleted.
const (
	QRScene         QRAction = "QR_SCENE"           // temporary, number
	QRStrScene      QRAction = "QR_STR_SCENE"       // temporary, text
	QRLimitScene    QRAction = "QR_LIMIT_SCENE"     // permanent, number 1–100 000
	QRLimitStrScene QRAction = "QR_LIMIT_STR_SCENE" // permanent, text
)

const (
	longestQR = 30 * 24 * time.Hour
	maxScene  = 64 // characters
	maxLimit  = 100_000
)

// QR is a code to be made.
type QR struct {
	Action  QRAction
	SceneID int64         // QRScene: 32 bits, not 0; QRLimitScene: 1–100 000
	Scene   string        // the text ones: 1–64 characters
	Life    time.Duration // the temporary ones: 1 s – 30 days, in whole seconds
}

// Validate checks the limits, so that none of the 100 000 is wasted.
func (q QR) Validate() error {
	var v checks
	switch q.Action {
	case QRScene:
		v.unless(q.SceneID != 0, "scene_id", "required", nil)
		v.between("scene_id", q.SceneID, math.MinInt32, math.MaxInt32)
	case QRLimitScene:
		v.between("scene_id", q.SceneID, 1, maxLimit)
	case QRStrScene, QRLimitStrScene:
		v.between("scene", int64(utf8.RuneCountInString(q.Scene)), 1, maxScene)
	default:
		v.unless(false, "action", "wechat.qr_action", nil)
	}
	if q.temporary() {
		v.between("life", int64(q.Life/time.Second), 1, int64(longestQR/time.Second))
	} else {
		v.unless(q.Life == 0, "life", "wechat.qr_permanent", nil)
	}
	return v.err()
}

func (q QR) temporary() bool { return q.Action == QRScene || q.Action == QRStrScene }

// QRTicket is a code that exists.
type QRTicket struct {
	Ticket string
	URL    string        // what the picture holds: we can draw it ourselves
	Life   time.Duration // 0 is for ever
}

// CreateQR makes a code that brings its scene along when it is scanned. WeChat docs: api_createqrcode.
func (c *Client) CreateQR(ctx context.Context, q QR) (QRTicket, error) {
	if err := q.Validate(); err != nil {
		return QRTicket{}, err
	}
	scene := map[string]any{"scene_id": q.SceneID}
	if q.Action == QRStrScene || q.Action == QRLimitStrScene {
		scene = map[string]any{"scene_str": q.Scene}
	}
	in := map[string]any{"action_name": q.Action, "action_info": map[string]any{"scene": scene}}
	if q.temporary() {
		in["expire_seconds"] = int64(q.Life / time.Second)
	}
	var out struct {
		Ticket string `json:"ticket"`
		URL    string `json:"url"`
		Life   int64  `json:"expire_seconds"`
	}
	if err := c.wire.do(ctx, request{path: "/cgi-bin/qrcode/create", in: in, out: &out}); err != nil {
		return QRTicket{}, err
	}
	return QRTicket{Ticket: out.Ticket, URL: out.URL, Life: time.Duration(out.Life) * time.Second}, nil
}

// QRImageURL is where anybody can load the picture of a ticket. WeChat docs: showqrcode.
func (c *Client) QRImageURL(ticket string) string {
	return c.wire.cfg.Endpoints.MP + "/cgi-bin/showqrcode?ticket=" + url.QueryEscape(ticket)
}

// QRImage loads the picture of a ticket; the caller closes Body. A ticket that WeChat does not know, or
// whose code has expired, is errs.NotFound.
func (c *Client) QRImage(ctx context.Context, ticket string) (Download, error) {
	return c.download(ctx, request{path: "/cgi-bin/showqrcode", query: url.Values{"ticket": {ticket}}})
}
