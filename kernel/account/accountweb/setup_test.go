package accountweb

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/org"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/platform/web"
	"weizheng/wechat"
)

var schemas = []db.Schema{web.Schema(), job.Schema(), audit.Schema(), org.Schema(), account.Schema()}

// The secrets of the tests: an answer or log line that holds one of them fails the test that caused it.
const (
	goodSecret = "c0ffee00c0ffee00c0ffee00c0ffee00"
	newSecret  = "feedbeef00feedbeef00feedbeef0000"
	goodToken  = "canaryToken7"
	newToken   = "canaryToken8"
	goodKey    = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	newKey     = "ZYXWVUTSRQPONMLKJIHGFEDCBAabcdefghijklmnopq"
	accessGift = "ACCESS-CANARY-90817263"
)

var canaries = []string{goodSecret, newSecret, goodToken, newToken, goodKey, newKey, accessGift}

// The people of the tests.
const (
	root     = iota + 1 // everything everywhere
	bureau              // reads and edits the bureau's
	reader              // reads everything
	stranger            // nothing
)

const (
	ours = "gov.example"
	api  = "api.weixin.qq.com"
)

// house is the web server with this face and a callback door, on one database.
type house struct {
	t        *testing.T
	db       *db.DB
	accounts *account.Service
	part     part.Part
	jobs     *job.Jobs
	wx       *weixin
	net      *internet
	wall     *clock.Civil
	civil    *clock.Civil
	server   *web.Server
	url      string
	city     int64
	office   int64 // the bureau, below the city
	actors   map[int64]access.Actor
	door     atomic.Value // the token that the callback address really has; nothing asks the account

	mu      sync.Mutex
	said    []string // every answer, for the canaries
	follows map[int64]int64
	denied  []string
	log     bytes.Buffer
}

func (h *house) Write(p []byte) (int, error) { h.mu.Lock(); defer h.mu.Unlock(); return h.log.Write(p) }

func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { f(t, open(t, d)) })
}

func onSQLite(t *testing.T) *house { t.Helper(); return open(t, dbtest.SQLite(t, schemas)) }

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, db: d, follows: map[int64]int64{}, wall: clock.NewCivil(clock.Wall{}, 0),
		wx: &weixin{secret: goodSecret, answers: map[string]any{}, calls: map[string]int{}}}
	h.civil = clock.NewCivil(h.wall, 0)
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(h, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.city = h.unit("青云市", 0)
	h.office = h.unit("人社局", h.city)
	h.people()
	weixin, front := httptest.NewServer(h.wx), httptest.NewUnstartedServer(nil)
	t.Cleanup(weixin.Close)
	h.net = &internet{hosts: map[string]string{api: weixin.Listener.Addr().String(), ours: front.Listener.Addr().String()}}
	h.accounts = account.New(account.Deps{DB: d, Ring: ring, Wall: h.wall, Civil: h.civil, Log: log, HTTP: h.net, Replica: "one",
		PublicURL: "https://" + ours, Audit: audit.New(audit.Deps{DB: d, Wall: h.wall, Log: log, Ring: ring})})
	h.jobs = job.New(d, log, h.wall)
	h.part = Part(Deps{Accounts: h.accounts, Units: h, Followers: h, Jobs: h.jobs, DB: d, Civil: h.civil})
	h.part.Jobs(h.jobs)
	h.serve(log, front)
	t.Cleanup(func() { h.searchCanaries() })
	return h
}

// serve mounts the face beside what a house has at the addresses that the proof files could take away.
func (h *house) serve(log *slog.Logger, front *httptest.Server) {
	h.t.Helper()
	sessions := web.NewSessions(web.SessionConfig{DB: h.db, Wall: h.wall, Log: log})
	all, err := web.NewTexts(h.part.Texts)
	if err != nil {
		h.t.Fatal(err)
	}
	console, err := web.Files(web.Console, "/console/", fstest.MapFS{"index.html": {Data: []byte("the console")}}, "index.html")
	if err != nil {
		h.t.Fatal(err)
	}
	login := func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Staff int64 }
		_ = json.NewDecoder(r.Body).Decode(&in)
		if _, err := sessions.Login(r.Context(), web.StaffSession, in.Staff, nil); err != nil {
			web.Fail(w, r, err)
		}
	}
	routes := append([]web.Route{console,
		web.Raw(web.Console, "POST", "/console/api/login", web.Anyone, nil, login),
		web.Raw(web.Callback, "", "/wx/{account}", web.Anyone, nil, h.callback),
		web.Raw(web.Public, "GET", "/robots.txt", web.Anyone, nil, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("robots")) }),
		web.Raw(web.Citizen, "GET", "/c/{account}/", web.Anyone, nil, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("page")) }),
	}, h.part.Routes...)
	var keys []string
	for _, p := range h.part.Permissions {
		keys = append(keys, p.Key)
	}
	h.server, err = web.New(web.Config{Routes: routes, Permissions: keys, Sessions: sessions, Texts: all, Log: log, Wall: h.wall,
		Auth: web.Auth{Staff: h.staff, Citizen: func(context.Context, web.Session, string) (access.Actor, error) {
			return access.Actor{}, errs.New(errs.Unauthenticated, "unauthenticated")
		}},
		Denied: func(_ context.Context, a access.Actor, rt web.Route, _ access.Object) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.denied = append(h.denied, rt.Pattern())
		}, Listen: "127.0.0.1:0"})
	if err != nil {
		h.t.Fatal(err)
	}
	front.Config.Handler = h.server.Handler()
	front.Start()
	h.t.Cleanup(front.Close)
	h.url = front.URL
}

// callback answers the check of an address as the gateway does.
func (h *house) callback(w http.ResponseWriter, r *http.Request) {
	_, codec, err := h.accounts.Codec(r.Context(), r.PathValue("account"))
	if token, set := h.door.Load().(string); set && err == nil {
		codec, err = wechat.NewCodec(wechat.CodecConfig{AppID: "wx0123456789abcdef", Token: token, Mode: wechat.Plain})
	}
	if err != nil {
		http.Error(w, "account", http.StatusNotFound)
		return
	}
	echo, err := codec.VerifyURL(wechat.ParseQuery(r.URL.Query()))
	if errors.Is(err, wechat.ErrSignature) {
		http.Error(w, "signature", http.StatusForbidden)
		return
	}
	_, _ = io.WriteString(w, echo)
}

func (h *house) people() {
	grant := func(unit string, keys ...string) (list []access.Grant) {
		for _, k := range keys {
			list = append(list, access.Grant{Permission: k, Unit: unit})
		}
		return list
	}
	h.actors = map[int64]access.Actor{
		root:     {Kind: access.Staff, ID: root, Grants: grant(access.Everywhere, read, edit)},
		bureau:   {Kind: access.Staff, ID: bureau, Grants: grant(h.path(h.office), read, edit)},
		reader:   {Kind: access.Staff, ID: reader, Grants: grant(access.Everywhere, read)},
		stranger: {Kind: access.Staff, ID: stranger},
	}
}

func (h *house) staff(_ context.Context, s web.Session) (access.Actor, error) {
	return h.actors[s.Subject], nil
}

func (h *house) UnitNames(ctx context.Context, ids []int64) (map[int64]string, error) {
	names := map[int64]string{}
	for _, id := range ids {
		name, err := db.One(ctx, h.db, db.Value[string], `select name from unit where id = $1`, id)
		if err != nil {
			return nil, err
		}
		names[id] = name
	}
	return names, nil
}

func (h *house) Following(context.Context, []int64) (map[int64]int64, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.follows), nil
}

func (h *house) following(account, n int64) { h.mu.Lock(); defer h.mu.Unlock(); h.follows[account] = n }

func (h *house) unit(name string, parent int64) (id int64) {
	h.t.Helper()
	err := h.db.Write(h.t.Context(), func(tx *db.Tx) (err error) {
		var above any
		path := "/"
		if parent != 0 {
			above = parent
			if path, err = db.One(h.t.Context(), tx, db.Value[string], `select path from unit where id = $1`, parent); err != nil {
				return err
			}
		}
		id, err = db.One(h.t.Context(), tx, db.Value[int64], `insert into unit (parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
			values ($1,$2,$3,'','','',0,$4,1,1,1) returning id`, above, "city", name, false)
		if err != nil {
			return err
		}
		_, err = tx.Exec(h.t.Context(), `update unit set path = $2 where id = $1`, id, path+number(id)+"/")
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *house) path(unit int64) string {
	h.t.Helper()
	path, err := db.One(h.t.Context(), h.db, db.Value[string], `select path from unit where id = $1`, unit)
	if err != nil {
		h.t.Fatal(err)
	}
	return path
}

// searchCanaries looks for secrets in everything that was answered or logged.
func (h *house) searchCanaries() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range canaries {
		for _, s := range h.said {
			if strings.Contains(s, c) {
				h.t.Errorf("an answer holds %q: %s", c, s)
			}
		}
		if strings.Contains(h.log.String(), c) {
			h.t.Errorf("the log holds %q", c)
		}
	}
}
