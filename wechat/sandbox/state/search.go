package state

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// Searching reads a chat backwards: by so many items at once, and not beyond so many in all. A citizen's chats are some
// hundred items; the bound keeps a crowd's endless chat from holding the reader.
const (
	searchStep  = 500
	searchDepth = 20_000
)

// Hit is an item of a chat in which all words of a search stand; Account is 0 and Friend set for a talk with a friend.
type Hit struct {
	Account, Friend int64
	Item            Item // of a talk with a friend: N, At, From, Type, Body
	Text            string
}

// Search finds up to limit items of a citizen's chats that hold all words, the newest first: in one account's chat, or
// for account 0 in all of them and in the talks with friends. more is true when older ones were left out.
func (s *Store) Search(ctx context.Context, citizen Citizen, account int64, words []string, limit int) (hits []Hit, more bool, err error) {
	for i := range words {
		words[i] = strings.ToLower(words[i])
	}
	accounts := []int64{account}
	if account == 0 {
		contacts, err := s.ContactsOf(ctx, citizen.N)
		if err != nil {
			return nil, false, err
		}
		accounts = accounts[:0]
		for _, c := range contacts {
			accounts = append(accounts, c.Account)
		}
		if hits, err = s.searchFriends(ctx, citizen, words, limit+1); err != nil {
			return nil, false, err
		}
	}
	for _, a := range accounts {
		found, err := s.searchChat(ctx, a, citizen.N, words, limit+1)
		if err != nil {
			return nil, false, err
		}
		hits = append(hits, found...)
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Item.At, a.Item.At), cmp.Compare(b.Item.N, a.Item.N)) })
	if more = len(hits) > limit; more {
		hits = hits[:limit]
	}
	return hits, more, nil
}

func (s *Store) searchChat(ctx context.Context, account, citizen int64, words []string, limit int) (hits []Hit, err error) {
	before := int64(0)
	for read := 0; read < searchDepth; read += searchStep {
		items, more, err := s.Chat(ctx, account, citizen, before, searchStep)
		if err != nil {
			return nil, err
		}
		for _, i := range slices.Backward(items) {
			if text, ok := holds(i.Body, words); ok {
				hits = append(hits, Hit{Account: account, Item: i, Text: text})
			}
			if len(hits) == limit {
				return hits, nil
			}
		}
		if !more {
			break
		}
		before = items[0].N
	}
	return hits, nil
}

func (s *Store) searchFriends(ctx context.Context, citizen Citizen, words []string, limit int) (hits []Hit, err error) {
	friends, err := s.Friendships(ctx, citizen.N)
	if err != nil {
		return nil, err
	}
	for _, f := range friends {
		items, _, err := s.FriendTalk(ctx, citizen.N, f.Friend, 0, searchStep)
		if err != nil {
			return nil, err
		}
		for _, i := range slices.Backward(items) {
			if text, ok := holds(i.Body, words); ok && len(hits) < limit {
				from := "friend"
				if i.Mine {
					from = FromCitizen
				}
				hits = append(hits, Hit{Friend: f.Friend, Text: text, Item: Item{N: i.N, At: i.At, From: from, Type: i.Type, Body: i.Body}})
			}
		}
	}
	return hits, nil
}

// spokenKeys are the keys of an item's body whose texts a person sees.
var spokenKeys = []string{"content", "title", "description", "head", "tail", "label", "recognition", "name", "value", "articles", "list", "fields"}

// holds reports whether all words (lower case) stand in what a person sees of an item, and in which of its texts the
// first of them stands.
func holds(body map[string]any, words []string) (text string, ok bool) {
	texts := spoken(body, nil)
	all := strings.ToLower(strings.Join(texts, "\n"))
	for _, w := range words {
		if !strings.Contains(all, w) {
			return "", false
		}
	}
	for _, t := range texts {
		if strings.Contains(strings.ToLower(t), words[0]) {
			return t, true
		}
	}
	return "", false
}

func spoken(v any, out []string) []string {
	switch v := v.(type) {
	case string:
		if v = plain(v); v != "" {
			out = append(out, v)
		}
	case []any:
		for _, e := range v {
			out = spoken(e, out)
		}
	case map[string]any:
		for _, k := range spokenKeys {
			out = spoken(v[k], out)
		}
	}
	return out
}

// plain is a text without the marks of links.
func plain(s string) string {
	var b strings.Builder
	for {
		from := strings.IndexByte(s, '<')
		to := strings.IndexByte(s[max(from, 0):], '>')
		if from < 0 || to < 0 || !isMark(s[from:]) {
			b.WriteString(s)
			return strings.TrimSpace(b.String())
		}
		b.WriteString(s[:from])
		s = s[from+to+1:]
	}
}

func isMark(s string) bool {
	return strings.HasPrefix(s, "<a ") || strings.HasPrefix(s, "</a>") || strings.HasPrefix(s, "<A ")
}
