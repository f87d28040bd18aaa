package api

import (
	"context"
	"slices"
	"strings"

	"weizheng/wechat"
)

// unpublished is the daily limit of endpoints for which WeChat publishes none; real accounts have one all the same.
const unpublished = 10_000_000

type minuteKey struct {
	account int64
	path    string
}

// admit checks the account's right to the endpoint and counts the call.
func (s *Server) admit(c *call) error {
	if !c.endpoint.Allows(c.account.Kind, c.account.Verified) {
		return errNoRight
	}
	if slices.Contains(c.account.Standing.Banned, c.endpoint.Path) {
		return fail(48004, "api forbidden for irregularities, view detail on mp.weixin.qq.com")
	}
	if !s.inMinute(minuteKey{c.account.N, c.endpoint.Path}, c.endpoint.PerMinute) {
		return fail(45011, "api minute-quota reach limit, must slower, retry next minute")
	}
	if !s.Store.Use(c.account.N, c.endpoint.Path, dailyLimit(c.endpoint)) {
		return fail(45009, "reach max api daily quota limit")
	}
	return nil
}

func dailyLimit(e wechat.Endpoint) int64 {
	if e.Daily == 0 {
		return unpublished
	}
	return int64(e.Daily)
}

// inMinute counts a call of the present wall minute; false when there were limit already (0: no limit).
func (s *Server) inMinute(k minuteKey, limit int) bool {
	if limit == 0 {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.Wall.Now().Unix() / 60; now != s.minute {
		s.minute = now
		clear(s.minutes)
	}
	if s.minutes[k] >= limit {
		return false
	}
	s.minutes[k]++
	return true
}

// SeedMinute makes n calls of a path count as made in the present minute.
func (s *Server) SeedMinute(account int64, path string, n int) {
	k := minuteKey{account, path}
	s.inMinute(k, n+1) // turns the minute
	s.mu.Lock()
	defer s.mu.Unlock()
	s.minutes[k] = n
}

type quotaBody struct {
	okBody
	Quota struct {
		Daily  int64 `json:"daily_limit"`
		Used   int64 `json:"used"`
		Remain int64 `json:"remain"`
	} `json:"quota"`
	Rate *rateBody `json:"rate_limit,omitempty"`
}

type rateBody struct {
	Calls   int `json:"call_count"`
	Seconds int `json:"refresh_second"`
}

// askedPath reads the endpoint that a call asks about.
func (c *call) askedPath() (wechat.Endpoint, error) {
	var in struct {
		Path string `json:"cgi_path"`
	}
	if err := c.decode(&in); err != nil {
		return wechat.Endpoint{}, err
	}
	if !strings.HasPrefix(in.Path, "/") {
		return wechat.Endpoint{}, fail(76021, "cgi_path not found, please check")
	}
	if strings.HasPrefix(in.Path, "/sns/") {
		return wechat.Endpoint{}, fail(76022, "could not use this cgi_path, no permission")
	}
	e, ok := wechat.EndpointOf(in.Path)
	if !ok || e.Host != wechat.HostAPI {
		return wechat.Endpoint{}, fail(76021, "cgi_path not found, please check")
	}
	if !e.Allows(c.account.Kind, c.account.Verified) || e.Auth == wechat.AuthComponent {
		return wechat.Endpoint{}, fail(76022, "could not use this cgi_path, no permission")
	}
	return e, nil
}

// quota answers how often a path may be called today, and was. WeChat docs: getApiQuota.
func (s *Server) quota(_ context.Context, c *call) (any, error) {
	e, err := c.askedPath()
	if err != nil {
		return nil, err
	}
	out := quotaBody{okBody: okBody{ErrMsg: "ok"}}
	out.Quota.Daily = dailyLimit(e)
	out.Quota.Used = s.Store.Used(c.account.N, e.Path)
	out.Quota.Remain = out.Quota.Daily - out.Quota.Used
	if e.PerMinute > 0 {
		out.Rate = &rateBody{Calls: e.PerMinute, Seconds: 60}
	}
	return out, nil
}
