package play

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/fault"
	"weizheng/wechat/sandbox/state"
)

var (
	errNotMovable = errs.New(errs.Conflict, "sandbox.not_movable")
	errNoFault    = errs.New(errs.NotFound, "sandbox.unknown_fault")
)

func (s *Server) wire(r *http.Request) (any, error) {
	n, err := number(r, "limit", 200, 1, 2000)
	if err != nil {
		return nil, err
	}
	after, err := number(r, "after", 0, 0, 1<<62)
	if err != nil {
		return nil, err
	}
	q := r.URL.Query()
	return map[string]any{"entries": s.Wire.List(q.Get("account"), q.Get("citizen"), after, int(n))}, nil
}

func (s *Server) clearWire(*http.Request) (any, error) {
	s.Wire.Clear()
	s.Store.Hint(state.Hint{Topic: "wire"})
	return struct{}{}, nil
}

func (s *Server) clock(*http.Request) (any, error) {
	return map[string]any{
		"now": s.Store.Civil(), "offset_ms": s.Store.Offset().Milliseconds(), "wall": s.Store.Wall(), "movable": s.Move != nil,
	}, nil
}

// move turns civil time forward.
func (s *Server) move(r *http.Request) (any, error) {
	var in struct {
		Advance int64  `json:"advance_ms"`
		To      *int64 `json:"to"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if s.Move == nil {
		return nil, errNotMovable
	}
	to := s.Store.Civil() + in.Advance
	if in.To != nil {
		to = *in.To
	}
	if to < s.Store.Civil() {
		return nil, clock.ErrBackward
	}
	const century = 100 * 365 * 24 * time.Hour
	if to > s.Store.Wall()+century.Milliseconds() {
		return nil, invalid("to", "range")
	}
	if err := s.Move(r.Context(), clock.FromMillis(to)); err != nil {
		return nil, err
	}
	s.Store.Hint(state.Hint{Topic: "clock"})
	return s.clock(r)
}

func (s *Server) faults(*http.Request) (any, error) {
	return map[string]any{"faults": s.Faults.All()}, nil
}

func (s *Server) replaceFaults(r *http.Request) (any, error) {
	var in struct {
		Faults []fault.Fault `json:"faults"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if err := s.Faults.Replace(in.Faults); err != nil {
		return nil, err
	}
	return s.faults(r)
}

func (s *Server) addFault(r *http.Request) (any, error) {
	var in fault.Fault
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	f, err := s.Faults.Add(in)
	return created{map[string]any{"fault": f}}, err
}

func (s *Server) clearFaults(r *http.Request) (any, error) {
	if err := s.Faults.Replace(nil); err != nil {
		return nil, err
	}
	return s.faults(r)
}

func (s *Server) removeFault(r *http.Request) (any, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || !s.Faults.Remove(id) {
		return nil, errNoFault
	}
	return s.faults(r)
}

// streamBeat keeps proxies from closing a quiet stream.
const streamBeat = 20 * time.Second

// stream sends hints as server-sent events until the reader goes.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) error {
	hints, stop := s.Store.Listen(r.URL.Query().Get("citizen"))
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	out := http.NewResponseController(w)
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	line := []byte(": hello\n\n")
	for {
		if _, err := w.Write(line); err != nil || out.Flush() != nil {
			return nil // the reader has gone
		}
		select {
		case h := <-hints:
			data, err := json.Marshal(h)
			if err != nil {
				return err
			}
			line = append(append([]byte("data: "), data...), "\n\n"...)
		case <-beat.C:
			line = []byte(": beat\n\n")
		case <-r.Context().Done():
			return nil
		}
	}
}
