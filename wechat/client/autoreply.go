package client

import "context"

// AutoReply is one automatic reply of the website.
type AutoReply struct {
	Type    string `json:"type"`    // text, img, voice, video, news
	Content string `json:"content"` // the text, or a media id
	News    struct {
		List []struct {
			Title     string `json:"title"`
			Author    string `json:"author"`
			Digest    string `json:"digest"`
			CoverURL  string `json:"cover_url"`
			URL       string `json:"content_url"`
			SourceURL string `json:"source_url"`
		} `json:"list"`
	} `json:"news_info"`
}

// AutoReplies are the rules of automatic replies that were made by hand on the account's website.
type AutoReplies struct {
	OnFollow int       `json:"is_add_friend_reply_open"` // 1: on
	On       int       `json:"is_autoreply_open"`        // 1: on
	Follow   AutoReply `json:"add_friend_autoreply_info"`
	Default  AutoReply `json:"message_default_autoreply_info"`
	Keywords struct {
		List []struct {
			Name     string `json:"rule_name"`
			At       int64  `json:"create_time"` // unix seconds
			Mode     string `json:"reply_mode"`  // reply_all, random_one
			Keywords []struct {
				Type    string `json:"type"`
				Match   string `json:"match_mode"` // contain, equal
				Content string `json:"content"`
			} `json:"keyword_list_info"`
			Replies []AutoReply `json:"reply_list_info"`
		} `json:"list"`
	} `json:"keyword_autoreply_info"`
}

// AutoReplies reads them, to take them over. WeChat docs: get_current_autoreply_info.
func (c *Client) AutoReplies(ctx context.Context) (AutoReplies, error) {
	var out AutoReplies
	err := c.wire.do(ctx, request{path: "/cgi-bin/get_current_autoreply_info", out: &out})
	return out, err
}
