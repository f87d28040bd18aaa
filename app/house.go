package app

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"weizheng/city"
	"weizheng/gateway"
	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/flow"
	"weizheng/kernel/form"
	"weizheng/kernel/matter"
	"weizheng/kernel/notify"
	"weizheng/kernel/org"
	"weizheng/kernel/record"
	"weizheng/kernel/reminder"
	"weizheng/kernel/setting"
	"weizheng/kernel/worktime"
	"weizheng/module/conversation"
	"weizheng/module/menu"
	"weizheng/module/reply"
	"weizheng/part"
	"weizheng/platform/blob"
	"weizheng/platform/clock"
	"weizheng/platform/conf"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/job"
	"weizheng/platform/metric"
	"weizheng/platform/web"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

func schema() db.Schema {
	return db.Embedded("house", schemaFiles)
}

// Config is what a House is built from.
type Config struct {
	conf.Config
	Log        *slog.Logger
	Ring       *crypt.Ring
	Wall       clock.Clock
	Civil      *clock.Civil      // nil: equal to Wall
	Movable    bool              // civil time may be moved: demo and tests only
	HTTP       http.RoundTripper // to WeChat; nil: the network
	Sources    web.Sources       // what pages may load and who may frame them; zero: WeChat's own
	Origins    []string          // further origins that may send changing requests
	Limits     gateway.Limits
	WebLimits  map[web.Limit]web.Allowance // rows replace the defaults
	People     func() *city.City           // demo only: who can log in, for the page /demo
	SandboxURL string                      // demo only
	Admit      func(*http.Request) error   // nil: everything; serve closes the house until it is set up
	Replica    string                      // unique per process; "" draws one
	Version    string
}

// House is the whole system, built but not started.
type House struct {
	config Config
	log    *slog.Logger
	wall   clock.Clock

	Civil   *clock.Civil
	DB      *db.DB
	Jobs    *job.Jobs
	Metrics *metric.Set

	Settings      *setting.Service
	Audit         *audit.Service
	Record        *record.Service
	Worktime      *worktime.Service
	Org           *org.Service
	Accounts      *account.Service
	Citizens      *citizen.Service
	Forms         *form.Service
	Flows         *flow.Service
	Matters       *matter.Service
	Notify        *notify.Service
	Reminders     *reminder.Service
	Menus         *menu.Service
	Replies       *reply.Service
	Conversations *conversation.Service
	Gateway       *gateway.Gateway

	Blobs    blob.Store
	Sessions *web.Sessions
	Pages    *web.Pages
	Hub      *web.Hub
	Server   *web.Server
	Parts    []part.Part
	Lists    *part.Lists

	started []part.Service
	unlock  func() error
	texts   *web.Texts
}

// Build opens the database, brings its tables forward and builds everything; nothing runs yet. Close what Build returns.
func Build(ctx context.Context, c Config) (_ *House, err error) {
	if c.Civil == nil {
		c.Civil = clock.NewCivil(c.Wall, 0)
	}
	if c.Replica == "" {
		c.Replica = crypt.RandomCode(12)
	}
	if c.HTTP == nil {
		c.HTTP = http.DefaultTransport
	}
	h := &House{config: c, log: c.Log, wall: c.Wall, Civil: c.Civil, Metrics: metric.New()}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	if err := h.openData(ctx); err != nil {
		return nil, err
	}
	h.Jobs = job.New(h.DB, c.Log, c.Wall)
	h.buildServices()
	if err := h.buildPages(); err != nil {
		return nil, err
	}
	h.buildParts()
	if c.People != nil {
		p, err := h.guidePart(c.People, c.SandboxURL)
		if err != nil {
			return nil, err
		}
		h.Parts = append(h.Parts, p)
	}
	h.buildGateway()
	for _, p := range h.Parts {
		if p.Jobs != nil {
			p.Jobs(h.Jobs)
		}
	}
	if err := h.buildTexts(); err != nil {
		return nil, err
	}
	if err := h.DB.Migrate(ctx, h.schemas()); err != nil {
		return nil, fmt.Errorf("bring the tables forward: %w", err)
	}
	if err := h.followCivil(ctx); err != nil {
		return nil, err
	}
	return h, h.buildServer()
}

// schemas are all tables in the order of the parts.
func (h *House) schemas() []db.Schema {
	list := []db.Schema{web.Schema(), job.Schema()}
	for _, p := range h.Parts {
		if p.Schema.Part != "" {
			list = append(list, p.Schema)
		}
	}
	return list
}

// Start starts everything and opens the listeners.
func (h *House) Start(ctx context.Context) error {
	if err := h.StartWork(ctx); err != nil {
		return err
	}
	return h.start(ctx, []part.Service{{Name: "web", Start: h.Server.Start, Stop: h.Server.Stop}})
}

// StartWork starts every part's services in order, then the jobs and the sweeps, but no listener.
func (h *House) StartWork(ctx context.Context) error {
	if err := h.DB.FreeLeases(ctx); err != nil {
		return fmt.Errorf("free the leases of an earlier process: %w", err)
	}
	var services []part.Service
	for _, p := range h.Parts {
		services = append(services, p.Services...)
	}
	sweeper := newSweeper(h.DB, h.log, h.Civil, h.config.Replica, h.sweeps())
	follow := &follower{house: h}
	return h.start(ctx, append(services,
		part.Service{Name: "jobs", Start: h.Jobs.Start, Stop: h.Jobs.Stop},
		part.Service{Name: "civil", Start: follow.Start, Stop: follow.Stop},
		part.Service{Name: "sweeps", Start: sweeper.Start, Stop: sweeper.Stop},
	))
}

// start starts services in order; when one fails, everything that runs is stopped again. What runs ends with Stop, not with
// ctx: a stop signal must not cut off the requests and jobs under way, a message on its way to WeChat least of all.
func (h *House) start(ctx context.Context, services []part.Service) error {
	ctx = context.WithoutCancel(ctx)
	for _, s := range services {
		if s.Start != nil {
			if err := s.Start(ctx); err != nil {
				return errors.Join(fmt.Errorf("start %s: %w", s.Name, err), h.Stop(ctx))
			}
		}
		h.started = append(h.started, s)
	}
	return nil
}

// stopBudget is how long each service may take to stop.
const stopBudget = 8 * time.Second

// Stop stops what was started, in reverse, within ctx's deadline if it has one: `serve` gives them 30 s in all, which is what
// systemd and Kubernetes give it. That ctx was cancelled does not hurry it.
func (h *House) Stop(ctx context.Context) error {
	bye := context.WithoutCancel(ctx)
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		bye, cancel = context.WithDeadline(bye, deadline)
		defer cancel()
	}
	var faults []error
	for _, s := range slices.Backward(h.started) {
		if s.Stop == nil {
			continue
		}
		budget, cancel := context.WithTimeout(bye, stopBudget)
		if err := s.Stop(budget); err != nil {
			faults = append(faults, fmt.Errorf("stop %s: %w", s.Name, err))
		}
		cancel()
	}
	h.started = nil
	return errors.Join(faults...)
}

// Close closes the database and gives the data folder free.
func (h *House) Close() error {
	var err error
	if h.DB != nil {
		err = h.DB.Close()
	}
	if h.unlock != nil {
		err = errors.Join(err, h.unlock())
	}
	return err
}

func (h *House) sweeps() []part.Sweep {
	var all []part.Sweep
	for _, p := range h.Parts {
		all = append(all, p.Sweeps...)
	}
	return all
}
