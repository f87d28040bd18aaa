package web

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"

	"weizheng/platform/errs"
)

// Check is one thing that must work before this process takes requests: the database, the key file, placeholders.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
}

// own are the routes that the server brings itself.
func (s *Server) own() []Route {
	routes := []Route{
		Raw(Ops, "GET", "/healthz", Anyone, nil, s.healthz),
		Raw(Ops, "GET", "/readyz", Anyone, nil, s.readyz),
		Raw(Public, "GET", "/api/docs", Anyone, nil, s.docs),
		Raw(Open, "GET", "/api/openapi.json", Anyone, nil, s.openapi),
	}
	if s.config.Metrics != nil {
		routes = append(routes, Raw(Ops, "GET", "/metrics", Anyone, nil, s.scrape))
	}
	if s.config.Hub != nil {
		routes = append(routes, Raw(Console, "GET", "/console/api/hints", Self, nil, s.hints).Lasting(-1))
	}
	return routes
}

// healthz says that the process lives; it looks at nothing, so that a slow database does not get it killed.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

type readiness struct {
	Status string            `json:"status"` // "ok", "stopping" or "failing"
	Checks map[string]string `json:"checks"` // name → "ok" or the kind of failure
}

// readyz says whether this process should get requests: 200, or 503 with what fails. Causes go to the log.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	report := readiness{Status: "ok", Checks: s.runChecks(r.Context())}
	for _, state := range report.Checks {
		if state != "ok" {
			report.Status = "failing"
		}
	}
	if s.stopping.Load() {
		report.Status = "stopping"
	}
	status := http.StatusOK
	if report.Status != "ok" {
		status = http.StatusServiceUnavailable
	}
	WriteJSON(w, status, report)
}

func (s *Server) runChecks(ctx context.Context) map[string]string {
	states := make([]string, len(s.config.Checks))
	var running sync.WaitGroup
	for i, check := range s.config.Checks {
		running.Go(func() {
			states[i] = "ok"
			if err := check.Run(ctx); err != nil {
				states[i] = errs.KindOf(classify(err)).String()
				s.log.WarnContext(ctx, "not ready", "check", check.Name, "error", err.Error())
			}
		})
	}
	running.Wait()
	result := map[string]string{}
	for i, check := range s.config.Checks {
		result[check.Name] = states[i]
	}
	return result
}

// scrape serves metrics to this machine and to the networks that the configuration names: they tell how busy a government
// is. What a proxy that is not trusted passes on comes from anywhere, also when the proxy runs here.
func (s *Server) scrape(w http.ResponseWriter, r *http.Request) {
	address := ClientIP(r.Context())
	here := !address.IsValid() || address.IsLoopback()
	if here && r.Header.Get("X-Forwarded-For") != "" && !contains(s.config.TrustedProxies, peer(r)) {
		here = false
	}
	if !here && !contains(s.config.MetricsAllow, address) {
		Fail(w, r, errs.New(errs.NotFound, "not_found"))
		return
	}
	s.config.Metrics.Handler().ServeHTTP(w, r)
}

// WriteJSON answers with v; raw handlers that speak JSON end with it.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone if this fails
}
