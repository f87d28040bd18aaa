// Package play is the sandbox's own JSON API under /sandbox/api: what the phone in the browser, the demo and strangers'
// scripts use to play citizens and to look at what happened. API.md describes it.
//
// Promises: requests that change something are refused when a page of another site makes them; an error says in Chinese
// what is wrong and changes nothing; secrets of an account are answered only to who makes it, those of its
// merchant to whoever asks.
package play

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/api"
	"weizheng/wechat/sandbox/crowd"
	"weizheng/wechat/sandbox/expect"
	"weizheng/wechat/sandbox/fault"
	"weizheng/wechat/sandbox/merchant"
	"weizheng/wechat/sandbox/page"
	"weizheng/wechat/sandbox/push"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// Config is what a Server needs.
type Config struct {
	Store   *state.Store
	Acts    *act.Acts
	Push    *push.Engine
	API     *api.Server
	Pay     *merchant.Server
	Browser *page.Browser
	Wire    *wire.Log
	Faults  *fault.List
	Crowds  *crowd.Home
	Expect  *expect.List
	Log     *slog.Logger
	Wall    clock.Clock
	Move    func(ctx context.Context, to time.Time) error // moves civil time; nil when that is somebody else's
}

// Server answers /sandbox/api/….
type Server struct {
	Config
	mux   *http.ServeMux
	guard *http.CrossOriginProtection
}

// maxJSON bounds a request; maxUpload is above the largest file (10 MB) with its multipart frame.
const (
	maxJSON   = 1 << 20
	maxUpload = 12 << 20
)

// New returns a server.
func New(c Config) *Server {
	s := &Server{Config: c, mux: http.NewServeMux(), guard: http.NewCrossOriginProtection()}
	for pattern, h := range map[string]func(*http.Request) (any, error){
		"GET /accounts":                s.accounts,
		"POST /accounts":               s.createAccount,
		"GET /accounts/{id}":           s.account,
		"PATCH /accounts/{id}":         s.patchAccount,
		"POST /accounts/{id}/verify":   s.verify,
		"POST /accounts/{id}/ips":      s.decideIP,
		"GET /citizens":                s.citizens,
		"POST /citizens":               s.createCitizen,
		"GET /citizens/{id}":           s.citizen,
		"PATCH /citizens/{id}":         s.patchCitizen,
		"POST /citizens/{id}/password": s.password,
		"POST /follow":                 s.follow,
		"POST /unfollow":               s.unfollow,
		"POST /scan":                   s.scan,
		"POST /messages":               s.messages,
		"POST /events":                 s.events,
		"POST /menu/tap":               s.tap,
		"POST /enter":                  s.enter,
		"POST /read":                   s.read,
		"POST /media":                  s.upload,
		"GET /menu":                    s.menu,
		"GET /chat":                    s.chat,
		"GET /chats":                   s.chats,
		"GET /codes":                   s.codes,
		"GET /wire":                    s.wire,
		"DELETE /wire":                 s.clearWire,
		"GET /clock":                   s.clock,
		"POST /clock":                  s.move,
		"GET /faults":                  s.faults,
		"PUT /faults":                  s.replaceFaults,
		"POST /faults":                 s.addFault,
		"DELETE /faults":               s.clearFaults,
		"DELETE /faults/{id}":          s.removeFault,
		"POST /open":                   s.open,
	} {
		s.json(pattern, h)
	}
	s.peopleRoutes()
	s.contentRoutes()
	s.crowdRoutes()
	s.expectationRoutes()
	s.raw("GET /media/{id}", s.file)
	s.raw("GET /avatar/{id}", s.avatar)
	s.raw("GET /accounts/{id}/avatar", s.avatar)
	s.raw("GET /accounts/{id}/qr", s.ownCode)
	s.raw("GET /coverage", s.Coverage)
	s.raw("GET /stream", s.stream)
	s.friendRoutes()
	s.payRoutes()
	s.lookRoutes()
	s.raw("/", func(w http.ResponseWriter, _ *http.Request) error {
		answer(w, http.StatusNotFound, problem("no_such_path", "没有这个接口，见 wechat/sandbox/API.md。", ""))
		return nil
	})
	return s
}

const base = "/sandbox/api"

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := s.guard.Check(r); err != nil {
		answer(w, http.StatusForbidden, problem("cross_origin", "不接受其他网站发来的请求。", ""))
		return
	}
	s.mux.ServeHTTP(w, r)
}

// created marks a result that is answered with 201.
type created struct{ result any }

func (s *Server) json(pattern string, h func(*http.Request) (any, error)) {
	s.raw(pattern, func(w http.ResponseWriter, r *http.Request) error {
		r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
		result, err := h(r)
		if err != nil {
			return err
		}
		if c, ok := result.(created); ok {
			answer(w, http.StatusCreated, c.result)
			return nil
		}
		answer(w, http.StatusOK, result)
		return nil
	})
}

func (s *Server) raw(pattern string, h func(http.ResponseWriter, *http.Request) error) {
	s.mux.HandleFunc(prefixed(pattern), func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// prefixed puts the base before the path of a pattern such as "GET /x".
func prefixed(pattern string) string {
	for i, c := range pattern {
		if c == '/' {
			return pattern[:i] + base + pattern[i:]
		}
	}
	return pattern
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // a reader that has gone does not matter
}

// decode reads a JSON body.
func decode(r *http.Request, in any) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxJSON+1))
	if err != nil || len(body) > maxJSON {
		return invalid("", "body")
	}
	if err := json.Unmarshal(body, in); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return invalid(wrong.Field, "type")
		}
		return invalid("", "json")
	}
	return nil
}

// number reads a whole number of the query; def when it is missing.
func number(r *http.Request, name string, def, lowest, highest int64) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return def, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < lowest || n > highest {
		return 0, invalid(name, "range")
	}
	return n, nil
}

func limit(r *http.Request) (int, error) {
	n, err := number(r, "limit", 50, 1, 500)
	return int(n), err
}

func invalid(field, key string) error {
	return errs.InvalidFields([]errs.Field{{Field: field, Key: key}})
}
