package gateway

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
)

// ServeHTTP is WeChat's callback address `/wx/{account}`: GET proves that the address is ours, POST brings a message.
//
// Answers: 200 with a reply or `success`; 403 for a wrong, stale or undecryptable request; 400 for a body that is no
// message; 404 for an unknown account; 413 for a body over wechat.MaxBody; 503 when nothing could be written, so that
// WeChat delivers again.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	door, err := g.Doors.Door(r.Context(), r.PathValue("account"))
	if err != nil {
		if r.Method == http.MethodPost && errs.KindOf(err).Retry() {
			g.gaps.refused(0, g.Wall.Now(), errs.As(err).Key()) // whose it was cannot even be asked
		}
		g.refuse(w, r, Door{}, err)
		return
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		g.echo(w, r, door)
	case http.MethodPost:
		g.receive(w, r, door)
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	}
}

// echo answers WeChat's check of the address with the raw echostr.
func (g *Gateway) echo(w http.ResponseWriter, r *http.Request, door Door) {
	q := wechat.ParseRawQuery(r.URL.RawQuery)
	echo, err := door.Codec.VerifyURL(q)
	if err == nil {
		err = wechat.CheckFresh(q.Timestamp, g.Wall.Now())
	}
	if err != nil {
		g.refuse(w, r, door, err)
		return
	}
	write(w, "text/plain; charset=utf-8", []byte(echo))
}

func (g *Gateway) receive(w http.ResponseWriter, r *http.Request, door Door) {
	if !g.enter(r.Context()) {
		g.gaps.refused(door.Account.ID, g.Wall.Now(), "busy")
		g.refuse(w, r, door, errBusy)
		return
	}
	defer func() { <-g.slots }()
	start := g.Wall.Now()
	body, err := readBody(w, r)
	if err != nil {
		g.refuse(w, r, door, err)
		return
	}
	q := wechat.ParseRawQuery(r.URL.RawQuery)
	opened, err := door.Codec.Open(q, body, start)
	if err != nil {
		g.refuse(w, r, door, err)
		return
	}
	message, err := wechat.ParseMessage(opened.Plain)
	if err != nil {
		g.refuse(w, r, door, err)
		return
	}
	result, err := g.accept(r.Context(), door, message)
	if err != nil {
		g.refuse(w, r, door, err)
		return
	}
	g.reply(w, r, door, message, result, opened.Key)
	if g.Seen != nil {
		g.Seen.CallbackSeen(door.Account.ID)
	}
	g.Metrics.accepted(door.Account.Slug, kindOf(message), result.duplicate, g.Wall.Now().Sub(start))
}

// enter takes a place among those that are worked on, waiting a moment for one in a crowd: nothing has been read yet, so to
// wait costs next to nothing, while a refusal costs a quarter of the work and comes back.
func (g *Gateway) enter(ctx context.Context) bool {
	select {
	case g.slots <- struct{}{}:
		return true
	default:
	}
	late := time.NewTimer(g.Limits.Patience)
	defer late.Stop()
	select {
	case g.slots <- struct{}{}:
		return true
	case <-late.C:
	case <-ctx.Done():
	}
	return false
}

// reply writes the stored answer in the account's mode, with the key that opened the request.
func (g *Gateway) reply(w http.ResponseWriter, r *http.Request, door Door, m *wechat.Message, res result, key int) {
	if res.reply == nil || m.FromUserName == "" {
		write(w, "text/plain; charset=utf-8", []byte("success"))
		return
	}
	now := g.Wall.Now()
	out, err := wechat.EncodeReply(m.FromUserName, m.ToUserName, now, res.reply)
	if err == nil {
		out, err = sealReply(door.Codec, out, key, now)
	}
	if err != nil {
		// The row is on disk: a retry would bring the same answer and the same failure.
		g.Log.ErrorContext(r.Context(), "reply could not be encoded", "account", door.Account.Slug, "source", res.source, "error", err)
		write(w, "text/plain; charset=utf-8", []byte("success"))
		return
	}
	write(w, "application/xml; charset=utf-8", out)
}

// sealReply encrypts a reply in the account's mode; nonce and padding are new each time.
func sealReply(c *wechat.Codec, reply []byte, key int, now time.Time) ([]byte, error) {
	random := make([]byte, 24)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	return c.Seal(reply, key, now.Unix(), hex.EncodeToString(random[16:]), random[:16])
}

var errTooLarge = errs.New(errs.Invalid, "gateway.too_large")

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > wechat.MaxBody {
		return nil, errTooLarge
	}
	body, err := readAll(w, r)
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, errTooLarge
		}
		return nil, errs.New(errs.Invalid, "gateway.body").Because(err)
	}
	return body, nil
}

// usualBody is more than any message of daily life. A longer announcement is believed only as the bytes arrive.
const usualBody = 16 << 10

// readAll reads a body of usual length into one buffer; net/http gives no more than was announced.
func readAll(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength < 0 || r.ContentLength > usualBody {
		return io.ReadAll(http.MaxBytesReader(w, r.Body, wechat.MaxBody))
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}

func write(w http.ResponseWriter, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the connection is WeChat's; when it is gone, WeChat delivers again
}

var errBusy = errs.New(errs.Busy, "gateway.busy")

// refuse answers a request that is not let in, counts it and logs one clear line without any of its content.
func (g *Gateway) refuse(w http.ResponseWriter, r *http.Request, door Door, err error) {
	reason, status := refusal(err)
	g.Metrics.refused(door.Account.Slug, reason)
	if g.Seen != nil && door.Account.ID != 0 {
		g.Seen.CallbackRefused(door.Account.ID, reason)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	} else {
		g.Log.WarnContext(r.Context(), "callback refused", "account", door.Account.Slug, "reason", reason, "error", err)
	}
	http.Error(w, reason, status)
}

func refusal(err error) (reason string, status int) {
	switch {
	case errors.Is(err, wechat.ErrSignature):
		return "signature", http.StatusForbidden
	case errors.Is(err, wechat.ErrStale):
		return "stale", http.StatusForbidden
	case errors.Is(err, wechat.ErrKey):
		return "key", http.StatusForbidden
	case errors.Is(err, wechat.ErrAppID):
		return "appid", http.StatusForbidden
	case errors.Is(err, wechat.ErrFormat):
		return "format", http.StatusBadRequest
	case errors.Is(err, errTooLarge):
		return "too_large", http.StatusRequestEntityTooLarge
	case errors.Is(err, context.Canceled):
		return "gone", http.StatusServiceUnavailable
	}
	switch errs.KindOf(err) {
	case errs.NotFound:
		return "account", http.StatusNotFound
	case errs.Invalid:
		return "body", http.StatusBadRequest
	case errs.Busy:
		return "busy", http.StatusServiceUnavailable
	default:
		return "unavailable", http.StatusServiceUnavailable
	}
}

func kindOf(m *wechat.Message) string {
	if m.MsgType == "event" {
		return "event:" + m.Event
	}
	return m.MsgType
}

const writeBudget = 1500 * time.Millisecond // with Limits.Budget it stays under WeChat's 5 s
