package metric

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHandler(t *testing.T) {
	t.Parallel()
	s := New()
	s.Counter("inbound_total", "Callbacks.", "kind").Add(2, "text")
	g := s.Gauge("queue_length", "Waiting jobs.")
	s.Histogram("answer_seconds", "Time to answer.", Seconds).Observe(0.02)
	s.OnScrape(func() { g.Add(3) })
	page := ""
	for range 2 {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		page = w.Body.String()
	}
	for _, line := range []string{
		`weizheng_inbound_total{kind="text"} 2`, "weizheng_queue_length 6",
		`weizheng_answer_seconds_bucket{le="0.025"} 1`, `weizheng_answer_seconds_bucket{le="0.01"} 0`, "go_goroutines ",
	} {
		if !strings.Contains(page, line) {
			t.Errorf("%q is missing", line)
		}
	}
	New().Counter("inbound_total", "A second set does not meet the first.", "kind").Add(1, "text")
}

func TestNilDoesNothing(t *testing.T) {
	t.Parallel()
	var s *Set
	s.Counter("a_total", "").Add(1)
	s.Gauge("b", "").Set(1)
	s.Gauge("c", "").Add(1)
	s.Histogram("d_seconds", "", Seconds).Observe(1)
	s.OnScrape(func() { t.Error("called") })
}
