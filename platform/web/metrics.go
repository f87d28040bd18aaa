package web

import (
	"strconv"
	"time"

	"weizheng/platform/metric"
)

// serverMetrics are the numbers of this package; labels are route patterns, never addresses or ids.
type serverMetrics struct {
	requests *metric.Counter
	seconds  *metric.Histogram
	denials  *metric.Counter
	refused  *metric.Counter
	streams  *metric.Gauge
}

func newServerMetrics(set *metric.Set, sessions *Sessions, hub *Hub) *serverMetrics {
	m := &serverMetrics{
		requests: set.Counter("http_requests_total", "Answered requests.", "route", "status"),
		seconds:  set.Histogram("http_request_seconds", "Time to answer.", metric.Seconds, "route"),
		denials:  set.Counter("http_denied_total", "Requests an actor had no right to.", "route"),
		refused:  set.Counter("http_overload_total", "Requests refused because too many were under way."),
	}
	unknown := set.Gauge("http_unknown_sessions", "Requests since the start whose session was forged, ended or revoked.", "kind")
	m.streams = set.Gauge("http_streams", "Open streams of hints.")
	set.OnScrape(func() {
		if sessions != nil {
			for kind := range sessions.unknown {
				unknown.Set(float64(sessions.Unknown(kind)), string(kind))
			}
		}
		if hub != nil {
			m.streams.Set(float64(hub.Streams()))
		}
	})
	return m
}

func (m *serverMetrics) observe(rt *Route, status int, took time.Duration) {
	pattern := "-"
	if rt != nil {
		pattern = rt.Pattern()
	}
	m.requests.Add(1, pattern, strconv.Itoa(status))
	if rt != nil && rt.timeout() > 0 { // a stream's hours say nothing
		m.seconds.Observe(took.Seconds(), pattern)
	}
}

func (m *serverMetrics) denied(rt *Route) { m.denials.Add(1, rt.Pattern()) }
func (m *serverMetrics) overload()        { m.refused.Add(1) }
