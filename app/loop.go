package app

import (
	"errors"
	"net/http"
	"net/http/httptest"
)

// loop is a network inside the process: requests to a host go straight to its handler. The demo's history and the tests
// use it, so that nothing has to listen.
type loop map[string]http.Handler

var errNoHost = errors.New("no such host in this process")

// RoundTrip serves the request by the handler of its host.
func (l loop) RoundTrip(r *http.Request) (*http.Response, error) {
	h, ok := l[r.URL.Host]
	if !ok {
		return nil, errNoHost
	}
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	in.RemoteAddr = "127.0.0.1:1"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, in)
	res := w.Result()
	res.Request = r // as over a network; proxies look at it
	return res, nil
}
