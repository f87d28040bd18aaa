package web

import (
	"encoding/json"
	"sync"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Hint tells a browser that something changed and is worth fetching again through its permissions. It holds no content.
type Hint struct {
	Topic   string `json:"topic"`
	ID      int64  `json:"id"`
	Version int64  `json:"version"`
}

const hintChannel = "web.hints"

// Hub brings hints from the transaction that changed something to the browsers that listen, in every replica. Hints may
// be lost; a browser refetches every half minute anyway.
type Hub struct {
	db *db.DB

	mu        sync.Mutex
	listeners map[*listener]bool
	stop      func()
	stopped   bool
}

// NewHub makes a hub; it delivers after Start.
func NewHub(d *db.DB) *Hub { return &Hub{db: d, listeners: map[*listener]bool{}} }

// Publish announces, when tx commits, that the topic's thing id has this version now. Hundreds a second are too many:
// publish per batch, not per row.
func (h *Hub) Publish(tx *db.Tx, topic string, id, version int64) error {
	payload, err := json.Marshal(Hint{topic, id, version})
	if err != nil {
		return err
	}
	return errs.Wrap(tx.Notify(hintChannel, string(payload)), "publish hint")
}

// Start begins to receive hints of all replicas.
func (h *Hub) Start() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stop == nil && !h.stopped {
		h.stop = h.db.Listen(hintChannel, h.receive)
	}
}

// Stop ends all streams; browsers come back to whichever replica is there.
func (h *Hub) Stop() {
	h.mu.Lock()
	stop := h.stop
	h.stop, h.stopped = nil, true
	for l := range h.listeners {
		l.end(endStopping)
	}
	h.mu.Unlock()
	if stop != nil {
		stop()
	}
}

// Streams returns how many browsers listen here.
func (h *Hub) Streams() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.listeners)
}

// receive hands one notification to the listeners; an empty one means that some may have been lost.
func (h *Hub) receive(payload string) {
	var hint Hint
	lost := payload == ""
	if !lost && json.Unmarshal([]byte(payload), &hint) != nil {
		return // a newer replica's form: its browsers still refetch
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		if lost {
			l.lose()
		} else if l.topics[hint.Topic] {
			l.offer(hint)
		}
	}
}

// join adds a listener. A second stream of the same session ends the first: one stream a browser, however many tabs.
func (h *Hub) join(session string, topics []string) (*listener, error) {
	l := newListener(session, topics)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped || len(h.listeners) >= streamsKept {
		return nil, errs.New(errs.Busy, "busy")
	}
	for other := range h.listeners {
		if other.session == session {
			delete(h.listeners, other)
			other.end(endReplaced)
		}
	}
	h.listeners[l] = true
	return l, nil
}

func (h *Hub) leave(l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.listeners, l)
}

// streamsKept bounds the streams of one replica: each costs a goroutine and a connection, about 20 kB.
const streamsKept = 4096

// hintsKept is how many different things may wait for one browser; more, and it is told to fetch everything again.
const hintsKept = 256

// Reasons why a stream ends, as the browser reads them.
const (
	endReplaced = "replaced" // another tab listens now: do not come back, poll
	endStopping = "stopping" // come back in a moment
)

// listener collects the hints of one stream: of each thing only the newest version.
type listener struct {
	session string
	topics  map[string]bool
	wake    chan struct{} // something waits
	ended   chan string

	mu      sync.Mutex
	waiting map[hintKey]int64
	order   []hintKey
	lost    bool
}

type hintKey struct {
	topic string
	id    int64
}

func newListener(session string, topics []string) *listener {
	l := &listener{session: session, topics: map[string]bool{}, wake: make(chan struct{}, 1), ended: make(chan string, 1),
		waiting: map[hintKey]int64{}}
	for _, t := range topics {
		l.topics[t] = true
	}
	return l
}

func (l *listener) offer(hint Hint) {
	l.mu.Lock()
	key := hintKey{hint.Topic, hint.ID}
	switch version, waits := l.waiting[key]; {
	case waits:
		l.waiting[key] = max(version, hint.Version)
	case len(l.waiting) >= hintsKept:
		l.drop()
	default:
		l.waiting[key] = hint.Version
		l.order = append(l.order, key)
	}
	l.mu.Unlock()
	l.nudge()
}

func (l *listener) lose() {
	l.mu.Lock()
	l.drop()
	l.mu.Unlock()
	l.nudge()
}

// drop forgets what waits; the browser is told to fetch everything.
func (l *listener) drop() {
	l.lost = true
	l.order = nil
	clear(l.waiting)
}

func (l *listener) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *listener) end(reason string) {
	select {
	case l.ended <- reason:
	default:
	}
}

// take empties the listener.
func (l *listener) take() (hints []Hint, lost bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range l.order {
		hints = append(hints, Hint{key.topic, key.id, l.waiting[key]})
	}
	lost = l.lost
	l.lost, l.order = false, nil
	clear(l.waiting)
	return hints, lost
}
