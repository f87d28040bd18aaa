package api

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"weizheng/wechat/sandbox/state"
)

// readNumbers are what the six old statistics say of reading. The page behind 阅读原文 is not ours: its numbers are 0.
type readNumbers struct {
	Readers    int64 `json:"int_page_read_user"`
	Reads      int64 `json:"int_page_read_count"`
	Originals  int64 `json:"ori_page_read_user"`
	OriginalsN int64 `json:"ori_page_read_count"`
	Sharers    int64 `json:"share_user"`
	Shares     int64 `json:"share_count"`
	Keepers    int64 `json:"add_to_fav_user"`
	Kept       int64 `json:"add_to_fav_count"`
}

func (n *readNumbers) add(r state.Reading) {
	switch r.Kind {
	case state.ActRead:
		n.Readers, n.Reads = r.Users, r.Times
	case state.ActShare:
		n.Sharers, n.Shares = r.Users, r.Times
	case state.ActFavourite:
		n.Keepers, n.Kept = r.Users, r.Times
	}
}

// msgID is an article in statistics: what it was published by, and its place there from 1.
func msgID(a state.Published) string {
	return strconv.FormatInt(a.MsgDataID, 10) + "_" + strconv.Itoa(a.Place+1)
}

// allScenes is every way of coming together. WeChat docs: getuserread.
const allScenes = 99999999

// articleSummary is how the articles read on a day were read. WeChat docs: getarticlesummary.
func (s *Server) articleSummary(ctx context.Context, a *state.Account, days span) ([]any, error) {
	type line struct {
		Day    string `json:"ref_date"`
		Source int    `json:"user_source"`
		ID     string `json:"msgid"`
		Title  string `json:"title"`
		readNumbers
	}
	read, err := s.Store.ReadOn(ctx, a.N, days.begin())
	if err != nil {
		return nil, err
	}
	lines := map[int64]*line{}
	for _, r := range read {
		l := lines[r.Article]
		if l == nil {
			p, err := s.Store.PublishedN(ctx, r.Article)
			if err != nil {
				return nil, err
			}
			l = &line{Day: days.begin(), ID: msgID(p), Title: p.Title}
			lines[r.Article] = l
		}
		l.add(r)
	}
	return inOrder(lines), nil
}

// inOrder lists what is kept by article, the oldest article first.
func inOrder[T any](lines map[int64]T) (list []any) {
	for _, n := range slices.Sorted(maps.Keys(lines)) {
		list = append(list, lines[n])
	}
	return list
}

// articleTotal is how the articles sent on a day were read since, day by day for a week. WeChat docs: getarticletotal.
func (s *Server) articleTotal(ctx context.Context, a *state.Account, days span) (list []any, err error) {
	type detail struct {
		Day    string `json:"stat_date"`
		Target int64  `json:"target_user"`
		readNumbers
		totalScenes
	}
	type line struct {
		Day     string   `json:"ref_date"`
		ID      string   `json:"msgid"`
		Title   string   `json:"title"`
		Details []detail `json:"details"`
	}
	err = s.published(ctx, a, days, longestTotal, func(day string, p state.Published) (add func(state.Published, string, []state.Reading)) {
		l := &line{Day: day, ID: msgID(p), Title: p.Title, Details: []detail{}}
		list = append(list, l)
		return func(p state.Published, stat string, read []state.Reading) {
			d := detail{Day: stat}
			for _, r := range read {
				if r.Scene < 0 {
					d.readNumbers.add(r)
				}
				d.totalScenes.add(r)
			}
			l.Details = append(l.Details, d)
		}
	})
	return list, err
}

// totalScenes are the ways by which readers came and sharers shared, as getarticletotal names them.
type totalScenes struct {
	ChatReaders    int64 `json:"int_page_from_session_read_user"`
	ChatReads      int64 `json:"int_page_from_session_read_count"`
	HistoryReaders int64 `json:"int_page_from_hist_msg_read_user"`
	HistoryReads   int64 `json:"int_page_from_hist_msg_read_count"`
	FeedReaders    int64 `json:"int_page_from_feed_read_user"`
	FeedReads      int64 `json:"int_page_from_feed_read_count"`
	FriendReaders  int64 `json:"int_page_from_friends_read_user"`
	FriendReads    int64 `json:"int_page_from_friends_read_count"`
	OtherReaders   int64 `json:"int_page_from_other_read_user"`
	OtherReads     int64 `json:"int_page_from_other_read_count"`
	FriendSharers  int64 `json:"feed_share_from_session_user"`
	FriendShares   int64 `json:"feed_share_from_session_cnt"`
	FeedSharers    int64 `json:"feed_share_from_feed_user"`
	FeedShares     int64 `json:"feed_share_from_feed_cnt"`
	OtherSharers   int64 `json:"feed_share_from_other_user"`
	OtherShares    int64 `json:"feed_share_from_other_cnt"`
}

func (t *totalScenes) add(r state.Reading) {
	users, times := &t.OtherReaders, &t.OtherReads
	switch {
	case r.Scene < 0 || r.Kind != state.ActRead && r.Kind != state.ActShare:
		return
	case r.Kind == state.ActRead && r.Scene == state.Scenes["chat"]:
		users, times = &t.ChatReaders, &t.ChatReads
	case r.Kind == state.ActRead && r.Scene == state.Scenes["friend"]:
		users, times = &t.FriendReaders, &t.FriendReads
	case r.Kind == state.ActRead && r.Scene == state.Scenes["moments"]:
		users, times = &t.FeedReaders, &t.FeedReads
	case r.Kind == state.ActRead && r.Scene == state.Scenes["history"]:
		users, times = &t.HistoryReaders, &t.HistoryReads
	case r.Kind == state.ActShare && r.Scene == state.Scenes["friend"]:
		users, times = &t.FriendSharers, &t.FriendShares
	case r.Kind == state.ActShare && r.Scene == state.Scenes["moments"]:
		users, times = &t.FeedSharers, &t.FeedShares
	case r.Kind == state.ActShare:
		users, times = &t.OtherSharers, &t.OtherShares
	}
	*users, *times = *users+r.Users, *times+r.Times
}

// userRead is how an account's articles were read, by the way of coming. WeChat docs: getuserread, getuserreadhour.
func (s *Server) userRead(hourly bool) report {
	type line struct {
		Day    string `json:"ref_date"`
		Hour   *int   `json:"ref_hour,omitempty"`
		Source int    `json:"user_source"`
		readNumbers
	}
	return func(ctx context.Context, a *state.Account, days span) (list []any, err error) {
		err = s.eachReading(ctx, a, days, hourly, func(first bool, r state.Reading, hour *int) {
			if first {
				source := r.Scene
				if source < 0 {
					source = allScenes
				}
				list = append(list, &line{Day: r.Day, Hour: hour, Source: source})
			}
			list[len(list)-1].(*line).add(r)
		}, state.ActRead, state.ActShare, state.ActFavourite)
		return list, err
	}
}

// userShare is how an account's articles were shared. WeChat docs: getusershare, getusersharehour.
func (s *Server) userShare(hourly bool) report {
	type line struct {
		Day   string `json:"ref_date"`
		Hour  *int   `json:"ref_hour,omitempty"`
		Scene int    `json:"share_scene"` // 1 friends, 2 Moments, 255 others
		Count int64  `json:"share_count"`
		Users int64  `json:"share_user"`
	}
	return func(ctx context.Context, a *state.Account, days span) (list []any, err error) {
		err = s.eachReading(ctx, a, days, hourly, func(_ bool, r state.Reading, hour *int) {
			if r.Scene < 0 {
				return
			}
			scene := 255
			if r.Scene == state.Scenes["friend"] || r.Scene == state.Scenes["moments"] {
				scene = r.Scene
			}
			list = append(list, line{Day: r.Day, Hour: hour, Scene: scene, Count: r.Times, Users: r.Users})
		}, state.ActShare)
		return list, err
	}
}

// eachReading calls f with the numbers of the days in the order of time and scene, those without regard to scenes first; first
// tells that a new time or scene begins.
func (s *Server) eachReading(ctx context.Context, a *state.Account, days span, hourly bool, f func(first bool, r state.Reading, hour *int), of ...string) error {
	whole, err := s.Store.ReadInAll(ctx, a.N, days.begin(), days.end(), hourly)
	if err != nil {
		return err
	}
	split, err := s.Store.ReadByScene(ctx, a.N, days.begin(), days.end(), hourly)
	if err != nil {
		return err
	}
	all := slices.DeleteFunc(slices.Concat(whole, split), func(r state.Reading) bool { return !slices.Contains(of, r.Kind) })
	slices.SortStableFunc(all, func(x, y state.Reading) int {
		return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.Hour, y.Hour), cmp.Compare(x.Scene, y.Scene))
	})
	for i, r := range all {
		first := i == 0 || all[i-1].Day != r.Day || all[i-1].Hour != r.Hour || all[i-1].Scene != r.Scene
		var hour *int
		if hourly {
			hour = new(r.Hour * 100)
		}
		f(first, r, hour)
	}
	return nil
}
