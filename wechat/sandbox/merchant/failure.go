package merchant

import (
	"fmt"
	"net/http"
)

// failure is an answer that says no.
type failure struct {
	status  int
	code    string
	message string
	detail  any
}

// Error is for logs.
func (f *failure) Error() string { return f.code + " " + f.message }

func (f *failure) body() any {
	return struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Detail  any    `json:"detail,omitempty"`
	}{f.code, f.message, f.detail}
}

// The refusals. WeChat docs: the error tables of JSAPI下单, 查询, 关单, 退款申请, 申请交易账单, 签名错误.
func paramError(field, what, issue string) *failure {
	return &failure{http.StatusBadRequest, "PARAM_ERROR", fmt.Sprintf("输入源“/body%s”映射到字段“%s”校验失败：%s", field, what, issue),
		map[string]string{"location": "body", "field": field, "issue": issue}}
}

func queryError(field, issue string) *failure {
	return &failure{http.StatusBadRequest, "PARAM_ERROR", "参数错误：" + issue,
		map[string]string{"location": "query", "field": field, "issue": issue}}
}

func signError(message string) *failure {
	return &failure{status: http.StatusUnauthorized, code: "SIGN_ERROR", message: message}
}

func invalidRequest(message string) *failure {
	return &failure{status: http.StatusBadRequest, code: "INVALID_REQUEST", message: message}
}

func noSuch(message string) *failure {
	return &failure{status: http.StatusNotFound, code: "RESOURCE_NOT_EXISTS", message: message}
}

var (
	errMerchant   = &failure{status: http.StatusBadRequest, code: "MCH_NOT_EXISTS", message: "商户号不存在"}
	errNoAuth     = &failure{status: http.StatusForbidden, code: "NO_AUTH", message: "商户无权限"}
	errAppID      = &failure{status: http.StatusBadRequest, code: "APPID_MCHID_NOT_MATCH", message: "appid和mch_id不匹配"}
	errPaid       = &failure{status: http.StatusBadRequest, code: "ORDERPAID", message: "该订单已支付"}
	errClosed     = &failure{status: http.StatusBadRequest, code: "ORDER_CLOSED", message: "该订单已关闭"}
	errUsed       = &failure{status: http.StatusForbidden, code: "OUT_TRADE_NO_USED", message: "商户订单号重复"}
	errNoOrder    = &failure{status: http.StatusNotFound, code: "ORDER_NOT_EXIST", message: "订单不存在"}
	errPoor       = &failure{status: http.StatusForbidden, code: "NOT_ENOUGH", message: "基本账户余额不足，请充值后重新发起"}
	errPayer      = &failure{status: http.StatusForbidden, code: "USER_ACCOUNT_ABNORMAL", message: "退款请求失败，用户账户异常"}
	errTooOften   = &failure{status: http.StatusTooManyRequests, code: "FREQUENCY_LIMITED", message: "频率超限"}
	errSystem     = &failure{status: http.StatusInternalServerError, code: "SYSTEM_ERROR", message: "系统异常，请稍后重试"}
	errNotThere   = &failure{status: http.StatusNotFound, code: "NOT_FOUND", message: "请求的资源不存在"}
	errNoBill     = &failure{status: http.StatusBadRequest, code: "NO_STATEMENT_EXIST", message: "账单文件不存在"}
	errBillTooNew = &failure{status: http.StatusBadRequest, code: "STATEMENT_CREATING", message: "账单生成中"}
)

// planned is what a fault of kind code says: 429 and 5xx as they are called, anything else INVALID_REQUEST.
func planned(status int) *failure {
	switch {
	case status == http.StatusTooManyRequests:
		return errTooOften
	case status >= 500 && status <= 599:
		return &failure{status: status, code: errSystem.code, message: errSystem.message}
	}
	return invalidRequest("故障演练")
}
