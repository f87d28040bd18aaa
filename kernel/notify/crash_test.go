package notify

import (
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"weizheng/kernel/account"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/wechat/client"
)

// The child of TestKilledWhileSending finds its orders here.
const (
	childURL  = "WEIZHENG_NOTIFY_TEST_URL"
	childRing = "WEIZHENG_NOTIFY_TEST_RING"
)

// TestKilledWhileSending: a process sends, WeChat takes the message, and the process is killed before it can write that
// down. The next process must call it uncertain and never send it again.
func TestKilledWhileSending(t *testing.T) {
	t.Parallel()
	for engine, url := range map[string]func(testing.TB, []db.Schema) string{"sqlite": dbtest.SQLiteURL, "postgres": dbtest.PostgresURL} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			killed(t, engine, url(t, schemas))
		})
	}
}

func killed(t *testing.T, engine, url string) {
	// given: a WeChat that takes a message and does not answer, and a message in the queue.
	var sends atomic.Int64
	took, over := make(chan struct{}, 4), make(chan struct{})
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != sendPath {
			_, _ = w.Write([]byte(`{"access_token":"T","expires_in":7200}`))
			return
		}
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server see the connection break
		sends.Add(1)
		took <- struct{}{}
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}))
	defer api.Close()
	defer close(over)
	ring, err := crypt.NewRing(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ring")
	if err := ring.Save(file); err != nil {
		t.Fatal(err)
	}
	before := reopen(t, url)
	b := newBench(t, before, ring, http.DefaultTransport)
	b.settle(t)
	a, err := b.accounts.Get(t.Context(), b.account)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.accounts.Change(t.Context(), account.ChangeIn{ID: a.ID, Version: a.Version, Kind: a.Kind, Verified: true, UnitID: 1, Profile: a.Profile,
		Endpoints: client.Endpoints{API: api.URL, MP: api.URL, Open: api.URL, Res: api.URL, Pay: api.URL}})
	if err != nil {
		t.Fatal(err)
	}
	b.opens(t, ByMessage)
	id := b.must(t, "once "+strconv.Itoa(os.Getpid()))
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}

	// when: a child process works the queue and is killed as soon as WeChat has the message.
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChildWorksTheQueue$")
	child.Env = append(os.Environ(), childURL+"="+url, childRing+"="+file)
	child.Stdout, child.Stderr = t.Output(), t.Output()
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-took:
	case <-time.After(20 * time.Second):
		_ = child.Process.Kill()
		t.Fatal("the child did not send within 20 s")
	}
	if err := child.Process.Kill(); err != nil { // SIGKILL: nothing in it runs any more
		t.Fatal(err)
	}
	_ = child.Wait() // it says that it was killed

	// then: on SQLite the next start takes the job back by itself; on PostgreSQL, after a minute, the same happens.
	b = newBench(t, reopen(t, url), ring, http.DefaultTransport)
	if o := b.load(t, id); o.State != Sending {
		t.Fatalf("after the kill: %+v", o)
	}
	if engine == "sqlite" {
		if err := b.Jobs.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the job runs again", func() bool { return b.load(t, id).State != Sending })
		if err := b.Jobs.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	} else if err := b.run(t, id); err != nil {
		t.Fatal(err)
	}
	if o := b.load(t, id); o.State != Uncertain || o.Problem != "notify.crashed" {
		t.Errorf("%+v", o)
	}
	if err := b.run(t, id); err != nil {
		t.Error(err)
	}
	if n := sends.Load(); n != 1 {
		t.Errorf("WeChat got the message %d times", n)
	}
	if len(b.heard) != 1 || b.heard[0].State != Uncertain {
		t.Errorf("heard %+v", b.heard)
	}
}

func reopen(t *testing.T, url string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{URL: url, MaxReaders: 4, MaxWriters: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() }) // some are closed by the test
	return d
}

// TestChildWorksTheQueue is the child; by itself it has nothing to do.
func TestChildWorksTheQueue(t *testing.T) {
	url := os.Getenv(childURL)
	if url == "" {
		t.Skip("only as the child of TestKilledWhileSending")
	}
	ring, err := crypt.LoadRing(os.Getenv(childRing))
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, reopen(t, url), ring, http.DefaultTransport)
	if err := b.Jobs.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-time.After(30 * time.Second) // killed long before
}
