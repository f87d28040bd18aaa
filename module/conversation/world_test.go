package conversation

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/org"
	"weizheng/platform/access"
	"weizheng/platform/blob"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat/client"
)

// world is an inbox on one engine with an account (id 1, unit /1/) and two followers (ids 1 "p1" and 2 "p2").
type world struct {
	*Service
	t      *testing.T
	outbox *fakeOutbox
	hints  *hints
	audit  *auditor
	people *followers
	weixin *weixin
	clock  *stopped
}

type stopped struct {
	mu sync.Mutex
	at time.Time
}

func (s *stopped) Now() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.at }

func (s *stopped) forward(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

// fakeOutbox reserves nothing and remembers what it was given.
type fakeOutbox struct {
	closed bool
	sent   []string
}

func (o *fakeOutbox) QueueText(_ context.Context, _ *db.Tx, _, _ int64, dedupe, text string) (int64, error) {
	if o.closed {
		return 0, errs.New(errs.Exhausted, "notify.window_closed")
	}
	o.sent = append(o.sent, dedupe+"="+text)
	return int64(len(o.sent)), nil
}

type hints struct {
	mu   sync.Mutex
	seen []int64
}

func (h *hints) Publish(_ *db.Tx, _ string, id, _ int64) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen = append(h.seen, id)
	return nil
}

// auditor remembers what was recorded.
type auditor struct{ seen []audit.Entry }

func (a *auditor) Record(_ context.Context, _ *db.Tx, e audit.Entry) error {
	a.seen = append(a.seen, e)
	return nil
}

// followers knows two persons; their keys can be taken away.
type followers struct {
	mu   sync.Mutex
	ring *crypt.Ring
	keys map[int64][]byte
}

func (f *followers) KeyOf(_ context.Context, _ db.Queryer, follower int64) (crypt.DataKey, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	wrapped, ok := f.keys[follower]
	if !ok {
		return crypt.DataKey{}, errs.New(errs.NotFound, "citizen.erased")
	}
	return f.ring.UnwrapDataKey(wrapped)
}

func (f *followers) erase(follower int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.keys, follower)
}

// weixin keeps files by their media ids, or answers with an error.
type weixin struct {
	mu    sync.Mutex
	files map[string][]byte
	fails map[string]error
	asked int
}

func (x *weixin) Media(_ context.Context, _ int64, id string) (client.Download, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.asked++
	if err := x.fails[id]; err != nil {
		return client.Download{}, err
	}
	content, ok := x.files[id]
	if !ok {
		return client.Download{}, errs.New(errs.Invalid, "wechat.api")
	}
	return client.Download{Body: io.NopCloser(bytes.NewReader(content)), Size: -1}, nil
}

func (*followers) IDs(_ context.Context, _ db.Queryer, _ int64, persons []string) (map[string]int64, error) {
	known, ids := map[string]int64{"p1": 1, "p2": 2}, map[string]int64{}
	for _, p := range persons {
		if id, ok := known[p]; ok {
			ids[p] = id
		}
	}
	return ids, nil
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, []db.Schema{job.Schema(), org.Schema(), account.Schema(), citizen.Schema(), Schema()}, func(t *testing.T, d *db.DB) {
		f(t, newWorld(t, d))
	})
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	seed(t, d)
	people := &followers{ring: ring, keys: map[int64][]byte{}}
	for _, id := range []int64{1, 2} {
		if people.keys[id], _, err = ring.NewDataKey(); err != nil {
			t.Fatal(err)
		}
	}
	files, err := blob.OpenFolder(t.TempDir(), clock.Wall{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	log := slog.New(slog.DiscardHandler)
	w := &world{t: t, outbox: &fakeOutbox{}, hints: &hints{}, audit: &auditor{}, people: people,
		weixin: &weixin{files: map[string][]byte{}, fails: map[string]error{}}, clock: &stopped{at: time.Date(2026, 11, 20, 1, 30, 0, 0, time.UTC)}}
	w.Service = New(Deps{
		DB: d, Log: log, Wall: w.clock, Civil: w.clock, Audit: w.audit, Hints: w.hints,
		Sealer: ring, Followers: people, Outbox: w.outbox, Jobs: job.New(d, log, w.clock), Files: files, Keys: ring, WeChat: w.weixin,
	})
	return w
}

func seed(t *testing.T, d *db.DB) {
	t.Helper()
	ctx := t.Context()
	err := d.Write(ctx, func(tx *db.Tx) error {
		for _, q := range []string{
			`insert into unit (parent_id, level, name, short, code, path, position, closed, created_at, updated_at, version)
				values (null,'city','青云市','','','/1/',0,false,1,1,1)`,
			`insert into account (slug,name,kind,verified,status,unit_id,original_id,appid,mode,endpoints,oauth_domain,identity,
				intro,principal,contact,farewell,avatar,persona_name,persona_tone,created_at,updated_at,version)
				values ('qingyun','青云政务','service',true,'active',1,'gh_1','wx1','safe','{}',false,false,'','','','','','','',1,1,1)`,
			`insert into citizen (created_at) values (1), (1)`,
			`insert into follower (account_id, citizen_id, origin_id, person, subscribed, created_at)
				values (1,1,1,'p1',true,1), (1,2,2,'p2',true,1)`,
		} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var everywhere = access.Reach{All: true}

// as returns a context in which a staff member acts.
func (w *world) as(staff int64) context.Context {
	return access.With(w.t.Context(), access.Actor{Kind: access.Staff, ID: staff})
}

// says brings a citizen's text into the inbox; answered tells whether a rule gave a real answer.
func (w *world) says(person, text string, answered bool) {
	w.t.Helper()
	r := Received{Inbound: 1, Account: 1, Person: person, At: w.clock.Now(), Waits: !answered,
		Line: Line{Author: Citizen, Kind: "text", Text: text}}
	if answered {
		r.Reply = &Line{Author: ByRule, Kind: "text", Text: "自动答复", State: Sent}
	}
	w.receives(r)
}

func (w *world) receives(batch ...Received) {
	w.t.Helper()
	if err := w.db.Write(w.t.Context(), func(tx *db.Tx) error { return w.Receive(w.t.Context(), tx, batch) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) only() Conversation {
	w.t.Helper()
	list, err := w.List(w.t.Context(), everywhere, Filter{Limit: 10})
	if err != nil || len(list) != 1 {
		w.t.Fatalf("%d conversations, %v", len(list), err)
	}
	return list[0]
}

var _ clock.Clock = (*stopped)(nil)
