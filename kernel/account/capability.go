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
	ShutOut     Why = "account.why.fault" // WeChat does not accept its credentials
	UsedUp      Why = "account.why.spent" // WeChat said that the calls of this day are used up (45009)
)

// Capability is one call of WeChat's API as one account may or may not make it.
type Capability struct {
	Endpoint wechat.Endpoint
	Why      Why
	Refused  Refusal // with WeChatSays and UsedUp
	Fault    Fault   // with ShutOut
}

// Allowed reports whether the call may be made.
func (c Capability) Allowed() bool { return c.Why == Granted }

// problem is what a missing capability is to a verb: nil when it is not missing. The same key with the same parameters is
// what the faces show.
func (c Capability) problem() error {
	if c.Allowed() {
		return nil
	}
	err := errs.New(errs.Refused, string(c.Why))
	for name, value := range c.Params() {
		err = err.With(name, value)
	}
	return err
}

// Params fill the words of Why.
func (c Capability) Params() map[string]any {
	p := map[string]any{"purpose": c.Endpoint.Purpose}
	switch c.Why {
	case WeChatSays, UsedUp:
		p["code"], p["at"] = int(c.Refused.Code), c.Refused.At.In(clock.Zone).Format("2006-01-02 15:04")
	case ShutOut:
		p["code"], p["meaning"] = c.Fault.Code, wechat.Code(c.Fault.Code).Meaning()
	case Granted, NotThisKind, NotVerified, NotInUse:
	}
	return p
}

// Refusal is WeChat's "no permission" for one path, remembered until it succeeds, is looked at again or the account changes
// its kind; or its "used up today", which the next day ends.
type Refusal struct {
	Path string
	Code wechat.Code
	RID  string
	At   time.Time // wall
	Day  string    // civil; only of calls that are used up
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

// capability judges one endpoint as it stands now: beyond the right to call, whether a call can succeed today.
func (e *entry) capability(endpoint wechat.Endpoint, today string) Capability {
	c := capability(e.account, e.refusals, endpoint)
	spent, ok := e.spent[endpoint.Path]
	switch {
	case c.Why != Granted:
	case e.account.Fault.Code != 0:
		c.Why, c.Fault = ShutOut, e.account.Fault
	case ok && spent.Day == today:
		c.Why, c.Refused = UsedUp, spent
	}
	return c
}

// Capabilities lists every call of the table for one account as it stands now, in the table's order; calls of third-party
// platforms are left out.
func (s *Service) Capabilities(ctx context.Context, id int64) ([]Capability, error) {
	e, err := s.ready(ctx, id)
	if err != nil {
		return nil, err
	}
	list := []Capability{}
	today := clock.Day(s.Civil.Now())
	for _, endpoint := range wechat.Endpoints() {
		if endpoint.Auth != wechat.AuthComponent {
			list = append(list, e.capability(endpoint, today))
		}
	}
	return list, nil
}

// May returns nil when an account has the right to call a path, else errs.Refused in the words of Why: for what is done
// elsewise, or not at all, by accounts without the right. Verbs that cannot do without WeChat ask Able. It answers from
// memory.
func (s *Service) May(ctx context.Context, id int64, path string) error {
	e, err := s.ready(ctx, id)
	if err != nil {
		return err
	}
	endpoint, ok := wechat.EndpointOf(path)
	if !ok {
		return errs.New(errs.Internal, "account.path").With("path", path)
	}
	return capability(e.account, e.refusals, endpoint).problem()
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

func spentOf(ctx context.Context, q db.Queryer, id int64) (map[string]Refusal, error) {
	list, err := db.All(ctx, q, func(scan db.Scan) (r Refusal, err error) {
		var at, code int64
		err = scan(&r.Path, &r.Day, &code, &r.RID, &at)
		r.Code, r.At = wechat.Code(code), clock.FromMillis(at)
		return r, err
	}, `select path, day, code, rid, at from account_spent where account_id = $1`, id)
	spent := make(map[string]Refusal, len(list))
	for _, r := range list {
		spent[r.Path] = r
	}
	return spent, errs.Wrap(err, "load what account %d used up", id)
}

func forgetRefusals(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, `delete from account_refusal where account_id = $1`, id)
	return err
}
