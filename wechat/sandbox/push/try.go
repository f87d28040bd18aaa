package push

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"weizheng/wechat"
	"weizheng/wechat/sandbox/fault"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// outcome is what one try led to.
type outcome int

const (
	unanswered outcome = iota // no answer in time, no connection, an HTTP error: try again
	unsent                    // the account takes no callbacks
	answered                  // success, nothing, or a reply that can be shown
	refused                   // an answer that WeChat does not understand
)

type result struct {
	outcome outcome
	reply   wechat.Reply
	took    time.Duration // of all tries
}

// try makes one delivery and keeps it in the wire log.
func (e *Engine) try(ctx context.Context, a *state.Account, d state.Delivery, planned []fault.Fault) result {
	start := e.Wall.Now()
	entry := wire.Entry{At: start.UnixMilli(), Dir: "callback", Account: a.ID, Method: http.MethodPost, Attempt: d.Tries}
	if c, err := e.Store.CitizenN(ctx, d.Citizen); err == nil {
		entry.Citizen = c.ID
	}
	r, err := e.exchange(ctx, a, d, planned, &entry)
	entry.TookMS = e.Wall.Now().Sub(start).Milliseconds()
	if err != nil {
		entry.Error = err.Error()
	}
	e.Wire.Add(entry)
	e.Store.Hint(state.Hint{Topic: "wire", Account: a.ID, Citizen: entry.Citizen})
	return r
}

func (e *Engine) exchange(ctx context.Context, a *state.Account, d state.Delivery, planned []fault.Fault, entry *wire.Entry) (result, error) {
	var random [16]byte
	rand.Read(random[:])
	to, codec := e.target(a, d.Component)
	q, body, err := codec.Push([]byte(d.XML), a.OriginalID, d.OpenID, e.Wall.Now().Unix(), nonce(), random[:])
	if err != nil {
		return result{outcome: refused}, err
	}
	target, err := withQuery(to, q.Values())
	if err != nil {
		return result{outcome: refused}, err
	}
	entry.Path, entry.Request, entry.RequestPlain = target, string(body), d.XML
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	status, answer, err := e.post(ctx, target, body, planned)
	entry.Status, entry.Response = status, string(answer)
	if _, cut := fault.Find(planned, fault.Drop); cut && err == nil {
		err = errCut
	}
	if err != nil {
		return result{outcome: unanswered}, readable(err)
	}
	if status != http.StatusOK {
		return result{outcome: unanswered}, fmt.Errorf("HTTP 状态 %d", status)
	}
	plain, err := codec.OpenReply(answer)
	if err != nil {
		return result{outcome: refused}, fmt.Errorf("回复无法解开：%w", err)
	}
	entry.ResponsePlain = string(plain)
	reply, err := e.understand(ctx, a, d, plain)
	if err != nil {
		return result{outcome: refused}, err
	}
	return result{outcome: answered, reply: reply}, nil
}

// post sends the body and reads the whole answer within ctx.
func (e *Engine) post(ctx context.Context, target string, body []byte, planned []fault.Fault) (int, []byte, error) {
	var content io.Reader = bytes.NewReader(body)
	if f, ok := fault.Find(planned, fault.Delay); ok {
		content = &lateReader{ctx: ctx, delay: time.Duration(f.DelayMS) * time.Millisecond, rest: content}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, content)
	if err != nil {
		return 0, nil, err
	}
	req.ContentLength = int64(len(body))
	req.Header.Set("Content-Type", "text/xml")
	req.Header.Set("User-Agent", "Mozilla/4.0")
	req.Header.Set("Pragma", "no-cache")
	res, err := e.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close() //nolint:errcheck // it was read; nothing depends on it
	answer, err := io.ReadAll(io.LimitReader(res.Body, wechat.MaxBody+1))
	return res.StatusCode, answer, err
}

// lateReader begins after a while.
type lateReader struct {
	ctx   context.Context
	delay time.Duration
	rest  io.Reader
}

func (r *lateReader) Read(p []byte) (int, error) {
	if r.delay > 0 {
		wait := time.After(r.delay)
		r.delay = 0
		select {
		case <-wait:
		case <-r.ctx.Done():
			return 0, r.ctx.Err()
		}
	}
	return r.rest.Read(p)
}

// understand reads a clear answer as WeChat does and checks that it can be shown.
func (e *Engine) understand(ctx context.Context, a *state.Account, d state.Delivery, plain []byte) (wechat.Reply, error) {
	if wechat.NoAnswer(plain) {
		return nil, nil
	}
	to, from, reply, err := wechat.ParseReply(plain)
	if err != nil {
		return nil, fmt.Errorf("回复不是微信的 XML：%w", err)
	}
	if to != d.OpenID || from != a.OriginalID {
		return nil, errors.New("回复的 ToUserName 应是用户的 openid，FromUserName 应是公众号的原始 ID")
	}
	if err := wechat.ValidateReply(reply, trigger(d.Cue)); err != nil {
		return nil, fmt.Errorf("回复不合规定：%w", err)
	}
	if _, _, err := e.Store.Bubble(ctx, e.Store.Reader(), a.N, reply); err != nil {
		return nil, fmt.Errorf("回复里的 MediaId 无效：%w", err)
	}
	return reply, nil
}

// readable shortens a network error and leaves out the address, which the entry has.
func readable(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("5 秒内没有收到回复，连接已切断")
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// withQuery adds WeChat's parameters to a callback address that may have some of its own.
func withQuery(address string, q url.Values) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", errors.New("回调地址无法解析")
	}
	u.RawQuery = strings.TrimPrefix(u.RawQuery+"&"+q.Encode(), "&")
	return u.String(), nil
}

// nonce is a number below 2^31, as WeChat's nonces are.
func nonce() string {
	var b [4]byte
	rand.Read(b[:])
	n := uint64(b[0]&0x7f)<<24 | uint64(b[1])<<16 | uint64(b[2])<<8 | uint64(b[3])
	return strconv.FormatUint(n, 10)
}
