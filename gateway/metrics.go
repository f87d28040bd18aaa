package gateway

import (
	"slices"
	"strings"
	"time"

	"weizheng/platform/metric"
)

// Metrics counts what comes through the door. A nil *Metrics counts nothing.
type Metrics struct {
	callbacks  *metric.Counter
	refusals   *metric.Counter
	latency    *metric.Histogram
	responders *metric.Counter
	readRows   *metric.Counter
	readLag    *metric.Gauge
}

// NewMetrics registers the gateway's numbers.
func NewMetrics(s *metric.Set) *Metrics {
	return &Metrics{
		callbacks:  s.Counter("callbacks_total", "Callbacks accepted, by account, kind and whether they were duplicates.", "account", "kind", "duplicate"),
		refusals:   s.Counter("callbacks_refused_total", "Callbacks refused, by account and reason.", "account", "reason"),
		latency:    s.Histogram("callback_seconds", "From the first byte of a callback to its answer.", metric.Seconds),
		responders: s.Counter("responder_failures_total", "Responders that failed on a message.", "responder"),
		readRows:   s.Counter("inbound_read_total", "Callbacks handed to the subscribers."),
		readLag:    s.Gauge("inbound_lag_seconds", "Age of the oldest callback of the last batch handed out."),
	}
}

func (m *Metrics) accepted(account, kind string, duplicate bool, took time.Duration) {
	if m == nil {
		return
	}
	dup := "no"
	if duplicate {
		dup = "yes"
	}
	m.callbacks.Add(1, account, label(kind), dup)
	m.latency.Observe(took.Seconds())
}

func (m *Metrics) refused(account, reason string) {
	if m != nil {
		m.refusals.Add(1, account, reason)
	}
}

func (m *Metrics) responderFailed(name string) {
	if m != nil {
		m.responders.Add(1, name)
	}
}

func (m *Metrics) read(rows int, lag time.Duration) {
	if m == nil {
		return
	}
	m.readRows.Add(float64(rows))
	m.readLag.Set(lag.Seconds())
}

var commonKinds = []string{
	"text", "image", "voice", "video", "shortvideo", "location", "link", "event:subscribe", "event:unsubscribe",
	"event:CLICK", "event:VIEW", "event:SCAN", "event:LOCATION",
}

// label keeps the number of time series closed: WeChat may invent kinds, and a sender may too.
func label(kind string) string {
	switch {
	case slices.Contains(commonKinds, kind):
		return kind
	case strings.HasPrefix(kind, "event:"):
		return "event:other"
	default:
		return "other"
	}
}
