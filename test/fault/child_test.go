package fault

import (
	"bufio"
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
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"weizheng/app"
	"weizheng/platform/clock"
	"weizheng/platform/conf"
	"weizheng/platform/crypt"
	"weizheng/platform/web"
)

// childEnv tells the test binary to be a house; it holds the orders.
const childEnv = "WEIZHENG_FAULT_CHILD"

// orders are what the child house is told.
type orders struct{ Data, URL, Keys, PublicURL, WeChat string }

// child is `weizheng serve` in a process that can be killed: the same code, but that "wechat.test" leads to the sandbox
// in the test's process.
func child() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func serve(ctx context.Context) error {
	var o orders
	if err := json.Unmarshal([]byte(os.Getenv(childEnv)), &o); err != nil {
		return err
	}
	ring, err := crypt.LoadRing(o.Keys)
	if err != nil {
		return err
	}
	wechat := &http.Transport{MaxIdleConnsPerHost: 64, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, o.WeChat)
	}}
	return app.Serve(ctx, app.Config{
		Config: conf.Config{Listen: "127.0.0.1:0", PublicURL: o.PublicURL, Data: o.Data, Database: conf.Database{URL: o.URL}},
		// The plain handler: nothing is blanked, so that the test sees what the house says.
		Log:  slog.New(slog.NewJSONHandler(os.Stderr, nil)),
		Ring: ring, Wall: clock.Wall{}, HTTP: wechat, Version: "test",
		WebLimits: map[web.Limit]web.Allowance{web.LimitLogin: plenty, web.LimitConsoleAddress: plenty, web.LimitStaff: plenty},
	}, os.Stdout)
}

// outside is a place whose house runs in a process of its own.
type outside struct {
	*place
	wire   *dial
	orders string
	server *http.Server

	mu   sync.Mutex
	proc *process
}

// process is one life of the house.
type process struct {
	cmd   *exec.Cmd
	ready chan string // the address, once it serves
	ended chan struct{}
	err   error // how it ended
}

// openOutside opens a place with the sandbox here and a house that start starts.
func openOutside(t *testing.T, engine string) *outside {
	t.Helper()
	p := newPlace(t, engine)
	o := &outside{place: p, wire: newDial()}
	p.net.lead("house.test", o.wire)
	p.wechat()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	// What the child asks passes the network too, where its secrets are listened for.
	relay := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := r.Clone(r.Context())
		out.URL.Scheme, out.URL.Host = "http", "wechat.test"
		res, err := p.net.RoundTrip(out)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer func() { _ = res.Body.Close() }()
		maps.Copy(w.Header(), res.Header)
		w.WriteHeader(res.StatusCode)
		_, _ = io.Copy(w, res.Body) // the child may have been killed
	})
	o.server = &http.Server{Handler: relay}
	go func() { _ = o.server.Serve(socket) }() // ends with Close
	t.Cleanup(func() {
		o.end(syscall.SIGKILL)
		_ = o.server.Close() // the connections of the killed
	})
	raw, err := json.Marshal(orders{
		Data: p.config().Data, URL: p.url, Keys: p.dir + "/weizheng.keys", PublicURL: p.App, WeChat: socket.Addr().String(),
	})
	if err != nil {
		t.Fatal(err)
	}
	o.orders = childEnv + "=" + string(raw)
	return o
}

// start starts the house and waits until it serves.
func (o *outside) start() {
	o.T.Helper()
	p := &process{cmd: exec.Command(os.Args[0], "-test.run=^$"), ready: make(chan string, 1), ended: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), o.orders)
	out, err := p.cmd.StderrPipe()
	if err != nil {
		o.T.Fatal(err)
	}
	p.cmd.Stdout = o.Log
	if err := p.cmd.Start(); err != nil {
		o.T.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		o.listen(out, p.ready)
		p.err = p.cmd.Wait()
	}()
	o.mu.Lock()
	o.proc = p
	o.mu.Unlock()
	select {
	case address := <-p.ready:
		o.wire.lead(address)
	case <-p.ended:
		o.T.Fatalf("the house ended: %v\n%s", p.err, o.Log.String())
	case <-time.After(time.Minute):
		o.T.Fatalf("the house does not serve after a minute\n%s", o.Log.String())
	}
}

// listen keeps the house's log, and finds its address in it.
func (o *outside) listen(out io.Reader, ready chan<- string) {
	scan := bufio.NewScanner(out)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		_, _ = o.Log.Write(append(scan.Bytes(), '\n')) // never fails
		var said struct{ Msg, Listen string }
		if json.Unmarshal(scan.Bytes(), &said) == nil && said.Msg == "serving" {
			ready <- said.Listen
		}
	}
}

// end sends the house a signal and waits for its end; it returns how long that took and how it ended.
func (o *outside) end(s syscall.Signal) (took time.Duration, err error) {
	o.mu.Lock()
	p := o.proc
	o.proc = nil
	o.mu.Unlock()
	if p == nil {
		return 0, nil
	}
	if s == syscall.SIGKILL {
		o.wire.lead("") // callers wait for the next life
	}
	begun := now()
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return 0, err
	}
	<-p.ended
	o.wire.lead("")
	return now().Sub(begun), p.err
}
