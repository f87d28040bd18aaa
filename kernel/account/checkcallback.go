package account

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"

	"weizheng/wechat"
)

// checkCallback calls the account's own callback address through the public one, as WeChat does when the address is
// saved: signed with the token, it must answer the echo and nothing else.
func (s *Service) checkCallback(ctx context.Context, a Account, c credentials) []Finding {
	if a.Status != Active {
		return nil // its door is closed on purpose
	}
	if c.token == "" {
		return []Finding{finding("callback", Fail, "token_missing")}
	}
	address := s.CallbackURL(a)
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return []Finding{finding("callback", Fail, "public_url", "address", address)}
	}
	echo := rand.Text()
	u.RawQuery = s.echoQuery(c.token, echo).Encode()
	status, body, err := s.fetch(ctx, u.String())
	switch {
	case err != nil:
		return []Finding{finding("callback", Fail, "callback_"+broken(err), "address", address)}
	case status == http.StatusForbidden:
		return []Finding{finding("callback", Fail, "callback_signature", "address", address)}
	case status != http.StatusOK:
		return []Finding{finding("callback", Fail, "callback_status", "address", address, "status", status)}
	case body != echo:
		return []Finding{finding("callback", Fail, "callback_echo", "address", address)}
	}
	list := []Finding{finding("callback", OK, "callback_ok", "address", address)}
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		list = append(list, finding("callback", Warn, "callback_port", "address", address, "port", port))
	}
	return list
}

// CallbackURL is the address that is typed into WeChat for an account.
func (s *Service) CallbackURL(a Account) string {
	return strings.TrimRight(s.PublicURL, "/") + "/wx/" + a.Slug
}

func (s *Service) echoQuery(token, echo string) url.Values {
	stamp, nonce := strconv.FormatInt(s.Wall.Now().Unix(), 10), rand.Text()[:10]
	return url.Values{
		"signature": {wechat.SignPlain(token, stamp, nonce)}, "timestamp": {stamp}, "nonce": {nonce}, "echostr": {echo},
	}
}

// maxEcho is more than any echo; a page that answers instead need not be read whole.
const maxEcho = 4 << 10

func (s *Service) fetch(ctx context.Context, address string) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := s.HTTP.RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close() //nolint:errcheck // only read from
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxEcho))
	return resp.StatusCode, string(b), err
}

// broken says in one word why there was no connection; the error itself may quote addresses and is not shown.
func broken(err error) string {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return "dns"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "tls"
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return "timeout"
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return "refused"
	}
	return "away"
}
