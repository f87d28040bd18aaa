package accountweb

import (
	"context"

	"weizheng/kernel/account"
	"weizheng/platform/clock"
	"weizheng/wechat"
)

// capabilityView is one call of WeChat's API and whether the account may make it.
type capabilityView struct {
	Name      string `json:"name" doc:"WeChat's path"`
	Title     string `json:"title"`
	Has       bool   `json:"has"`
	State     string `json:"state" enum:"able,kind,verify,refused,suspended,fault,spent"`
	Note      string `json:"note,omitempty" doc:"why not, and what makes it possible: the words in which a verb refuses"`
	RefusedAt int64  `json:"refused_at,omitempty" doc:"wall ms, when WeChat said so; then it can be looked at again"`
	Code      int    `json:"code,omitempty" doc:"WeChat's errcode"`
	RID       string `json:"rid,omitempty" doc:"WeChat's request id"`
	Daily     int    `json:"daily,omitempty" doc:"a day's calls of a new account by the documents"`
	PerMinute int    `json:"per_minute,omitempty"`
	Monthly   int    `json:"monthly,omitempty"`
}

type capabilitiesOut struct {
	Items []capabilityView `json:"items"`
}

// states name the reasons for faces.
var states = map[account.Why]string{
	account.Granted: "able", account.NotThisKind: "kind", account.NotVerified: "verify", account.WeChatSays: "refused",
	account.NotInUse: "suspended", account.ShutOut: "fault", account.UsedUp: "spent",
}

func (c console) capability(one account.Capability) capabilityView {
	e := one.Endpoint
	v := capabilityView{
		Name: e.Path, Title: e.Purpose, Has: one.Allowed(), State: states[one.Why], RefusedAt: millis(one.Refused.At),
		Code: int(one.Refused.Code), RID: one.Refused.RID, Daily: e.Daily, PerMinute: e.PerMinute, Monthly: e.Monthly,
	}
	if !one.Allowed() {
		v.Note = c.words.say(string(one.Why), one.Params())
	}
	return v
}

func (c console) capabilities(ctx context.Context, in *idIn) (*capabilitiesOut, error) {
	list, err := c.Accounts.Capabilities(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &capabilitiesOut{Items: []capabilityView{}}
	for _, one := range list {
		out.Items = append(out.Items, c.capability(one))
	}
	return out, nil
}

// quotaView is how often a path was called on a day and how often it may be.
type quotaView struct {
	Name     string `json:"name" doc:"WeChat's path"`
	Title    string `json:"title"`
	Used     int64  `json:"used"`
	Limit    int64  `json:"limit" doc:"0: not published"`
	ResetsAt int64  `json:"resets_at,omitempty" doc:"civil ms; only of today"`
	Told     bool   `json:"told" doc:"WeChat said so itself; else the table's number for new accounts"`
	Failed   int64  `json:"failed"`
	LastCode int    `json:"last_code,omitempty" doc:"of the last failure"`
	LastText string `json:"last_text,omitempty"`
	LastRID  string `json:"last_rid,omitempty" doc:"WeChat's request id"`
	LastAt   int64  `json:"last_at,omitempty"`
}

type quotaIn struct {
	ID  int64  `path:"id"`
	Day string `query:"day" pattern:"^\\d{4}-\\d{2}-\\d{2}$" doc:"civil day; today when missing"`
}

type quotaOut struct {
	Day   string      `json:"day"`
	Items []quotaView `json:"items"`
}

func (c console) quota(ctx context.Context, in *quotaIn) (*quotaOut, error) {
	day, resets := c.today()
	if in.Day != "" && in.Day != day {
		day, resets = in.Day, 0
	}
	list, err := c.Accounts.Quota(ctx, in.ID, day)
	if err != nil {
		return nil, err
	}
	out := &quotaOut{Day: day, Items: []quotaView{}}
	for _, u := range list {
		v := quotaView{
			Name: u.Path, Title: u.Purpose, Used: u.Calls, Limit: u.Daily, Told: u.Told, Failed: u.Failed,
			LastCode: int(u.LastCode), LastRID: u.LastRID, LastAt: millis(u.LastAt),
		}
		if u.LastCode != wechat.CodeOK {
			v.LastText = u.LastCode.Meaning()
		}
		if v.Title == "" {
			v.Title = u.Path
		}
		if v.Limit > 0 {
			v.ResetsAt = resets
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}

// today is the civil day and the instant it ends.
func (c console) today() (day string, resets int64) {
	now := c.Civil.Now()
	return clock.Day(now), clock.Millis(clock.StartOfDay(now).AddDate(0, 0, 1))
}

type askQuotaIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Path string `json:"path"`
	}
}

func (c console) askQuota(ctx context.Context, in *askQuotaIn) (*quotaView, error) {
	q, err := c.Accounts.AskQuota(ctx, in.ID, in.Body.Path)
	if err != nil {
		return nil, err
	}
	e, _ := wechat.EndpointOf(in.Body.Path) // AskQuota refuses what is not in the table
	_, resets := c.today()
	return &quotaView{Name: e.Path, Title: e.Purpose, Used: q.Used, Limit: q.DailyLimit, ResetsAt: resets, Told: true}, nil
}

type clearQuotaIn struct {
	ID int64 `path:"id"`
}

// clearQuota answers with the counts as they are then.
func (c console) clearQuota(ctx context.Context, in *clearQuotaIn) (*quotaOut, error) {
	if err := c.Accounts.ClearQuota(ctx, in.ID); err != nil {
		return nil, err
	}
	return c.quota(ctx, &quotaIn{ID: in.ID})
}

// callbacksView are the callbacks of one civil day.
type callbacksView struct {
	Day       string `json:"day"`
	Good      int64  `json:"good"`
	Bad       int64  `json:"bad"`
	GoodAt    int64  `json:"good_at" doc:"the last one; 0: none"`
	BadAt     int64  `json:"bad_at"`
	BadReason string `json:"bad_reason" doc:"one word"`
	BadText   string `json:"bad_text" doc:"the same for people"`
}

type callbacksIn struct {
	ID    int64 `path:"id"`
	Limit int   `query:"limit" minimum:"1" maximum:"366" default:"30"`
}

type callbacksOut struct {
	Items []callbacksView `json:"items"`
}

func (c console) callbacks(ctx context.Context, in *callbacksIn) (*callbacksOut, error) {
	days, err := c.Accounts.CallbackDays(ctx, in.ID, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &callbacksOut{Items: []callbacksView{}}
	for _, d := range days {
		v := callbacksView{Day: d.Day, Good: d.Good, Bad: d.Bad, GoodAt: millis(d.GoodAt), BadAt: millis(d.BadAt), BadReason: d.BadReason}
		if d.BadReason != "" {
			v.BadText = c.words.reason(d.BadReason)
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}
