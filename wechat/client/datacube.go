package client

import (
	"context"
	"time"
)

// Days are the civil days of a statistic as YYYY-MM-DD, both among them. Each statistic has its longest span (61501), none
// knows today, and yesterday is there at about 08:00 (61503: ask again later). WeChat docs: 数据统计.
type Days struct {
	From string `json:"begin_date"`
	To   string `json:"end_date"`
}

// Validate checks the form and the order.
func (d Days) Validate() error {
	var v checks
	_, err := time.Parse(time.DateOnly, d.From)
	v.unless(err == nil, "begin_date", "wechat.date", nil)
	_, err = time.Parse(time.DateOnly, d.To)
	v.unless(err == nil && d.From <= d.To, "end_date", "wechat.date", nil)
	return v.err()
}

// Step is what a statistic's numbers are for.
type Step string

// The steps; not every statistic has each.
const (
	Daily   Step = ""
	Hourly  Step = "hour"
	Weekly  Step = "week"  // from Monday
	Monthly Step = "month" // from the first
)

// Follows is who came and went on a day by one way of coming.
type Follows struct {
	Day       string `json:"ref_date"`
	Source    int    `json:"user_source"` // 0 others, 1 search, 17 card, 30 QR code, 51 paid, 57 article, 100 advertisement, 149 mini program, 161 reprint, 200 channels, 201 live
	New       int64  `json:"new_user"`
	Cancelled int64  `json:"cancel_user"`
}

// UserSummary lists who came and went; at most 7 days. WeChat docs: getusersummary.
func (c *Client) UserSummary(ctx context.Context, d Days) ([]Follows, error) {
	return statistic[Follows](ctx, c, "getusersummary", d)
}

// Followers is how many followed at the end of a day.
type Followers struct {
	Day   string `json:"ref_date"`
	Count int64  `json:"cumulate_user"`
}

// UserCumulate lists how many followed; at most 7 days. WeChat docs: getusercumulate.
func (c *Client) UserCumulate(ctx context.Context, d Days) ([]Followers, error) {
	return statistic[Followers](ctx, c, "getusercumulate", d)
}

// Upstream is how much of one type citizens said.
type Upstream struct {
	Day   string `json:"ref_date"`
	Hour  int    `json:"ref_hour"` // 0, 100 … 2300; of Hourly
	Type  int    `json:"msg_type"` // 1 text, 2 picture, 3 voice, 4 video, 6 others
	Users int64  `json:"msg_user"`
	Count int64  `json:"msg_count"`
}

// UpstreamMessages lists what citizens said: at most 7 days, by the hour 1; a week or month by its first day.
// WeChat docs: getupstreammsg, getupstreammsghour, getupstreammsgweek, getupstreammsgmonth.
func (c *Client) UpstreamMessages(ctx context.Context, by Step, d Days) ([]Upstream, error) {
	return statistic[Upstream](ctx, c, "getupstreammsg"+string(by), d)
}

// Talkers is how many citizens said little or much.
type Talkers struct {
	Day      string `json:"ref_date"`
	Interval int    `json:"count_interval"` // 0: nothing, 1: 1–5 messages, 2: 6–10, 3: more
	Users    int64  `json:"msg_user"`
}

// UpstreamSpread lists how much citizens said each; at most 15 days, not by the hour. WeChat docs: getupstreammsgdist,
// getupstreammsgdistweek, getupstreammsgdistmonth.
func (c *Client) UpstreamSpread(ctx context.Context, by Step, d Days) ([]Talkers, error) {
	return statistic[Talkers](ctx, c, "getupstreammsgdist"+string(by), d)
}

// Callbacks is how our server answered.
type Callbacks struct {
	Day      string `json:"ref_date"`
	Hour     int    `json:"ref_hour"` // of Hourly
	Count    int64  `json:"callback_count"`
	Failures int64  `json:"fail_count"`
	Took     int64  `json:"total_time_cost"` // ms
	Longest  int64  `json:"max_time_cost"`   // ms
}

// InterfaceSummary lists how our server answered; at most 30 days, by the hour 1. WeChat docs: getinterfacesummary,
// getinterfacesummaryhour.
func (c *Client) InterfaceSummary(ctx context.Context, by Step, d Days) ([]Callbacks, error) {
	return statistic[Callbacks](ctx, c, "getinterfacesummary"+string(by), d)
}

func statistic[T any](ctx context.Context, c *Client, name string, d Days) ([]T, error) {
	list, _, err := lateStatistic[T](ctx, c, name, d)
	return list, err
}

// lateStatistic also tells whether the newest numbers are still missing.
func lateStatistic[T any](ctx context.Context, c *Client, name string, d Days) (list []T, late bool, err error) {
	if err := d.Validate(); err != nil {
		return nil, false, err
	}
	var out struct {
		List []T  `json:"list"`
		Late bool `json:"is_delay"`
	}
	err = c.wire.do(ctx, request{path: "/datacube/" + name, in: d, out: &out})
	return out.List, out.Late, err
}
