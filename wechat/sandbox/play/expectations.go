package play

import (
	"net/http"
	"strconv"
	"time"

	"weizheng/wechat/sandbox/expect"
)

func (s *Server) expectationRoutes() {
	s.json("GET /expectations", s.expectations)
	s.json("POST /expectations", s.addExpectation)
	s.json("GET /expectations/{id}", s.expectation)
	s.json("DELETE /expectations", s.clearExpectations)
}

// expectations lists all and sums up, for a script's last line.
func (s *Server) expectations(*http.Request) (any, error) {
	list := s.Expect.All()
	count := map[string]int{expect.Met: 0, expect.Waiting: 0, expect.Missed: 0}
	for _, x := range list {
		count[x.State]++
	}
	return map[string]any{"expectations": list, "count": count, "all_met": count[expect.Met] == len(list)}, nil
}

func (s *Server) addExpectation(r *http.Request) (any, error) {
	var in expect.Expectation
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if in.Account != "" {
		if _, err := s.Store.Account(in.Account); err != nil {
			return nil, err
		}
	}
	if in.Citizen != "" {
		if _, err := s.Store.Citizen(r.Context(), in.Citizen); err != nil {
			return nil, err
		}
	}
	x, err := s.Expect.Add(in)
	return created{map[string]any{"expectation": x}}, err
}

// longestWait bounds how long a reader may wait for the end of an expectation, in ms.
const longestWait = 60_000

func (s *Server) expectation(r *http.Request) (any, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, expect.ErrNone
	}
	wait, err := number(r, "wait_ms", 0, 0, longestWait)
	if err != nil {
		return nil, err
	}
	x, err := s.Expect.Get(r.Context(), id, time.Duration(wait)*time.Millisecond)
	return map[string]any{"expectation": x}, err
}

func (s *Server) clearExpectations(r *http.Request) (any, error) {
	s.Expect.Clear()
	return s.expectations(r)
}
