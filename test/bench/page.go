package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// visitors are how many addresses the citizens come from: the house limits what one address may ask for.
const visitors = 100

const pagesPerSecond = 500

// benchPages measures a citizen's page: what a first view transfers, and how long it takes under load.
func benchPages(ctx context.Context, p *plan, r *report, h *house) error {
	page := h.address + "/c/" + h.accounts["safe"].ID + "/"
	bytes, parts, err := firstView(ctx, page)
	if err != nil {
		return err
	}
	r.atMost("citizen page: first view", float64(bytes)/1000, 30, "kB", fmt.Sprintf("%d requests, headers included", parts))
	took, err := visit(ctx, page, p.each)
	if err != nil {
		return err
	}
	slices.Sort(took)
	r.atMost("citizen page: p99 at 500 a second", took[len(took)*99/100].Seconds()*1000, 20, "ms",
		fmt.Sprintf("p50 %.1f ms", took[len(took)/2].Seconds()*1000))
	return h.rest(ctx)
}

// counted counts what comes in over a connection.
type counted struct {
	net.Conn
	n *atomic.Int64
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.n.Add(int64(n))
	return n, err
}

var linked = regexp.MustCompile(`<(?:link[^>]*rel="(?:stylesheet|preload)"[^>]*href|script[^>]*src|img[^>]*src)="([^"]+)"`)

// firstView fetches a page and everything it names of its own origin, as a browser with an empty cache does.
func firstView(ctx context.Context, page string) (bytes int64, parts int, err error) {
	var n atomic.Int64
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := (&net.Dialer{}).DialContext(ctx, network, address)
			return counted{c, &n}, err
		},
	}}
	defer client.CloseIdleConnections()
	base, err := url.Parse(page)
	if err != nil {
		return 0, 0, err
	}
	body, err := get(ctx, client, page)
	if err != nil {
		return 0, 0, err
	}
	parts = 1
	for _, found := range linked.FindAllStringSubmatch(body, -1) {
		ref, err := base.Parse(found[1])
		if err != nil {
			return 0, 0, err
		}
		if ref.Host != base.Host {
			continue
		}
		if _, err := get(ctx, client, ref.String()); err != nil {
			return 0, 0, err
		}
		parts++
	}
	return n.Load(), parts, nil
}

// get returns a body; net/http asks for gzip and unpacks it.
func get(ctx context.Context, client *http.Client, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Accept", "text/html,*/*")
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(resp.Body)
	err = errors.Join(err, resp.Body.Close())
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %d: %.200s", address, resp.StatusCode, strings.TrimSpace(string(body)))
	}
	return string(body), err
}

// visit asks for a page 500 times a second from many addresses and returns how long each answer took, from when it was due.
func visit(ctx context.Context, page string, long time.Duration) ([]time.Duration, error) {
	n := int(pagesPerSecond * long.Seconds())
	took, faults := make([]time.Duration, n), make([]error, visitors)
	var next atomic.Int64
	var group sync.WaitGroup
	start := time.Now()
	for v := range visitors {
		group.Go(func() {
			from := &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(v+1))}
			client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DialContext: (&net.Dialer{LocalAddr: from}).DialContext}}
			defer client.CloseIdleConnections()
			for i := next.Add(1) - 1; i < int64(n) && faults[v] == nil && ctx.Err() == nil; i = next.Add(1) - 1 {
				due := start.Add(time.Duration(i) * time.Second / pagesPerSecond)
				pause(time.Until(due))
				_, faults[v] = get(ctx, client, page)
				took[i] = time.Since(due)
			}
		})
	}
	group.Wait()
	return took, errors.Join(append(faults, ctx.Err())...)
}
