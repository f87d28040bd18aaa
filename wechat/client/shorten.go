package client

import (
	"context"
	"time"

	"weizheng/platform/clock"
)

const (
	longestData  = 4 << 10 // bytes
	longestShort = 30 * 24 * time.Hour
)

// Shorten lets WeChat keep up to 4 KB for up to 30 days and returns a key of 15 characters: a store, no address that
// could be opened. WeChat docs: genShortKey.
func (c *Client) Shorten(ctx context.Context, data string, life time.Duration) (key string, err error) {
	var v checks
	v.between("data", int64(len(data)), 1, longestData)
	v.between("life", int64(life/time.Second), 1, int64(longestShort/time.Second))
	if err := v.err(); err != nil {
		return "", err
	}
	var out struct {
		Key string `json:"short_key"`
	}
	err = c.wire.do(ctx, request{path: "/cgi-bin/shorten/gen", out: &out,
		in: map[string]any{"long_data": data, "expire_seconds": int64(life / time.Second)}})
	return out.Key, err
}

// Shortened is what a short key stands for.
type Shortened struct {
	Data   string
	MadeAt time.Time
	Left   time.Duration
}

// Unshorten gets the data back; code 40097 (unverified) when there is none any more. WeChat docs: fetchShorten.
func (c *Client) Unshorten(ctx context.Context, key string) (Shortened, error) {
	var out struct {
		Data   string `json:"long_data"`
		MadeAt int64  `json:"create_time"`
		Left   int64  `json:"expire_seconds"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/shorten/fetch", in: map[string]string{"short_key": key}, out: &out})
	if err != nil {
		return Shortened{}, err
	}
	return Shortened{out.Data, clock.FromMillis(out.MadeAt * 1000), time.Duration(out.Left) * time.Second}, nil
}
