package client

import (
	"context"
	"net/url"
)

// ArticleType is a type of article.
type ArticleType string

// The types.
const (
	TypeNews    ArticleType = "news"    // a text with pictures
	TypePicture ArticleType = "newspic" // pictures with a text, without markup
)

// Limits of an article, in characters unless said otherwise. WeChat docs: api_draft_add.
const (
	ArticlesPerDraft = 8 // unverified
	ArticleTitle     = 32
	ArticleAuthor    = 16
	ArticleDigest    = 128
	ArticleContent   = 19_999
	ArticleBytes     = 1<<20 - 1 // of the content
	ArticleSourceURL = 1 << 10   // bytes
	ArticlePictures  = 20        // of TypePicture
)

// Article is one article of a draft or publication.
type Article struct {
	Type         ArticleType // "" is TypeNews
	Title        string
	Author       string
	Digest       string // by default the first 54 characters of the only article's text
	Content      string // HTML; WeChat removes scripts, and pictures that were not uploaded to it
	SourceURL    string // 阅读原文
	ThumbMediaID string // a permanent picture; not of TypePicture
	Pictures     []string
	// Pictures are the permanent pictures of TypePicture, the first of them is the cover.
	Comments     bool   // are open
	CommentsFans bool   // to followers only
	Crop235      string // part of the cover for 2.35:1, as X1_Y1_X2_Y2 in fractions of its sides
	Crop11       string // the same for 1:1

	URL      string // of answers: where it can be read; of a draft, for a while
	ThumbURL string // of answers
	Deleted  bool   // of published ones
}

// wireArticle is an Article as WeChat writes it.
type wireArticle struct {
	Type         ArticleType `json:"article_type"`
	Title        string      `json:"title"`
	Author       string      `json:"author,omitempty"`
	Digest       string      `json:"digest,omitempty"`
	Content      string      `json:"content"`
	SourceURL    string      `json:"content_source_url,omitempty"`
	ThumbMediaID string      `json:"thumb_media_id,omitempty"`
	Comments     int         `json:"need_open_comment"`
	CommentsFans int         `json:"only_fans_can_comment"`
	Crop235      string      `json:"pic_crop_235_1,omitempty"`
	Crop11       string      `json:"pic_crop_1_1,omitempty"`
	Images       *wireImages `json:"image_info,omitempty"`
	URL          string      `json:"url,omitempty"`
	ThumbURL     string      `json:"thumb_url,omitempty"`
	Deleted      bool        `json:"is_deleted,omitempty"`
}

type wireImages struct {
	List []wireImage `json:"image_list"`
}

type wireImage struct {
	MediaID string `json:"image_media_id"`
}

func flag(on bool) int {
	if on {
		return 1
	}
	return 0
}

func (a Article) wire() wireArticle {
	w := wireArticle{Type: a.Type, Title: a.Title, Author: a.Author, Digest: a.Digest, Content: a.Content, SourceURL: a.SourceURL,
		ThumbMediaID: a.ThumbMediaID, Comments: flag(a.Comments), CommentsFans: flag(a.CommentsFans), Crop235: a.Crop235, Crop11: a.Crop11}
	if w.Type == "" {
		w.Type = TypeNews
	}
	if len(a.Pictures) > 0 {
		w.Images = &wireImages{}
		for _, id := range a.Pictures {
			w.Images.List = append(w.Images.List, wireImage{id})
		}
	}
	return w
}

func (w wireArticle) article() Article {
	a := Article{Type: w.Type, Title: w.Title, Author: w.Author, Digest: w.Digest, Content: w.Content, SourceURL: w.SourceURL,
		ThumbMediaID: w.ThumbMediaID, Comments: w.Comments == 1, CommentsFans: w.CommentsFans == 1, Crop235: w.Crop235, Crop11: w.Crop11,
		URL: w.URL, ThumbURL: w.ThumbURL, Deleted: w.Deleted}
	if w.Images != nil {
		for _, image := range w.Images.List {
			a.Pictures = append(a.Pictures, image.MediaID)
		}
	}
	return a
}

// AddDraft puts 1 to ArticlesPerDraft articles into the draft box and returns the draft's media id. The draft vanishes
// when it is published or sent. WeChat docs: api_draft_add.
func (c *Client) AddDraft(ctx context.Context, articles []Article) (mediaID string, err error) {
	var v checks
	v.between("articles", int64(len(articles)), 1, ArticlesPerDraft)
	if err := v.err(); err != nil {
		return "", err
	}
	in := struct {
		Articles []wireArticle `json:"articles"`
	}{}
	for _, a := range articles {
		in.Articles = append(in.Articles, a.wire())
	}
	var out struct {
		MediaID string `json:"media_id"`
	}
	err = c.wire.do(ctx, request{path: "/cgi-bin/draft/add", in: in, out: &out})
	return out.MediaID, err
}

// UpdateDraft replaces the article at index, counted from 0. WeChat docs: api_draft_update.
func (c *Client) UpdateDraft(ctx context.Context, mediaID string, index int, a Article) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/draft/update", in: map[string]any{"media_id": mediaID, "index": index, "articles": a.wire()}})
}

// Draft is an entry of the draft box.
type Draft struct {
	MediaID   string
	Articles  []Article
	UpdatedAt int64 // unix seconds
}

type wireNews struct {
	Items   []wireArticle `json:"news_item"`
	Created int64         `json:"create_time"`
	Updated int64         `json:"update_time"`
}

func (n wireNews) articles() []Article {
	list := make([]Article, len(n.Items))
	for i, item := range n.Items {
		list[i] = item.article()
	}
	return list
}

// Draft reads a draft; 40007 when there is none, or none any more. WeChat docs: api_draft_get.
func (c *Client) Draft(ctx context.Context, mediaID string) (Draft, error) {
	var out wireNews
	err := c.wire.do(ctx, request{path: "/cgi-bin/draft/get", in: map[string]string{"media_id": mediaID}, out: &out})
	return Draft{MediaID: mediaID, Articles: out.articles(), UpdatedAt: out.Updated}, err
}

// DeleteDraft removes a draft for ever. WeChat docs: api_draft_delete.
func (c *Client) DeleteDraft(ctx context.Context, mediaID string) error {
	return c.wire.do(ctx, request{path: "/cgi-bin/draft/delete", in: map[string]string{"media_id": mediaID}})
}

// CountDrafts counts. WeChat docs: api_draft_count.
func (c *Client) CountDrafts(ctx context.Context) (int64, error) {
	var out struct {
		Total int64 `json:"total_count"`
	}
	err := c.wire.do(ctx, request{path: "/cgi-bin/draft/count", out: &out})
	return out.Total, err
}

// Drafts lists up to MaterialPage drafts from offset on, the last changed first, and how many there are; bare leaves the
// articles' texts out. WeChat docs: api_draft_batchget.
func (c *Client) Drafts(ctx context.Context, offset, count int, bare bool) (list []Draft, total int64, err error) {
	var v checks
	v.between("count", int64(count), 1, MaterialPage)
	if err := v.err(); err != nil {
		return nil, 0, err
	}
	var out struct {
		Total int64 `json:"total_count"`
		Items []struct {
			MediaID string   `json:"media_id"`
			Content wireNews `json:"content"`
			Updated int64    `json:"update_time"`
		} `json:"item"`
	}
	err = c.wire.do(ctx, request{path: "/cgi-bin/draft/batchget", in: map[string]any{"offset": offset, "count": count, "no_content": flag(bare)}, out: &out})
	for _, item := range out.Items {
		list = append(list, Draft{MediaID: item.MediaID, Articles: item.Content.articles(), UpdatedAt: item.Updated})
	}
	return list, out.Total, err
}

// DraftBox reports whether the account has the draft box; on turns it on, which cannot be undone. Every account has it
// since 2022. WeChat docs: api_draft_switch.
func (c *Client) DraftBox(ctx context.Context, on bool) (open bool, err error) {
	query := url.Values{}
	if !on {
		query.Set("checkonly", "1")
	}
	var out struct {
		Open int `json:"is_open"`
	}
	err = c.wire.do(ctx, request{path: "/cgi-bin/draft/switch", query: query, out: &out})
	return out.Open == 1, err
}
