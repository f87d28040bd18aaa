package play

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/act"
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

type templateView struct {
	ID      string        `json:"id"`
	Title   string        `json:"title"`
	Type    string        `json:"type"` // once, long; message for a template message's
	Scene   string        `json:"scene"`
	Fields  []state.Field `json:"fields"`
	Remain  int           `json:"remain"`
	Always  bool          `json:"always"`
	Refused bool          `json:"refused"`
}

func viewTemplate(t state.Template, c state.Consent) templateView {
	kind := map[int]string{0: "message", state.OneTime: "once", state.LongTerm: "long"}[t.Type]
	return templateView{ID: t.ID, Title: t.Title, Type: kind, Scene: t.Scene, Fields: t.Fields, Remain: c.Remain,
		Always: c.Always, Refused: c.Refused}
}

// sheet is what the phone shows on the sheet of consent.
func (s *Server) sheet(r *http.Request) (any, error) {
	q := r.URL.Query()
	account := q.Get("account")
	if a := s.Store.AccountByAppID(q.Get("appid")); a != nil {
		account = a.ID
	}
	var ids []string
	for id := range strings.SplitSeq(q.Get("templates"), ",") {
		if id = strings.TrimSpace(id); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	c, err := s.Store.Citizen(r.Context(), q.Get("citizen"))
	if err != nil {
		return nil, err
	}
	list, err := s.Acts.Sheet(r.Context(), account, ids)
	if err != nil {
		return nil, err
	}
	views, err := s.withConsent(r, account, c, list)
	return map[string]any{"account": account, "templates": views}, err
}

// withConsent adds what the citizen said before.
func (s *Server) withConsent(r *http.Request, account string, c state.Citizen, list []state.Template) ([]templateView, error) {
	a, err := s.Store.Account(account)
	if err != nil {
		return nil, err
	}
	contact, err := s.Store.Contact(r.Context(), s.Store.Reader(), a.N, c.N)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	views := make([]templateView, len(list))
	for i, t := range list {
		said, err := s.Store.Consent(r.Context(), s.Store.Reader(), contact.N, t.N)
		if err != nil {
			return nil, err
		}
		views[i] = viewTemplate(t, said)
	}
	return views, nil
}

// subscribe is what the citizen chose on the sheet.
func (s *Server) subscribe(r *http.Request) (any, error) {
	var in struct {
		who
		Scene   string            `json:"scene"`
		Choices map[string]string `json:"choices"`
	}
	if err := s.heard(r, &in, &in.who); err != nil {
		return nil, err
	}
	if in.Scene == "" {
		in.Scene = act.FromPage
	}
	return struct{}{}, s.Acts.Subscribe(r.Context(), in.Account, in.Citizen, in.Scene, in.Choices)
}

// consents lists the account's templates that the citizen was ever asked for, as the phone's settings do.
func (s *Server) consents(r *http.Request) (any, error) {
	a, c, err := s.side(r)
	if err != nil {
		return nil, err
	}
	out := []templateView{}
	for _, kind := range []string{state.NoticeTemplate, state.MessageTemplate} {
		list, err := s.Store.Templates(r.Context(), s.Store.Reader(), a.N, kind)
		if err != nil {
			return nil, err
		}
		views, err := s.withConsent(r, a.ID, c, list)
		if err != nil {
			return nil, err
		}
		for _, v := range views {
			if v.Remain > 0 || v.Always || v.Refused || kind == state.MessageTemplate {
				out = append(out, v)
			}
		}
	}
	return map[string]any{"templates": out}, nil
}

// setConsent turns one template on or off.
func (s *Server) setConsent(r *http.Request) (any, error) {
	var in struct {
		who
		Template string `json:"template"`
		On       bool   `json:"on"`
	}
	if err := s.heard(r, &in, &in.who); err != nil {
		return nil, err
	}
	return struct{}{}, s.Acts.Switch(r.Context(), in.Account, in.Citizen, in.Template, in.On)
}

// library is what templates there are to take.
func (s *Server) library(*http.Request) (any, error) {
	return map[string]any{"categories": state.Categories, "templates": state.Library}, nil
}

func (s *Server) categories(r *http.Request) (any, error) {
	var in struct {
		Categories []int `json:"categories"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if err := s.Acts.Categorise(r.Context(), r.PathValue("id"), in.Categories); err != nil {
		return nil, err
	}
	return s.account(r)
}

// cardOutcomes says what comes of the next sends, one after the other.
func (s *Server) cardOutcomes(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	var in struct {
		Kind   string   `json:"kind"`
		Values []string `json:"values"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{act.DueTemplate, act.DueOnce, act.DueNotice}, in.Kind) {
		return nil, invalid("kind", "kind")
	}
	for _, v := range in.Values {
		if !slices.Contains([]string{act.CardSent, act.CardBlocked, act.CardFailed, act.CardStopped}, v) {
			return nil, invalid("values", "kind")
		}
	}
	return struct{}{}, s.Store.AddOutcomes(r.Context(), a.N, in.Kind, in.Values)
}
