package account

import (
	"cmp"
	"context"
	"errors"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// checkCalls asks WeChat for a token and for something that every account may have, with a client of its own that knows of
// no stored token and no fault: whatever is wrong with credentials, whitelist or network shows in the first answer. A
// stable token asked for once more ends no other.
func (s *Service) checkCalls(ctx context.Context, a Account, c credentials) []Finding {
	if c.secret == "" {
		return []Finding{finding("credentials", Fail, "secret_missing")}
	}
	watch := &skewed{next: s.HTTP, wall: s.Wall}
	cfg := s.clientConfig(a, c, learnt{}, watch)
	cfg.Tokens = client.StableTokens(cfg, client.NewMemoryStore())
	_, err := client.New(cfg).CallbackIPs(ctx)
	why, _ := watch.broken.Load().(string)
	list := judgeCall(err, why, a)
	if watch.seen.Load() {
		list = append(list, judgeClock(time.Duration(watch.by.Load())*time.Millisecond))
	}
	return list
}

// judgeCall turns the outcome into findings on credentials, whitelist and token. why says in a word how the connection
// broke, if it did.
func judgeCall(err error, why string, a Account) []Finding {
	if err == nil {
		return []Finding{
			finding("credentials", OK, "credentials_ok", "appid", a.AppID),
			finding("whitelist", OK, "whitelist_ok"),
			finding("token", OK, "token_ok"),
		}
	}
	failed, ok := errors.AsType[*client.Error](err)
	if !ok {
		return []Finding{finding("token", Fail, "token_failed", "key", errs.As(err).Key())}
	}
	params := []any{"code", failed.Code, "meaning", wechat.Code(failed.Code).Meaning(), "rid", failed.RID, "appid", a.AppID}
	none := finding("token", Fail, "token_none")
	switch {
	case failed.Code == client.NoAnswer:
		return []Finding{finding("network", Fail, "network_"+cmp.Or(why, "answer"), "address", a.Endpoints.API), none}
	case wechat.Code(failed.Code) == wechat.CodeIPNotAllowed:
		return []Finding{finding("whitelist", Fail, "whitelist", append(params, "ip", failed.IP)...), none}
	case failed.Action() == wechat.ActAwaitAdmin:
		return []Finding{finding("whitelist", Fail, "whitelist_admin", params...), none}
	case failed.Code == 40013 || failed.Code == 41002:
		return []Finding{finding("credentials", Fail, "appid_wrong", params...), none}
	case failed.Action() == wechat.ActFixConfig:
		return []Finding{finding("credentials", Fail, "secret_wrong", params...), none}
	case failed.Action() == wechat.ActSuspend:
		return []Finding{finding("credentials", Fail, "frozen", params...), none}
	}
	return []Finding{finding("token", Fail, "token_code", params...)}
}

// The signature of a callback is good for five minutes; half of that leaves WeChat's retries some room.
const (
	skewWarn = 30 * time.Second
	skewFail = 150 * time.Second
)

func judgeClock(by time.Duration) Finding {
	seconds := int(by.Abs().Round(time.Second) / time.Second)
	direction := "clock_behind" // our clock is behind WeChat's
	if by < 0 {
		direction = "clock_ahead"
	}
	switch {
	case by.Abs() >= skewFail:
		return finding("clock", Fail, direction, "seconds", seconds)
	case by.Abs() >= skewWarn:
		return finding("clock", Warn, direction, "seconds", seconds)
	}
	return finding("clock", OK, "clock_ok", "seconds", seconds)
}
