package client

import (
	"context"
	"net/url"
	"time"
	"unicode/utf8"
)

const (
	maxAgentNick   = 16 // characters
	maxRecords     = 10_000
	longestRecords = 24 * time.Hour
)

// Agent is a customer-service account (客服账号). Until a person is bound it cannot be used (65402).
type Agent struct {
	Account      string `json:"kf_account"` // prefix@WeChat id of the account
	Picture      string `json:"kf_headimgurl"`
	ID           int64  `json:"kf_id"`
	Nick         string `json:"kf_nick"`
	WeChatID     string `json:"kf_wx"` // of the person; "" nobody yet
	Invited      string `json:"invite_wx"`
	InviteUntil  int64  `json:"invite_expire_time"` // unix seconds
	InviteStatus string `json:"invite_status"`      // waiting, rejected, expired
}

// Agents lists all; 65400 when the account has not switched the new customer service on. WeChat docs: api_getkflist.
func (c *Client) Agents(ctx context.Context) ([]Agent, error) {
	var out struct {
		List []Agent `json:"kf_list"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/customservice/getkflist", out: &out})
	return out.List, err
}

// OnlineAgent is an agent who takes sessions.
type OnlineAgent struct {
	Account  string `json:"kf_account"`
	Status   int    `json:"status"` // 1: in a browser
	ID       int64  `json:"kf_id"`
	Sessions int    `json:"accepted_case"`
}

// OnlineAgents lists those who are there. WeChat docs: api_getonlinekflist.
func (c *Client) OnlineAgents(ctx context.Context) ([]OnlineAgent, error) {
	var out struct {
		List []OnlineAgent `json:"kf_online_list"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/customservice/getonlinekflist", out: &out})
	return out.List, err
}

// AddAgent makes one; an account has 100 at most. The prefix has up to 10 letters, digits and _, the nick up to 16
// characters. WeChat docs: api_addkfaccount.
func (c *Client) AddAgent(ctx context.Context, account, nick string) error {
	return c.nameAgent(ctx, "/customservice/kfaccount/add", account, nick)
}

// RenameAgent changes the nick. WeChat docs: api_updatekfaccount.
func (c *Client) RenameAgent(ctx context.Context, account, nick string) error {
	return c.nameAgent(ctx, "/customservice/kfaccount/update", account, nick)
}

func (c *Client) nameAgent(ctx context.Context, path, account, nick string) error {
	var v checks
	v.unless(account != "", "account", "required", nil)
	v.between("nick", int64(utf8.RuneCountInString(nick)), 1, maxAgentNick)
	if err := v.err(); err != nil {
		return err
	}
	return c.wire.do(ctx, request{path: path, in: map[string]string{"kf_account": account, "nickname": nick}})
}

// DeleteAgent removes one. WeChat docs: api_delkfaccount.
func (c *Client) DeleteAgent(ctx context.Context, account string) error {
	return c.wire.do(ctx, request{path: "/customservice/kfaccount/del", in: map[string]string{"kf_account": account}})
}

// InviteAgent asks a person to be bound; they answer in WeChat. WeChat docs: api_invitekfworker.
func (c *Client) InviteAgent(ctx context.Context, account, wechatID string) error {
	in := map[string]string{"kf_account": account, "invite_wx": wechatID}
	return c.wire.do(ctx, request{path: "/customservice/kfaccount/inviteworker", in: in})
}

// SetAgentPicture uploads a JPG, best of 640×640. WeChat docs: api_uploadkfavatar.
func (c *Client) SetAgentPicture(ctx context.Context, account string, f File) error {
	up, err := newUpload("media", f)
	if err != nil {
		return err
	}
	ctx, cancel := c.wire.patient(ctx, mediaPatience)
	defer cancel()
	_, err = c.wire.call(ctx, request{path: "/customservice/kfaccount/uploadheadimg", query: url.Values{"kf_account": {account}}, upload: up})
	return err
}

// OpenSession gives somebody to an agent who is online (65415) and whom nobody else serves (65414).
// WeChat docs: api_createkfsession.
func (c *Client) OpenSession(ctx context.Context, account, openid string) error {
	return c.wire.do(ctx, request{path: "/customservice/kfsession/create", in: map[string]string{"kf_account": account, "openid": openid}})
}

// CloseSession ends it. WeChat docs: api_closekfsession.
func (c *Client) CloseSession(ctx context.Context, account, openid string) error {
	return c.wire.do(ctx, request{path: "/customservice/kfsession/close", in: map[string]string{"kf_account": account, "openid": openid}})
}

// AgentSession is a citizen whom an agent serves.
type AgentSession struct {
	Account string `json:"kf_account"` // of SessionOf
	OpenID  string `json:"openid"`     // of SessionsOf
	Since   int64  `json:"createtime"` // unix seconds
}

// SessionOf tells who serves somebody; nobody is code 65413. WeChat docs: api_getkfsession.
func (c *Client) SessionOf(ctx context.Context, openid string) (AgentSession, error) {
	out := AgentSession{OpenID: openid}
	err := c.wire.do(ctx, request{path: "/customservice/kfsession/getsession", query: url.Values{"openid": {openid}}, out: &out})
	return out, err
}

// SessionsOf lists whom an agent serves. WeChat docs: api_getkfsessionlist.
func (c *Client) SessionsOf(ctx context.Context, account string) ([]AgentSession, error) {
	var out struct {
		List []AgentSession `json:"sessionlist"`
	}
	err := c.wire.do(ctx, request{path: "/customservice/kfsession/getsessionlist", query: url.Values{"kf_account": {account}}, out: &out})
	for i := range out.List {
		out.List[i].Account = account
	}
	return out.List, err
}

// Waiting is a citizen whom nobody serves yet.
type Waiting struct {
	OpenID string `json:"openid"`
	Latest int64  `json:"latest_time"` // unix seconds
}

// WaitingSessions lists up to 100 who wait, and how many there are. WeChat docs: api_getkfsessionunaccepted.
func (c *Client) WaitingSessions(ctx context.Context) (list []Waiting, count int, err error) {
	var out struct {
		Count int       `json:"count"`
		List  []Waiting `json:"waitcaselist"`
	}
	err = c.wire.do(ctx, request{path: "/customservice/kfsession/getwaitcase", out: &out})
	return out.List, out.Count, err
}

// ServiceRecord is a word of customer service.
type ServiceRecord struct {
	OpenID  string `json:"openid"`
	Code    int    `json:"opercode"` // 2002 the agent said, 2003 the agent got
	Text    string `json:"text"`
	Time    int64  `json:"time"` // unix seconds
	Account string `json:"worker"`
}

// ServiceRecords reads up to n (1–10 000) records of from…to (24 hours at most); msgID is 1 at first and then what the call
// before returned as next. WeChat docs: api_getkfmsglist.
func (c *Client) ServiceRecords(ctx context.Context, from, to time.Time, msgID int64, n int) (list []ServiceRecord, next int64, err error) {
	var v checks
	v.between("n", int64(n), 1, maxRecords)
	v.between("to", int64(to.Sub(from)/time.Second), 0, int64(longestRecords/time.Second))
	if err := v.err(); err != nil {
		return nil, 0, err
	}
	in := map[string]int64{"starttime": from.Unix(), "endtime": to.Unix(), "msgid": msgID, "number": int64(n)}
	var out struct {
		List []ServiceRecord `json:"recordlist"`
		Next int64           `json:"msgid"`
	}
	err = c.wire.do(ctx, request{path: "/customservice/msgrecord/getmsglist", in: in, out: &out})
	return out.List, out.Next, err
}
