package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"weizheng/city"
	"weizheng/platform/clock"
	"weizheng/platform/conf"
	"weizheng/platform/crypt"
	"weizheng/platform/web"

	"weizheng/wechat/sandbox"
)

// DemoConfig is what `weizheng demo` is told.
type DemoConfig struct {
	Listen        string // of the house
	SandboxListen string
	Data          string // folder: house/, sandbox/, weizheng.keys, city.json, demo.json
	Size          city.Size
	Seed          uint64
	Log           *slog.Logger
	Out           io.Writer
	Version       string
	DatabaseURL   string                      // "" is SQLite in Data
	WebLimits     map[web.Limit]web.Allowance // rows replace the defaults
}

// demo is a running demo.
type demo struct {
	DemoConfig
	wall    clock.Clock
	app     string // http://127.0.0.1:8080
	sandbox string
	found   *city.City
}

// Demo runs a house with an invented city and a local WeChat until ctx ends. The first start makes the city; a start
// that was killed half-way begins it anew, later ones find it.
func Demo(ctx context.Context, c DemoConfig) error {
	var err error
	if c.Data, err = filepath.Abs(c.Data); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	d := &demo{DemoConfig: c, wall: clock.Wall{}, app: "http://" + c.Listen, sandbox: "http://" + c.SandboxListen}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if err := os.Remove(d.path("demo.json")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("demo: %w", err)
	}
	found, err := d.city(ctx)
	if err != nil {
		return err
	}
	d.found = found
	return d.run(ctx, found)
}

func (d *demo) path(name string) string { return filepath.Join(d.Data, name) }

// city returns what the newcomer needs, making the city on the first start.
func (d *demo) city(ctx context.Context) (*city.City, error) {
	saved, err := os.ReadFile(d.path("city.json"))
	if err == nil {
		var c city.City
		if err := json.Unmarshal(saved, &c); err != nil {
			return nil, fmt.Errorf("demo: city.json cannot be read; remove %s and start again: %w", d.Data, err)
		}
		return &c, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("demo: %w", err)
	}
	say(d.Out, "第一次启动，正在建青云市（约半分钟）……\n")
	for _, leftover := range []string{"house", "sandbox", "weizheng.keys"} {
		if err := os.RemoveAll(d.path(leftover)); err != nil {
			return nil, fmt.Errorf("demo: %w", err)
		}
	}
	made, err := d.build(ctx)
	if err != nil {
		return nil, err
	}
	return made, writeJSON(d.path("city.json"), made)
}

// build makes the city in a house and a sandbox that nobody can reach, and closes both again.
func (d *demo) build(ctx context.Context) (_ *city.City, err error) {
	w, err := d.world(ctx)
	if err != nil {
		return nil, err
	}
	return w.City, w.Close(ctx)
}

// limits are the limits of requests. All phones of a demo have one address, the sandbox's: limits per address would take a crowd
// for one person.
func (d *demo) limits() map[web.Limit]web.Allowance {
	crowd := web.Allowance{Rate: 10_000, Burst: 10_000}
	limits := map[web.Limit]web.Allowance{web.LimitAddress: crowd, web.LimitSubmit: crowd}
	maps.Copy(limits, d.WebLimits)
	return limits
}

// open builds house and sandbox over one civil clock. network nil: the real one.
func (d *demo) open(ctx context.Context, ring *crypt.Ring, civil *clock.Civil, network http.RoundTripper) (*House, *sandbox.Sandbox, error) {
	url := d.DatabaseURL
	if url == "" {
		url = "sqlite:" + filepath.Join(d.path("house"), "weizheng.db")
	}
	house, err := Build(ctx, Config{
		Config: conf.Config{Listen: d.Listen, PublicURL: d.app, Data: d.path("house"), Database: conf.Database{URL: url}},
		Log:    d.Log, Ring: ring, Wall: d.wall, Civil: civil, Movable: true, HTTP: network, Version: d.Version, WebLimits: d.limits(),
		People: func() *city.City { return d.found }, SandboxURL: d.sandbox,
		Sources: web.Sources{
			Frames:  []string{d.sandbox, "http://localhost:" + port(d.sandbox)},
			Scripts: []string{d.sandbox}, Images: []string{d.sandbox},
		},
	})
	if err != nil {
		return nil, nil, err
	}
	box, err := sandbox.Open(ctx, sandbox.Config{
		Data: d.path("sandbox"), Log: d.Log, Wall: d.wall, Civil: civil, MoveClock: house.MoveCivil, Base: d.sandbox,
		Seed: fmt.Sprint(d.Seed), Transport: network,
	})
	if err != nil {
		return nil, nil, errors.Join(err, house.Close())
	}
	// Who publishes a menu in the demo wants to see it, not to wait five minutes for the phone to fetch it.
	if err := box.SeedMenuMinutes(ctx, 0); err != nil {
		return nil, nil, errors.Join(err, box.Close(ctx), house.Close())
	}
	return house, box, nil
}

// run serves until ctx ends.
func (d *demo) run(ctx context.Context, c *city.City) (err error) {
	ring, err := crypt.LoadRing(d.path("weizheng.keys"))
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	house, box, err := d.open(ctx, ring, clock.NewCivil(d.wall, 0), nil)
	if err != nil {
		return err
	}
	defer func() {
		bye := context.WithoutCancel(ctx)
		err = errors.Join(err, box.Close(bye), house.Stop(bye), house.Close())
	}()
	if err := d.relocate(ctx, house, box, c); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", d.SandboxListen)
	if err != nil {
		return fmt.Errorf("demo: sandbox: %w", err)
	}
	server := &http.Server{Handler: box.Handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(d.Log.Handler(), slog.LevelDebug)}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	defer func() { err = errors.Join(err, server.Close()) }()
	if err := house.Start(ctx); err != nil {
		return err
	}
	if err := box.Start(ctx); err != nil {
		return err
	}
	if err := d.announce(c); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return fmt.Errorf("demo: sandbox: %w", err)
	case err := <-house.Server.Failed():
		return err
	}
}

// relocate follows a change of the listen addresses since the city was made.
func (d *demo) relocate(ctx context.Context, house *House, box *sandbox.Sandbox, c *city.City) error {
	for i := range c.Accounts {
		a := &c.Accounts[i]
		a.Callback = d.app + "/wx/" + a.ID
		if err := box.SetCallback(ctx, a.ID, a.Callback); err != nil {
			return fmt.Errorf("demo: callback of %s: %w", a.ID, err)
		}
		if err := house.moveEndpoints(ctx, a.ID, d.sandbox); err != nil {
			return fmt.Errorf("demo: endpoints of %s: %w", a.ID, err)
		}
	}
	return nil
}

func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

func host(address string) string { return address[len("http://"):] }

func port(address string) string {
	_, p, err := net.SplitHostPort(host(address))
	if err != nil {
		return "80"
	}
	return p
}

// writeJSON writes a private file by rename, so that who finds it finds it whole.
func writeJSON(path string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", append(b, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
