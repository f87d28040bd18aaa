package crowd

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"weizheng/wechat/sandbox/page"
)

const (
	maxPage     = 1 << 20 // bytes of a page that are read
	pagePatient = 30 * time.Second
)

// browser opens pages on the citizens' phones: through the phones' own hosts, so that cookies, WeChat's user agent and web
// authorisation are those of the phone. The page's server is reached over the network, as by anybody.
type browser struct {
	phones *page.Browser
	client *http.Client
}

func newBrowser(phones *page.Browser) *browser {
	return &browser{phones: phones, client: &http.Client{Timeout: pagePatient, Transport: hosts{phones}}}
}

// hosts hands requests for a phone's host to the phones, which are in this process.
type hosts struct{ phones http.Handler }

var errCut = errors.New("the page broke off")

// RoundTrip serves the request.
func (h hosts) RoundTrip(r *http.Request) (res *http.Response, err error) {
	in := r.Clone(r.Context())
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:1"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	defer func() {
		switch v := recover(); v {
		case nil:
			res = w.Result()
			res.Request = r
		case http.ErrAbortHandler: // what the proxy does when the page's server goes away in the middle
			err = errCut
		default:
			panic(v)
		}
	}()
	h.phones.ServeHTTP(w, in)
	return nil, nil
}

// sheet is a page that came.
type sheet struct {
	status int
	url    *url.URL
	title  string
	body   string
	forms  []*form
}

// outcome is what a citizen makes of it.
func (s sheet) outcome() string {
	switch {
	case s.status >= 500:
		return Unavailable
	case s.status >= 400:
		return Refused
	}
	return Answered
}

// open fetches a page on a citizen's phone and agrees to web authorisation when asked.
func (b *browser) open(ctx context.Context, citizen, address string) (sheet, error) {
	target, err := b.phones.Open(citizen, address)
	if err != nil {
		return sheet{}, err
	}
	s, err := b.send(ctx, http.MethodGet, target, nil, "")
	if err != nil || !strings.HasPrefix(s.url.Path, "/connect/oauth2/authorize") || !strings.Contains(s.body, `name="decision"`) {
		return s, err
	}
	return b.send(ctx, http.MethodPost, s.url.String(), strings.NewReader("decision=allow"), "application/x-www-form-urlencoded")
}

// submit sends a filled form from the page it stands on by a button.
func (b *browser) submit(ctx context.Context, from *url.URL, f *form, button *control) (sheet, error) {
	target, err := from.Parse(f.action)
	if err != nil {
		return sheet{}, err
	}
	values := f.values(button)
	if !f.post {
		target.RawQuery = values.Encode()
		return b.send(ctx, http.MethodGet, target.String(), nil, "")
	}
	if !f.multipart {
		return b.send(ctx, http.MethodPost, target.String(), strings.NewReader(values.Encode()), "application/x-www-form-urlencoded")
	}
	body, kind, err := multipartOf(values, f.files())
	if err != nil {
		return sheet{}, err
	}
	return b.send(ctx, http.MethodPost, target.String(), body, kind)
}

// snapshotPNG is the picture that people choose: 32×32 dots of grey.
const snapshotPNG = "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAAAFklEQVR42mPYQgAwjCoYVTCqYKQqAABbI9Af3A8A1gAAAABJRU5ErkJggg=="

func multipartOf(values url.Values, files []string) (io.Reader, string, error) {
	picture, err := base64.StdEncoding.DecodeString(snapshotPNG)
	if err != nil {
		return nil, "", err
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, list := range values {
		for _, v := range list {
			if err := w.WriteField(name, v); err != nil {
				return nil, "", err
			}
		}
	}
	for _, name := range files {
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Type": {"image/png"},
			"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename="photo.png"`, name)}})
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write(picture); err != nil {
			return nil, "", err
		}
	}
	return &body, w.FormDataContentType(), w.Close()
}

func (b *browser) send(ctx context.Context, method, address string, body io.Reader, kind string) (sheet, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return sheet{}, err
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml")
	if kind != "" {
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Origin", req.URL.Scheme+"://"+req.URL.Host)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	res, err := b.client.Do(req)
	if err != nil {
		return sheet{}, err
	}
	defer res.Body.Close() //nolint:errcheck // it was read; nothing depends on it
	content, err := io.ReadAll(io.LimitReader(res.Body, maxPage))
	s := sheet{status: res.StatusCode, url: res.Request.URL, body: string(content)}
	if strings.Contains(res.Header.Get("Content-Type"), "html") || res.Header.Get("Content-Type") == "" {
		readSheet(&s)
	}
	return s, err
}
