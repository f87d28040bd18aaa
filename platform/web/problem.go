package web

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"weizheng/platform/errs"
	"weizheng/platform/log"
)

// Problem is an error as it crosses the wire: RFC 9457 with the key, the request id and the faults of the input.
type Problem struct {
	Type    string  `json:"type" doc:"总是 about:blank；按 kind 和 key 区分"`
	Title   string  `json:"title" doc:"这一类问题的短标题"`
	Status  int     `json:"status" doc:"HTTP 状态码"`
	Detail  string  `json:"detail" doc:"发生了什么、下一步怎么办，可以直接给人看"`
	Kind    string  `json:"kind" enum:"internal,invalid,unauthenticated,denied,not_found,conflict,exhausted,busy,unavailable,refused" doc:"问题的种类"`
	Key     string  `json:"key" doc:"问题的键，供程序判断"`
	Request string  `json:"request_id" doc:"请求编号，报障时请提供"`
	Errors  []Fault `json:"errors,omitempty" nullable:"false" doc:"输入中的问题，一次列全"`
}

// Fault is one fault of the input.
type Fault struct {
	Field  string         `json:"field" doc:"字段，例如 items[0].name"`
	Key    string         `json:"key" doc:"问题的键"`
	Text   string         `json:"text" doc:"可以直接给人看的说明"`
	Params map[string]any `json:"params,omitempty" doc:"说明中的参数"`
}

var statusByKind = map[errs.Kind]int{
	errs.Internal:        http.StatusInternalServerError,
	errs.Invalid:         http.StatusUnprocessableEntity,
	errs.Unauthenticated: http.StatusUnauthorized,
	errs.Denied:          http.StatusForbidden,
	errs.NotFound:        http.StatusNotFound,
	errs.Conflict:        http.StatusConflict,
	errs.Exhausted:       http.StatusTooManyRequests,
	errs.Busy:            http.StatusServiceUnavailable,
	errs.Unavailable:     http.StatusServiceUnavailable,
	errs.Refused:         http.StatusUnprocessableEntity, // 502 would be taken for a broken proxy and replaced by its page
}

// statusByKey holds the few errors of HTTP itself that have a status of their own.
var statusByKey = map[string]int{
	"web.too_large":    http.StatusRequestEntityTooLarge,
	"web.method":       http.StatusMethodNotAllowed,
	"web.media_type":   http.StatusUnsupportedMediaType,
	"web.malformed":    http.StatusBadRequest,
	"web.body_missing": http.StatusBadRequest,
	"web.slow":         http.StatusRequestTimeout,
}

// retryAfter is the parameter that becomes the header of the same meaning: whole seconds, at least 1.
const retryAfter = "seconds"

// Status returns the HTTP status of an error.
func Status(err error) int {
	e := errs.As(classify(err))
	if status, ok := statusByKey[e.Key()]; ok {
		return status
	}
	return statusByKind[e.Kind()]
}

// classify gives errors of net/http and context, which nobody in the house made, their kind.
func classify(err error) error {
	if _, ok := errors.AsType[*errs.Error](err); ok {
		return err
	}
	if big, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(big.Limit)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errs.New(errs.Unavailable, "web.timeout").Because(err)
	}
	if errors.Is(err, context.Canceled) {
		return errs.New(errs.Unavailable, "unavailable").Because(err) // the client went away: nobody reads this
	}
	return err
}

func tooLarge(limit int64) error {
	return errs.New(errs.Invalid, "web.too_large").With("limit", sizeText(limit))
}

func sizeText(bytes int64) string {
	if bytes >= 1<<20 {
		return strconv.FormatInt(bytes>>20, 10) + " MB"
	}
	return strconv.FormatInt(max(bytes>>10, 1), 10) + " KB"
}

// problem makes the wire form of err. An internal error is logged here, once, with its cause; the client gets the
// request id only.
func (s *Server) problem(ctx context.Context, err error) Problem {
	e := errs.As(classify(err))
	request := log.Request(ctx)
	if e.Kind() == errs.Internal {
		s.log.ErrorContext(ctx, "request failed", "route", routeOf(ctx), "error", err.Error())
	}
	params := map[string]any{"request": request}
	maps.Copy(params, e.Params())
	p := Problem{
		Type: "about:blank", Title: s.texts.Say("kind."+e.Kind().String(), nil), Status: Status(err),
		Detail: s.detail(e, params), Kind: e.Kind().String(), Key: e.Key(), Request: request,
	}
	for _, f := range e.Fields() {
		p.Errors = append(p.Errors, Fault{Field: f.Field, Key: f.Key, Text: s.texts.Say(f.Key, f.Params), Params: f.Params})
	}
	return p
}

// detail never shows the key of an internal error or a key without a text: the kind's own text says enough.
func (s *Server) detail(e *errs.Error, params map[string]any) string {
	if e.Kind() != errs.Internal && s.texts.Has(e.Key()) {
		return s.texts.Say(e.Key(), params)
	}
	return s.texts.Say(e.Kind().String(), params)
}

// retryHeader tells when to come again, if that is known or the kind says so.
func retryHeader(h http.Header, err error) {
	e := errs.As(classify(err))
	if seconds, ok := e.Params()[retryAfter].(int); ok {
		h.Set("Retry-After", strconv.Itoa(seconds))
		return
	}
	switch e.Kind() {
	case errs.Busy:
		h.Set("Retry-After", "1")
	case errs.Unavailable:
		h.Set("Retry-After", "5")
	}
}

func tooOften(wait time.Duration) error {
	return errs.New(errs.Exhausted, "web.too_often").With(retryAfter, int(math.Ceil(max(wait.Seconds(), 1))))
}

// Fail answers a request with err: a page where a browser asked a page's face for HTML, else application/problem+json.
// Raw handlers end with it. It must be called before anything was written.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	v := visitOf(r.Context())
	if v == nil {
		http.Error(w, http.StatusText(Status(err)), Status(err)) // outside a Server: a handler tried on its own
		return
	}
	v.server.fail(w, r, err)
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		w.WriteHeader(499) // nginx's number for "client closed request": only the access log sees it
		return
	}
	p := s.problem(r.Context(), err)
	retryHeader(w.Header(), err)
	w.Header().Set("Cache-Control", "no-store")
	if wantsPage(r) {
		s.errorPage(w, r, p)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client is gone if this fails
}

// wantsPage reports whether the error is for a person's eyes: a page's face, and a browser that names text/html.
func wantsPage(r *http.Request) bool {
	v := visitOf(r.Context())
	if v != nil && v.route != nil && !faceRules[v.route.Face].document {
		return false
	}
	if v == nil || v.route == nil {
		if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/console/api/") {
			return false
		}
	}
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}
