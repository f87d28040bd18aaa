package fault

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// network is the wires of one place: requests go to the handlers of a host, in this process or over TCP. Several handlers
// of a host are its replicas and get the requests in turn, unless a request names one in the header pick.
type network struct {
	mu    sync.RWMutex
	hosts map[string][]http.RoundTripper
	turn  atomic.Int64
	seen  func(r *http.Request, res *http.Response)
}

// pick is the header by which a test chooses a replica; it does not reach the house.
const pick = "X-Replica"

func newNetwork(seen func(*http.Request, *http.Response)) *network {
	return &network{hosts: map[string][]http.RoundTripper{}, seen: seen}
}

// lead makes these the replicas of a host.
func (n *network) lead(host string, to ...http.RoundTripper) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts[host] = to
}

var errNobody = errors.New("fault: nobody listens there")

// RoundTrip carries one request.
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	n.mu.RLock()
	to := n.hosts[r.URL.Host]
	n.mu.RUnlock()
	if len(to) == 0 {
		// As a refused connection: the caller may know that nothing was sent.
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errNobody}
	}
	i := int(n.turn.Add(1)) % len(to)
	if chosen, err := strconv.Atoi(r.Header.Get(pick)); err == nil && chosen < len(to) {
		i = chosen
	}
	if r.Header.Get(pick) != "" {
		r = r.Clone(r.Context())
		r.Header.Del(pick)
	}
	res, err := to[i].RoundTrip(r)
	if err == nil && n.seen != nil {
		n.seen(r, res)
	}
	return res, err
}

// inside serves requests by a handler of this process. Answers stream; a handler that panics with http.ErrAbortHandler cuts
// the connection, as net/http's server does.
type inside struct{ http.Handler }

// RoundTrip serves one request.
func (h inside) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	in := r.Clone(ctx)
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:1"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	from, to := io.Pipe()
	w := &streamed{header: http.Header{}, body: to, begun: make(chan struct{})}
	go func() {
		defer func() {
			if recover() != nil {
				_ = to.CloseWithError(io.ErrUnexpectedEOF) // never an error
				w.once.Do(func() { w.cut = true; close(w.begun) })
				return
			}
			w.WriteHeader(http.StatusOK)
			_ = to.Close() // never an error
		}()
		h.ServeHTTP(w, in)
	}()
	select {
	case <-w.begun:
	case <-ctx.Done():
		cancel()
		_ = from.Close() // never an error
		return nil, ctx.Err()
	}
	if w.cut {
		cancel()
		return nil, io.ErrUnexpectedEOF
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: &ending{from, cancel}, ContentLength: -1, Request: r,
	}, nil
}

// ending is a body whose closing tells the handler that the client has gone.
type ending struct {
	*io.PipeReader
	cancel context.CancelFunc
}

func (e *ending) Close() error {
	e.cancel()
	return e.PipeReader.Close()
}

// streamed is the server's side of an answer.
type streamed struct {
	header, sent http.Header
	status       int
	cut          bool
	body         *io.PipeWriter
	begun        chan struct{}
	once         sync.Once
}

func (w *streamed) Header() http.Header { return w.header }

func (w *streamed) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.begun)
	})
}

func (w *streamed) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// Flush is there for event streams; a pipe holds nothing back.
func (w *streamed) Flush() {}

// dial carries requests over TCP to an address that may change, waiting as long as the request allows while there is none:
// a house that starts again.
type dial struct {
	mu      sync.Mutex
	address string // "" while nobody is there
	changed chan struct{}
	http    *http.Transport
}

func newDial() *dial {
	d := &dial{changed: make(chan struct{})}
	d.http = &http.Transport{MaxIdleConnsPerHost: 64, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		address, err := d.wait(ctx)
		if err != nil {
			return nil, err
		}
		return (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", address)
	}}
	return d
}

// lead sets the address; what is connected to the old one is let go.
func (d *dial) lead(address string) {
	d.mu.Lock()
	d.address = address
	close(d.changed)
	d.changed = make(chan struct{})
	d.mu.Unlock()
	d.http.CloseIdleConnections()
}

func (d *dial) wait(ctx context.Context) (string, error) {
	for {
		d.mu.Lock()
		address, changed := d.address, d.changed
		d.mu.Unlock()
		if address != "" {
			return address, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// RoundTrip carries one request.
func (d *dial) RoundTrip(r *http.Request) (*http.Response, error) { return d.http.RoundTrip(r) }
