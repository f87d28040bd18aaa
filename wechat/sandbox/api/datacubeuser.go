package api

import (
	"context"

	"weizheng/wechat/sandbox/state"
)

// userSummary is who came and went by day and source. WeChat docs: getusersummary.
func (s *Server) userSummary(ctx context.Context, a *state.Account, days span) (list []any, err error) {
	type line struct {
		Day    string `json:"ref_date"`
		Source int    `json:"user_source"`
		New    int64  `json:"new_user"`
		Cancel int64  `json:"cancel_user"`
	}
	moves, err := s.Store.Movements(ctx, a.N, days.begin(), days.end())
	for _, m := range moves {
		list = append(list, line{m.Day, m.Source, m.Came, m.Went})
	}
	return list, err
}

// userCumulate is how many followed at the end of each day. WeChat docs: getusercumulate.
func (s *Server) userCumulate(ctx context.Context, a *state.Account, days span) (list []any, err error) {
	type line struct {
		Day   string `json:"ref_date"`
		Users int64  `json:"cumulate_user"`
	}
	err = days.days(func(day string, _, _ int64) error {
		n, err := s.Store.FollowersAt(ctx, a.N, day)
		list = append(list, line{day, n})
		return err
	})
	return list, err
}

// interfaceSummary is how the account's server answered callbacks. WeChat docs: getinterfacesummary, getinterfacesummaryhour.
func (s *Server) interfaceSummary(hourly bool) report {
	type line struct {
		Day      string `json:"ref_date"`
		Hour     *int   `json:"ref_hour,omitempty"`
		Count    int64  `json:"callback_count"`
		Failures int64  `json:"fail_count"`
		Took     int64  `json:"total_time_cost"` // ms
		Longest  int64  `json:"max_time_cost"`   // ms
	}
	return func(ctx context.Context, a *state.Account, days span) (list []any, err error) {
		pulses, err := s.Store.Pulses(ctx, a.N, days.begin(), days.end())
		var last *line
		for _, p := range pulses {
			if last == nil || hourly || last.Day != p.Day {
				last = &line{Day: p.Day}
				if hourly {
					last.Hour = new(p.Hour * 100)
				}
				list = append(list, last)
			}
			last.Count, last.Failures, last.Took = last.Count+p.Pushes, last.Failures+p.Failures, last.Took+p.Took
			last.Longest = max(last.Longest, p.Longest)
		}
		return list, err
	}
}
