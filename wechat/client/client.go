package client

import (
	"log/slog"
	"net/http"
	"time"

	"weizheng/platform/clock"
)

// Endpoints are the addresses of WeChat's hosts for one account, without a slash at the end. A simulator serves all of
// them at one address.
type Endpoints struct {
	API  string // server API
	MP   string // pictures of QR codes, pages of the platform
	Open string // web authorisation page
	Res  string // the script of the JS-SDK
	Pay  string // payments; not used here
}

// Real returns WeChat's own addresses.
func Real() Endpoints {
	return Endpoints{
		API:  "https://api.weixin.qq.com",
		MP:   "https://mp.weixin.qq.com",
		Open: "https://open.weixin.qq.com",
		Res:  "https://res.wx.qq.com",
		Pay:  "https://api.mch.weixin.qq.com",
	}
}

// Call is what Observe hears of one request.
type Call struct {
	Path  string
	Code  int           // errcode, 0 for success, NoAnswer if there was none
	RID   string        // WeChat's request id, of failures only
	Took  time.Duration // 0 for local refusals
	Local bool          // refused by the client itself because the path rests; nothing was sent
}

// Config describes one account's client. Zero fields have the defaults told beside them.
type Config struct {
	AppID     string
	Secret    string            // for tokens and web authorisation
	Endpoints Endpoints         // Real()
	HTTP      http.RoundTripper // http.DefaultTransport
	Tokens    TokenSource       // none: calls that need a token are refused
	Tickets   TokenStore        // where the JS ticket is kept; in memory. May be the store of the tokens
	Wall      clock.Clock       // clock.Wall: expiry of tokens, back-off
	Civil     clock.Clock       // Wall: the day on which a daily quota is used up
	Observe   func(Call)        // nobody
	Limit     func(path string) (perMinute int)
	// Limit is the number of calls a minute this process allows itself; 0 is no limit. The table of endpoints by default.
	Timeout time.Duration // of a call whose context has no deadline, all tries together: 15 s; media transfers get 4 times that
}

// String keeps the secret out of %v.
func (c Config) String() string { return "client.Config(" + c.AppID + ")" }

// GoString keeps the secret out of %#v.
func (c Config) GoString() string { return c.String() }

// LogValue keeps the secret out of logs.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Client calls WeChat for one account. It is safe for concurrent use; keep one for each account, since it remembers which
// paths have to rest.
type Client struct {
	wire    *wire
	tickets *StoredTokens
}

// New makes a client. It does not call anybody.
func New(cfg Config) *Client {
	c := &Client{wire: newWire(cfg)}
	c.tickets = newStored(c.wire, cfg.Tickets, ticketKey(cfg.AppID), c.fetchTicket)
	return c
}

// AppID returns the account's appid.
func (c *Client) AppID() string { return c.wire.cfg.AppID }

// Endpoints returns the addresses the client uses.
func (c *Client) Endpoints() Endpoints { return c.wire.cfg.Endpoints }

// String keeps the secret out of %v.
func (c *Client) String() string { return "client.Client(" + c.wire.cfg.AppID + ")" }

// GoString keeps the secret out of %#v.
func (c *Client) GoString() string { return c.String() }
