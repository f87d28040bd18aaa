package play

import (
	"net/http"

	"weizheng/wechat/sandbox/state"
)

// serviceRoutes are what workers of customer service do.
func (s *Server) serviceRoutes() {
	s.json("GET /service/workers", s.workers)
	s.json("GET /service/sessions", s.sessions)
	s.json("POST /service/invitation", s.invitation)
	s.json("POST /service/online", s.workerOnline)
	for pattern, act := range map[string]func(*http.Request, serviceIn) error{
		"POST /service/accept": func(r *http.Request, in serviceIn) error {
			return s.Acts.Take(r.Context(), in.Account, in.Citizen, in.KF)
		},
		"POST /service/say": func(r *http.Request, in serviceIn) error {
			return s.Acts.WorkerSays(r.Context(), in.Account, in.Citizen, in.KF, in.Content)
		},
		"POST /service/close": func(r *http.Request, in serviceIn) error {
			return s.Acts.EndSession(r.Context(), in.Account, in.Citizen, in.KF)
		},
		"POST /service/transfer": func(r *http.Request, in serviceIn) error {
			return s.Acts.HandOver(r.Context(), in.Account, in.Citizen, in.KF, in.To)
		},
	} {
		s.json(pattern, func(r *http.Request) (any, error) {
			var in serviceIn
			if err := s.heard(r, &in, &in.who); err != nil {
				return nil, err
			}
			return struct{}{}, act(r, in)
		})
	}
}

// serviceIn is an act of a worker: kf is the customer-service account.
type serviceIn struct {
	who
	KF      string `json:"kf"`
	To      string `json:"to"`
	Content string `json:"content"`
	Accept  bool   `json:"accept"`
	On      bool   `json:"on"`
}

type workerView struct {
	Account string `json:"account"`
	KF      string `json:"kf"`
	Nick    string `json:"nick"`
	Avatar  string `json:"avatar"`
	Citizen string `json:"citizen"`
	Invited string `json:"invited"`
	Invite  string `json:"invite_state"`
	Until   int64  `json:"invite_until_at"`
	Online  bool   `json:"online"`
}

// workers lists the customer-service accounts of an account, or those to which a citizen is bound or invited.
func (s *Server) workers(r *http.Request) (any, error) {
	q := r.URL.Query()
	var list []state.Worker
	if q.Get("account") != "" {
		a, err := s.Store.Account(q.Get("account"))
		if err != nil {
			return nil, err
		}
		if list, err = s.Store.Workers(r.Context(), s.Store.Reader(), a.N); err != nil {
			return nil, err
		}
	} else {
		c, err := s.Store.Citizen(r.Context(), q.Get("citizen"))
		if err != nil {
			return nil, err
		}
		if list, err = s.Store.WorkersOf(r.Context(), c.ID); err != nil {
			return nil, err
		}
	}
	views := []workerView{}
	for _, w := range list {
		if a := s.Store.AccountN(w.Account); a != nil {
			views = append(views, workerView{Account: a.ID, KF: w.Name, Nick: w.Nick, Avatar: state.MediaURL(w.Head), Citizen: w.Person,
				Invited: w.Invited, Invite: w.Invite(s.Store.Civil()), Until: w.InviteUntil, Online: w.Online})
		}
	}
	return map[string]any{"workers": views}, nil
}

type sessionView struct {
	Citizen  string `json:"citizen"`
	OpenID   string `json:"openid"`
	MadeAt   int64  `json:"made_at"`
	LatestAt int64  `json:"latest_at"`
}

// sessions lists whom a worker serves, and who waits.
func (s *Server) sessions(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.URL.Query().Get("account"))
	if err != nil {
		return nil, err
	}
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"sessions": []sessionView{}}
	if name := r.URL.Query().Get("kf"); name != "" {
		w, err := s.Store.Worker(r.Context(), s.Store.Reader(), a.N, name)
		if err != nil {
			return nil, err
		}
		if out["sessions"], err = s.viewSessions(r, a, w.N, n); err != nil {
			return nil, err
		}
	}
	out["waiting"], err = s.viewSessions(r, a, 0, n)
	return out, err
}

func (s *Server) viewSessions(r *http.Request, a *state.Account, worker int64, n int) ([]sessionView, error) {
	list, err := s.Store.Sessions(r.Context(), s.Store.Reader(), a.N, worker, n)
	if err != nil {
		return nil, err
	}
	views := make([]sessionView, len(list))
	for i, v := range list {
		contact, err := s.Store.ContactByOpenID(r.Context(), s.Store.Reader(), v.OpenID)
		if err != nil {
			return nil, err
		}
		c, err := s.Store.CitizenN(r.Context(), contact.Citizen)
		if err != nil {
			return nil, err
		}
		views[i] = sessionView{Citizen: c.ID, OpenID: v.OpenID, MadeAt: v.MadeAt, LatestAt: v.LatestAt}
	}
	return views, nil
}

// invitation is the answer of a citizen who was asked to serve.
func (s *Server) invitation(r *http.Request) (any, error) {
	var in serviceIn
	if err := s.heard(r, &in, &in.who); err != nil {
		return nil, err
	}
	return struct{}{}, s.Acts.AnswerInvitation(r.Context(), in.Account, in.Citizen, in.KF, in.Accept)
}

func (s *Server) workerOnline(r *http.Request) (any, error) {
	var in serviceIn
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, s.Acts.GoOnline(r.Context(), in.Account, in.KF, in.On)
}
