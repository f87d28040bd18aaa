package fault

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"weizheng/app"
	"weizheng/city"
	"weizheng/platform/clock"
	"weizheng/platform/conf"
	"weizheng/platform/crypt"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/web"
	"weizheng/test/world"
	"weizheng/wechat/sandbox"
)

// The engines.
const (
	sqlite   = "sqlite"
	postgres = "postgres"
)

// each runs f on both engines at once.
func each(t *testing.T, f func(t *testing.T, engine string)) {
	t.Helper()
	for _, engine := range []string{sqlite, postgres} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			f(t, engine)
		})
	}
}

// template is a house with the sample city, made once for each engine and copied for each test.
type template struct {
	once sync.Once
	dir  string
	name string // of the PostgreSQL database
	base string // of its server
	city *city.City
	err  error
}

var templates = map[string]*template{sqlite: {}, postgres: {}}

// scratch holds the templates for as long as the tests run; main makes and removes it.
var scratch string

// place is one test's own house or houses, with a city, a local WeChat and the wires between them.
type place struct {
	*world.World
	engine string
	dir    string
	data   string // the house's folder
	url    string
	ring   *crypt.Ring
	net    *network
	door   *door
	log    *slog.Logger
	civil  *clock.Civil // of the first house and of the sandbox
	wall   clock.Clock  // of the houses; WeChat has its own
	said   *said
}

// newPlace copies the template: data of a house that is not open yet, and a sandbox that delivers to whoever leads
// "house.test".
func newPlace(t *testing.T, engine string) *place {
	t.Helper()
	p := &place{engine: engine, dir: t.TempDir()}
	made := p.copy(t)
	log := &world.Log{}
	people := *made.city
	people.Citizens = slices.Clone(people.Citizens)
	p.World = &world.World{T: t, Log: log, World: &app.World{City: &people, App: "http://house.test", WeChat: "http://wechat.test"}}
	// The plain handler of log/slog: nothing is blanked here, so that what the house says is seen as it says it.
	p.log = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	if p.ring, err = crypt.LoadRing(filepath.Join(p.dir, "weizheng.keys")); err != nil {
		t.Fatal(err)
	}
	p.said = &said{tokens: map[string]bool{}}
	p.net = newNetwork(p.said.hear)
	p.Network = p.net
	p.door = newDoor(t, p.net, p.City)
	p.civil, p.wall = clock.NewCivil(clock.Wall{}, 0), clock.Wall{}
	t.Cleanup(func() { p.quietAboutSecrets() })
	return p
}

// copy gives the place its own copy of the template.
func (p *place) copy(t *testing.T) *template {
	t.Helper()
	made := templates[p.engine]
	base := ""
	if p.engine == postgres {
		base = dbtest.PostgresURL(t, nil) // skips without PostgreSQL, and keeps the server alive
	}
	made.once.Do(func() { made.err = made.build(context.WithoutCancel(t.Context()), p.engine, base) })
	if made.err != nil {
		t.Fatalf("make the city: %v", made.err)
	}
	if err := copyFolder(p.dir, made.dir); err != nil {
		t.Fatal(err)
	}
	p.data = filepath.Join(p.dir, "house")
	p.url = "sqlite:" + filepath.Join(p.data, "weizheng.db")
	if p.engine == postgres {
		name := "fault_" + strings.ToLower(rand.Text()[:16])
		statement(t, base, "create database "+name+" template "+made.name)
		t.Cleanup(func() { statement(t, base, "drop database "+name+" with (force)") })
		p.url = database(base, name)
	}
	return made
}

// copyFolder is os.CopyFS for private files: a key that others may read is refused by the house.
func copyFolder(to, from string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), content, 0o600)
	})
}

func (m *template) build(ctx context.Context, engine, base string) error {
	m.dir = filepath.Join(scratch, engine)
	c := app.DemoConfig{
		Listen: "house.test", SandboxListen: "wechat.test", Data: m.dir, Size: city.Sample, Seed: 7,
		Log: slog.New(slog.DiscardHandler), Out: &world.Log{}, Version: "test",
	}
	if engine == postgres {
		m.base, m.name = base, "fault_city_"+strings.ToLower(rand.Text()[:16])
		conn, err := pgx.Connect(ctx, base)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, "create database "+m.name)
		if err := errors.Join(err, conn.Close(ctx)); err != nil {
			return err
		}
		c.DatabaseURL = database(base, m.name)
	}
	w, err := app.OpenWorld(ctx, c)
	if err != nil {
		return err
	}
	m.city = w.City
	return w.Close(ctx)
}

func statement(t *testing.T, base, sql string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, base)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Error(err)
	}
	if err := conn.Close(ctx); err != nil {
		t.Error(err)
	}
}

func database(base, name string) string {
	u, err := url.Parse(base)
	if err != nil {
		panic("fault: the test server's URL cannot be parsed")
	}
	u.Path = "/" + name
	return u.String()
}

var plenty = web.Allowance{Rate: 1e6, Burst: 1e6}

// config is what a house of this place is built from.
func (p *place) config() app.Config {
	return app.Config{
		Config: conf.Config{
			Listen: "127.0.0.1:0", PublicURL: p.App, Data: p.data, Database: conf.Database{URL: p.url},
		},
		Log: p.log, Ring: p.ring, Wall: p.wall, Civil: p.civil, Movable: true, HTTP: p.net, Version: "test",
		WebLimits: map[web.Limit]web.Allowance{web.LimitLogin: plenty, web.LimitConsoleAddress: plenty, web.LimitStaff: plenty},
	}
}

// build builds a house that does not run yet; it is stopped and closed when the test ends.
func (p *place) build(c app.Config) *app.House {
	p.T.Helper()
	h, err := app.Build(p.T.Context(), c)
	if err != nil {
		p.T.Fatalf("build the house: %v", err)
	}
	p.T.Cleanup(func() {
		if err := errors.Join(h.Stop(context.WithoutCancel(p.T.Context())), h.Close()); err != nil {
			p.T.Errorf("close the house: %v", err)
		}
	})
	return h
}

// work makes a built house work, without listeners.
func (p *place) work(h *app.House) *app.House {
	p.T.Helper()
	if err := h.StartWork(p.T.Context()); err != nil {
		p.T.Fatalf("start the house: %v", err)
	}
	return h
}

// wechat opens the sandbox, which moves civil time through the first house, if there is one.
func (p *place) wechat() {
	p.T.Helper()
	c := sandbox.Config{
		Data: filepath.Join(p.dir, "sandbox"), Log: slog.New(slog.DiscardHandler), Wall: clock.Wall{}, Civil: p.civil,
		Base: p.WeChat, Seed: "7", Transport: p.door,
	}
	if p.House != nil {
		c.MoveClock = p.House.MoveCivil
	}
	box, err := sandbox.Open(p.T.Context(), c)
	if err != nil {
		p.T.Fatalf("open the sandbox: %v", err)
	}
	p.Sandbox = box
	p.net.lead("wechat.test", inside{box.Handler()})
	if err := box.Start(p.T.Context()); err != nil {
		p.T.Fatal(err)
	}
	p.T.Cleanup(func() {
		if err := box.Close(context.WithoutCancel(p.T.Context())); err != nil {
			p.T.Errorf("close the sandbox: %v", err)
		}
	})
}

// open is the usual place: one house and the sandbox, both at work in this process.
func open(t *testing.T, engine string) *place {
	t.Helper()
	p := newPlace(t, engine)
	p.open()
	return p
}

func (p *place) open() {
	p.T.Helper()
	p.House = p.work(p.build(p.config()))
	p.net.lead("house.test", inside{p.House.Server.Handler()})
	p.wechat()
}

// people makes n citizens who follow 青云政务 and have not said anything yet.
func (p *place) people(prefix string, n int) []string {
	p.T.Helper()
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s%03d", prefix, i)
		var out struct {
			Citizen struct {
				OpenIDs map[string]string `json:"openids"`
			}
		}
		p.Phone("/citizens", map[string]any{"id": ids[i], "name": "市民" + ids[i]}, &out)
		p.Phone("/follow", map[string]any{"account": "qingyun", "citizen": ids[i]}, nil)
		p.City.Citizens = append(p.City.Citizens, city.Citizen{ID: ids[i], OpenIDs: out.Citizen.OpenIDs})
	}
	return ids
}

// say makes a citizen write a text; it returns the message's id.
func (p *place) say(citizen, text string) int64 {
	p.T.Helper()
	var out struct {
		MsgID string `json:"msg_id"`
	}
	p.Phone("/messages", map[string]any{"account": "qingyun", "citizen": citizen, "type": "text", "content": text}, &out)
	var id int64
	if _, err := fmt.Sscan(out.MsgID, &id); err != nil {
		p.T.Fatal(err)
	}
	return id
}

// faults plans disturbances in the sandbox, instead of those planned before.
func (p *place) faults(list ...fault) {
	p.T.Helper()
	if list == nil {
		list = []fault{}
	}
	p.ask(http.MethodPut, "/faults", map[string]any{"faults": list}, nil)
}

// eventually polls until ok, for as long as slow machines may need.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	within(t, 30*time.Second, what, ok)
}

func within(t testing.TB, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("not within %v: %s", limit, what)
		case <-tick.C:
		}
	}
}
