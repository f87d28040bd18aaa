package notify

import (
	"errors"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// verdict is what an attempt came to.
type verdict struct {
	state   State // Queued: try again after pause
	code    wechat.Code
	rid     string
	msgID   int64 // of a message by template
	problem string
	pause   time.Duration
	back    bool // the allowance was not used
	shut    bool // WeChat says that no allowance is left
	left    bool // the follower does not follow any more
}

// maxAttempts and their pauses span about three minutes: whoever waits longer is better told that it failed.
const maxAttempts = 4

// judge turns WeChat's answer into a verdict; o counts the attempt already.
func (s *Service) judge(o Outbound, msgID int64, err error) verdict {
	if err == nil {
		return verdict{state: Sent, msgID: msgID}
	}
	attempts := o.Attempts
	failed, ok := errors.AsType[*client.Error](err)
	if !ok {
		// Tokens, database, our own defects: the request was not made.
		return again(verdict{problem: errs.As(err).Key()}, attempts, errs.KindOf(err).Retry())
	}
	v := verdict{code: wechat.Code(failed.Code), rid: failed.RID, problem: errs.As(err).Key()}
	if failed.Code == client.NoAnswer {
		v.code = 0
	}
	reached := (failed.Path == sendPath || failed.Path == templatePath) && !failed.Local && !failed.Unsent
	if reached && (failed.Code == client.NoAnswer || failed.Action() == wechat.ActRetry) {
		// No answer, or "system busy" for a call that is not idempotent: it may have been delivered.
		v.state, v.problem = Uncertain, "notify.no_answer"
		if s.repeatable(o) {
			return again(v, attempts, true)
		}
		return v
	}
	switch failed.Action() {
	case wechat.ActRetry, wechat.ActBackOff, wechat.ActRefreshToken:
		return again(v, attempts, true)
	case wechat.ActOtherChannel:
		v.shut, v.problem = true, errUsed.Key()
		if v.code == wechat.CodeOutsideWindow {
			v.problem = errClosed.Key()
		}
	case wechat.ActDropFollower:
		v.left, v.problem = true, "notify.left"
	}
	v.state, v.back = Refused, !v.shut
	return v
}

// again is a verdict on something that was certainly not sent.
func again(v verdict, attempts int, worth bool) verdict {
	if !worth || attempts >= maxAttempts {
		v.state, v.back = Refused, true
		return v
	}
	v.state = Queued
	v.pause = []time.Duration{2 * time.Second, 30 * time.Second, 70 * time.Second}[min(attempts, 3)-1]
	return v
}
