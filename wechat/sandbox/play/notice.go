package play

import (
	"maps"
	"net/http"

	"weizheng/wechat/sandbox/state"
)

func (s *Server) noticeRoutes() {
	s.json("GET /notices", s.notices)
	s.json("POST /notices/read", s.readNotices)
	s.json("GET /subscribe", s.sheet)
	s.json("POST /subscribe", s.subscribe)
	s.json("GET /consents", s.consents)
	s.json("PUT /consents", s.setConsent)
	s.json("GET /library", s.library)
	s.json("PUT /accounts/{id}/categories", s.categories)
	s.json("POST /accounts/{id}/outcomes", s.cardOutcomes)
}

// notices is the chat 服务通知 of a phone.
func (s *Server) notices(r *http.Request) (any, error) {
	c, err := s.Store.Citizen(r.Context(), r.URL.Query().Get("citizen"))
	if err != nil {
		return nil, err
	}
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	before, err := number(r, "before", 0, 1, 1<<62)
	if err != nil {
		return nil, err
	}
	list, more, err := s.Store.Notices(r.Context(), c.N, before, n)
	if err != nil {
		return nil, err
	}
	unread, err := s.Store.UnreadNotices(r.Context(), c.N)
	if err != nil {
		return nil, err
	}
	views := make([]map[string]any, len(list))
	for i, n := range list {
		views[i] = maps.Clone(n.Body)
		views[i]["id"], views[i]["at"], views[i]["kind"], views[i]["unread"] = n.N, n.At, n.Kind, n.Unread
		if a := s.Store.AccountN(n.Account); a != nil {
			views[i]["account"], views[i]["account_name"] = a.ID, a.Name
		}
	}
	return map[string]any{"notices": views, "more": more, "unread": unread}, nil
}

func (s *Server) readNotices(r *http.Request) (any, error) {
	var in who
	if err := s.heard(r, &in, &in); err != nil {
		return nil, err
	}
	c, err := s.Store.Citizen(r.Context(), in.Citizen)
	if err != nil {
		return nil, err
	}
	if err := s.Store.ReadNotices(r.Context(), c.N); err != nil {
		return nil, err
	}
	s.Store.Hint(state.Hint{Topic: "notice", Citizen: c.ID})
	return struct{}{}, nil
}
