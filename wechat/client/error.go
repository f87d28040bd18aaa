package client

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strconv"
	"syscall"

	"weizheng/platform/errs"
	"weizheng/wechat"
)

// NoAnswer is the code of a call that got no errcode at all: no connection, no answer in time, or something else than
// WeChat's JSON. It is no code of WeChat's.
const NoAnswer = -10_000

// Error is a failed call. It holds nothing secret: errmsg is reduced to harmless words, since WeChat quotes openids and
// addresses in it. errs.KindOf and errors.As work on it; Action says what to do.
type Error struct {
	Code  int    // errcode, or NoAnswer
	Msg   string // what of errmsg is safe
	RID   string // WeChat's request id; staff of the platform can look it up for 7 days
	Path  string
	AppID string
	IP    string // the address that 40164 and 61004 name: it belongs into the whitelist
	Local bool   // the path rests and nothing was sent
	// Unsent: no connection came about, so WeChat certainly got nothing. Where an answer was lost it is false.
	Unsent bool

	action wechat.Action
	again  bool // an idempotent call may be repeated at once
	err    *errs.Error
}

// Error is for logs.
func (e *Error) Error() string {
	s := "wechat " + e.Path + ": "
	switch {
	case e.Code == NoAnswer:
		s += "no answer: "
	case e.Local:
		s += "resting after code " + strconv.Itoa(e.Code) + " "
	default:
		s += "code " + strconv.Itoa(e.Code) + " "
	}
	s += e.Msg + " (appid " + e.AppID
	if e.IP != "" {
		s += ", ip " + e.IP
	}
	if e.RID != "" {
		s += ", rid " + e.RID
	}
	return s + ")"
}

// Unwrap gives the kind and the message key: "wechat.api" with code, meaning and rid; "wechat.away" without an answer.
func (e *Error) Unwrap() error {
	if e.err == nil {
		return nil // made by hand, as tests of callers do
	}
	return e.err
}

// Action is what to do about the failure.
func (e *Error) Action() wechat.Action { return e.action }

// ActionOf returns the action of the first *Error in the chain, ActNone if there is none.
func ActionOf(err error) wechat.Action {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.action
	}
	return wechat.ActNone
}

// CodeOf returns the errcode of the first *Error in the chain: 0 for nil, NoAnswer if err is of another kind.
func CodeOf(err error) int {
	if err == nil {
		return 0
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return NoAnswer
}

// refused makes the Error of an answer with an errcode.
func (w *wire) refused(ep wechat.Endpoint, code int, errmsg string) *Error {
	e := w.coded(ep, code)
	e.RID = ridOf(errmsg)
	e.Msg = safeWords(errmsg)
	if e.action == wechat.ActAllowIP {
		e.IP = addressIn(errmsg)
	}
	e.err = e.err.With("rid", e.RID)
	if e.IP != "" {
		e.err = e.err.With("ip", e.IP)
	}
	return e
}

// coded classifies a code for an endpoint. The token codes mean "fetch another" only where a token of the account was
// sent: with appid and secret they mean a wrong secret, with a citizen's token that the citizen authorises anew.
func (w *wire) coded(ep wechat.Endpoint, code int) *Error {
	c := wechat.Code(code)
	kind, action := c.Kind(), c.Action()
	if action == wechat.ActRefreshToken {
		switch ep.Auth {
		case wechat.AuthSecret, wechat.AuthComponent:
			kind, action = errs.Refused, wechat.ActFixConfig
		case wechat.AuthUser:
			kind, action = errs.Refused, wechat.ActReauthorise
		}
	}
	return &Error{
		Code: code, Path: ep.Path, AppID: w.cfg.AppID, action: action, again: action == wechat.ActRetry,
		err: errs.New(kind, "wechat.api").With("code", code).With("meaning", c.Meaning()),
	}
}

// resting is the Error of a call that the gate holds back.
func (w *wire) resting(ep wechat.Endpoint, code wechat.Code) *Error {
	e := w.coded(ep, int(code))
	e.Local = true
	return e
}

// unanswered is the Error of a call without WeChat's JSON. reason must be a constant of ours: transports put whole
// addresses, with tokens in them, into their errors.
func (w *wire) unanswered(ep wechat.Endpoint, reason string, again bool, cause error) *Error {
	e := &Error{Code: NoAnswer, Msg: reason, Path: ep.Path, AppID: w.cfg.AppID, action: wechat.ActRetry, again: again}
	e.err = errs.New(errs.Unavailable, "wechat.away")
	if cause != nil {
		e.err = e.err.Because(cause)
	}
	return e
}

// missing is the Error of a picture that is not there: the ticket is nobody's, or its code has expired.
func (w *wire) missing(ep wechat.Endpoint) *Error {
	e := w.unanswered(ep, "no such picture", false, nil)
	e.action = wechat.ActShow
	e.err = errs.New(errs.NotFound, "wechat.api").With("code", http.StatusNotFound).With("meaning", "二维码不存在或已过期")
	return e
}

// brokenOff classifies a transport's error without quoting it.
func (w *wire) brokenOff(ctx context.Context, ep wechat.Endpoint, err error) *Error {
	if done := ctx.Err(); done != nil {
		reason := "cancelled by the caller"
		if errors.Is(done, context.DeadlineExceeded) {
			reason = "timed out"
		}
		return w.unanswered(ep, reason, false, done)
	}
	reason := "connection failed"
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		reason = "host name not found"
	} else if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		reason = "certificate not trusted"
	} else if errors.Is(err, syscall.ECONNREFUSED) {
		reason = "connection refused"
	} else if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() {
		reason = "timed out"
	}
	e := w.unanswered(ep, reason, true, nil)
	e.Unsent = neverSent(err)
	return e
}

// neverSent reports whether a transport's error says that there was no connection to send anything over.
func neverSent(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	return untrusted
}
