package push

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// Check asks an account's callback address for the echo, as WeChat does when the address is saved: nil when it answers
// the echostr and nothing else within 5 seconds. The error is for people.
func (e *Engine) Check(ctx context.Context, a *state.Account) error {
	_, err := e.ask(ctx, a)
	return err
}

// Reach asks the same and says whether anything answered, be it the echo or not, and after how long.
func (e *Engine) Reach(ctx context.Context, a *state.Account) (answered bool, took time.Duration) {
	entry, _ := e.ask(ctx, a)
	return entry.Status != 0, time.Duration(entry.TookMS) * time.Millisecond
}

// lookupPatience is how long the resolver may take; ours.
const lookupPatience = 3 * time.Second

// Addresses finds where an account's callbacks go; none when the name cannot be resolved.
func (e *Engine) Addresses(ctx context.Context, a *state.Account) []string {
	u, err := url.Parse(a.Callback)
	if err != nil {
		return nil
	}
	if e.inside {
		return []string{"127.0.0.1"}
	}
	ctx, cancel := context.WithTimeout(ctx, lookupPatience)
	defer cancel()
	list, err := (&net.Resolver{}).LookupHost(ctx, u.Hostname()) // an address is its own answer
	if err != nil {
		return nil
	}
	return list
}

// ask asks for the echo and keeps the exchange in the wire log.
func (e *Engine) ask(ctx context.Context, a *state.Account) (wire.Entry, error) {
	start := e.Wall.Now()
	entry := wire.Entry{At: start.UnixMilli(), Dir: "callback", Account: a.ID, Method: http.MethodGet}
	err := e.check(ctx, a, start.Unix(), &entry)
	entry.TookMS = e.Wall.Now().Sub(start).Milliseconds()
	if err != nil {
		entry.Error = err.Error()
	}
	e.Wire.Add(entry)
	e.Store.Hint(state.Hint{Topic: "wire", Account: a.ID})
	return entry, err
}

func (e *Engine) check(ctx context.Context, a *state.Account, now int64, entry *wire.Entry) error {
	if a.Callback == "" {
		return errors.New("没有设置回调地址")
	}
	q := wechat.Query{Timestamp: strconv.FormatInt(now, 10), Nonce: nonce(), Echostr: echo()}
	q.Signature = wechat.SignPlain(a.Token, q.Timestamp, q.Nonce)
	target, err := withQuery(a.Callback, q.Values())
	if err != nil {
		return err
	}
	entry.Path = target
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", "Mozilla/4.0")
	res, err := e.client.Do(req)
	if err != nil {
		return readable(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was read; nothing depends on it
	answer, err := io.ReadAll(io.LimitReader(res.Body, 4096))
	entry.Status, entry.Response = res.StatusCode, string(answer)
	switch {
	case err != nil:
		return readable(err)
	case res.StatusCode != http.StatusOK:
		return fmt.Errorf("HTTP 状态 %d", res.StatusCode)
	case string(answer) != q.Echostr:
		return errors.New("token 验证失败：回复不是原样的 echostr")
	}
	return nil
}

// echo is a number of 19 digits, as WeChat's are.
func echo() string {
	var b [8]byte
	rand.Read(b[:])
	return strconv.FormatUint(1_000_000_000_000_000_000+binary.BigEndian.Uint64(b[:])%8_000_000_000_000_000_000, 10)
}
