package play

import (
	"net/http"
	"strconv"
)

type massView struct {
	MsgID    string `json:"msg_id"`
	Type     string `json:"type"`
	State    string `json:"state"`
	ToAll    bool   `json:"to_all"`
	At       int64  `json:"at"`
	Total    int64  `json:"total"`
	Filtered int64  `json:"filtered"`
	Sent     int64  `json:"sent"`
}

// mass lists the messages to many.
func (s *Server) mass(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.URL.Query().Get("account"))
	if err != nil {
		return nil, err
	}
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.MassList(r.Context(), a.N, n)
	views := make([]massView, len(list))
	for i, b := range list {
		views[i] = massView{MsgID: strconv.FormatInt(b.MsgID, 10), Type: b.Type, State: b.State, ToAll: b.ToAll, At: b.MadeAt,
			Total: b.Total, Filtered: b.Filtered, Sent: b.Sent}
	}
	return map[string]any{"messages": views}, err
}

// answerGuard is the administrator who confirms mass messages.
func (s *Server) answerGuard(r *http.Request) (any, error) {
	var in struct {
		Account string `json:"account"`
		Allow   bool   `json:"allow"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	a, err := s.Store.Account(in.Account)
	if err != nil {
		return nil, err
	}
	n, err := s.Store.AnswerGuard(r.Context(), a.N, in.Allow)
	return map[string]int64{"answered": n}, err
}
