package client

import (
	"context"
	"encoding/json"
)

// The states of a publication. WeChat docs: api_freepublish_get.
const (
	PublishDone     = 0
	PublishRunning  = 1
	PublishOriginal = 2 // the original check failed
	PublishFailed   = 3
	PublishRefused  = 4 // by the platform's review
	PublishDeleted  = 5 // it was published and all of it deleted
	PublishBanned   = 6 // it was published and all of it banned
)

// PublishJob is a publication that was asked for.
type PublishJob struct {
	ID        string `json:"publish_id"`
	MsgDataID int64  `json:"msg_data_id"` // by which comments are read
}

// Publish publishes a draft: nobody is told, and it stands on no history page. How it ends is told by the event
// PUBLISHJOBFINISH and by PublishStatus; a call without an answer may have been taken, and is never repeated here.
// WeChat docs: api_freepublish_submit.
func (c *Client) Publish(ctx context.Context, mediaID string) (PublishJob, error) {
	var out struct {
		ID        json.Number `json:"publish_id"` // documented as a text, seen as a number: both are read
		MsgDataID int64       `json:"msg_data_id"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/freepublish/submit", in: map[string]string{"media_id": mediaID}, out: &out})
	return PublishJob{ID: out.ID.String(), MsgDataID: out.MsgDataID}, err
}

// PublishStatus is how far a publication is.
type PublishStatus struct {
	Status    int
	ArticleID string
	URLs      []string // of the articles in their order, of what was published
	FailIdx   []int    // articles that failed, from 1
}

// PublishStatus asks. WeChat docs: api_freepublish_get.
func (c *Client) PublishStatus(ctx context.Context, publishID string) (PublishStatus, error) {
	var out struct {
		Status    int    `json:"publish_status"`
		ArticleID string `json:"article_id"`
		Detail    struct {
			Items []struct {
				URL string `json:"article_url"`
			} `json:"item"`
		} `json:"article_detail"`
		FailIdx []int `json:"fail_idx"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/freepublish/get", in: map[string]string{"publish_id": publishID}, out: &out})
	got := PublishStatus{Status: out.Status, ArticleID: out.ArticleID, FailIdx: out.FailIdx}
	for _, item := range out.Detail.Items {
		got.URLs = append(got.URLs, item.URL)
	}
	return got, err
}

// DeletePublished deletes the article at index, counted from 1, for ever; 0 deletes all of the publication.
// WeChat docs: api_freepublishdelete.
func (c *Client) DeletePublished(ctx context.Context, articleID string, index int) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/freepublish/delete", in: map[string]any{"article_id": articleID, "index": index}})
}

// Published is what was published at once.
type Published struct {
	ArticleID string
	Articles  []Article
	UpdatedAt int64 // unix seconds
}

// Published reads a publication. WeChat docs: api_freepublishgetarticle.
func (c *Client) Published(ctx context.Context, articleID string) (Published, error) {
	var out wireNews
	err := c.wire.do(ctx, request{path: "/cgi-bin/freepublish/getarticle", in: map[string]string{"article_id": articleID}, out: &out})
	return Published{ArticleID: articleID, Articles: out.articles(), UpdatedAt: out.Updated}, err
}

// PublishedList lists up to MaterialPage publications from offset on, the newest first, and how many there are; bare
// leaves the articles' texts out. WeChat docs: api_freepublish_batchget.
func (c *Client) PublishedList(ctx context.Context, offset, count int, bare bool) (list []Published, total int64, err error) {
	var v checks
	v.between("count", int64(count), 1, MaterialPage)
	if err := v.err(); err != nil {
		return nil, 0, err
	}
	var out struct {
		Total int64 `json:"total_count"`
		Items []struct {
			ArticleID string   `json:"article_id"`
			Content   wireNews `json:"content"`
			Updated   int64    `json:"update_time"`
		} `json:"item"`
	}
	err = c.wire.do(ctx, request{path: "/cgi-bin/freepublish/batchget", in: map[string]any{"offset": offset, "count": count, "no_content": flag(bare)}, out: &out})
	for _, item := range out.Items {
		list = append(list, Published{ArticleID: item.ArticleID, Articles: item.Content.articles(), UpdatedAt: item.Updated})
	}
	return list, out.Total, err
}
