package web

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/errs"
	"weizheng/platform/log"
)

// outermost receives every request of a listener: id, address, overload, headers, log line, panics.
func (s *Server) outermost(serves func(Face) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.wall.Now()
		address := clientAddress(r, s.config.TrustedProxies)
		ctx := log.WithRequest(r.Context(), s.requestID(r))
		out := &recorder{ResponseWriter: w}
		v := &visit{server: s, writer: out, address: address, agent: r.UserAgent(), actor: access.Actor{Kind: access.Anonymous}}
		r = r.WithContext(context.WithValue(ctx, visitKey{}, v))
		s.secure(out.Header())
		out.Header().Set("X-Request-Id", log.Request(ctx))
		defer s.finish(r, out, v, start)
		defer s.recovered(out, r)
		s.dispatch(out, r, serves)
	})
}

// dispatch takes a place in the house and hands the request to its route.
func (s *Server) dispatch(w http.ResponseWriter, r *http.Request, serves func(Face) bool) {
	h, pattern := s.mux.Handler(r)
	rt := s.byPattern[pattern]
	switch {
	case rt != nil && !serves(rt.Face):
		s.fail(w, r, errs.New(errs.NotFound, "not_found"))
		return
	case rt != nil && rt.Face == Console && !s.consoleAllowed(r):
		s.fail(w, r, errs.New(errs.Denied, "web.address"))
		return
	case pattern == "":
		s.unmatched(w, r, h)
		return
	}
	if s.config.Admit != nil {
		if err := s.config.Admit(r); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	if places := s.places(rt); places != nil {
		if !enter(r.Context(), places, patience(rt)) {
			s.metrics.overload()
			visitOf(r.Context()).route = rt
			s.fail(w, r, errs.New(errs.Busy, "busy"))
			return
		}
		defer func() { <-places }()
	}
	s.mux.ServeHTTP(w, r)
}

// callbackPatience is how long a callback waits for a place before it is refused. WeChat waits 5 s and comes again when it
// is refused: to wait costs nothing, to refuse costs a quarter of the work, and who is refused at once is back at once.
const callbackPatience = 250 * time.Millisecond

// patience is how long a request waits for a place in a crowd. A person's browser is told at once.
func patience(rt *Route) time.Duration {
	if rt != nil && rt.Face == Callback {
		return callbackPatience
	}
	return 0
}

// enter takes a place, waiting for one as long as it may.
func enter(ctx context.Context, places chan struct{}, wait time.Duration) bool {
	select {
	case places <- struct{}{}:
		return true
	default:
	}
	if wait == 0 {
		return false
	}
	late := time.NewTimer(wait)
	defer late.Stop()
	select {
	case places <- struct{}{}:
		return true
	case <-late.C:
		return false
	case <-ctx.Done():
		return false
	}
}

// places are what a request needs one of. WeChat's callbacks have their own, so that crowded pages do not delay them;
// streams wait for hours and are bounded by the hub; probes must be answered in a crowd, too.
func (s *Server) places(rt *Route) chan struct{} {
	switch {
	case rt == nil:
		return s.inFlight
	case rt.Face == Callback:
		return s.callbacks
	case rt.Face == Ops || rt.timeout() < 0:
		return nil
	}
	return s.inFlight
}

func (s *Server) consoleAllowed(r *http.Request) bool {
	return len(s.config.ConsoleAllow) == 0 || contains(s.config.ConsoleAllow, visitOf(r.Context()).address)
}

// unmatched answers what no route takes: 405 where the address exists for other methods, else 404.
func (s *Server) unmatched(w http.ResponseWriter, r *http.Request, h http.Handler) {
	probe := &recorder{ResponseWriter: discard{http.Header{}}}
	h.ServeHTTP(probe, r)
	if probe.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.Header().Get("Allow"))
		s.fail(w, r, errs.New(errs.Invalid, "web.method"))
		return
	}
	s.fail(w, r, errs.New(errs.NotFound, "not_found"))
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{8,64}$`)

// requestID keeps the id that a trusted proxy gave, so that its log and ours meet; else it makes one.
func (s *Server) requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); contains(s.config.TrustedProxies, peer(r)) && requestIDForm.MatchString(id) {
		return id
	}
	return newRequestID()
}

// newRequestID is unique, not secret: people tell it to each other.
func newRequestID() string {
	id := strconv.FormatUint(rand.Uint64(), 36)
	const digits = 13 // of the largest number
	return "0000000000000"[:digits-len(id)] + id
}

// recovered logs a panic with its stack and turns it into a 500 when nothing was written yet.
func (s *Server) recovered(w *recorder, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler { //nolint:errorlint // the value itself is the signal
		panic(p)
	}
	err := errs.New(errs.Internal, "internal").Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
	if w.status == 0 {
		s.fail(w, r, err)
		return
	}
	s.problem(r.Context(), err)
}

// finish writes the access log line: the route's pattern instead of the path, no query, surrogate ids only.
func (s *Server) finish(r *http.Request, w *recorder, v *visit, start time.Time) {
	took := s.wall.Now().Sub(start)
	s.metrics.observe(v.route, w.status, took)
	level := slog.LevelInfo
	if v.route != nil && (v.route.Face == Ops || v.route.Face == Callback && w.status < http.StatusBadRequest) {
		level = slog.LevelDebug // probes would drown the rest; an accepted callback is a row of its own
	}
	if !s.log.Enabled(r.Context(), level) {
		return
	}
	pattern := routeOf(r.Context())
	if pattern == "" {
		pattern = "-"
	}
	s.log.Log(r.Context(), level, "request", "method", r.Method, "route", pattern, "status", w.status,
		"bytes", w.bytes, "took_ms", took.Milliseconds(), "ip", v.address.String(),
		"actor", v.actor.Kind.String(), "actor_id", v.actor.ID)
}

// recorder remembers what was answered. It unwraps for http.ResponseController.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 || w.status < 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
