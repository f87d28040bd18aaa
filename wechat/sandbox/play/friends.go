package play

import (
	"context"
	"maps"
	"net/http"

	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/state"
)

// friendRoutes are what citizens say and show to each other.
func (s *Server) friendRoutes() {
	s.json("GET /friends", s.friends)
	s.json("GET /friends/chat", s.friendChat)
	s.json("POST /friends/messages", s.tellFriend)
	s.json("POST /friends/read", s.readFriend)
	s.json("GET /moments", s.moments)
	s.json("POST /moments", s.showMoment)
	s.json("POST /moments/{id}/like", s.likeMoment)
	s.json("DELETE /moments/{id}", s.dropMoment)
	s.json("GET /search", s.search)
}

// person is a citizen as another one sees them.
type person struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Avatar string `json:"avatar"`
}

func viewPerson(c state.Citizen) person {
	p := person{ID: c.ID, Name: c.Name, Avatar: c.Avatar}
	if p.Avatar == "" {
		p.Avatar = base + "/avatar/" + c.ID
	}
	return p
}

// personN finds somebody by number.
func (s *Server) personN(ctx context.Context, n int64) (person, error) {
	c, err := s.Store.CitizenN(ctx, n)
	return viewPerson(c), err
}

func friendItem(i state.FriendItem) map[string]any {
	v := maps.Clone(i.Body)
	if v == nil {
		v = map[string]any{}
	}
	v["id"], v["at"], v["type"], v["from"] = i.N, i.At, i.Type, "friend"
	if i.Mine {
		v["from"] = state.FromCitizen
	}
	return v
}

// friends lists a citizen's talks with others, the newest first.
func (s *Server) friends(r *http.Request) (any, error) {
	c, err := s.Store.Citizen(r.Context(), r.URL.Query().Get("citizen"))
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.Friendships(r.Context(), c.N)
	if err != nil {
		return nil, err
	}
	list := []map[string]any{}
	for _, f := range rows {
		who, err := s.personN(r.Context(), f.Friend)
		if err != nil {
			return nil, err
		}
		items, _, err := s.Store.FriendTalk(r.Context(), c.N, f.Friend, 0, 1)
		if err != nil || len(items) == 0 {
			return nil, err
		}
		list = append(list, map[string]any{"friend": who, "unread": f.Unread, "last": friendItem(items[0])})
	}
	return map[string]any{"friends": list}, nil
}

// pair is the citizen and the friend of a query.
func (s *Server) pair(ctx context.Context, citizen, friend string) (a, b state.Citizen, err error) {
	if a, err = s.Store.Citizen(ctx, citizen); err != nil {
		return a, b, err
	}
	b, err = s.Store.Citizen(ctx, friend)
	return a, b, err
}

func (s *Server) friendChat(r *http.Request) (any, error) {
	q := r.URL.Query()
	a, b, err := s.pair(r.Context(), q.Get("citizen"), q.Get("friend"))
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
	items, more, err := s.Store.FriendTalk(r.Context(), a.N, b.N, before, n)
	if err != nil {
		return nil, err
	}
	views := make([]map[string]any, len(items))
	for i := range items {
		views[i] = friendItem(items[i])
	}
	return map[string]any{"friend": viewPerson(b), "items": views, "more": more}, nil
}

func (s *Server) tellFriend(r *http.Request) (any, error) {
	var in struct {
		Citizen string `json:"citizen"`
		To      string `json:"to"`
		act.ToFriend
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	n, err := s.Acts.TellFriend(r.Context(), in.Citizen, in.To, in.ToFriend)
	return map[string]any{"item": n}, err
}

func (s *Server) readFriend(r *http.Request) (any, error) {
	var in struct {
		Citizen string `json:"citizen"`
		Friend  string `json:"friend"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	a, b, err := s.pair(r.Context(), in.Citizen, in.Friend)
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.Store.SeeFriend(r.Context(), a, b.N)
}
