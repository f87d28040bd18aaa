// Package api is WeChat's server API as the local WeChat plays it: the paths under /cgi-bin, /sns and so on, with their
// error codes, rights, quotas and limits.
//
// Promises: what it answers is what WeChat's documents say, never what some client would like; a path that is not built
// answers 404 and stands in the coverage list as missing; HTTP status 200 with errcode and rid for errors; hostile input
// is an error code and never a panic.
package api

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"sync"

	"weizheng/platform/clock"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/fault"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// Config is what a Server needs.
type Config struct {
	Store  *state.Store
	Acts   *act.Acts // for what calls make happen to people
	Wire   *wire.Log
	Faults *fault.List
	Log    *slog.Logger
	Wall   clock.Clock
	Base   string                     // the sandbox's own address, without a slash at its end
	Paid   func(wechat.Endpoint) bool // whether WeChat Pay has an endpoint; nil: none
}

// Server answers WeChat's paths.
type Server struct {
	Config
	handlers map[string]handler

	mu      sync.Mutex
	minutes map[minuteKey]int // calls of the present minute
	minute  int64
	forced  map[int64]int64 // account → wall instant of the last forced stable token
}

// handler answers one endpoint: a value for JSON, a *file, or nil for {"errcode":0,"errmsg":"ok"}; an error is a
// *failure or a fault of ours.
type handler func(ctx context.Context, c *call) (any, error)

// New returns a server.
func New(c Config) *Server {
	s := &Server{Config: c, minutes: map[minuteKey]int{}, forced: map[int64]int64{}}
	s.handlers = map[string]handler{
		"/cgi-bin/token":                       s.token,
		"/cgi-bin/stable_token":                s.stableToken,
		"/cgi-bin/getcallbackip":               s.callbackIPs,
		"/cgi-bin/get_api_domain_ip":           s.apiIPs,
		"/cgi-bin/openapi/quota/get":           s.quota,
		"/cgi-bin/menu/create":                 s.menuCreate,
		"/cgi-bin/menu/get":                    s.menuGet,
		"/cgi-bin/menu/delete":                 s.menuDelete,
		"/cgi-bin/user/get":                    s.userGet,
		"/cgi-bin/user/info":                   s.userInfo,
		"/cgi-bin/user/info/batchget":          s.userBatch,
		"/cgi-bin/user/info/updateremark":      s.userRemark,
		"/cgi-bin/tags/create":                 s.tagCreate,
		"/cgi-bin/tags/get":                    s.tagList,
		"/cgi-bin/tags/update":                 s.tagUpdate,
		"/cgi-bin/tags/delete":                 s.tagDelete,
		"/cgi-bin/tags/members/batchtagging":   s.tagMembers,
		"/cgi-bin/tags/members/batchuntagging": s.untagMembers,
		"/cgi-bin/tags/getidlist":              s.tagsOfUser,
		"/cgi-bin/user/tag/get":                s.usersOfTag,
		"/cgi-bin/message/custom/send":         s.customSend,
		"/cgi-bin/message/custom/typing":       s.customTyping,
		"/cgi-bin/qrcode/create":               s.qrCreate,
		"/cgi-bin/showqrcode":                  s.qrShow,
		"/cgi-bin/media/upload":                s.mediaUpload,
		"/cgi-bin/media/get":                   s.mediaGet,
		"/cgi-bin/ticket/getticket":            s.ticket,
		"/sns/oauth2/access_token":             s.snsToken,
		"/sns/oauth2/refresh_token":            s.snsRefresh,
		"/sns/auth":                            s.snsAuth,
		"/sns/userinfo":                        s.snsUserInfo,
	}
	maps.Copy(s.handlers, s.contentHandlers())
	maps.Copy(s.handlers, s.blacklistHandlers())
	maps.Copy(s.handlers, s.conditionalHandlers())
	maps.Copy(s.handlers, s.templateHandlers())
	maps.Copy(s.handlers, s.noticeHandlers())
	maps.Copy(s.handlers, s.workerHandlers())
	maps.Copy(s.handlers, s.datacubeHandlers())
	maps.Copy(s.handlers, s.otherHandlers())
	return s
}

// Serves reports whether a path is WeChat's: in the table, or under one of the prefixes that WeChat's API uses.
func Serves(path string) bool {
	if _, ok := wechat.EndpointOf(path); ok {
		return true
	}
	for _, prefix := range prefixes {
		if len(path) >= len(prefix) && path[:len(prefix)] == prefix {
			return true
		}
	}
	return false
}

var prefixes = []string{
	"/cgi-bin/", "/sns/", "/datacube/", "/wxaapi/", "/connect/", "/customservice/", "/cv/", "/wxa/", "/mp/",
	"/shakearound/", "/card/", "/semantic/", "/device/", "/merchant/", "/bizwifi/", "/scan/",
}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	endpoint, known := wechat.EndpointOf(r.URL.Path)
	h := s.handlers[r.URL.Path]
	if !known || h == nil {
		notThere(w)
		return
	}
	s.serve(w, r, endpoint, h)
}

// notThere is how the API's host answers a path it does not have.
func notThere(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("X-Sandbox", "not built, see /coverage")
	w.WriteHeader(http.StatusNotFound)
	// A caller that has gone does not matter.
	_, _ = w.Write([]byte("<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n</body>\r\n</html>\r\n"))
}
