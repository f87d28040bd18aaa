package account

import (
	"context"
	"strings"

	"weizheng/platform/clock"
	"weizheng/wechat"
)

// checkMode judges whether the callback settings can be right by themselves.
func checkMode(a Account, c credentials) []Finding {
	switch {
	case a.Mode != wechat.Plain && c.key == "":
		return []Finding{finding("mode", Fail, "key_missing", "mode", a.Mode)}
	case c.key != "" && !validKey(c.key):
		return []Finding{finding("mode", Fail, "key_malformed", "mode", a.Mode)}
	case a.Mode == wechat.Plain:
		return []Finding{finding("mode", Warn, "mode_plain")}
	case a.Mode == wechat.Compatible:
		return []Finding{finding("mode", Warn, "mode_compatible")}
	}
	return []Finding{finding("mode", OK, "mode_ok", "mode", a.Mode)}
}

// checkRecords judges what was recorded: callbacks, quotas, refusals.
func (s *Service) checkRecords(ctx context.Context, a Account) ([]Finding, error) {
	traffic, err := s.checkTraffic(ctx, a)
	if err != nil {
		return nil, err
	}
	quota, err := s.checkQuota(ctx, a)
	if err != nil {
		return nil, err
	}
	permissions, err := s.checkPermissions(ctx, a)
	return append(append(traffic, quota...), permissions...), err
}

// checkTraffic: when WeChat last reached us, and what was refused. The self-check's own echo is not a callback.
func (s *Service) checkTraffic(ctx context.Context, a Account) ([]Finding, error) {
	days, err := s.CallbackDays(ctx, a.ID, 7)
	if err != nil {
		return nil, err
	}
	if len(days) == 0 {
		return []Finding{finding("traffic", Warn, "traffic_none", "address", s.CallbackURL(a))}, nil
	}
	var good, bad int64
	var last, lastBad Callbacks
	for _, d := range days {
		good, bad = good+d.Good, bad+d.Bad
		if last.GoodAt.Before(d.GoodAt) {
			last = d
		}
		if lastBad.BadAt.Before(d.BadAt) {
			lastBad = d
		}
	}
	params := []any{"good", good, "bad", bad}
	if !last.GoodAt.IsZero() {
		params = append(params, "last", shown(last))
	}
	if bad == 0 {
		return []Finding{finding("traffic", OK, "traffic_ok", params...)}, nil
	}
	params = append(params, "reason", lastBad.BadReason, "bad_last", lastBad.BadAt.In(clock.Zone).Format("2006-01-02 15:04"))
	// Strangers try addresses too; that WeChat itself is refused shows in nothing, or less, being let in since.
	if good == 0 || last.GoodAt.Before(lastBad.BadAt) && bad > good {
		return []Finding{finding("traffic", Fail, "traffic_refused", params...)}, nil
	}
	return []Finding{finding("traffic", Warn, "traffic_some", params...)}, nil
}

func shown(c Callbacks) string { return c.GoodAt.In(clock.Zone).Format("2006-01-02 15:04") }

// NearEnd is the share of a day's allowance from which a warning is due.
const NearEnd = 0.8

func (s *Service) checkQuota(ctx context.Context, a Account) ([]Finding, error) {
	usage, err := s.Quota(ctx, a.ID, clock.Day(s.Civil.Now()))
	if err != nil {
		return nil, err
	}
	today := clock.Day(s.Civil.Now())
	spent, err := spentOf(ctx, s.DB, a.ID)
	if err != nil {
		return nil, err
	}
	var list []Finding
	for _, u := range usage {
		switch share := u.Share(); {
		case share >= 1 || spent[u.Path].Day == today:
			list = append(list, finding("quota", Fail, "quota_used", "purpose", u.Purpose, "calls", u.Calls, "daily", u.Daily))
		case share >= NearEnd:
			list = append(list, finding("quota", Warn, "quota_near", "purpose", u.Purpose, "calls", u.Calls, "daily", u.Daily))
		}
	}
	if len(list) == 0 {
		list = append(list, finding("quota", OK, "quota_ok"))
	}
	return list, nil
}

func (s *Service) checkPermissions(ctx context.Context, a Account) ([]Finding, error) {
	refusals, err := refusalsOf(ctx, s.DB, a.ID)
	if err != nil {
		return nil, err
	}
	allowed, all := 0, 0
	var refused []string
	for _, e := range wechat.Endpoints() {
		if e.Auth == wechat.AuthComponent {
			continue
		}
		all++
		switch c := capability(a, refusals, e); {
		case c.Allowed():
			allowed++
		case c.Why == WeChatSays:
			refused = append(refused, e.Purpose)
		}
	}
	if len(refused) > 0 {
		return []Finding{finding("permissions", Warn, "permissions_refused", "allowed", allowed, "all", all,
			"refused", strings.Join(refused, "、"))}, nil
	}
	return []Finding{finding("permissions", OK, "permissions_ok", "allowed", allowed, "all", all)}, nil
}
