package act

import (
	"context"
	"strings"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// Scanned is what came of scanning a code.
type Scanned struct {
	Kind    string `json:"kind"` // event, profile, page, text, miniprogram
	Account string `json:"account,omitempty"`
	Event   string `json:"event,omitempty"`
	Ticket  string `json:"ticket,omitempty"`
	URL     string `json:"url,omitempty"`
	Text    string `json:"text,omitempty"`

	AppID    string `json:"appid,omitempty"`
	PagePath string `json:"pagepath,omitempty"`
}

// code finds a code with a scene that has not expired.
func (x *Acts) code(ctx context.Context, ticketOrURL string) (state.QR, error) {
	q, ok, err := x.Store.FindQR(ctx, ticketOrURL)
	switch {
	case err != nil:
		return q, err
	case !ok:
		return q, ErrNoQR
	case !q.Permanent() && q.ExpiresAt <= x.Store.Civil():
		return q, ErrExpiredQR
	}
	return q, nil
}

// Scan scans what a code says, or a ticket. Who does not follow the code's account then follows it, or, with follow
// false, is shown its profile.
func (x *Acts) Scan(ctx context.Context, citizen, content string, follow bool) (Scanned, error) {
	c, err := x.Store.Citizen(ctx, citizen)
	if err != nil {
		return Scanned{}, err
	}
	if a := x.Store.AccountOfOwnQR(content); a != nil {
		return x.arrive(ctx, scene{a, c}, state.QR{}, follow)
	}
	q, err := x.code(ctx, content)
	if err == ErrNoQR && !strings.HasPrefix(content, "gQ") { //nolint:errorlint // this very value, see code
		return plainCode(content)
	}
	if err != nil {
		return Scanned{}, err
	}
	a := x.Store.AccountN(q.Account)
	if j, err := x.Store.FindJump(ctx, x.Store.Reader(), q.URL); err == nil && j.Published {
		return Scanned{Kind: "miniprogram", Account: a.ID, AppID: j.AppID, PagePath: j.Path}, nil // and no event
	} else if err != nil && !errs.Is(err, errs.NotFound) {
		return Scanned{}, err
	}
	return x.arrive(ctx, scene{a, c}, q, follow)
}

func plainCode(content string) (Scanned, error) {
	if content == "" {
		return Scanned{}, invalid("url", "required")
	}
	if strings.HasPrefix(content, "http://") || strings.HasPrefix(content, "https://") {
		return Scanned{Kind: "page", URL: content}, nil
	}
	return Scanned{Kind: "text", Text: content}, nil
}

func (x *Acts) arrive(ctx context.Context, s scene, q state.QR, follow bool) (Scanned, error) {
	out := Scanned{Kind: "event", Account: s.account.ID, Event: "SCAN"}
	following := false
	err := x.Store.Write(ctx, func(tx *db.Tx) error {
		c, err := x.Store.Meet(ctx, tx, s.account, s.citizen)
		if err != nil {
			return err
		}
		following = c.Subscribed
		if !following || q.Scene() == "" {
			return nil // the account's own code says nothing to who follows
		}
		if err := x.open(ctx, tx, c.N, byScan); err != nil {
			return err
		}
		return x.event(ctx, tx, s, c, &wechat.Message{Event: "SCAN", EventKey: q.Scene(), Ticket: q.Ticket})
	})
	if err != nil || following {
		if q.Scene() == "" {
			out.Kind, out.Event = "profile", ""
		}
		return out, err
	}
	if !follow {
		return Scanned{Kind: "profile", Account: s.account.ID, Ticket: q.Ticket}, nil
	}
	out.Event = "subscribe"
	_, _, err = x.follow(ctx, s, wayQR, q)
	return out, err
}
