package play

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"weizheng/wechat/sandbox/crowd"
	"weizheng/wechat/sandbox/state"
)

func (s *Server) crowdRoutes() {
	s.json("GET /crowds", s.crowds)
	s.json("POST /crowds", s.beginCrowd)
	s.json("GET /crowds/{id}", s.crowd)
	s.json("DELETE /crowds/{id}", s.endCrowd)
	s.json("POST /accounts/{id}/followers", s.manyFollowers)
	s.json("POST /articles/{id}/readers", s.manyReaders)
}

func (s *Server) crowds(r *http.Request) (any, error) {
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	list, err := s.Crowds.List(r.Context(), n)
	return map[string]any{"crowds": list}, err
}

func (s *Server) beginCrowd(r *http.Request) (any, error) {
	var in crowd.Order
	if err := decodeStrictly(r, &in); err != nil {
		return nil, err
	}
	v, err := s.Crowds.Begin(r.Context(), in)
	return created{map[string]any{"crowd": v}}, err
}

// decodeStrictly is decode for what people write by hand: a field that does not exist is a mistake.
func decodeStrictly(r *http.Request, in any) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxJSON+1))
	if err != nil || len(body) > maxJSON {
		return invalid("", "body")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err = d.Decode(in)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return invalid(wrong.Field, "type")
	}
	if err == nil {
		return nil
	}
	if _, name, unknown := strings.Cut(err.Error(), "unknown field "); unknown {
		return invalid(strings.Trim(name, `"`), "unknown")
	}
	return invalid("", "json")
}

func (s *Server) crowd(r *http.Request) (any, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, state.ErrNoCrowd
	}
	v, err := s.Crowds.Get(r.Context(), id)
	return map[string]any{"crowd": v}, err
}

func (s *Server) endCrowd(r *http.Request) (any, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, state.ErrNoCrowd
	}
	v, err := s.Crowds.End(r.Context(), id)
	return map[string]any{"crowd": v}, err
}
