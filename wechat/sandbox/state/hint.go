package state

import "sync"

// Hint tells a phone that something changed; it fetches again.
type Hint struct {
	Topic   string `json:"topic"`
	Account string `json:"account,omitempty"`
	Citizen string `json:"citizen,omitempty"`
	On      *bool  `json:"on,omitempty"` // typing only
}

// hintBuffer is how many hints a slow reader may be behind before it is told to fetch everything again.
const hintBuffer = 256

type hub struct {
	mu   sync.Mutex
	subs map[chan Hint]*subscription
}

type subscription struct {
	citizen string
	lost    bool
}

func (h *hub) init() { h.subs = map[chan Hint]*subscription{} }

// Hint sends h to all who listen. It never waits: a reader that is too slow gets "resync" instead of what it missed.
func (s *Store) Hint(h Hint) {
	s.hints.mu.Lock()
	defer s.hints.mu.Unlock()
	for c, sub := range s.hints.subs {
		if sub.citizen != "" && h.Citizen != "" && h.Citizen != sub.citizen {
			continue
		}
		if sub.lost {
			select {
			case c <- Hint{Topic: "resync"}:
				sub.lost = false
			default:
				continue
			}
		}
		select {
		case c <- h:
		default:
			sub.lost = true
		}
	}
}

// Listen returns the hints of one citizen, or of all for "", until stop is called.
func (s *Store) Listen(citizen string) (hints <-chan Hint, stop func()) {
	c := make(chan Hint, hintBuffer)
	s.hints.mu.Lock()
	s.hints.subs[c] = &subscription{citizen: citizen}
	s.hints.mu.Unlock()
	return c, func() {
		s.hints.mu.Lock()
		delete(s.hints.subs, c)
		s.hints.mu.Unlock()
	}
}
