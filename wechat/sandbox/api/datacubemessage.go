package api

import (
	"context"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat/sandbox/state"
)

// messageTypes are the numbers of statistics; what has none counts as coming from an application (unverified for places).
// WeChat docs: getupstreammsg.
var messageTypes = map[string]int{"text": 1, "image": 2, "voice": 3, "video": 4, "shortvideo": 4}

const otherMessage = 6

// period begins with a day and ends before another.
type period func(day time.Time) (from, until time.Time)

func byDay(d time.Time) (from, until time.Time) { return d, d.AddDate(0, 0, 1) }

func byWeek(d time.Time) (from, until time.Time) {
	from = d.AddDate(0, 0, -(int(d.Weekday())+6)%7) // Monday
	return from, from.AddDate(0, 0, 7)
}

func byMonth(d time.Time) (from, until time.Time) {
	from = d.AddDate(0, 0, 1-d.Day())
	return from, from.AddDate(0, 1, 0)
}

// each calls f with every period that begins in the days and is over.
func (p period) each(days span, f func(day string, from, until int64) error) error {
	for at := days.from; !at.After(days.to); {
		from, until := p(at)
		if !from.Before(days.from) && !until.After(days.today) {
			if err := f(clock.Day(from), clock.Millis(from), clock.Millis(until)); err != nil {
				return err
			}
		}
		at = until
	}
	return nil
}

type messageLine struct {
	Day    string `json:"ref_date"`
	Hour   *int   `json:"ref_hour,omitempty"`
	Source int    `json:"user_source"`
	Type   int    `json:"msg_type"`
	Users  int64  `json:"msg_user"`
	Count  int64  `json:"msg_count"`
}

// upstream is what citizens said, by type. WeChat docs: getupstreammsg, getupstreammsgweek, getupstreammsgmonth.
func (s *Server) upstream(p period) report {
	return func(ctx context.Context, a *state.Account, days span) (list []any, err error) {
		err = p.each(days, func(day string, from, until int64) error {
			lines, err := s.saidBetween(ctx, a, day, nil, from, until)
			list = append(list, lines...)
			return err
		})
		return list, err
	}
}

// upstreamHour is upstream by the hour. WeChat docs: getupstreammsghour.
func (s *Server) upstreamHour(ctx context.Context, a *state.Account, days span) (list []any, err error) {
	const hour = int64(time.Hour / time.Millisecond)
	err = days.days(func(day string, from, _ int64) error {
		for h := range 24 {
			lines, err := s.saidBetween(ctx, a, day, new(h*100), from+int64(h)*hour, from+int64(h+1)*hour)
			if err != nil {
				return err
			}
			list = append(list, lines...)
		}
		return nil
	})
	return list, err
}

func (s *Server) saidBetween(ctx context.Context, a *state.Account, day string, hour *int, from, until int64) (list []any, err error) {
	said, err := s.Store.SaidBetween(ctx, a.N, from, until)
	places := map[int]*messageLine{}
	for _, v := range said {
		number, ok := messageTypes[v.Type]
		if !ok {
			number = otherMessage
		}
		l := places[number]
		if l == nil {
			l = &messageLine{Day: day, Hour: hour, Type: number}
			places[number] = l
			list = append(list, l)
		}
		l.Users, l.Count = l.Users+v.Users, l.Count+v.Count
	}
	return list, err
}

// upstreamDist is how many citizens said little and much. WeChat docs: getupstreammsgdist and its sisters.
func (s *Server) upstreamDist(p period) report {
	type line struct {
		Day      string `json:"ref_date"`
		Source   int    `json:"user_source"`
		Interval int    `json:"count_interval"` // 1: 1–5 messages, 2: 6–10, 3: more
		Users    int64  `json:"msg_user"`
	}
	return func(ctx context.Context, a *state.Account, days span) (list []any, err error) {
		err = p.each(days, func(day string, from, until int64) error {
			few, some, many, err := s.Store.Talkative(ctx, a.N, from, until)
			for i, n := range []int64{few, some, many} {
				if n > 0 {
					list = append(list, line{Day: day, Interval: i + 1, Users: n})
				}
			}
			return err
		})
		return list, err
	}
}
