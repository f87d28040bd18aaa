package web

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
)

// screen is a browser that only listens.
type screen struct {
	mu     sync.Mutex
	text   strings.Builder
	refuse error
}

func (s *screen) Header() http.Header { return http.Header{} }
func (s *screen) WriteHeader(int)     {}
func (s *screen) Flush()              {}
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse != nil {
		return 0, s.refuse
	}
	return s.text.Write(b)
}

// events returns what came as "name data".
func (s *screen) events() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	name := ""
	for line := range strings.Lines(s.text.String()) {
		line = strings.TrimSpace(line)
		if v, ok := strings.CutPrefix(line, "event: "); ok {
			name = v
		}
		if v, ok := strings.CutPrefix(line, "data: "); ok {
			list = append(list, name+" "+v)
		}
		if line == ": beat" {
			list = append(list, "beat")
		}
	}
	return list
}

func (s *screen) writer() *eventWriter {
	return &eventWriter{w: s, control: http.NewResponseController(s), deadline: func() time.Time { return time.Time{} }}
}

func payload(topic string, id, version int64) string {
	b, _ := json.Marshal(Hint{topic, id, version})
	return string(b)
}

func yes(context.Context) bool { return true }

// listen runs one stream inside a bubble until the returned function ends it.
func listen(t *testing.T, h *Hub, session string, topics []string, still func(context.Context) bool) (*screen, chan struct{}, func()) {
	t.Helper()
	l, err := h.join(session, topics)
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer h.leave(l)
		l.stream(ctx, s.writer(), still)
	}()
	return s, done, func() { cancel(); <-done }
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestHintsAreCoalesced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(nil)
		s, _, stop := listen(t, h, "a", []string{"ticket"}, yes)
		defer stop()
		h.receive(payload("ticket", 7, 1))
		h.receive(payload("ticket", 7, 3))
		h.receive(payload("ticket", 7, 2))
		h.receive(payload("ticket", 8, 1))
		h.receive(payload("secret", 9, 1))
		time.Sleep(hintWindow - time.Millisecond)
		synctest.Wait()
		same(t, s.events(), "ready {}")
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		h.receive(payload("ticket", 7, 4))
		time.Sleep(hintWindow)
		synctest.Wait()
		same(t, s.events(), "ready {}", `hints [{"topic":"ticket","id":7,"version":3},{"topic":"ticket","id":8,"version":1}]`,
			`hints [{"topic":"ticket","id":7,"version":4}]`)
	})
}

func TestHeartbeatAndLostRight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(nil)
		beats := 0
		s, done, stop := listen(t, h, "a", []string{"ticket"}, func(context.Context) bool { beats++; return beats < 3 })
		defer stop()
		time.Sleep(2*heartbeat + time.Second)
		synctest.Wait()
		same(t, s.events(), "ready {}", "beat", "beat")
		time.Sleep(heartbeat)
		<-done // the right is gone: the stream ends
		if h.Streams() != 0 {
			t.Error("the listener is still there")
		}
	})
}

func TestOneStreamABrowser(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(nil)
		first, firstDone, _ := listen(t, h, "a", []string{"ticket"}, yes)
		other, _, stopOther := listen(t, h, "b", []string{"ticket"}, yes)
		defer stopOther()
		second, _, stop := listen(t, h, "a", []string{"ticket"}, yes)
		defer stop()
		<-firstDone
		h.receive(payload("ticket", 1, 1))
		time.Sleep(time.Second)
		synctest.Wait()
		hint := `hints [{"topic":"ticket","id":1,"version":1}]`
		same(t, first.events(), "ready {}", "replaced {}")
		same(t, second.events(), "ready {}", hint)
		same(t, other.events(), "ready {}", hint)
	})
}

func TestTooMuchBecomesRefetch(t *testing.T) {
	t.Parallel()
	rows := []struct {
		label string
		send  func(h *Hub)
	}{
		{"too many things", func(h *Hub) {
			for id := range int64(hintsKept + 1) {
				h.receive(payload("ticket", id, 1))
			}
		}},
		{"notifications lost", func(h *Hub) { h.receive("") }},
	}
	for _, row := range rows {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := NewHub(nil)
				s, _, stop := listen(t, h, "a", []string{"ticket"}, yes)
				defer stop()
				row.send(h)
				time.Sleep(time.Second)
				synctest.Wait()
				same(t, s.events(), "ready {}", "refetch {}")
			})
		})
	}
}

func TestABrowserThatTakesNothingIsDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(nil)
		s, done, stop := listen(t, h, "a", []string{"ticket"}, yes)
		defer stop()
		synctest.Wait()
		s.mu.Lock()
		s.refuse = context.DeadlineExceeded
		s.mu.Unlock()
		h.receive(payload("ticket", 1, 1))
		time.Sleep(time.Second)
		<-done
	})
}

func TestStopEndsStreams(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(nil)
		s, done, _ := listen(t, h, "a", []string{"ticket"}, yes)
		synctest.Wait()
		h.Stop()
		<-done
		same(t, s.events(), "ready {}", "stopping {}")
		if _, err := h.join("b", nil); err == nil {
			t.Error("a stopped hub takes listeners")
		}
	})
}

func topicRule(a access.Actor, topic string) bool { return topic == "ticket" && a.Has("ticket.read") }

// TestHintsReachTheOtherReplica goes the whole way: a transaction in one replica, a browser at the other.
func TestHintsReachTheOtherReplica(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		here, there := NewHub(d), NewHub(d)
		here.Start()
		there.Start()
		defer here.Stop()
		h := openOn(t, d, nil, func(c *Config) { c.Hub, c.Topics = there, topicRule })
		server := httptest.NewServer(h.Handler())
		defer server.Close()
		defer there.Stop()
		client := clientOf(t, h, server, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		r, _ := http.NewRequestWithContext(ctx, "GET", server.URL+"/console/api/hints?topics=ticket", nil)
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		published := false
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "data: ") && !published { // ready: now a replica publishes
				published = true
				if err := d.Write(ctx, func(tx *db.Tx) error { return here.Publish(tx, "ticket", 7, 2) }); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if lines.Text() == `data: [{"topic":"ticket","id":7,"version":2}]` {
				return
			}
		}
		t.Fatalf("the hint did not come: %v", lines.Err())
	})
}

// clientOf is a real client that is logged in as staff.
func clientOf(t *testing.T, h *house, server *httptest.Server, staff int64) *http.Client {
	t.Helper()
	b := h.browser(t).login(staff)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range b.cookies {
		jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value}})
	}
	client := server.Client()
	client.Jar = jar
	return client
}

func TestTopicsAreChecked(t *testing.T) {
	t.Parallel()
	h := open(t, nil, func(c *Config) { c.Hub, c.Topics = NewHub(nil), topicRule })
	for _, row := range []struct {
		label  string
		staff  int64
		topics string
		status int
	}{
		{"nobody", 0, "ticket", 401}, {"no right", 3, "ticket", 403}, {"unknown topic", 1, "ticket,salary", 403}, {"none named", 1, "", 422},
	} {
		b := h.browser(t)
		if row.staff != 0 {
			b.login(row.staff)
		}
		if w := b.do("GET", "/console/api/hints?topics="+row.topics, ""); w.Code != row.status {
			t.Errorf("%s: %d, want %d: %s", row.label, w.Code, row.status, w.Body)
		}
	}
	if h.config.Hub.Streams() != 0 {
		t.Error("a refused stream is counted")
	}
}
