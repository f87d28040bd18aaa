package api

import (
	"crypto/rand"
	"fmt"
	"maps"
	"time"
)

// failure is an errcode with its message.
type failure struct {
	code int
	msg  string
	more map[string]any // what else the answer says
}

// with is the failure with one thing more to say.
func (f *failure) with(name string, value any) *failure {
	return &failure{code: f.code, msg: f.msg, more: map[string]any{name: value}}
}

func fail(code int, msg string) *failure { return &failure{code: code, msg: msg} }

// Error is for logs.
func (f *failure) Error() string { return fmt.Sprintf("%d %s", f.code, f.msg) }

// okBody is what WeChat answers when there is nothing else to say, and the form of every error.
type okBody struct {
	ErrCode int    `json:"errcode"`
	ErrMsg  string `json:"errmsg"`
}

// body is the answer, with the request's id.
func (f *failure) body(rid string) any {
	said := okBody{ErrCode: f.code, ErrMsg: f.msg + " rid: " + rid}
	if f.more == nil {
		return said
	}
	all := map[string]any{"errcode": said.ErrCode, "errmsg": said.ErrMsg}
	maps.Copy(all, f.more)
	return all
}

// rid is the id of a request: the time and two random words, each of eight hex digits.
func rid(now time.Time) string {
	var b [8]byte
	rand.Read(b[:])
	return fmt.Sprintf("%08x-%x-%x", uint32(now.Unix()), b[:4], b[4:])
}

// The failures that several endpoints share.
var (
	errOpenID  = fail(40003, "invalid openid")
	errMediaID = fail(40007, "invalid media_id")
	errNoRight = fail(48001, "api unauthorized, hints: [ req_id: sandbox ]")
)
