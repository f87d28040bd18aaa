package api

import (
	"context"
	"net"
	"strings"
	"unicode/utf8"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// keptBody bounds what is kept of a failed call's body and answer, in bytes; ours.
const keptBody = 4 << 10

// keepFailed records a masked call by its rid.
func (s *Server) keepFailed(ctx context.Context, c *call, rid string, e wire.Entry) {
	_, query, _ := strings.Cut(e.Path, "?")
	err := s.Store.KeepRequest(context.WithoutCancel(ctx), state.Request{RID: rid, Account: c.account.N, InvokedAt: e.At, TookMS: e.TookMS,
		Query: query, Body: bounded(e.Request), Answer: bounded(e.Response), IP: callerOf(c.r.RemoteAddr)})
	if err != nil {
		s.Log.WarnContext(ctx, "a failed call was not recorded", "path", c.r.URL.Path, "error", err)
	}
}

func bounded(text string) string {
	if len(text) <= keptBody {
		return text
	}
	cut := keptBody
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}

func callerOf(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	return host
}

type requestBody struct {
	okBody
	Request struct {
		Invoked int64  `json:"invoke_time"`
		Took    int64  `json:"cost_in_ms"`
		URL     string `json:"request_url"` // the query
		Body    string `json:"request_body"`
		Answer  string `json:"response_body"`
		IP      string `json:"client_ip"`
	} `json:"request"`
}

// requestOf tells what a failed call of the last seven days was. WeChat docs: getRidInfo.
func (s *Server) requestOf(ctx context.Context, c *call) (any, error) {
	var in struct {
		RID string `json:"rid"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.RID == "" || len(in.RID) > 64 {
		return nil, fail(76002, "rid is error") // the code is unverified
	}
	r, err := s.Store.FindRequest(ctx, in.RID)
	if errs.Is(err, errs.NotFound) {
		return nil, fail(76001, "rid not found")
	}
	if err != nil {
		return nil, err
	}
	if r.Account != c.account.N {
		return nil, fail(76003, "could not query this rid, no permission") // the code is unverified
	}
	out := requestBody{okBody: okBody{ErrMsg: "ok"}}
	out.Request.Invoked, out.Request.Took, out.Request.URL = r.InvokedAt/1000, r.TookMS, r.Query
	out.Request.Body, out.Request.Answer, out.Request.IP = r.Body, r.Answer, r.IP
	return out, nil
}
