package play

import (
	"errors"
	"net/http"
	"strings"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

type problemBody struct {
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Field   string `json:"field,omitempty"`
	} `json:"error"`
}

func problem(code, message, field string) problemBody {
	var b problemBody
	b.Error.Code, b.Error.Message, b.Error.Field = code, message, field
	return b
}

// texts say what an error's code means.
var texts = map[string]string{
	"unknown_account":     "没有这个公众号。",
	"unknown_component":   "没有这个第三方平台。",
	"unknown_citizen":     "没有这个市民，或他与这个公众号没有往来。",
	"unknown_media":       "没有这个文件，或它已过期。",
	"unknown_article":     "没有这篇文章。",
	"unknown_comment":     "没有这条留言。",
	"not_readable":        "文章已被删除或下架。",
	"comments_closed":     "这篇文章没有开放留言。",
	"unknown_qr":          "没有这个二维码。",
	"unknown_button":      "菜单上没有这个按钮。",
	"unknown_fault":       "没有这个故障。",
	"unknown_crowd":       "没有这群人。",
	"unknown_expectation": "没有这个期望。",
	"expectations_full":   "期望太多，先清空（DELETE /expectations）。",
	"no_callback":         "这个公众号没有可用的回调地址。",
	"crowd_running":       "同一个种子的一群人正在跑，请换一个种子或先停下它。",
	"unknown_moment":      "没有这条朋友圈，或它不是您发的。",
	"no_merchant":         "这个公众号没有开通支付（沙箱里没有它的商户）。",
	"short":               "余额不足，没有付成。",
	"pay_refused":         "不能支付：",

	"unknown_merchant":    "这个公众号还没有商户，先 POST /accounts/{id}/merchant。",
	"merchant_unverified": "只有已认证的公众号才能开通微信支付。",
	"merchant_by_key":     "这个商户用微信支付公钥验签，没有平台证书可换。",
	"exists":              "已经有同名的了。",
	"not_following":       "没有关注这个公众号，不能这样做。",
	"same_account":        "不能迁移到自己。",

	"unknown_worker":   "没有这个客服账号。",
	"unknown_session":  "这位客服没有接待这个市民。",
	"worker_unbound":   "这个客服账号还没有绑定微信号。",
	"worker_offline":   "这位客服不在线。",
	"served_by_other":  "别的客服正在接待。",
	"no_invitation":    "没有等待回答的邀请。",
	"unknown_template": "这个公众号没有这个模板。",
	"category_changes": "本月修改类目的次数已用完。",
	"subscribe_10001":  "没有说要订阅哪些模板。",
	"subscribe_20001":  "这个公众号没有要订阅的模板。",
	"subscribe_20002":  "一次性订阅和长期订阅的模板不能放在一起。",
	"subscribe_20003":  "一次要订阅的模板太多。",
	"subscribe_20005":  "这个公众号不能发订阅通知。",

	"qr_expired":      "二维码已过期。",
	"origin":          "沙箱只打开已配置公众号的网页和本机的网页。",
	"callback_failed": "回调地址没有通过验证，设置未改变：",
	"not_movable":     "这个沙箱的时钟不能拨动。",
	"backward":        "时钟只能往前拨。",
	"busy":            "系统繁忙，请稍后再试。",
	"internal":        "沙箱内部错误，详情见日志。",
	"invalid":         "参数不正确：",
}

// reasons say what is wrong with a field.
var reasons = map[string]string{
	"required": "必填", "self": "不能是自己", "slug": "只能用小写字母、数字和连字符", "name": "不能为空，也不能太长", "kind": "不是已知的种类",
	"url": "不是 http 或 https 网址", "format": "格式不对", "json": "不是 JSON", "body": "太大", "type": "类型不对",
	"range": "超出范围", "length": "为空或太长", "how": "不是已知的关注途径", "count": "数量不对", "size": "文件太大",
	"event": "不是已知的事件", "other_account": "不是这个公众号的", "path": "应是以 / 开头的路径，或 callback", "too_many": "太多", "script": "不能与脚本同时给出",
	"act": "不是已知的动作（follow、ask、tap、open、fill、rate）", "not_of_act": "不属于这个动作", "unknown": "没有这个字段",
	"wechat.mode": "不是 plain、compatible 或 safe", "wechat.key": "EncodingAESKey 应是 43 个字符",
}

var statuses = map[errs.Kind]int{
	errs.Invalid: http.StatusUnprocessableEntity, errs.NotFound: http.StatusNotFound, errs.Conflict: http.StatusConflict,
	errs.Denied: http.StatusForbidden, errs.Refused: http.StatusUnprocessableEntity, errs.Busy: http.StatusServiceUnavailable,
	errs.Unavailable: http.StatusServiceUnavailable,
}

// fail answers an error.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, clock.ErrBackward) {
		err = errs.New(errs.Conflict, "sandbox.backward")
	}
	e := errs.As(err)
	status, ok := statuses[e.Kind()]
	code := strings.TrimPrefix(e.Key(), "sandbox.")
	switch {
	case !ok:
		status, code = http.StatusInternalServerError, "internal"
		s.Log.ErrorContext(r.Context(), "a request to the sandbox failed", "path", r.URL.Path, "error", err)
	case e.Kind().Retry():
		code = "busy"
	}
	text, field := texts[code], ""
	if fields := e.Fields(); len(fields) > 0 {
		field = fields[0].Field
		text += strings.TrimSpace(field+" "+reason(fields[0].Key)) + "。"
	}
	if why, ok := e.Params()["why"].(string); ok {
		text += why
	}
	answer(w, status, problem(code, text, field))
}

func reason(key string) string {
	if text, ok := reasons[key]; ok {
		return text
	}
	return "不正确"
}
