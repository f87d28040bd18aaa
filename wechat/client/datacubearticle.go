package client

import "context"

// Reading is how articles were read: by so many people, so often.
type Reading struct {
	Readers   int64 `json:"int_page_read_user"`
	Reads     int64 `json:"int_page_read_count"`
	Originals int64 `json:"ori_page_read_user"` // of the page behind 阅读原文
	Sharers   int64 `json:"share_user"`
	Shares    int64 `json:"share_count"`
	Keepers   int64 `json:"add_to_fav_user"`
	Kept      int64 `json:"add_to_fav_count"`
}

// ArticleDay is how one article was read on a day. ID is its msg_data_id and its place from 1: 12003_3.
type ArticleDay struct {
	Day   string `json:"ref_date"`
	ID    string `json:"msgid"`
	Title string `json:"title"`
	Reading
}

// ArticleSummary lists the articles read on a day. WeChat does not maintain it any more. WeChat docs: getarticlesummary.
func (c *Client) ArticleSummary(ctx context.Context, day string) ([]ArticleDay, error) {
	return statistic[ArticleDay](ctx, c, "getarticlesummary", Days{day, day})
}

// ArticleSince is how an article was read since it was sent, up to each day of a week.
type ArticleSince struct {
	Day     string `json:"ref_date"`
	ID      string `json:"msgid"`
	Title   string `json:"title"`
	Details []struct {
		Day string `json:"stat_date"`
		Reading
	} `json:"details"`
}

// ArticleTotal lists the articles sent on a day. WeChat does not maintain it any more. WeChat docs: getarticletotal.
func (c *Client) ArticleTotal(ctx context.Context, day string) ([]ArticleSince, error) {
	return statistic[ArticleSince](ctx, c, "getarticletotal", Days{day, day})
}

// ReadingBy is how an account's articles were read by one way of coming.
type ReadingBy struct {
	Day    string `json:"ref_date"`
	Hour   int    `json:"ref_hour"`    // of Hourly
	Source int    `json:"user_source"` // 99999999 all, 0 chat, 1 friends, 2 Moments, 4 history, 5 others, 6 看一看, 7 搜一搜
	Reading
}

// UserRead lists how an account's articles were read: at most 3 days, by the hour 1. WeChat does not maintain it any more.
// WeChat docs: getuserread, getuserreadhour.
func (c *Client) UserRead(ctx context.Context, by Step, d Days) ([]ReadingBy, error) {
	return statistic[ReadingBy](ctx, c, "getuserread"+string(by), d)
}

// SharingBy is how an account's articles were shared one way.
type SharingBy struct {
	Day   string `json:"ref_date"`
	Hour  int    `json:"ref_hour"`    // of Hourly
	Scene int    `json:"share_scene"` // 1 friends, 2 Moments, 255 others
	Count int64  `json:"share_count"`
	Users int64  `json:"share_user"`
}

// UserShare lists how an account's articles were shared: at most 7 days, by the hour 1. WeChat does not maintain it any
// more. WeChat docs: getusershare, getusersharehour.
func (c *Client) UserShare(ctx context.Context, by Step, d Days) ([]SharingBy, error) {
	return statistic[SharingBy](ctx, c, "getusershare"+string(by), d)
}

// Reception is how articles were received; what a statistic does not tell is zero.
type Reception struct {
	Readers int64 `json:"read_user"`
	ByScene []struct {
		Name  string `json:"scene_desc"` // 全部 and the ways of coming
		Users int64  `json:"user_count"`
	} `json:"read_user_source"`
	Sharers  int64 `json:"share_user"`
	Lookers  int64 `json:"zaikan_user"`
	Likers   int64 `json:"like_user"`
	Comments int64 `json:"comment_count"`
	Keepers  int64 `json:"collection_user"`
}

// ArticleReception is how one article was received on a day.
type ArticleReception struct {
	Day    string    `json:"ref_date"`
	ID     string    `json:"msgid"`
	Detail Reception `json:"detail"`
}

// ArticleReads lists the articles read on a day, from 2025-11-01 on. late: the newest numbers are missing.
// WeChat docs: getarticleread.
func (c *Client) ArticleReads(ctx context.Context, day string) (list []ArticleReception, late bool, err error) {
	return lateStatistic[ArticleReception](ctx, c, "getarticleread", Days{day, day})
}

// ArticleShares lists the articles shared on a day, from 2025-11-01 on. WeChat docs: getarticleshare.
func (c *Client) ArticleShares(ctx context.Context, day string) (list []ArticleReception, late bool, err error) {
	return lateStatistic[ArticleReception](ctx, c, "getarticleshare", Days{day, day})
}

// ArticleHistory is how an article was received since its publication, up to each of 30 days.
type ArticleHistory struct {
	Day     string `json:"ref_date"`
	ID      string `json:"msgid"`
	Quiet   int    `json:"publish_type"` // 0: followers were told, 1: they were not
	Title   string `json:"title"`
	URL     string `json:"content_url"`
	Details []struct {
		Day string `json:"stat_date"`
		Reception
	} `json:"detail_list"`
}

// ArticleHistories lists what was published on a day, from 2025-11-01 on. WeChat docs: getarticletotaldetail.
func (c *Client) ArticleHistories(ctx context.Context, day string) (list []ArticleHistory, late bool, err error) {
	return lateStatistic[ArticleHistory](ctx, c, "getarticletotaldetail", Days{day, day})
}

// AccountReception is how all articles of an account were received on a day.
type AccountReception struct {
	Day    string    `json:"ref_date"`
	Detail Reception `json:"detail"`
}

// AccountReceptions lists how an account's articles were received; at most 30 days, from 2025-11-01 on.
// WeChat docs: getbizsummary.
func (c *Client) AccountReceptions(ctx context.Context, d Days) (list []AccountReception, late bool, err error) {
	return lateStatistic[AccountReception](ctx, c, "getbizsummary", d)
}
