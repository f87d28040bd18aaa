package client

import (
	"context"
	"net/url"
	"time"
)

func ticketKey(appid string) string { return appid + ":jsapi" }

// JSTicket returns the ticket with which pages are signed for the JS-SDK (wechat.SignJS). It is kept in Config.Tickets and
// fetched once by all replicas, like a token. WeChat docs: api_getticket.
func (c *Client) JSTicket(ctx context.Context) (string, error) { return c.tickets.Token(ctx) }

func (c *Client) fetchTicket(ctx context.Context, _ bool) (string, time.Duration, error) {
	var out struct {
		Ticket    string `json:"ticket"`
		ExpiresIn int64  `json:"expires_in"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/ticket/getticket", query: url.Values{"type": {"jsapi"}}, out: &out})
	return out.Ticket, time.Duration(out.ExpiresIn) * time.Second, err
}
