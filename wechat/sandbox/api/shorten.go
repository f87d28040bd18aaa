package api

import (
	"context"

	"weizheng/platform/errs"
)

// WeChat docs: genShortKey, fetchShorten. The codes of refusals are unverified.
const (
	shortBytes   = 4 << 10
	shortLongest = 2_592_000 // s: 30 days, also when none is given
)

// codeHandlers are those of short keys and of codes that open mini programs.
func (s *Server) codeHandlers() map[string]handler {
	return map[string]handler{
		"/cgi-bin/shorten/gen":              s.shorten,
		"/cgi-bin/shorten/fetch":            s.shortened,
		"/cgi-bin/wxopen/qrcodejumpget":     s.jumps,
		"/cgi-bin/wxopen/qrcodejumpadd":     s.addJump,
		"/cgi-bin/wxopen/qrcodejumppublish": s.publishJump,
		"/cgi-bin/wxopen/qrcodejumpdelete":  s.deleteJump,
	}
}

func (s *Server) shorten(ctx context.Context, c *call) (any, error) {
	var in struct {
		Data   string `json:"long_data"`
		Expire int64  `json:"expire_seconds"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Expire == 0 {
		in.Expire = shortLongest
	}
	if len(in.Data) < 1 || len(in.Data) > shortBytes {
		return nil, fail(40097, "invalid args: long_data")
	}
	if in.Expire < 1 || in.Expire > shortLongest {
		return nil, fail(40097, "invalid args: expire_seconds")
	}
	key, err := s.Store.Shorten(ctx, c.account.N, in.Data, in.Expire*1000)
	return map[string]any{"errcode": 0, "errmsg": "ok", "short_key": key}, err
}

func (s *Server) shortened(ctx context.Context, c *call) (any, error) {
	var in struct {
		Key string `json:"short_key"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	found, err := s.Store.FindShort(ctx, c.account.N, in.Key)
	if errs.Is(err, errs.NotFound) {
		return nil, fail(40097, "invalid args: short_key")
	}
	return map[string]any{"errcode": 0, "errmsg": "ok", "long_data": found.Data, "create_time": found.MadeAt / 1000,
		"expire_seconds": (found.ExpiresAt - s.Store.Civil()) / 1000}, err
}
