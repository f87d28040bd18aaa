package merchant

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/fault"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// Config is what a Server needs.
type Config struct {
	Store     *state.Store
	Wire      *wire.Log
	Faults    *fault.List
	Log       *slog.Logger
	Wall      clock.Clock
	Base      string            // the sandbox's own address, without a slash at its end
	Transport http.RoundTripper // carries notices; nil: the network
}

// Server is WeChat Pay. Start it before notices are to go out, Stop it before the store closes.
type Server struct {
	Config
	desk   desk
	sender sender
	mux    *http.ServeMux
	often  frequency
	bills  bills
}

// maxBody is far above any request of a merchant.
const maxBody = 1 << 20

// downloadPath is where bills are fetched.
const downloadPath = "/v3/billdownload/file"

// handler answers one endpoint: a value for JSON, a raw file, or nil for 204; an error is a *failure or a fault of ours.
type handler func(ctx context.Context, c *call) (any, error)

// file is an answer that is not JSON and not signed.
type file struct {
	mime    string
	content []byte
}

// New returns a server.
func New(c Config) *Server {
	s := &Server{Config: c, desk: desk{read: map[string]*keys{}}, mux: http.NewServeMux()}
	s.sender.init(c)
	for pattern, h := range s.handlers() {
		s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, s.limited(pattern, h)) })
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Sandbox", "not built, see /coverage")
		s.serve(w, r, nil)
	})
	return s
}

func (s *Server) handlers() map[string]handler {
	return map[string]handler{
		"POST /v3/pay/transactions/jsapi":                             s.prepay,
		"GET /v3/pay/transactions/id/{transaction_id}":                s.queryByID,
		"GET /v3/pay/transactions/out-trade-no/{out_trade_no}":        s.queryByNo,
		"POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close": s.closeOrder,
		"POST /v3/refund/domestic/refunds":                            s.refund,
		"GET /v3/refund/domestic/refunds/{out_refund_no}":             s.queryRefund,
		"GET /v3/certificates":                                        s.certificates,
		"GET /v3/bill/tradebill":                                      s.tradeBill,
		"GET /v3/bill/fundflowbill":                                   s.fundFlowBill,
		"GET " + downloadPath:                                         s.download,
	}
}

// Serves reports whether a path is WeChat Pay's.
func Serves(path string) bool { return strings.HasPrefix(path, "/v3/") }

// Has reports whether an endpoint of the table is here.
func (s *Server) Has(e wechat.Endpoint) bool { return s.handlers()[e.Method+" "+e.Path] != nil }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// call is one request on its way.
type call struct {
	r        *http.Request
	body     []byte
	merchant *keys // nil until the number in Authorization is one
	account  *state.Account
}

// answer is a response before it is sent.
type answer struct {
	status int
	header http.Header
	body   []byte
	err    string
}

// serve runs a request through faults and verification, answers it and keeps it in the wire log.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, h handler) {
	start := s.Wall.Now()
	c := &call{r: r}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	c.body = body
	s.recognise(c)
	a, cut := answer{}, false
	if err != nil {
		a = s.render(c, nil, paramError("", "请求体", "过大"))
	} else {
		a, cut = s.disturbed(r.Context(), c, h)
	}
	s.keep(c, start, a)
	if cut {
		panic(http.ErrAbortHandler) // net/http then drops the connection without an answer
	}
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a caller that has gone does not matter
}

// recognise finds whose the request says it is, without believing it.
func (s *Server) recognise(c *call) {
	p, err := parseAuthorization(c.r.Header.Get("Authorization"))
	if err != nil {
		return
	}
	if k, err := s.keysOf(c.r.Context(), p.mchid); err == nil {
		c.merchant, c.account = k, s.Store.AccountN(k.Account)
	}
}

// disturbed answers under the planned faults; cut is true when nothing may be answered.
func (s *Server) disturbed(ctx context.Context, c *call, h handler) (a answer, cut bool) {
	faults := s.Faults.Take(c.r.URL.Path, accountID(c.account))
	if f, ok := fault.Find(faults, fault.Delay); ok {
		pause(ctx, f.DelayMS)
	}
	if _, ok := fault.Find(faults, fault.Drop); ok {
		return answer{err: "故障演练：连接被切断，未执行"}, true
	}
	if _, ok := fault.Find(faults, fault.HTML); ok {
		return answer{status: http.StatusBadGateway, header: http.Header{"Content-Type": {"text/html"}}, err: "故障演练",
			body: []byte("<html><body>502 Bad Gateway</body></html>\r\n")}, false
	}
	if f, ok := fault.Find(faults, fault.Code); ok {
		return s.render(c, nil, planned(f.Code)), false
	}
	result, err := s.run(ctx, c, h)
	a = s.render(c, result, err)
	if f, ok := fault.Find(faults, fault.Late); ok {
		pause(ctx, f.DelayMS)
	}
	if _, cut = fault.Find(faults, fault.DropAfter); cut {
		a.err = "故障演练：已执行，连接在回复之前被切断"
	}
	return a, cut
}

func pause(ctx context.Context, ms int64) {
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
	case <-ctx.Done():
	}
}

func (s *Server) run(ctx context.Context, c *call, h handler) (any, error) {
	if h == nil {
		return nil, errNotThere
	}
	if err := s.verify(c); err != nil {
		return nil, err
	}
	if c.account == nil || !c.account.Verified {
		return nil, errNoAuth
	}
	return h(ctx, c)
}

// limited refuses what comes more often than WeChat Pay allows.
func (s *Server) limited(pattern string, h handler) handler {
	return func(ctx context.Context, c *call) (any, error) {
		second, all, wrong := s.Wall.Now().Unix(), rate{mchid: c.merchant.MchID, pattern: pattern}, rate{c.merchant.MchID, pattern, true}
		if !s.often.admit(all, perSecond[pattern], second) || pattern == refundPattern && s.often.full(wrong, wrongRefunds, second) {
			return nil, errTooOften
		}
		result, err := h(ctx, c)
		if no, ok := errors.AsType[*failure](err); ok && no.status < http.StatusInternalServerError && pattern == refundPattern {
			s.often.admit(wrong, wrongRefunds, second)
		}
		return result, err
	}
}

// render turns a handler's result into the signed answer.
func (s *Server) render(c *call, result any, err error) answer {
	a := answer{status: http.StatusOK, header: http.Header{"Request-Id": {"08" + state.RandomSecret(30)}}}
	if f, ok := result.(file); ok && err == nil {
		a.body = f.content
		a.header.Set("Content-Type", f.mime)
		return a
	}
	switch f, ok := errors.AsType[*failure](err); {
	case ok:
		a.status, result, a.err = f.status, f.body(), f.code
	case err != nil:
		if !errs.KindOf(err).Retry() {
			s.Log.Error("a payment call failed", "path", c.r.URL.Path, "error", err)
		}
		a.status, result = errSystem.status, errSystem.body()
	case result == nil:
		a.status = http.StatusNoContent
	}
	if result != nil {
		a.header.Set("Content-Type", "application/json; charset=utf-8")
		if a.body, err = json.Marshal(result); err != nil {
			s.Log.Error("an answer could not be written as JSON", "path", c.r.URL.Path, "error", err)
		}
	}
	if c.merchant != nil {
		serial, key := c.merchant.voice(c.r.Header.Get("Wechatpay-Serial"))
		if err := s.sign(a.header, serial, key, a.body); err != nil {
			s.Log.Error("an answer could not be signed", "path", c.r.URL.Path, "error", err)
		}
	}
	return a
}

func accountID(a *state.Account) string {
	if a == nil {
		return ""
	}
	return a.ID
}

// keep writes the call into the wire log.
func (s *Server) keep(c *call, start time.Time, a answer) {
	s.Wire.Add(wire.Entry{
		At: start.UnixMilli(), Dir: "pay", Account: accountID(c.account), Method: c.r.Method, Path: maskToken(c.r.URL.RequestURI()),
		Status: a.status, TookMS: s.Wall.Now().Sub(start).Milliseconds(), Request: string(c.body), Response: string(a.body), Error: a.err,
	})
	s.Store.Hint(state.Hint{Topic: "wire", Account: accountID(c.account)})
}

// maskToken hides what fetches a bill.
func maskToken(path string) string {
	if before, _, found := strings.Cut(path, "?token="); found {
		return before + "?token=***"
	}
	return path
}

// yuan writes an amount of fen as bills do: 12.05.
func yuan(fen int64) string {
	return strconv.FormatInt(fen/100, 10) + "." + string([]byte{byte('0' + fen%100/10), byte('0' + fen%10)})
}
