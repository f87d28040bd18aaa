package play

import (
	"net/http"
	"slices"
	"strings"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/state"
)

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
