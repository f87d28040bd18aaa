package client

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat"
)

const (
	answerLimit    = 4 << 20 // bytes; a page of 10 000 openids is about 310 KB
	defaultTimeout = 15 * time.Second
	mediaPatience  = 4 // a transfer of 10 MB may take that many times as long as a call
)

// wire sends requests of one account and turns answers into values or Errors. It is what Client and StoredTokens share.
type wire struct {
	cfg  Config
	http *http.Client
	gate *gate
}

func newWire(cfg Config) *wire {
	if cfg.Endpoints == (Endpoints{}) {
		cfg.Endpoints = Real()
	}
	if cfg.HTTP == nil {
		cfg.HTTP = http.DefaultTransport
	}
	if cfg.Wall == nil {
		cfg.Wall = clock.Wall{}
	}
	if cfg.Civil == nil {
		cfg.Civil = cfg.Wall
	}
	if cfg.Observe == nil {
		cfg.Observe = func(Call) {}
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	return &wire{
		cfg: cfg, gate: newGate(cfg),
		// A redirect would carry the token to another host.
		http: &http.Client{Transport: cfg.HTTP, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

// request is one call before it has a token.
type request struct {
	path  string
	query url.Values // without access_token
	in    any        // JSON body of a POST; nil is {}
	out   any        // where the answer goes; nil if only errcode counts

	upload *upload // multipart instead of in
	text   string  // a body of plain text instead of in; "" is none
	binary bool    // the answer may be a file; the caller gets the open response
}

// answer is one response: of a binary request the open body, else nothing.
type answer struct {
	file *http.Response
}

// send makes one try and reports it to the gate and to Observe.
func (w *wire) send(ctx context.Context, ep wechat.Endpoint, r request, token string) (answer, *Error) {
	if code := w.gate.pass(ep.Path); code != wechat.CodeOK {
		w.cfg.Observe(Call{Path: ep.Path, Code: int(code), Local: true})
		return answer{}, w.resting(ep, code)
	}
	began := w.cfg.Wall.Now()
	a, failed := w.exchange(ctx, ep, r, token)
	call := Call{Path: ep.Path, Took: w.cfg.Wall.Now().Sub(began)}
	if failed != nil {
		call.Code, call.RID = failed.Code, failed.RID
		w.gate.note(ep.Path, failed.Code)
	}
	w.cfg.Observe(call)
	return a, failed
}

func (w *wire) exchange(ctx context.Context, ep wechat.Endpoint, r request, token string) (answer, *Error) {
	req, err := w.build(ctx, ep, r, token)
	if err != nil {
		return answer{}, w.unanswered(ep, "request cannot be built", false, nil)
	}
	if ep.Idempotent && !r.binary {
		// A try that hangs leaves time for another one.
		try, cancel := context.WithTimeout(req.Context(), w.cfg.Timeout/2)
		defer cancel()
		req = req.WithContext(try)
	}
	resp, err := w.http.Do(req)
	if err != nil {
		return answer{}, w.brokenOff(ctx, ep, err)
	}
	if r.binary && isFile(resp) {
		return answer{file: resp}, nil
	}
	defer func() { _ = resp.Body.Close() }()
	if r.binary && ep.Auth == wechat.AuthNone && resp.StatusCode == http.StatusNotFound {
		return answer{}, w.missing(ep) // the one page of WeChat's that says so by its status
	}
	body, tooLong, err := readCapped(resp.Body, answerLimit)
	switch {
	case err != nil:
		return answer{}, w.brokenOff(ctx, ep, err)
	case tooLong:
		return answer{}, w.unanswered(ep, "answer too long", false, nil)
	}
	h, err := decodeHead(body)
	if err != nil {
		// Proxies and overloaded front servers answer in HTML; 4xx will not change by asking again.
		again := resp.StatusCode < 400 || resp.StatusCode >= 500
		return answer{}, w.unanswered(ep, "answer is not JSON", again, nil)
	}
	if h.ErrCode != 0 {
		if r.out != nil && wechat.Code(h.ErrCode).Action() == wechat.ActAdopt {
			_ = json.Unmarshal(body, r.out) // what is to be adopted; the caller looks whether it is there
		}
		return answer{}, w.refused(ep, h.ErrCode, h.ErrMsg)
	}
	if resp.StatusCode >= 400 {
		return answer{}, w.unanswered(ep, "answered with an HTTP error", resp.StatusCode >= 500, nil)
	}
	if r.out != nil {
		if err := json.Unmarshal(body, r.out); err != nil {
			return answer{}, w.unanswered(ep, "answer has an unknown shape", false, nil)
		}
	}
	return answer{}, nil
}

func (w *wire) build(ctx context.Context, ep wechat.Endpoint, r request, token string) (*http.Request, error) {
	query := maps.Clone(r.query)
	if ep.Auth == wechat.AuthToken {
		if query == nil {
			query = url.Values{}
		}
		query.Set("access_token", token)
	}
	address := w.host(ep.Host) + ep.Path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	switch {
	case r.upload != nil:
		return r.upload.request(ctx, address)
	case ep.Method == http.MethodGet:
		return http.NewRequestWithContext(ctx, ep.Method, address, nil)
	case r.text != "":
		req, err := http.NewRequestWithContext(ctx, ep.Method, address, strings.NewReader(r.text))
		if err == nil {
			req.Header.Set("Content-Type", "text/plain; charset=utf-8")
		}
		return req, err
	case r.in == nil:
		r.in = struct{}{}
	}
	body, err := encodeJSON(r.in)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, ep.Method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	return req, nil
}

// emptyFile is the Error of a download that is neither a file nor an error.
func (w *wire) emptyFile(path string) *Error {
	return w.unanswered(wechat.Endpoint{Path: path}, "answer holds no file", false, nil)
}

func (w *wire) host(h wechat.Host) string {
	switch h {
	case wechat.HostMP:
		return w.cfg.Endpoints.MP
	case wechat.HostOpen:
		return w.cfg.Endpoints.Open
	}
	return w.cfg.Endpoints.API
}
