package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/danielgtaylor/huma/v2"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/metric"
)

// Config is everything that a Server is made of. Log, Wall and Texts are needed; nil or zero elsewhere means without.
type Config struct {
	Routes      []Route
	Permissions []string // every key that a route may name
	Auth        Auth
	Sessions    *Sessions
	Texts       *Texts
	Log         *slog.Logger
	Wall        clock.Clock
	Metrics     *metric.Set

	// Denied hears of every request that an actor had no right to, for the audit. It must be quick and not fail.
	Denied func(ctx context.Context, actor access.Actor, rt Route, object access.Object)
	// SignIn leads a citizen, or staff on the phone, without a session who opened a page to the login; nil shows the 401
	// page.
	SignIn func(w http.ResponseWriter, r *http.Request)
	// ErrorPage writes a problem as a page; its status is p.Status. nil uses a plain page of our own.
	ErrorPage func(w http.ResponseWriter, r *http.Request, p Problem)

	// Admit lets a request in, or says why not: a house that is being set up shows its doors to nobody else. nil admits all.
	Admit func(r *http.Request) error

	Hub    *Hub                                        // hints at GET /console/api/hints
	Topics func(actor access.Actor, topic string) bool // who may listen to what; nil: nobody
	Checks []Check                                     // what /readyz looks at

	PublicURL      string              // "https://…" turns on Secure cookies and HSTS
	Origins        []string            // further origins that may send changing requests ("http://host:port"), for the demo
	TrustedProxies []netip.Prefix      // whose X-Forwarded-For is believed
	Sources        Sources             // nil lists are those of DefaultSources
	Limits         map[Limit]Allowance // rows replace those of DefaultLimits
	MaxInFlight    int                 // requests at once, and callbacks beside them; default 1024
	Version        string

	Listen        string         // "127.0.0.1:8080"
	ConsoleListen string         // a listener of its own for the console; "" serves it on Listen
	ConsoleAllow  []netip.Prefix // who may use the console; empty: everybody
	MetricsAllow  []netip.Prefix // who may read /metrics besides this machine
	TLSCert       string         // files; both or none
	TLSKey        string
}

// Server serves routes. Make it with New; it never changes afterwards.
type Server struct {
	config    Config
	routes    []Route
	byPattern map[string]*Route
	mux       *http.ServeMux
	documents documents

	auth      Auth
	sessions  *Sessions
	texts     *Texts
	log       *slog.Logger
	wall      clock.Clock
	denied    func(context.Context, access.Actor, Route, access.Object)
	signIn    func(http.ResponseWriter, *http.Request)
	cross     *http.CrossOriginProtection
	limits    *limiter
	sources   Sources
	fixed     http.Header
	policies  map[Face]string
	metrics   *serverMetrics
	tls       bool
	inFlight  chan struct{}
	callbacks chan struct{}
	stopping  atomic.Bool
	listeners listeners
}

// defaultInFlight is far above what 2 cores work on at once, and bounds memory to about 1024 bodies.
const defaultInFlight = 1024

// New checks the routes and builds the server. Its error names each route that is wrong.
func New(c Config) (*Server, error) {
	if c.Log == nil || c.Wall == nil || c.Texts == nil {
		return nil, errors.New("web: Config needs Log, Wall and Texts")
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return nil, errors.New("web: TLS needs both a certificate and a key")
	}
	s := &Server{config: c, mux: http.NewServeMux(), auth: c.Auth, sessions: c.Sessions, texts: c.Texts, log: c.Log,
		wall: c.Wall, denied: c.Denied, signIn: c.SignIn, sources: c.Sources.withDefaults(), metrics: newServerMetrics(c.Metrics, c.Sessions, c.Hub),
		tls:       strings.HasPrefix(c.PublicURL, "https://") || c.TLSCert != "",
		byPattern: map[string]*Route{},
	}
	s.fixed, s.policies = fixed(s.tls), policies(s.sources)
	s.inFlight = make(chan struct{}, orDefault(c.MaxInFlight, defaultInFlight))
	s.callbacks = make(chan struct{}, orDefault(c.MaxInFlight, defaultInFlight))
	s.limits = newLimiter(c.Wall, merged(DefaultLimits(), c.Limits))
	if err := s.trust(); err != nil {
		return nil, err
	}
	s.routes = slices.Concat(s.own(), c.Routes)
	if err := checkRoutes(s.routes, c.Permissions, c.Auth); err != nil {
		return nil, err
	}
	return s, s.mount()
}

// trust names the origins whose pages may change things: our public address, because a proxy may call us by another
// host than browsers do, and those of the configuration.
func (s *Server) trust() error {
	s.cross = http.NewCrossOriginProtection()
	origins := slices.Clone(s.config.Origins)
	if u, err := url.Parse(s.config.PublicURL); err == nil && u.Host != "" {
		origins = append(origins, u.Scheme+"://"+u.Host)
	}
	for _, origin := range origins {
		if err := s.cross.AddTrustedOrigin(origin); err != nil {
			return fmt.Errorf("web: origin %q: %w", origin, err)
		}
	}
	return nil
}

func orDefault(n, d int) int {
	if n > 0 {
		return n
	}
	return d
}

func merged(table, rows map[Limit]Allowance) map[Limit]Allowance {
	maps.Copy(table, rows)
	return table
}

// mount puts every route behind its guard into the mux.
func (s *Server) mount() (err error) {
	table := &adapter{handlers: map[string]http.Handler{}}
	names := &schemaNames{}
	all := newAPI("为政", s.config.Version, table, names, s.transform)
	open := newAPI("为政开放接口", s.config.Version, &adapter{handlers: map[string]http.Handler{}}, names, nil)
	for i := range s.routes {
		rt := &s.routes[i]
		handler := rt.serve
		if rt.typed != nil {
			names.tag = tagOf(rt.Path)
			if err := describe(*rt, all, open); err != nil {
				return err
			}
			handler = table.handlers[rt.Method+" "+rt.Path]
		}
		if err := s.handle(rt, s.guard(rt, handler)); err != nil {
			return err
		}
		s.byPattern[rt.Pattern()] = rt
	}
	s.documents, err = newDocuments(all, open)
	return err
}

// handle registers a pattern; ServeMux reports conflicts by panicking.
func (s *Server) handle(rt *Route, h http.Handler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("web: route %q: %v", rt.Pattern(), p)
		}
	}()
	s.mux.Handle(rt.Pattern(), h)
	return nil
}

// describe registers a typed route; huma reports types it cannot describe by panicking.
func describe(rt Route, all, open huma.API) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("web: route %q: %v", rt.Pattern(), p)
		}
	}()
	rt.typed(all, operation(rt))
	if rt.Face == Open {
		rt.typed(open, operation(rt))
	}
	return nil
}

// Routes lists every route with its guard: a test walks them with all roles.
func (s *Server) Routes() []Route { return slices.Clone(s.routes) }

// Handler serves everything, but for the console where that has a listener of its own.
func (s *Server) Handler() http.Handler {
	return s.outermost(func(face Face) bool { return face != Console || s.config.ConsoleListen == "" })
}

// ConsoleHandler serves the console, files of the public face that it shows, and operations.
func (s *Server) ConsoleHandler() http.Handler {
	return s.outermost(func(face Face) bool { return face == Console || face == Ops || face == Public })
}

// OpenAPI returns the description of the console's and the open API: OpenAPI 3.1 as JSON, the same bytes for the same
// routes.
func (s *Server) OpenAPI() []byte { return slices.Clone(s.documents.all) }
