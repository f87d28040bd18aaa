package account

import (
	"context"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// Why says why a capability is missing, as a message key; the empty Why is "it is not missing".
type Why string

// The reasons.
const (
	Granted     Why = ""
	NotThisKind Why = "account.why.kind"    // the other kind of account has it
	NotVerified Why = "account.why.verify"  // verification brings it
	WeChatSays  Why = "account.why.refused" // WeChat refused it (48001), whatever the table says
	NotInUse    Why = "account.why.suspended"
)

// Capability is one call of WeChat's API as one account may or may not make it.
type Capability struct {
	Endpoint wechat.Endpoint
	Why      Why
	Refused  Refusal // with WeChatSays
}

// Allowed reports whether the call may be made.
func (c Capability) Allowed() bool { return c.Why == Granted }

// Refusal is WeChat's "no permission" for one path, remembered until it succeeds or the account changes its kind.
type Refusal struct {
	Path string
	Code wechat.Code
	RID  string
	At   time.Time // wall
}

// capability judges one endpoint for an account.
func capability(a Account, refusals map[string]Refusal, e wechat.Endpoint) Capability {
	c := Capability{Endpoint: e}
	switch refused, ok := refusals[e.Path]; {
	case a.Status != Active:
		c.Why = NotInUse
	case ok:
		c.Why, c.Refused = WeChatSays, refused
	case e.Allows(a.Kind, a.Verified):
	case !a.Verified && e.Allows(a.Kind, true):
		c.Why = NotVerified
	default:
		c.Why = NotThisKind
	}
	return c
}

// Capabilities lists every call of the table for one account, in the table's order; calls of third-party platforms are
// left out.
func (s *Service) Capabilities(ctx context.Context, id int64) ([]Capability, error) {
	e, err := s.ready(ctx, id)
	if err != nil {
		return nil, err
	}
	list := []Capability{}
	for _, endpoint := range wechat.Endpoints() {
		if endpoint.Auth != wechat.AuthComponent {
			list = append(list, capability(e.account, e.refusals, endpoint))
		}
	}
	return list, nil
}

// May returns nil when an account may call a path, else errs.Refused with the reason as its key and the purpose as a
// parameter: ask before offering a feature. It answers from memory.
func (s *Service) May(ctx context.Context, id int64, path string) error {
	e, err := s.ready(ctx, id)
	if err != nil {
		return err
	}
	endpoint, ok := wechat.EndpointOf(path)
	if !ok {
		return errs.New(errs.Internal, "account.path").With("path", path)
	}
	if c := capability(e.account, e.refusals, endpoint); !c.Allowed() {
		return errs.New(errs.Refused, string(c.Why)).With("purpose", endpoint.Purpose)
	}
	return nil
}

// KindRow is one purpose and which accounts can have it: what to know before opening or upgrading one.
type KindRow struct {
	Purpose                           string
	Subscription, SubscriptionChecked bool // unverified, verified
	Service, ServiceChecked           bool
}

// Kinds compares the kinds of accounts by what they may do.
func Kinds() []KindRow {
	rows := []KindRow{}
	for _, e := range wechat.Endpoints() {
		if e.Auth == wechat.AuthComponent {
			continue
		}
		rows = append(rows, KindRow{
			Purpose:      e.Purpose,
			Subscription: e.Allows(wechat.Subscription, false), SubscriptionChecked: e.Allows(wechat.Subscription, true),
			Service: e.Allows(wechat.Service, false), ServiceChecked: e.Allows(wechat.Service, true),
		})
	}
	return rows
}

func refusalsOf(ctx context.Context, q db.Queryer, id int64) (map[string]Refusal, error) {
	list, err := db.All(ctx, q, func(scan db.Scan) (r Refusal, err error) {
		var at, code int64
		err = scan(&r.Path, &code, &r.RID, &at)
		r.Code, r.At = wechat.Code(code), clock.FromMillis(at)
		return r, err
	}, `select path, code, rid, at from account_refusal where account_id = $1`, id)
	refusals := make(map[string]Refusal, len(list))
	for _, r := range list {
		refusals[r.Path] = r
	}
	return refusals, errs.Wrap(err, "load refusals of account %d", id)
}

func forgetRefusals(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, `delete from account_refusal where account_id = $1`, id)
	return err
}
