package pay

import (
	"context"
	"errors"
	"regexp"
	"strconv"

	"github.com/wechatpay-apiv3/wechatpay-go/core"

	"weizheng/platform/errs"
)

// Error is a failed call. It holds nothing secret: of WeChat's answer only status, code and request id, since the message
// quotes what was sent. errs.KindOf works on it.
//
// The kind: NotFound, Conflict (the order is paid, closed or another one), Invalid (a parameter), Refused (merchant, key,
// right, rules), Exhausted (no money to give back), Busy (too often, or the platform's fault: the same call once more),
// Unavailable (no answer, or one that nobody signed; what was asked may have happened, so query before anything else).
type Error struct {
	Op        string // prepay, query, close, refund, query refund, bill
	Status    int    // of HTTP; 0: no answer
	Code      string // WeChat's; "" without one
	RequestID string
	MchID     string

	err *errs.Error
}

// Error is for logs.
func (e *Error) Error() string {
	s := "wechat pay " + e.Op + ": "
	if e.Code != "" {
		s += "code " + e.Code + ", "
	}
	s += "HTTP " + strconv.Itoa(e.Status) + " (mchid " + e.MchID
	if e.RequestID != "" {
		s += ", request " + e.RequestID
	}
	s += ")"
	if cause := errors.Unwrap(e.err); cause != nil {
		s += ": " + cause.Error()
	}
	return s
}

// Unwrap gives kind and message key: "pay.api" with code, "pay.away" without an answer, "pay.unsigned".
func (e *Error) Unwrap() error { return e.err }

// CodeOf returns WeChat's code of the first *Error in the chain, "" without one.
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

var kinds = map[string]errs.Kind{
	"PARAM_ERROR": errs.Invalid, "INVALID_REQUEST": errs.Refused, "SIGN_ERROR": errs.Refused, "NO_AUTH": errs.Refused,
	"MCH_NOT_EXISTS": errs.Refused, "APPID_MCHID_NOT_MATCH": errs.Refused, "USER_ACCOUNT_ABNORMAL": errs.Refused, "RULE_LIMIT": errs.Refused,
	"ORDER_NOT_EXIST": errs.NotFound, "ORDERNOTEXIST": errs.NotFound, "RESOURCE_NOT_EXISTS": errs.NotFound, "NO_STATEMENT_EXIST": errs.NotFound,
	"ORDERPAID": errs.Conflict, "ORDER_CLOSED": errs.Conflict, "ORDERCLOSED": errs.Conflict, "OUT_TRADE_NO_USED": errs.Conflict,
	"NOT_ENOUGH": errs.Exhausted, "STATEMENT_CREATING": errs.Busy, "FREQUENCY_LIMITED": errs.Busy, "FREQUENCY_LIMIT_EXCEED": errs.Busy,
	"SYSTEM_ERROR": errs.Busy, "BANK_ERROR": errs.Busy,
}

// failed makes the Error of a call from what the SDK says.
func (c *Client) failed(ctx context.Context, op string, result *core.APIResult, err error) error {
	e := &Error{Op: op, MchID: c.cfg.MchID}
	if result != nil && result.Response != nil {
		e.Status, e.RequestID = result.Response.StatusCode, safeCode(result.Response.Header.Get("Request-Id"))
	}
	if api, ok := errors.AsType[*core.APIError](err); ok {
		e.Code = safeCode(api.Code)
		kind, known := kinds[e.Code]
		switch {
		case known:
		case e.Status == 429 || e.Status >= 500:
			kind = errs.Busy
		default:
			kind = errs.Refused
		}
		e.err = errs.New(kind, "pay.api").With("code", e.Code)
		return e
	}
	if no, ok := errors.AsType[errSignature](err); ok {
		e.err = errs.New(errs.Unavailable, "pay.unsigned").Because(no)
		return e
	}
	e.err = errs.New(errs.Unavailable, "pay.away")
	if away, ok := errors.AsType[*awayError](err); ok {
		e.err = e.err.Because(away)
	} else if done := ctx.Err(); done != nil {
		e.err = e.err.Because(done)
	}
	return e
}

var harmless = regexp.MustCompile(`^[A-Za-z0-9_\-]{1,64}$`)

// safeCode keeps what is a code or an id, and nothing else that an answer may hold.
func safeCode(s string) string {
	if harmless.MatchString(s) {
		return s
	}
	return ""
}
