package api

import (
	"context"
	"encoding/json"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat/sandbox/state"
)

// Statistics are counted from what happened here, by civil days. WeChat docs: 数据统计.
const (
	readyHour    = 8 // yesterday's numbers are there at 08:00
	oldestDay    = "2014-12-01"
	oldestReport = "2025-11-01" // of the four endpoints about articles that are new
	longestTotal = 7            // days after publication that getarticletotal counts
	longestCount = 30           // days after publication that getarticletotaldetail counts
)

var (
	errDates    = fail(61500, "date format error")
	errSpan     = fail(61501, "date range error")
	errNotReady = fail(61503, "data not ready, please try later")
)

// span is the days that a call asks for, both among them, and the present one.
type span struct{ from, to, today time.Time }

// days calls f with each day, as text and as its first and last instant (civil ms).
func (s span) days(f func(day string, from, until int64) error) error {
	for at := s.from; !at.After(s.to); at = at.AddDate(0, 0, 1) {
		if err := f(clock.Day(at), clock.Millis(at), clock.Millis(at.AddDate(0, 0, 1))); err != nil {
			return err
		}
	}
	return nil
}

func (s span) begin() string { return clock.Day(s.from) }
func (s span) end() string   { return clock.Day(s.to) }

// report makes the list of one statistic.
type report func(ctx context.Context, a *state.Account, days span) ([]any, error)

// datacubeHandlers are the statistics with the longest span of days that each allows.
func (s *Server) datacubeHandlers() map[string]handler {
	all := map[string]handler{}
	for name, r := range map[string]struct {
		longest int
		make    report
	}{
		"getusersummary":          {7, s.userSummary},
		"getusercumulate":         {7, s.userCumulate},
		"getarticlesummary":       {1, s.articleSummary},
		"getarticletotal":         {1, s.articleTotal},
		"getuserread":             {3, s.userRead(false)},
		"getuserreadhour":         {1, s.userRead(true)},
		"getusershare":            {7, s.userShare(false)},
		"getusersharehour":        {1, s.userShare(true)},
		"getupstreammsg":          {7, s.upstream(byDay)},
		"getupstreammsghour":      {1, s.upstreamHour},
		"getupstreammsgweek":      {1, s.upstream(byWeek)},
		"getupstreammsgmonth":     {1, s.upstream(byMonth)},
		"getupstreammsgdist":      {15, s.upstreamDist(byDay)},
		"getupstreammsgdistweek":  {15, s.upstreamDist(byWeek)},
		"getupstreammsgdistmonth": {15, s.upstreamDist(byMonth)},
		"getinterfacesummary":     {30, s.interfaceSummary(false)},
		"getinterfacesummaryhour": {1, s.interfaceSummary(true)},
	} {
		all["/datacube/"+name] = s.statistic(oldestDay, r.longest, r.make, false)
	}
	for name, r := range map[string]struct {
		longest int
		make    report
	}{
		"getarticleread":        {1, s.articleRead},
		"getarticleshare":       {1, s.articleShare},
		"getarticletotaldetail": {1, s.articleTotalDetail},
		"getbizsummary":         {30, s.bizSummary},
	} {
		all["/datacube/"+name] = s.statistic(oldestReport, r.longest, r.make, true)
	}
	return all
}

type statBody struct {
	List    []any `json:"list"`
	Delayed *bool `json:"is_delay,omitempty"`
}

func (s *Server) statistic(oldest string, longest int, make report, late bool) handler {
	return func(ctx context.Context, c *call) (any, error) {
		days, err := s.span(c, oldest, longest)
		if err != nil {
			return nil, err
		}
		list, err := make(ctx, c.account, days)
		if err != nil {
			return nil, err
		}
		if list == nil {
			list = []any{}
		}
		out := statBody{List: list}
		if late {
			out.Delayed = new(bool)
		}
		return out, nil
	}
}

// span reads the days of a call: in order, no more than longest, not before oldest, and over.
func (s *Server) span(c *call, oldest string, longest int) (span, error) {
	var in struct {
		Begin json.RawMessage `json:"begin_date"`
		End   json.RawMessage `json:"end_date"`
	}
	if err := c.decode(&in); err != nil {
		return span{}, err
	}
	from, err1 := day(in.Begin)
	to, err2 := day(in.End)
	if err1 != nil || err2 != nil {
		return span{}, errDates
	}
	now := clock.FromMillis(s.Store.Civil())
	today := clock.StartOfDay(now)
	yesterday := today.AddDate(0, 0, -1)
	if to.Before(from) || !to.Before(from.AddDate(0, 0, longest)) || clock.Day(from) < oldest || to.After(yesterday) {
		return span{}, errSpan
	}
	if to.Equal(yesterday) && now.Before(today.Add(readyHour*time.Hour)) {
		return span{}, errNotReady
	}
	return span{from, to, today}, nil
}

func day(raw json.RawMessage) (time.Time, error) {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return time.Time{}, err
	}
	return time.ParseInLocation(time.DateOnly, text, clock.Zone)
}
