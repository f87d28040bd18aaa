package fault

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestAway: PostgreSQL goes away in the middle of the crowd and comes back.
func TestAway(t *testing.T) {
	t.Parallel()
	p := newPlace(t, postgres)
	cable := plug(t, p.url)
	p.url = cable.url
	wall := &hands{}
	p.wall = wall
	p.open()
	citizens := p.people("w", 4)
	p.Quiet()
	admin := p.Staff("xitong")
	if status, _ := p.ops("/readyz"); status != http.StatusOK {
		t.Errorf("before: /readyz is %d", status)
	}
	turn := 0
	ask := func(c string) int64 { turn++; return p.say(c, fmt.Sprintf("停水了（第 %d 次问）", turn)) }

	// when: the cable is pulled while callbacks are under way, and nobody hears of it for a while.
	for i := range 12 {
		ask(citizens[i%4])
		if i == 6 {
			cable.cut()
		}
	}
	eventually(t, "callbacks are refused", func() bool { return p.door.refused(http.StatusServiceUnavailable) >= 4 })
	if status, body := p.ops("/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "failing") {
		t.Errorf("away: /readyz is %d %s", status, body)
	}
	if status, _ := p.ops("/healthz"); status != http.StatusOK {
		t.Errorf("away: /healthz is %d: the process would be killed for its database", status)
	}
	status, body := admin.Do(http.MethodGet, "/console/api/health", nil)
	if status != http.StatusServiceUnavailable || !chinese(detail(body)) {
		t.Errorf("away: the console says %d %s", status, body)
	}
	wall.move(20 * time.Second) // what the house remembers of its accounts is old by now
	<-p.door.over(ask(citizens[0]))
	for _, try := range p.door.all() {
		if try.status != http.StatusOK && try.status != http.StatusServiceUnavailable {
			t.Errorf("a callback got %d %s", try.status, try.body)
		}
	}

	// then: it is back by itself.
	cable.mend()
	eventually(t, "/readyz is 200 again", func() bool { status, _ := p.ops("/readyz"); return status == http.StatusOK })
	after := ask(citizens[1])
	<-p.door.over(after)
	p.Quiet()
	acked := p.door.acknowledged()
	if last := acked[len(acked)-1]; last.message.MsgID != after || !strings.Contains(last.answer, "96116") {
		t.Errorf("back again, %q got %d %q", last.message.Content, last.status, last.answer)
	}
	for _, d := range acked {
		recorded(p, d)
	}
	wall.move(10 * time.Second) // the gap is over when nothing was refused for a while
	p.gap(admin, p.door.refused(http.StatusServiceUnavailable))
}

// TestHangs: PostgreSQL takes everything and answers nothing. WeChat is told within its 5 seconds, however old what the
// house remembers is, and afterwards all is well.
func TestHangs(t *testing.T) {
	t.Parallel()
	p := newPlace(t, postgres)
	cable := plug(t, p.url)
	p.url = cable.url
	wall := &hands{}
	p.wall = wall
	p.open()
	citizens := p.people("g", 3)
	p.Quiet()
	admin := p.Staff("xitong")
	cable.freeze()
	wall.move(20 * time.Second)
	begun := now()
	var asked []int64
	for i, c := range citizens {
		asked = append(asked, p.say(c, fmt.Sprintf("停水了（第 %d 次问）", i)))
	}
	for _, id := range asked {
		<-p.door.over(id)
	}
	if took := now().Sub(begun); took > tries3*patience {
		t.Errorf("three tries took %v", took)
	}
	for _, try := range p.door.all() {
		if try.message.MsgType == "text" && try.status != http.StatusServiceUnavailable {
			t.Errorf("a callback got %d: WeChat did not wait so long", try.status)
		}
	}
	if status, _ := p.ops("/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz is %d", status)
	}
	cable.mend()
	eventually(t, "/readyz is 200 again", func() bool { status, _ := p.ops("/readyz"); return status == http.StatusOK })
	after := p.say(citizens[0], "停水了（现在呢）")
	<-p.door.over(after)
	p.Quiet()
	acked := p.door.acknowledged()
	if last := acked[len(acked)-1]; last.message.MsgID != after {
		t.Error("it does not take callbacks again")
	}
	for _, d := range acked {
		recorded(p, d)
	}
	wall.move(10 * time.Second)
	p.gap(admin, p.door.refused(http.StatusServiceUnavailable))
}

// patience is how long WeChat waits for an answer.
const patience = 5 * time.Second

// ops asks a face of operations.
func (p *place) ops(path string) (status int, body string) {
	p.T.Helper()
	status, answer, err := p.call(p.T.Context(), http.MethodGet, p.App+path, nil, nil)
	if err != nil {
		p.T.Fatal(err)
	}
	return status, string(answer)
}

// hands are a clock that a test moves, in both directions.
type hands struct{ by atomic.Int64 }

// Now is the machine's time, moved.
func (h *hands) Now() time.Time { return time.Now().UTC().Add(time.Duration(h.by.Load())) }

func (h *hands) move(d time.Duration) { h.by.Add(int64(d)) }

// cable leads to the PostgreSQL server and can be cut.
type cable struct {
	url      string
	network  string // of the server
	address  string
	listener net.Listener

	mu    sync.Mutex
	conns []net.Conn
	down  bool
	thaw  chan struct{} // not nil: nothing moves until it is closed
}

// plug makes a cable to the server of a database's URL.
func plug(t *testing.T, base string) *cable {
	t.Helper()
	config, err := pgx.ParseConfig(base)
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{network: "tcp", address: net.JoinHostPort(config.Host, fmt.Sprint(config.Port))}
	if strings.HasPrefix(config.Host, "/") {
		c.network, c.address = "unix", filepath.Join(config.Host, fmt.Sprintf(".s.PGSQL.%d", config.Port))
	}
	dir, err := os.MkdirTemp("", "cable") // a test's own folder may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	if c.listener, err = net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.listener.Close()
		c.mend()
		c.cut()
		_ = os.RemoveAll(dir)
	})
	go c.serve()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("host", dir)
	q.Set("port", "5432")
	u.RawQuery = q.Encode()
	c.url = u.String()
	return c
}

func (c *cable) serve() {
	for {
		near, err := c.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial(c.network, c.address)
		if err != nil {
			_ = near.Close()
			continue
		}
		c.mu.Lock()
		if c.down {
			_, _ = near.Close(), far.Close()
			c.mu.Unlock()
			continue
		}
		c.conns = append(c.conns, near, far)
		c.mu.Unlock()
		go c.carry(far, near)
		go c.carry(near, far)
	}
}

func (c *cable) carry(to, from net.Conn) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		c.mu.Lock()
		thaw := c.thaw
		c.mu.Unlock()
		if thaw != nil {
			<-thaw
		}
		if _, e := to.Write(buf[:n]); e != nil || err != nil {
			_ = to.Close() // the other end has gone
			return
		}
	}
}

// cut ends all connections and takes no new ones until mend.
func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = true
	for _, conn := range c.conns {
		_ = conn.Close()
	}
	c.conns = nil
}

// freeze leaves all connections as they are, but nothing comes through until mend: a network that swallows packets, a
// server that hangs.
func (c *cable) freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.thaw = make(chan struct{})
}

func (c *cable) mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = false
	if c.thaw != nil {
		close(c.thaw)
		c.thaw = nil
	}
}
