package account

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

var errSuspended = errs.New(errs.Refused, "account.suspended")

// Client returns the one client of an account in this process. A suspended account is errs.Refused "account.suspended",
// one that WeChat itself shut out "account.faulty" with the code. A citizen's or job's call through it is counted, and
// what WeChat answers about rights and credentials is remembered.
func (s *Service) Client(ctx context.Context, id int64) (*client.Client, error) {
	e, err := s.ready(ctx, id)
	if err != nil {
		return nil, err
	}
	switch {
	case e.account.Status != Active:
		return nil, errSuspended
	case e.account.Fault.Code != 0:
		return nil, errs.New(errs.Refused, "account.faulty").With("code", e.account.Fault.Code).
			With("meaning", wechat.Code(e.account.Fault.Code).Meaning())
	}
	return e.client, nil
}

// makeClient wires a client to this account: transport, shared tokens, counting.
func (s *Service) makeClient(e *entry, c credentials) *client.Client {
	return client.New(s.clientConfig(e.account, c, learnt{e.refusals, e.spent}, s.HTTP))
}

// learnt is what WeChat had refused when a client was made: a success ends it.
type learnt struct{ refusals, spent map[string]Refusal }

func (s *Service) clientConfig(a Account, c credentials, k learnt, transport http.RoundTripper) client.Config {
	store := &tokenStore{service: s, account: a.ID, slug: a.Slug}
	cfg := client.Config{
		AppID: a.AppID, Secret: c.secret, Endpoints: a.Endpoints, HTTP: transport, Wall: s.Wall, Civil: s.Civil,
		Tickets: store,
		Observe: func(made client.Call) {
			if !made.Local {
				s.observe(a.ID, k, call{path: made.Path, code: wechat.Code(made.Code), rid: made.RID})
			}
		},
	}
	cfg.Tokens = client.StableTokens(cfg, store)
	return cfg
}

// skewed is a transport that notes how far WeChat's clock, by the Date header, is from ours, and why a connection broke.
type skewed struct {
	next   http.RoundTripper
	wall   clock.Clock
	by     atomic.Int64 // ms, WeChat minus us
	seen   atomic.Bool
	broken atomic.Value // string, see broken
}

// RoundTrip passes the request on.
func (k *skewed) RoundTrip(r *http.Request) (*http.Response, error) {
	begun := k.wall.Now()
	resp, err := k.next.RoundTrip(r)
	if err != nil {
		k.broken.Store(broken(err))
		return nil, err
	}
	if date, bad := http.ParseTime(resp.Header.Get("Date")); bad == nil {
		// The header has whole seconds and was written some time between asking and answer: take the middle of both.
		ended := k.wall.Now()
		middle := begun.Add(ended.Sub(begun) / 2)
		k.by.Store(date.Add(time.Second / 2).Sub(middle).Milliseconds())
		k.seen.Store(true)
	}
	return resp, nil
}
