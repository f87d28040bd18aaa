package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"weizheng/city"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/wechat/client"
	"weizheng/wechat/sandbox"
)

// World is a house with its city and a local WeChat in one process: nothing listens, requests go through Network. The
// demo's first start makes its history in one; tests live in one.
type World struct {
	House   *House
	Sandbox *sandbox.Sandbox
	City    *city.City
	Network http.RoundTripper
	App     string // base address of the house in Network
	WeChat  string // of the sandbox
}

// OpenWorld makes a world with a new city in c.Data, which must be empty, and leaves it running at the present.
func OpenWorld(ctx context.Context, c DemoConfig) (*World, error) {
	var err error
	if c.Data, err = filepath.Abs(c.Data); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, err
	}
	d := &demo{DemoConfig: c, wall: clock.Wall{}, app: "http://" + c.Listen, sandbox: "http://" + c.SandboxListen}
	return d.world(ctx)
}

func (d *demo) world(ctx context.Context) (_ *World, err error) {
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		return nil, err
	}
	if err := ring.Save(d.path("weizheng.keys")); err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	network := loop{}
	w := &World{Network: network, App: d.app, WeChat: d.sandbox}
	civil := clock.NewCivil(d.wall, -city.Past)
	if w.House, w.Sandbox, err = d.open(ctx, ring, civil, network); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Close(ctx))
		}
	}()
	network[host(d.app)], network[host(d.sandbox)] = w.House.Server.Handler(), w.Sandbox.Handler()
	if err := w.House.StartWork(ctx); err != nil {
		return nil, err
	}
	if err := w.Sandbox.Start(ctx); err != nil {
		return nil, err
	}
	if w.City, err = city.Build(ctx, d.plan(w, civil)); err != nil {
		return nil, err
	}
	return w, civil.SetOffset(0)
}

// plan is what the city is made with.
func (d *demo) plan(w *World, civil *clock.Civil) city.Deps {
	h := w.House
	return city.Deps{
		Org: h.Org, Worktime: h.Worktime, Accounts: h.Accounts, Citizens: h.Citizens, Forms: h.Forms, Menus: h.Menus, Replies: h.Replies,
		Conversations: h.Conversations, Reminders: h.Reminders, Settings: h.Settings, Sandbox: w.Sandbox.Handler(), Settled: w.Settled, Idle: w.Idle, PublicURL: d.app,
		Endpoints: client.Endpoints{API: d.sandbox, MP: d.sandbox, Open: d.sandbox, Res: d.sandbox, Pay: d.sandbox},
		Civil:     civil, Now: d.wall.Now(), Seed: d.Seed, Size: d.Size, Log: d.Log,
	}
}

// Settled returns when every callback is in the inbox.
func (w *World) Settled(ctx context.Context) error {
	return errors.Join(w.Sandbox.Idle(ctx), w.House.Settled(ctx))
}

// Idle returns when nothing at all is under way.
func (w *World) Idle(ctx context.Context) error {
	return errors.Join(w.Settled(ctx), w.House.Idle(ctx), w.Settled(ctx))
}

// Close stops everything.
func (w *World) Close(ctx context.Context) error {
	return errors.Join(w.Sandbox.Close(ctx), w.House.Stop(ctx), w.House.Close())
}
