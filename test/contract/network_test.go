package contract

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
)

const (
	boxHost = "127.0.0.1:8090" // the sandbox, and *.localhost:8090 its phones
	devHost = "gov.example"    // the account's server
)

// network carries requests to handlers in this process, as net/http would over a wire: an answer begins with its first
// byte, a handler that gives up cuts the connection, streams stream.
type network struct {
	mu    sync.Mutex
	hosts map[string]http.Handler
}

func (n *network) set(host string, h http.Handler) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts[host] = h
}

func (n *network) of(host string) http.Handler {
	if strings.HasSuffix(host, ".localhost:8090") {
		host = boxHost
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.hosts[host]
}

// RoundTrip runs the handler of the request's host.
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	h := n.of(r.URL.Host)
	if h == nil {
		return nil, io.ErrUnexpectedEOF
	}
	in := r.Clone(r.Context())
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:40000"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	body, pipe := io.Pipe()
	w := &answerer{header: http.Header{}, body: pipe, begun: make(chan struct{}), res: &http.Response{
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r, Body: body, ContentLength: -1}}
	go w.run(h, in)
	select {
	case <-w.begun:
		if w.cut {
			return nil, io.ErrUnexpectedEOF
		}
		context.AfterFunc(r.Context(), func() { pipe.CloseWithError(r.Context().Err()) })
		return w.res, nil
	case <-r.Context().Done():
		body.Close() // the handler's writes fail from now on
		return nil, r.Context().Err()
	}
}

// answerer is the handler's side.
type answerer struct {
	header http.Header
	body   *io.PipeWriter
	once   sync.Once
	begun  chan struct{}
	cut    bool
	res    *http.Response
}

func (w *answerer) run(h http.Handler, r *http.Request) {
	defer r.Body.Close()
	defer func() {
		err := io.ErrUnexpectedEOF
		if failed := recover(); failed == nil {
			w.WriteHeader(http.StatusOK)
			err = io.EOF
		} else if failed != http.ErrAbortHandler { //nolint:errorlint // the value itself is the signal, and no error type is promised
			panic(failed)
		}
		w.once.Do(func() { w.cut = true; close(w.begun) })
		w.body.CloseWithError(err)
	}()
	h.ServeHTTP(w, r)
}

func (w *answerer) Header() http.Header { return w.header }

func (w *answerer) WriteHeader(status int) {
	w.once.Do(func() {
		w.res.StatusCode, w.res.Status, w.res.Header = status, http.StatusText(status), w.header.Clone()
		close(w.begun)
	})
}

func (w *answerer) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// Flush is for streams: what is written is there at once.
func (w *answerer) Flush() { w.WriteHeader(http.StatusOK) }
