package api

import (
	"context"
	"crypto/subtle"
	"net"
	"net/netip"
	"regexp"
	"slices"

	"weizheng/wechat/sandbox/state"
)

// WeChat docs: getAccessToken, getStableAccessToken.
const (
	tokenLife    = 7200 * 1000   // ms
	tokenOverlap = 5 * 60 * 1000 // a replaced legacy token still works that long ("新老access_token在5分钟内都可用")
	tokenEarly   = 5 * 60 * 1000 // a stable token is renewed that long before its end
	forcedGap    = 30 * 1000     // between two forced renewals
	forcedDaily  = 20
	tokenPrefix  = "98_" // WeChat's tokens begin with a number and "_"
	tokenChars   = 157
)

var tokenForm = regexp.MustCompile(`^[0-9]+_[A-Za-z0-9_-]{40,600}$`)

// checkToken says whether a server token opens anything.
func (s *Server) checkToken(value string) error {
	if value == "" {
		return fail(41001, "access_token missing")
	}
	if !tokenForm.MatchString(value) {
		return fail(40014, "invalid access_token")
	}
	t, ok := s.Store.Token(value)
	now := s.Store.Wall()
	switch {
	case !ok || t.Kind == state.Ticket || t.DeadAt != 0 && t.DeadAt < t.ExpiresAt && now >= t.DeadAt || s.Store.AccountN(t.Account) == nil:
		return fail(40001, "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken")
	case now >= t.ExpiresAt:
		return fail(42001, "access_token expired")
	}
	return nil
}

type tokenBody struct {
	Token   string `json:"access_token"`
	Expires int64  `json:"expires_in"`
}

// token is the legacy call: a new token each time, the former one dies after a short overlap.
func (s *Server) token(ctx context.Context, c *call) (any, error) {
	q := c.query
	a, err := s.login(c, q.Get("grant_type"), "client_credential", q.Get("appid"), q.Get("secret"))
	if err != nil {
		return nil, err
	}
	t := s.newToken(a, state.LegacyToken)
	if err := s.Store.Replace(ctx, t, t.MadeAt+tokenOverlap); err != nil {
		return nil, err
	}
	return tokenBody{Token: t.Value, Expires: tokenLife / 1000}, nil
}

// stableToken gives the same token until it nears its end, or, forced, another one at once.
func (s *Server) stableToken(ctx context.Context, c *call) (any, error) {
	var in struct {
		GrantType string `json:"grant_type"`
		AppID     string `json:"appid"`
		Secret    string `json:"secret"`
		Force     bool   `json:"force_refresh"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	a, err := s.login(c, in.GrantType, "client_credential", in.AppID, in.Secret)
	if err != nil {
		return nil, err
	}
	s.mu.Lock() // two callers must not both renew
	defer s.mu.Unlock()
	now := s.Store.Wall()
	latest, ok := s.Store.Latest(a.N, state.StableToken)
	if ok && !in.Force && now < latest.ExpiresAt-tokenEarly {
		return tokenBody{Token: latest.Value, Expires: (latest.ExpiresAt - now) / 1000}, nil
	}
	t := s.newToken(a, state.StableToken)
	buryAt := latest.ExpiresAt // renewed in time: the former one lives its life
	if in.Force {
		if err := s.admitForced(a, now); err != nil {
			return nil, err
		}
		buryAt = now
	}
	if err := s.Store.Replace(ctx, t, buryAt); err != nil {
		return nil, err
	}
	return tokenBody{Token: t.Value, Expires: tokenLife / 1000}, nil
}

// admitForced counts a forced renewal; the caller holds the lock.
func (s *Server) admitForced(a *state.Account, now int64) error {
	if now-s.forced[a.N] < forcedGap {
		return fail(45011, "api minute-quota reach limit, must slower, retry next minute")
	}
	if !s.Store.Use(a.N, "/cgi-bin/stable_token force_refresh", forcedDaily) {
		return fail(45009, "reach max api daily quota limit")
	}
	s.forced[a.N] = now
	return nil
}

func (s *Server) newToken(a *state.Account, kind string) state.Credential {
	now := s.Store.Wall()
	return state.Credential{Value: tokenPrefix + state.RandomText(tokenChars-len(tokenPrefix)), Kind: kind, Account: a.N,
		MadeAt: now, ExpiresAt: now + tokenLife}
}

// login checks appid and secret and counts the call.
func (s *Server) login(c *call, grant, wantGrant, appid, secret string) (*state.Account, error) {
	if err := checkGrant(grant, wantGrant, appid); err != nil {
		return nil, err
	}
	if secret == "" {
		return nil, fail(41004, "appsecret missing")
	}
	a := s.Store.AccountByAppID(appid)
	if a == nil {
		return nil, fail(40013, "invalid appid")
	}
	c.account = a
	if subtle.ConstantTimeCompare([]byte(a.Secret), []byte(secret)) != 1 {
		return nil, fail(40125, "invalid appsecret, view more at http://t.cn/RAEkdVq")
	}
	if a.SecretFrozen {
		return nil, fail(40243, "AppSecret has been frozen")
	}
	if err := stands(a); err != nil {
		return nil, err
	}
	if err := s.checkIP(a, c.r.RemoteAddr); err != nil {
		return nil, err
	}
	return a, s.admit(c)
}

func checkGrant(grant, want, appid string) error {
	if grant != want {
		return fail(40002, "invalid grant_type")
	}
	if appid == "" {
		return fail(41002, "appid missing")
	}
	return nil
}

// stands refuses every call for an account that the platform has stopped.
func stands(a *state.Account) error {
	switch a.Standing.State {
	case state.StandingLimited:
		return fail(50002, "user limited")
	case state.StandingRestricted:
		return fail(50004, "api forbidden")
	case state.StandingFrozen:
		return fail(50007, "account frozen")
	}
	return nil
}

// checkIP refuses addresses outside a whitelist; the message names the address, which is how administrators find it. Then
// the administrator is asked, where that is switched on.
func (s *Server) checkIP(a *state.Account, remote string) error {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	ip, err := netip.ParseAddr(host)
	if err == nil {
		host = ip.Unmap().String()
	}
	if len(a.IPWhitelist) > 0 && !slices.Contains(a.IPWhitelist, host) {
		return fail(40164, "invalid ip "+host+" ipv6 ::ffff:"+host+", not in whitelist")
	}
	switch a.Standing.MayCall(host, s.Store.Wall()) {
	case state.IPAsked:
		return fail(89503, "wait for admin confirm")
	case state.IPRefused:
		return fail(89507, "admin has rejected, please try again in 1 hour")
	case state.IPRefusedTwice:
		return fail(89506, "admin has rejected twice, please try again in 24 hours")
	}
	return nil
}

type ticketBody struct {
	okBody
	Ticket  string `json:"ticket"`
	Expires int64  `json:"expires_in"`
}

// ticket gives the jsapi_ticket, the same until it nears its end. WeChat docs: getTicket.
func (s *Server) ticket(ctx context.Context, c *call) (any, error) {
	if c.query.Get("type") != "jsapi" {
		return nil, fail(40097, "invalid args")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Store.Wall()
	t, ok := s.Store.Latest(c.account.N, state.Ticket)
	if !ok || now >= t.ExpiresAt-tokenEarly {
		t = state.Credential{Value: state.RandomText(86), Kind: state.Ticket, Account: c.account.N, MadeAt: now,
			ExpiresAt: now + tokenLife}
		if err := s.Store.Replace(ctx, t, now+tokenEarly); err != nil {
			return nil, err
		}
	}
	return ticketBody{okBody: okBody{ErrMsg: "ok"}, Ticket: t.Value, Expires: (t.ExpiresAt - now) / 1000}, nil
}

// callbackIPs are the addresses that callbacks come from: this machine's own, unless others are set, as WeChat's list changes.
func (s *Server) callbackIPs(_ context.Context, c *call) (any, error) {
	if len(c.account.CallbackIPs) > 0 {
		return map[string][]string{"ip_list": c.account.CallbackIPs}, nil
	}
	return map[string][]string{"ip_list": {"127.0.0.1", "::1"}}, nil
}

// apiIPs are the addresses of the API: this machine's own.
func (s *Server) apiIPs(context.Context, *call) (any, error) {
	return map[string][]string{"ip_list": {"127.0.0.1"}}, nil
}
