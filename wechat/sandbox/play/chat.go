package play

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"sort"
	"strconv"

	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/state"
)

// item is a chat's item as one flat object.
func item(i state.Item) map[string]any {
	v := maps.Clone(i.Body)
	if v == nil {
		v = map[string]any{}
	}
	v["id"], v["at"], v["wall_at"], v["from"], v["type"] = i.N, i.At, i.WallAt, i.From, i.Type
	if i.Origin != "" {
		v["origin"] = i.Origin
	}
	if i.MsgID != 0 {
		v["msg_id"] = strconv.FormatInt(i.MsgID, 10)
	}
	if i.State != "" {
		v["delivery"] = map[string]any{"state": i.State, "tries": i.Tries}
	}
	return v
}

// side is the account and the citizen of a query.
func (s *Server) side(r *http.Request) (*state.Account, state.Citizen, error) {
	q := r.URL.Query()
	w := who{Account: q.Get("account"), Citizen: q.Get("citizen"), OpenID: q.Get("openid")}
	if err := s.resolve(r.Context(), &w); err != nil {
		return nil, state.Citizen{}, err
	}
	a, err := s.Store.Account(w.Account)
	if err != nil {
		return nil, state.Citizen{}, err
	}
	c, err := s.Store.Citizen(r.Context(), w.Citizen)
	return a, c, err
}

func (s *Server) chat(r *http.Request) (any, error) {
	a, c, err := s.side(r)
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
	items, more, err := s.Store.Chat(r.Context(), a.N, c.N, before, n)
	if err != nil {
		return nil, err
	}
	views := make([]map[string]any, len(items))
	for i := range items {
		views[i] = item(items[i])
	}
	return map[string]any{"items": views, "more": more}, nil
}

type chatView struct {
	Account   string         `json:"account"`
	Following bool           `json:"following"`
	Receiving bool           `json:"receiving"`
	Unread    int            `json:"unread"`
	Last      map[string]any `json:"last"`

	at int64
}

// chats lists the accounts that a citizen follows or has talked with, the liveliest first.
func (s *Server) chats(r *http.Request) (any, error) {
	c, err := s.Store.Citizen(r.Context(), r.URL.Query().Get("citizen"))
	if err != nil {
		return nil, err
	}
	if err := s.Store.SettleChats(r.Context(), c.N); err != nil {
		return nil, err
	}
	contacts, err := s.Store.ContactsOf(r.Context(), c.N)
	if err != nil {
		return nil, err
	}
	list := []chatView{}
	for _, contact := range contacts {
		v, ok, err := s.viewChat(r.Context(), contact)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, v)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].at > list[j].at })
	return map[string]any{"chats": list}, nil
}

func (s *Server) viewChat(ctx context.Context, contact state.Contact) (v chatView, ok bool, err error) {
	a := s.Store.AccountN(contact.Account)
	last, spoken, err := s.Store.LastItem(ctx, contact.Account, contact.Citizen)
	if err != nil || a == nil || !spoken && !contact.Subscribed {
		return v, false, err
	}
	v = chatView{Account: a.ID, Following: contact.Subscribed, Receiving: !contact.Muted, Unread: contact.Unread, at: contact.SubscribedAt}
	if spoken {
		v.Last, v.at = item(last), last.At
	}
	return v, true, nil
}

func (s *Server) messages(r *http.Request) (any, error) {
	var in struct {
		who
		act.Said
	}
	if err := s.heard(r, &in, &in.who); err != nil {
		return nil, err
	}
	msgID, place, err := s.Acts.Say(r.Context(), in.Account, in.Citizen, in.Said)
	return map[string]any{"msg_id": strconv.FormatInt(msgID, 10), "item": place}, err
}

func (s *Server) events(r *http.Request) (any, error) {
	var in struct {
		who
		act.Event
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if in.Citizen != "" || in.OpenID != "" {
		if err := s.resolve(r.Context(), &in.who); err != nil {
			return nil, err
		}
	}
	return struct{}{}, s.Acts.Happen(r.Context(), in.Account, in.Citizen, in.Event)
}

type buttonView struct {
	Name      string       `json:"name"`
	Type      string       `json:"type"`
	Key       string       `json:"key,omitempty"`
	URL       string       `json:"url,omitempty"`
	AppID     string       `json:"appid,omitempty"`
	PagePath  string       `json:"pagepath,omitempty"`
	MediaID   string       `json:"media_id,omitempty"`
	ArticleID string       `json:"article_id,omitempty"`
	Value     string       `json:"value,omitempty"`
	Sub       []buttonView `json:"sub"`
}

func viewButtons(buttons []state.Button) []buttonView {
	list := make([]buttonView, len(buttons))
	for i, b := range buttons {
		list[i] = buttonView{Name: b.Name, Type: b.Type, Key: b.Key, URL: b.URL, AppID: b.AppID, PagePath: b.PagePath,
			MediaID: b.MediaID, ArticleID: b.ArticleID, Value: b.Value, Sub: viewButtons(b.Sub)}
	}
	return list
}

func (s *Server) menu(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.URL.Query().Get("account"))
	if err != nil {
		return nil, err
	}
	m, ok, err := s.shownMenu(r, a)
	if err != nil || !ok {
		return map[string]any{"menu": nil}, err
	}
	return map[string]any{"menu": map[string]any{"id": m.ID, "buttons": viewButtons(m.Buttons)}}, nil
}

// shownMenu is what a citizen's phone shows, or the default menu when no citizen is named.
func (s *Server) shownMenu(r *http.Request, a *state.Account) (state.Menu, bool, error) {
	q := r.URL.Query()
	if q.Get("citizen") == "" && q.Get("openid") == "" {
		return s.Store.Menu(r.Context(), s.Store.Reader(), a.N)
	}
	_, c, err := s.side(r)
	if err != nil {
		return state.Menu{}, false, err
	}
	return s.Store.PhoneMenu(r.Context(), a, c)
}

func (s *Server) tap(r *http.Request) (any, error) {
	var in struct {
		who
		Path   []int       `json:"path"`
		Result *act.Result `json:"result"`
	}
	if err := s.heard(r, &in, &in.who); err != nil {
		return nil, err
	}
	return s.Acts.Tap(r.Context(), in.Account, in.Citizen, in.Path, in.Result)
}

type codeView struct {
	Account   string `json:"account"`
	Ticket    string `json:"ticket"`
	Kind      string `json:"kind"`
	Scene     string `json:"scene"`
	URL       string `json:"url"`
	Image     string `json:"image"`
	ExpiresAt int64  `json:"expires_at"`
}

func (s *Server) codes(r *http.Request) (any, error) {
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	var account int64
	if id := r.URL.Query().Get("account"); id != "" {
		a, err := s.Store.Account(id)
		if err != nil {
			return nil, err
		}
		account = a.N
	}
	codes, err := s.Store.QRs(r.Context(), account, n)
	if err != nil {
		return nil, err
	}
	list := []codeView{}
	for _, q := range codes {
		if a := s.Store.AccountN(q.Account); a != nil {
			list = append(list, codeView{Account: a.ID, Ticket: q.Ticket, Kind: q.Kind, Scene: q.Scene(), URL: q.URL,
				Image: "/cgi-bin/showqrcode?ticket=" + url.QueryEscape(q.Ticket), ExpiresAt: q.ExpiresAt})
		}
	}
	return map[string]any{"codes": list}, nil
}

func (s *Server) open(r *http.Request) (any, error) {
	var in struct {
		Citizen string `json:"citizen"`
		URL     string `json:"url"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if _, err := s.Store.Citizen(r.Context(), in.Citizen); err != nil {
		return nil, err
	}
	address, err := s.Browser.Open(in.Citizen, in.URL)
	return map[string]any{"url": address}, err
}
