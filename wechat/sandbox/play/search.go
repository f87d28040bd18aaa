package play

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

// longestSearch bounds the words of a search, in characters.
const longestSearch = 100

// search finds words in a citizen's chats.
func (s *Server) search(r *http.Request) (any, error) {
	q := r.URL.Query()
	c, err := s.Store.Citizen(r.Context(), q.Get("citizen"))
	if err != nil {
		return nil, err
	}
	var account int64
	if id := q.Get("account"); id != "" {
		a, err := s.Store.Account(id)
		if err != nil {
			return nil, err
		}
		account = a.N
	}
	words := strings.Fields(q.Get("words"))
	if len(words) == 0 || utf8.RuneCountInString(q.Get("words")) > longestSearch {
		return nil, invalid("words", "length")
	}
	n, err := limit(r)
	if err != nil {
		return nil, err
	}
	hits, more, err := s.Store.Search(r.Context(), c, account, words, n)
	if err != nil {
		return nil, err
	}
	list := []map[string]any{}
	for _, h := range hits {
		v := map[string]any{"item": item(h.Item), "text": h.Text}
		if h.Friend != 0 {
			if v["friend"], err = s.personN(r.Context(), h.Friend); err != nil {
				return nil, err
			}
		} else if a := s.Store.AccountN(h.Account); a != nil {
			v["account"] = a.ID
		} else {
			continue // an account that is gone
		}
		list = append(list, v)
	}
	return map[string]any{"hits": list, "more": more}, nil
}
