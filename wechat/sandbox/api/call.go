package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/fault"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// maxBody is above the largest upload (10 MB) with its multipart frame.
const maxBody = 12 << 20

// call is one request on its way.
type call struct {
	r        *http.Request
	endpoint wechat.Endpoint
	query    url.Values
	body     []byte
	account  *state.Account // nil until known
	citizen  string         // for the wire log
}

// answer is a response before it is sent.
type answer struct {
	status int
	header http.Header
	body   []byte
	code   int
	rid    string // of a failure
	err    string
}

// file is an answer that is not JSON.
type file struct {
	mime, name string
	content    []byte
	status     int // 0 is 200
}

// serve runs a call through faults, rights and quota, answers it and keeps it in the wire log.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, endpoint wechat.Endpoint, h handler) {
	start := s.Wall.Now()
	c := &call{r: r, endpoint: endpoint, query: r.URL.Query()}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	c.body = body
	if err != nil {
		send(w, s.render(c, nil, fail(45001, "media size out of limit")))
		return
	}
	c.account = s.whose(c)
	planned := s.Faults.Take(r.URL.Path, accountID(c.account))
	a, cut := s.disturbed(r.Context(), c, h, planned)
	s.keep(r.Context(), c, start, a)
	if cut {
		panic(http.ErrAbortHandler) // net/http then drops the connection without an answer
	}
	send(w, a)
}

// disturbed runs the call under the planned faults; cut is true when nothing may be answered.
func (s *Server) disturbed(ctx context.Context, c *call, h handler, planned []fault.Fault) (a answer, cut bool) {
	if f, ok := fault.Find(planned, fault.Delay); ok {
		pause(ctx, f.DelayMS)
	}
	if _, ok := fault.Find(planned, fault.Drop); ok {
		return answer{err: "故障演练：连接被切断，未执行"}, true
	}
	if _, ok := fault.Find(planned, fault.HTML); ok {
		return answer{status: http.StatusBadGateway, header: http.Header{"Content-Type": {"text/html"}}, err: "故障演练",
			body: []byte("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n")}, false
	}
	if _, ok := fault.Find(planned, fault.Revoke); ok {
		if err := s.Store.Bury(ctx, c.query.Get("access_token")); err != nil {
			return s.render(c, nil, err), false
		}
	}
	if f, ok := fault.Find(planned, fault.Code); ok {
		return s.render(c, nil, fail(f.Code, "fault injected")), false
	}
	a = s.run(ctx, c, h)
	if f, ok := fault.Find(planned, fault.Late); ok {
		pause(ctx, f.DelayMS)
	}
	_, cut = fault.Find(planned, fault.DropAfter)
	if cut {
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

// run checks token, method, right and quota, in this order, and then asks the handler.
func (s *Server) run(ctx context.Context, c *call, h handler) answer {
	if c.endpoint.Auth == wechat.AuthToken {
		if err := s.checkToken(c.query.Get("access_token")); err != nil {
			return s.render(c, nil, err)
		}
		if err := stands(c.account); err != nil {
			return s.render(c, nil, err)
		}
	}
	if err := checkMethod(c); err != nil {
		return s.render(c, nil, err)
	}
	if c.endpoint.Auth == wechat.AuthToken {
		if err := s.permitted(ctx, c); err != nil {
			return s.render(c, nil, err)
		}
		if err := s.admit(c); err != nil {
			return s.render(c, nil, err)
		}
	}
	result, err := h(ctx, c)
	return s.render(c, result, err)
}

func checkMethod(c *call) error {
	switch {
	case c.r.Method == c.endpoint.Method:
		return nil
	case c.endpoint.Method == http.MethodGet:
		return fail(43001, "require GET method")
	}
	return fail(43002, "require POST method")
}

// whose finds the account that a call is about, without believing anything yet.
func (s *Server) whose(c *call) *state.Account {
	if token, ok := s.Store.Token(c.query.Get("access_token")); ok {
		return s.Store.AccountN(token.Account)
	}
	appid := c.query.Get("appid")
	if appid == "" && c.endpoint.Auth == wechat.AuthSecret {
		var in struct {
			AppID string `json:"appid"`
		}
		_ = json.Unmarshal(c.body, &in) // the handler complains about a bad body
		appid = in.AppID
	}
	return s.Store.AccountByAppID(appid)
}

func accountID(a *state.Account) string {
	if a == nil {
		return ""
	}
	return a.ID
}

// decode reads a JSON body as WeChat does: 44002 for none, 47001 for what is no JSON object of the right types.
func (c *call) decode(in any) error {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return fail(44002, "empty post data")
	}
	if !utf8.Valid(c.body) {
		return fail(47001, "data format error: not utf-8")
	}
	if trimmed := bytes.TrimSpace(c.body); trimmed[0] != '{' {
		return fail(47001, "data format error")
	}
	if err := json.Unmarshal(c.body, in); err != nil {
		return fail(47001, "data format error")
	}
	return nil
}

// render turns a handler's result into the answer.
func (s *Server) render(c *call, result any, err error) answer {
	if f, ok := result.(*file); ok && err == nil {
		return f.answer()
	}
	code, id := 0, ""
	if err != nil {
		f := s.failureOf(c, err)
		code, id = f.code, rid(s.Wall.Now())
		result = f.body(id)
	} else if result == nil {
		result = okBody{ErrMsg: "ok"}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // as WeChat: & < > as they are
	if err := enc.Encode(result); err != nil {
		s.Log.Error("an answer could not be written as JSON", "path", c.r.URL.Path, "error", err)
	}
	return answer{status: http.StatusOK, code: code, rid: id, body: bytes.TrimRight(b.Bytes(), "\n"),
		header: http.Header{"Content-Type": {"application/json; encoding=utf-8"}}}
}

func (s *Server) failureOf(c *call, err error) *failure {
	if f, ok := errors.AsType[*failure](err); ok {
		return f
	}
	if !errs.KindOf(err).Retry() {
		s.Log.Error("a call failed", "path", c.r.URL.Path, "error", err)
	}
	return fail(-1, "system error")
}

func (f *file) answer() answer {
	h := http.Header{"Content-Type": {f.mime}}
	if f.name != "" {
		h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", f.name))
	}
	return answer{status: max(f.status, http.StatusOK), header: h, body: f.content}
}

func send(w http.ResponseWriter, a answer) {
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a caller that has gone does not matter
}

// keep writes the call into the wire log, and one that failed also where its account can look it up.
func (s *Server) keep(ctx context.Context, c *call, start time.Time, a answer) {
	dir := "api"
	if strings.HasPrefix(c.r.URL.Path, "/sns/") {
		dir = "oauth"
	}
	request := string(c.body)
	if strings.HasPrefix(c.r.Header.Get("Content-Type"), "multipart/") {
		request = fmt.Sprintf("(multipart, %d bytes)", len(c.body))
	}
	entry := wire.Entry{
		At: start.UnixMilli(), Dir: dir, Account: accountID(c.account), Citizen: c.citizen, Method: c.r.Method,
		Path: c.r.URL.RequestURI(), Status: a.status, TookMS: s.Wall.Now().Sub(start).Milliseconds(),
		Request: request, Response: string(a.body), Code: a.code, Error: a.err,
	}
	if a.rid != "" && c.account != nil {
		s.keepFailed(ctx, c, a.rid, wire.Mask(entry))
	}
	s.Wire.Add(entry)
	s.Store.Hint(state.Hint{Topic: "wire", Account: accountID(c.account), Citizen: c.citizen})
}
