// Package metric counts what the house does, for Prometheus.
//
// A Set has its own registry: nothing registers itself by being imported, and two Sets in one test process do not
// meet. All constructors and instruments accept a nil receiver and then do nothing, so that code under test needs no
// metrics. Label values come from closed lists (endpoint, kind, queue), never from people: no ids, no openids.
package metric

import (
	"net/http"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// namespace begins every name: weizheng_inbound_total.
const namespace = "weizheng"

// Set is a registry with the process's own numbers in it.
type Set struct {
	registry *prometheus.Registry

	mu      sync.Mutex
	scrapes []func()
}

// New returns a Set that already knows the Go runtime and the process.
func New() *Set {
	s := &Set{registry: prometheus.NewRegistry()}
	s.registry.MustRegister(collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return s
}

// Counter is a number that only grows.
type Counter struct{ vec *prometheus.CounterVec }

// Counter registers weizheng_<name>, which should end in _total. A name may be registered once; twice panics.
func (s *Set) Counter(name, help string, labels ...string) *Counter {
	if s == nil {
		return nil
	}
	v := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	s.registry.MustRegister(v)
	return &Counter{v}
}

// Add adds n ≥ 0 under the label values, given in the order of the labels.
func (c *Counter) Add(n float64, values ...string) {
	if c != nil {
		c.vec.WithLabelValues(values...).Add(n)
	}
}

// Gauge is a number that goes up and down.
type Gauge struct{ vec *prometheus.GaugeVec }

// Gauge registers weizheng_<name>.
func (s *Set) Gauge(name, help string, labels ...string) *Gauge {
	if s == nil {
		return nil
	}
	v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
	s.registry.MustRegister(v)
	return &Gauge{v}
}

// Set sets the value under the label values.
func (g *Gauge) Set(n float64, values ...string) {
	if g != nil {
		g.vec.WithLabelValues(values...).Set(n)
	}
}

// Add changes the value under the label values by n.
func (g *Gauge) Add(n float64, values ...string) {
	if g != nil {
		g.vec.WithLabelValues(values...).Add(n)
	}
}

// Histogram counts observations by size.
type Histogram struct{ vec *prometheus.HistogramVec }

// Seconds are buckets for durations from the cost of a cached answer to WeChat's limit of five seconds.
var Seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}

// Histogram registers weizheng_<name>, which should end in its unit (_seconds, _bytes), with ascending upper bounds.
func (s *Set) Histogram(name, help string, buckets []float64, labels ...string) *Histogram {
	if s == nil {
		return nil
	}
	v := prometheus.NewHistogramVec(
		prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels)
	s.registry.MustRegister(v)
	return &Histogram{v}
}

// Observe records one observation under the label values.
func (h *Histogram) Observe(n float64, values ...string) {
	if h != nil {
		h.vec.WithLabelValues(values...).Observe(n)
	}
}

// OnScrape calls f before each answer of Handler: for gauges that are read from elsewhere, such as queue lengths. f
// must be quick.
func (s *Set) OnScrape(f func()) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scrapes = append(s.scrapes, f)
}

// Handler answers with all numbers in the Prometheus text format.
func (s *Set) Handler() http.Handler {
	inner := promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		scrapes := s.scrapes
		s.mu.Unlock()
		for _, f := range scrapes {
			f()
		}
		inner.ServeHTTP(w, r)
	})
}
