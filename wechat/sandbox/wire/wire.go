// Package wire keeps what went over the wire between the local WeChat and its accounts' servers, for people to look at.
//
// Promises: it is bounded in number and size; secrets and tokens in it are masked before they are kept; it never slows a
// call by more than a copy.
package wire

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// The bounds of the log.
const (
	maxEntries = 2000
	maxBody    = 64 << 10 // bytes of one body; the rest is cut
	maxBodies  = 32 << 20 // bytes of all bodies together; the oldest go
)

// Entry is one exchange.
type Entry struct {
	ID            int64  `json:"id"`
	At            int64  `json:"at"`  // wall
	Dir           string `json:"dir"` // callback, api, oauth
	Account       string `json:"account"`
	Citizen       string `json:"citizen"`
	Method        string `json:"method"`
	Path          string `json:"path"` // with the query, secrets masked
	Status        int    `json:"status"`
	TookMS        int64  `json:"took_ms"`
	Request       string `json:"request"`
	RequestPlain  string `json:"request_plain"` // what an encrypted body holds
	Response      string `json:"response"`
	ResponsePlain string `json:"response_plain"`
	Attempt       int    `json:"attempt,omitempty"`
	Code          int    `json:"code,omitempty"` // errcode
	Error         string `json:"error,omitempty"`
}

// Log is the newest entries; its zero value is ready. It is safe for concurrent use.
type Log struct {
	Seen func(Entry) // told of every entry as it is kept, must return at once; set before the first; nil: nobody

	mu      sync.Mutex
	entries []Entry // oldest first
	bodies  int     // their bytes
	last    int64
}

// Add keeps an entry and returns its id.
func (l *Log) Add(e Entry) int64 {
	e = l.add(Mask(e))
	if l.Seen != nil {
		l.Seen(e)
	}
	return e.ID
}

func (l *Log) add(e Entry) Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	e.ID = l.last
	l.entries, l.bodies = append(l.entries, e), l.bodies+e.size()
	for len(l.entries) > maxEntries || l.bodies > maxBodies {
		l.bodies -= l.entries[0].size()
		l.entries[0] = Entry{} // its bodies are nobody's from now on
		l.entries = l.entries[1:]
	}
	return e
}

func (e Entry) size() int {
	return len(e.Request) + len(e.RequestPlain) + len(e.Response) + len(e.ResponsePlain)
}

// Mask is the entry as it may be kept: bounded, and with its secrets hidden.
func Mask(e Entry) Entry {
	e.Path = maskQuery(e.Path)
	for _, body := range []*string{&e.Request, &e.RequestPlain, &e.Response, &e.ResponsePlain} {
		*body = maskBody(clip(*body))
	}
	return e
}

// List returns the newest entries after the id, oldest first, at most limit; account and citizen filter unless "". What
// names no citizen is left out when one is asked for.
func (l *Log) List(account, citizen string, after int64, limit int) []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := []Entry{}
	for i := len(l.entries) - 1; i >= 0 && len(list) < limit; i-- {
		e := l.entries[i]
		if e.ID <= after {
			break
		}
		if (account == "" || e.Account == account) && (citizen == "" || e.Citizen == citizen) {
			list = append(list, e)
		}
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// Clear forgets all entries; ids go on.
func (l *Log) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.bodies = nil, 0
}

// clip bounds a body and shows what is no text by its size.
func clip(body string) string {
	if len(body) > maxBody {
		cut := maxBody
		for cut > 0 && !utf8.RuneStart(body[cut]) {
			cut--
		}
		body = body[:cut] + "…"
	}
	if !utf8.ValidString(body) || strings.ContainsRune(body, 0) {
		return "(binary)"
	}
	return body
}
