package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/errs"
)

const (
	hintWindow    = 200 * time.Millisecond // hints of this long become one event
	heartbeat     = 20 * time.Second       // below the idle limits of proxies (nginx: 60 s)
	writePatience = 10 * time.Second       // a browser that takes nothing for so long is dropped
	topicsAtOnce  = 32
)

// hints is GET /console/api/hints?topics=a,b: an event stream of
//
//	event: ready     the stream is open; fetch what you show
//	event: hints     data: [{"topic","id","version"}, …]
//	event: refetch   some hints were lost: fetch what you show
//	event: replaced  another tab of this browser listens now; do not reconnect
//
// Every topic is checked before the stream opens and again at each heartbeat, with the session: who is logged out or
// loses the right hears nothing more.
func (s *Server) hints(w http.ResponseWriter, r *http.Request) {
	session, ok := Current(r.Context())
	topics, err := topicsOf(r)
	if err == nil && !ok {
		err = errs.New(errs.Unauthenticated, "unauthenticated")
	}
	if err == nil {
		err = s.mayHear(access.From(r.Context()), topics)
	}
	if err != nil {
		Fail(w, r, err)
		return
	}
	l, err := s.config.Hub.join(session.ID, topics)
	if err != nil {
		Fail(w, r, err)
		return
	}
	defer s.config.Hub.leave(l)
	still := func(ctx context.Context) bool { return s.stillHears(ctx, session, topics) }
	out := &eventWriter{w: w, control: http.NewResponseController(w), deadline: s.deadline}
	out.open()
	l.stream(r.Context(), out, still)
}

func topicsOf(r *http.Request) ([]string, error) {
	list := strings.Split(r.URL.Query().Get("topics"), ",")
	var topics []string
	for _, t := range list {
		if t = strings.TrimSpace(t); t != "" && len(t) <= 64 && len(topics) < topicsAtOnce {
			topics = append(topics, t)
		}
	}
	if len(topics) == 0 {
		return nil, errs.New(errs.Invalid, "web.topics_missing")
	}
	return topics, nil
}

func (s *Server) mayHear(actor access.Actor, topics []string) error {
	for _, topic := range topics {
		if s.config.Topics == nil || !s.config.Topics(actor, topic) {
			return errs.New(errs.Denied, "web.topic").With("topic", topic)
		}
	}
	return nil
}

// stillHears asks again without counting as use of the session: an open tab is no person at the desk.
func (s *Server) stillHears(ctx context.Context, session Session, topics []string) bool {
	alive, err := s.sessions.lives(ctx, session)
	if err != nil {
		return true // the database is away for a moment: the next heartbeat asks again
	}
	if !alive {
		return false
	}
	actor, err := s.auth.Staff(ctx, session)
	if err != nil {
		return errs.KindOf(err).Retry()
	}
	return s.mayHear(actor, topics) == nil
}

func (s *Server) deadline() time.Time { return s.wall.Now().Add(writePatience) }

// stream sends until the browser leaves, another stream takes its place, or still says no.
func (l *listener) stream(ctx context.Context, out *eventWriter, still func(context.Context) bool) {
	out.send("ready", struct{}{})
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	window := time.NewTimer(0)
	<-window.C
	defer window.Stop()
	open := false // a window is running
	for out.err == nil {
		select {
		case <-ctx.Done():
			return
		case reason := <-l.ended:
			out.send(reason, struct{}{})
			return
		case <-beat.C:
			if !still(ctx) {
				return
			}
			out.comment()
		case <-l.wake:
			if !open {
				open = true
				window.Reset(hintWindow)
			}
		case <-window.C:
			open = false
			hints, lost := l.take()
			if lost {
				out.send("refetch", struct{}{})
			}
			if len(hints) > 0 {
				out.send("hints", hints)
			}
		}
	}
}

// eventWriter writes server-sent events, each with its own deadline.
type eventWriter struct {
	w        http.ResponseWriter
	control  *http.ResponseController
	deadline func() time.Time
	err      error
}

func (e *eventWriter) open() {
	h := e.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	e.w.WriteHeader(http.StatusOK)
}

func (e *eventWriter) send(event string, data any) {
	body, err := json.Marshal(data)
	if err != nil {
		e.err = err
		return
	}
	e.write(fmt.Sprintf("retry: 5000\nevent: %s\ndata: %s\n\n", event, body))
}

func (e *eventWriter) comment() { e.write(": beat\n\n") }

func (e *eventWriter) write(text string) {
	if e.err != nil {
		return
	}
	if err := e.control.SetWriteDeadline(e.deadline()); err != nil && !errors.Is(err, http.ErrNotSupported) {
		e.err = err
		return
	}
	if _, e.err = e.w.Write([]byte(text)); e.err == nil {
		e.err = e.control.Flush()
	}
}
