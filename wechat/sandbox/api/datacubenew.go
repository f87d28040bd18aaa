package api

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/wechat/sandbox/state"
)

// sceneNames are the ways of coming as the new statistics call them (unverified but for 全部).
var sceneNames = []struct {
	scene int
	name  string
}{
	{-1, "全部"}, {state.Scenes["chat"], "公众号消息"}, {state.Scenes["friend"], "聊天会话"}, {state.Scenes["moments"], "朋友圈"},
	{state.Scenes["history"], "公众号主页"}, {state.Scenes["look"], "推荐"}, {state.Scenes["search"], "搜一搜"}, {state.Scenes["other"], "其他"},
}

type sceneUsers struct {
	Users int64  `json:"user_count"`
	Name  string `json:"scene_desc"`
}

// feedback is what the new statistics say of articles. What nobody can know here is 0: finishing rates and tips.
type feedback struct {
	Readers    int64        `json:"read_user"`
	ByScene    []sceneUsers `json:"read_user_source"`
	Sharers    int64        `json:"share_user"`
	Lookers    int64        `json:"zaikan_user"`
	Likers     int64        `json:"like_user"`
	Comments   int64        `json:"comment_count"`
	Keepers    int64        `json:"collection_user"`
	Praise     int64        `json:"praise_money"`
	Subscribed int64        `json:"read_subscribe_user"`
	Delivery   float64      `json:"read_delivery_rate"`
	Finish     float64      `json:"read_finish_rate"`
	AvgTime    float64      `json:"read_avg_activetime"`
	Jumps      []any        `json:"read_jump_position"`
}

func feedbackOf(read []state.Reading) feedback {
	f := feedback{Jumps: []any{}}
	for _, s := range sceneNames {
		users := int64(0)
		for _, r := range read {
			if r.Kind == state.ActRead && r.Scene == s.scene {
				users += r.Users
			}
		}
		f.ByScene = append(f.ByScene, sceneUsers{users, s.name})
	}
	for _, r := range read {
		if r.Scene >= 0 {
			continue
		}
		switch r.Kind {
		case state.ActRead:
			f.Readers = r.Users
		case state.ActShare:
			f.Sharers = r.Users
		case state.ActLike:
			f.Likers = r.Users
		case state.ActFavourite:
			f.Keepers = r.Users
		case state.ActComment:
			f.Comments = r.Times
		}
	}
	return f
}

// articleRead is how the articles read on a day were read. WeChat docs: getarticleread.
func (s *Server) articleRead(ctx context.Context, a *state.Account, days span) ([]any, error) {
	type detail struct {
		Readers int64        `json:"read_user"`
		ByScene []sceneUsers `json:"read_user_source"`
	}
	return s.onDay(ctx, a, days, state.ActRead, func(f feedback) any { return detail{f.Readers, f.ByScene} })
}

// articleShare is how the articles shared on a day were shared. WeChat docs: getarticleshare.
func (s *Server) articleShare(ctx context.Context, a *state.Account, days span) ([]any, error) {
	type detail struct {
		Sharers int64 `json:"share_user"`
	}
	return s.onDay(ctx, a, days, state.ActShare, func(f feedback) any { return detail{f.Sharers} })
}

// onDay lists the articles with which people did something of a kind on a day.
func (s *Server) onDay(ctx context.Context, a *state.Account, days span, kind string, of func(feedback) any) (list []any, err error) {
	type line struct {
		Day    string `json:"ref_date"`
		ID     string `json:"msgid"`
		Detail any    `json:"detail"`
	}
	read, err := s.Store.ReadOn(ctx, a.N, days.begin())
	if err != nil {
		return nil, err
	}
	for _, r := range read {
		if r.Kind != kind {
			continue
		}
		p, err := s.Store.PublishedN(ctx, r.Article)
		if err != nil {
			return nil, err
		}
		numbers, err := s.Store.ReadOf(ctx, r.Article, days.begin())
		if err != nil {
			return nil, err
		}
		list = append(list, line{days.begin(), msgID(p), of(feedbackOf(numbers))})
	}
	return list, nil
}

// published calls begin with each article that was published in the days, and what begin returns with the numbers from its
// day to each later one, for so many days.
func (s *Server) published(ctx context.Context, a *state.Account, days span, longest int,
	begin func(day string, p state.Published) func(p state.Published, stat string, read []state.Reading)) error {
	last := clock.StartOfDay(clock.FromMillis(s.Store.Civil())).AddDate(0, 0, -1)
	return days.days(func(day string, from, until int64) error {
		articles, err := s.Store.PublishedBetween(ctx, a.N, from, until)
		if err != nil {
			return err
		}
		for _, p := range articles {
			add := begin(day, p)
			at := clock.FromMillis(from).In(clock.Zone)
			for range longest {
				if at.After(last) {
					break
				}
				read, err := s.Store.ReadUntil(ctx, p.ArticleN, clock.Day(at))
				if err != nil {
					return err
				}
				add(p, clock.Day(at), read)
				at = at.AddDate(0, 0, 1)
			}
		}
		return nil
	})
}

// articleTotalDetail is how the articles published on a day were received since. WeChat docs: getarticletotaldetail.
func (s *Server) articleTotalDetail(ctx context.Context, a *state.Account, days span) (list []any, err error) {
	type detail struct {
		Day string `json:"stat_date"`
		feedback
	}
	type line struct {
		Day     string   `json:"ref_date"`
		ID      string   `json:"msgid"`
		Quiet   int      `json:"publish_type"` // 0: followers were told, 1: they were not
		Title   string   `json:"title"`
		URL     string   `json:"content_url"`
		Details []detail `json:"detail_list"`
	}
	err = s.published(ctx, a, days, longestCount, func(day string, p state.Published) func(state.Published, string, []state.Reading) {
		l := &line{Day: day, ID: msgID(p), Title: p.Title, URL: s.Base + state.ArticlePath(p.ID), Details: []detail{}}
		if p.How == state.ByPublish {
			l.Quiet = 1
		}
		list = append(list, l)
		return func(_ state.Published, stat string, read []state.Reading) {
			l.Details = append(l.Details, detail{stat, feedbackOf(read)})
		}
	})
	return list, err
}

// bizSummary is how all articles of an account were received, by day. WeChat docs: getbizsummary.
func (s *Server) bizSummary(ctx context.Context, a *state.Account, days span) (list []any, err error) {
	type line struct {
		Day    string   `json:"ref_date"`
		Detail feedback `json:"detail"`
	}
	err = days.days(func(day string, _, _ int64) error {
		whole, err := s.Store.ReadInAll(ctx, a.N, day, day, false)
		if err != nil {
			return err
		}
		split, err := s.Store.ReadByScene(ctx, a.N, day, day, false)
		list = append(list, line{day, feedbackOf(append(whole, split...))})
		return err
	})
	return list, err
}
