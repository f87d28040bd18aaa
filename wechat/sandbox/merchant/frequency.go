package merchant

import "sync"

// perSecond is how many calls of an endpoint a merchant has in one second. WeChat Pay docs: API规则, API请求频次 (下单 600,
// 查询订单 1800, 申请退款 150, 查询退款 300); of the others it publishes nothing.
var perSecond = map[string]int{
	"POST /v3/pay/transactions/jsapi":                      600,
	"GET /v3/pay/transactions/id/{transaction_id}":         1800,
	"GET /v3/pay/transactions/out-trade-no/{out_trade_no}": 1800,
	"POST /v3/refund/domestic/refunds":                     150,
	"GET /v3/refund/domestic/refunds/{out_refund_no}":      300,
}

// wrongRefunds is how many refunds of a second may be wrong. WeChat Pay docs: 申请退款, "错误或无效请求频率限制：6qps".
const wrongRefunds = 6

const refundPattern = "POST /v3/refund/domestic/refunds"

// frequency counts calls of the present wall second.
type frequency struct {
	mu     sync.Mutex
	second int64
	calls  map[rate]int
}

// rate is what is counted together.
type rate struct {
	mchid, pattern string
	wrong          bool
}

// admit counts a call; false when the second has had limit already (0: no limit).
func (f *frequency) admit(r rate, limit int, second int64) bool {
	if limit == 0 {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn(second)
	if f.calls[r] >= limit {
		return false
	}
	f.calls[r]++
	return true
}

// full reports whether a second has had its limit, without counting.
func (f *frequency) full(r rate, limit int, second int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn(second)
	return f.calls[r] >= limit
}

func (f *frequency) turn(second int64) {
	if f.second != second || f.calls == nil {
		f.second, f.calls = second, map[rate]int{}
	}
}
