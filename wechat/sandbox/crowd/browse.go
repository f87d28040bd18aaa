package crowd

import (
	"bytes"
	"context"
	"html"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"weizheng/wechat/sandbox/page"
)

const (
	maxPage     = 1 << 20 // bytes of a page that are read
	pagePatient = 30 * time.Second
)

// browser opens pages on the citizens' phones: over HTTP through the sandbox's own address, so that cookies, WeChat's
// user agent and web authorisation are those of the phone.
type browser struct {
	phones *page.Browser
	client *http.Client
}

// newBrowser sends what is for a phone's host to base.
func newBrowser(phones *page.Browser, base string) *browser {
	host := base
	if u, err := url.Parse(base); err == nil {
		host = u.Host
	}
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, host)
	}
	return &browser{phones: phones, client: &http.Client{Timeout: pagePatient,
		Transport: &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 4, MaxIdleConns: atOnce, IdleConnTimeout: 30 * time.Second}}}
}

// sheet is a page that came.
type sheet struct {
	status int
	url    *url.URL
	title  string
	body   string
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

// submit sends a filled form from the page it stands on.
func (b *browser) submit(ctx context.Context, from *url.URL, f form) (sheet, error) {
	target, err := from.Parse(f.action)
	if err != nil {
		return sheet{}, err
	}
	if !f.post {
		target.RawQuery = f.values.Encode()
		return b.send(ctx, http.MethodGet, target.String(), nil, "")
	}
	if !f.multipart {
		return b.send(ctx, http.MethodPost, target.String(), strings.NewReader(f.values.Encode()), "application/x-www-form-urlencoded")
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range f.values {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				return sheet{}, err
			}
		}
	}
	if err := w.Close(); err != nil {
		return sheet{}, err
	}
	return b.send(ctx, http.MethodPost, target.String(), &body, w.FormDataContentType())
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
	if m := titleTag.FindStringSubmatch(s.body); m != nil {
		s.title = html.UnescapeString(strings.TrimSpace(m[1]))
	}
	return s, err
}
