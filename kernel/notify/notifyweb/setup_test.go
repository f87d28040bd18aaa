package notifyweb

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/notify"
	"weizheng/kernel/org"
	"weizheng/kernel/setting"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/job"
	"weizheng/platform/web"
	"weizheng/wechat"
)

var schemas = []db.Schema{web.Schema(), job.Schema(), audit.Schema(), org.Schema(), account.Schema(), citizen.Schema(), notify.Schema()}

const openid = "oCANARY0000000000000000000001"

// The people of the tests.
const (
	root   = iota + 1 // everything everywhere
	reader            // reads everything
	bureau            // everything in another unit
)

// house is the web server with this face, one account and one follower.
type house struct {
	t        *testing.T
	db       *db.DB
	notify   *notify.Service
	citizens *citizen.Service
	jobs     *job.Jobs
	part     part.Part
	civil    *clock.Civil
	url      string
	account  int64
	follower int64

	mu     sync.Mutex
	answer any // to a send: JSON, or an error
}

func (h *house) Int(context.Context, string, setting.At) int64 { return 15 }

func (h *house) Text(context.Context, string, setting.At) string { return "" }

func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) { f(t, open(t, d)) })
}

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, db: d, civil: clock.NewCivil(clock.Wall{}, 0), answer: `{"errcode":0}`}
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	record := audit.New(audit.Deps{DB: d, Wall: clock.Wall{}, Log: log, Ring: ring})
	sessions := web.NewSessions(web.SessionConfig{DB: d, Wall: clock.Wall{}, Log: log})
	h.jobs = job.New(d, log, clock.Wall{})
	accounts := account.New(account.Deps{DB: d, Ring: ring, Wall: clock.Wall{}, Civil: h.civil, Log: log, Audit: record, HTTP: h, PublicURL: "https://gov.example", Replica: "one"})
	h.citizens = citizen.New(citizen.Deps{DB: d, Jobs: h.jobs, Ring: ring, Wall: clock.Wall{}, Civil: h.civil, Log: log, Audit: record, Accounts: accounts, Settings: h, Sessions: sessions, PublicURL: "https://gov.example"})
	h.notify = notify.New(notify.Deps{DB: d, Jobs: h.jobs, Ring: ring, Wall: clock.Wall{}, Civil: h.civil, Log: log, Audit: record, Accounts: accounts, Citizens: h.citizens, Settings: h})
	h.part = Part(Deps{Notify: h.notify, DB: d, Words: func(key string) string { return key }})
	h.settle(accounts)
	h.serve(log, sessions)
	return h
}

func (h *house) settle(accounts *account.Service) {
	h.t.Helper()
	h.tx(func(tx *db.Tx) error {
		_, err := tx.Exec(h.t.Context(), `insert into unit (id, parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
			values (1,null,'city','青云市','','','/1/',0,$1,1,1,1), (2,1,'district','交警支队','','','/1/2/',0,$1,1,1,1)`, false)
		return err
	})
	a, err := accounts.Register(h.t.Context(), account.RegisterIn{Slug: "qingyun", Kind: wechat.Service, Verified: true, UnitID: 1,
		Profile: account.Profile{Name: "青云政务"}, AppID: "wx0123456789", Secret: strings.Repeat("5", 32), Token: "tokentoken", Mode: wechat.Plain})
	if err != nil {
		h.t.Fatal(err)
	}
	h.account = a.ID
	h.receive("")
	r, err := h.citizens.ByPerson(h.t.Context(), h.db, h.account, h.citizens.Person(h.account, openid))
	if err != nil {
		h.t.Fatal(err)
	}
	h.follower = r.ID
}

func (h *house) tx(f func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.db.Write(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

// receive hands a callback to the followers and to this part, as the gateway's reader does.
func (h *house) receive(event string) {
	h.t.Helper()
	m := &wechat.Message{FromUserName: openid, MsgType: "text", Content: "你好"}
	if event != "" {
		m = &wechat.Message{FromUserName: openid, MsgType: "event", Event: event}
	}
	in := part.Inbound{Account: part.Account{ID: h.account}, CivilAt: h.civil.Now(), Person: h.citizens.Person(h.account, openid), Message: m}
	h.tx(func(tx *db.Tx) error {
		if err := h.citizens.HandleInbound(h.t.Context(), tx, []citizen.Inbound{{Account: h.account, OpenID: openid, At: in.CivilAt, Event: event}}); err != nil {
			return err
		}
		return h.part.Subscriptions[0].Handle(h.t.Context(), tx, []part.Inbound{in})
	})
}

func (h *house) serve(log *slog.Logger, sessions *web.Sessions) {
	h.t.Helper()
	texts, err := web.NewTexts(h.part.Texts)
	if err != nil {
		h.t.Fatal(err)
	}
	login := web.Raw(web.Console, "POST", "/console/api/login", web.Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.ParseInt(r.URL.Query().Get("staff"), 10, 64)
		if _, err := sessions.Login(r.Context(), web.StaffSession, id, nil); err != nil {
			web.Fail(w, r, err)
		}
	})
	server, err := web.New(web.Config{Routes: append([]web.Route{login}, h.part.Routes...), Permissions: []string{read, answer}, Sessions: sessions,
		Texts: texts, Log: log, Wall: clock.Wall{}, Auth: web.Auth{Staff: staff}})
	if err != nil {
		h.t.Fatal(err)
	}
	front := httptest.NewServer(server.Handler())
	h.t.Cleanup(front.Close)
	h.url = front.URL
}

func staff(_ context.Context, s web.Session) (access.Actor, error) {
	a := access.Actor{Kind: access.Staff, ID: s.Subject}
	unit, keys := access.Everywhere, []string{read, answer}
	switch s.Subject {
	case reader:
		keys = keys[:1]
	case bureau:
		unit = "/1/2/"
	}
	for _, k := range keys {
		a.Grants = append(a.Grants, access.Grant{Permission: k, Unit: unit})
	}
	return a, nil
}

var errCut = errors.New("read: connection reset")

// RoundTrip answers instead of WeChat.
func (h *house) RoundTrip(r *http.Request) (*http.Response, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	body := `{"access_token":"T","expires_in":7200}`
	if r.URL.Path == "/cgi-bin/message/custom/send" {
		if err, ok := h.answer.(error); ok {
			return nil, err
		}
		body = h.answer.(string)
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// call makes a request as somebody and decodes the answer into out, if the status is 2xx.
func (h *house) call(who int, method, path string, in, out any) int {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	send := func(method, path string, in any) (int, []byte) {
		raw, err := json.Marshal(in)
		if err != nil {
			h.t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+path, bytes.NewReader(raw))
		if err != nil {
			h.t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		resp, err := client.Do(r)
		if err != nil {
			h.t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			h.t.Fatal(err)
		}
		if strings.Contains(string(body), "CANARY") {
			h.t.Errorf("an openid in the answer of %s: %s", path, body)
		}
		return resp.StatusCode, body
	}
	send("POST", "/console/api/login?staff="+strconv.Itoa(who), struct{}{})
	status, body := send(method, path, in)
	if status < 300 && out != nil {
		if err := json.Unmarshal(body, out); err != nil {
			h.t.Fatalf("%s: %v in %s", path, err, body)
		}
	}
	return status
}
