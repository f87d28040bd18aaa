package state

import (
	"context"
	"encoding/json"
	"strconv"

	"weizheng/platform/db"
)

// The types of article.
const (
	News    = "news"
	NewsPic = "newspic" // pictures with a text
)

// Article is one article, as WeChat's JSON has it.
type Article struct {
	Type         string          `json:"article_type"`
	Title        string          `json:"title"`
	Author       string          `json:"author"`
	Digest       string          `json:"digest"`
	Content      string          `json:"content"`
	SourceURL    string          `json:"content_source_url"`
	ThumbMediaID string          `json:"thumb_media_id"`
	OpenComment  int             `json:"need_open_comment"`
	FansComment  int             `json:"only_fans_can_comment"`
	Crop235      string          `json:"pic_crop_235_1,omitempty"`
	Crop11       string          `json:"pic_crop_1_1,omitempty"`
	ImageInfo    *ImageInfo      `json:"image_info,omitempty"`
	CoverInfo    json.RawMessage `json:"cover_info,omitempty"`
	ProductInfo  json.RawMessage `json:"product_info,omitempty"`
}

// ImageInfo are the pictures of a newspic.
type ImageInfo struct {
	List []struct {
		MediaID string `json:"image_media_id"`
	} `json:"image_list"`
}

// Cover is the material that stands for the article in lists.
func (a Article) Cover() string {
	if a.Type == NewsPic && a.ImageInfo != nil && len(a.ImageInfo.List) > 0 {
		return a.ImageInfo.List[0].MediaID
	}
	return a.ThumbMediaID
}

// Draft is what an account may publish.
type Draft struct {
	N, Account        int64
	MediaID           string
	Articles          []Article
	MadeAt, UpdatedAt int64 // civil
}

// DraftPath is where a draft's article can be looked at, on the sandbox; index counts from 0.
func DraftPath(mediaID string, index int) string {
	return "/s/draft/" + mediaID + "/" + strconv.Itoa(index)
}

const draftColumns = "n, account, media_id, doc, made_at, updated_at"

func scanDraft(scan db.Scan) (Draft, error) {
	var d Draft
	var doc []byte
	if err := scan(&d.N, &d.Account, &d.MediaID, &doc, &d.MadeAt, &d.UpdatedAt); err != nil {
		return d, err
	}
	return d, json.Unmarshal(doc, &d.Articles)
}

// AddDraft keeps a draft; without a media id and times it is a new one.
func (s *Store) AddDraft(ctx context.Context, tx *db.Tx, d Draft) (Draft, error) {
	if d.MediaID == "" {
		d.MediaID, d.MadeAt, d.UpdatedAt = RandomText(64), s.Civil(), s.Civil()
	}
	doc, err := json.Marshal(d.Articles)
	if err != nil {
		return d, err
	}
	err = tx.QueryRow(ctx, "insert into draft (account, media_id, doc, made_at, updated_at) values ($1, $2, $3, $4, $5) returning n",
		d.Account, d.MediaID, string(doc), d.MadeAt, d.UpdatedAt).Scan(&d.N)
	return d, err
}

// SaveDraft replaces a draft's articles.
func (s *Store) SaveDraft(ctx context.Context, tx *db.Tx, d Draft) error {
	doc, err := json.Marshal(d.Articles)
	if err != nil {
		return err
	}
	return db.ExpectOne(tx.Exec(ctx, "update draft set doc=$1, updated_at=$2 where n=$3", string(doc), s.Civil(), d.N))
}

// Draft finds an account's draft; ErrNoMedia when there is none of that id.
func (s *Store) Draft(ctx context.Context, q db.Queryer, account int64, mediaID string) (Draft, error) {
	d, err := db.One(ctx, q, scanDraft, "select "+draftColumns+" from draft where media_id=$1 and account=$2", mediaID, account)
	return d, none(err, ErrNoMedia)
}

// DraftByID finds a draft of whatever account.
func (s *Store) DraftByID(ctx context.Context, mediaID string) (Draft, error) {
	d, err := db.One(ctx, s.db, scanDraft, "select "+draftColumns+" from draft where media_id=$1", mediaID)
	return d, none(err, ErrNoArticle)
}

// RemoveDraft takes a draft out of the box.
func (s *Store) RemoveDraft(ctx context.Context, tx *db.Tx, d Draft) error {
	return db.ExpectOne(tx.Exec(ctx, "delete from draft where n=$1", d.N))
}

// CountDrafts is how many drafts an account has.
func (s *Store) CountDrafts(ctx context.Context, account int64) (int64, error) {
	return db.One(ctx, s.db, db.Value[int64], "select count(*) from draft where account=$1", account)
}

// Drafts lists an account's drafts, the last changed first.
func (s *Store) Drafts(ctx context.Context, account int64, offset, limit int) ([]Draft, error) {
	return db.All(ctx, s.db, scanDraft, "select "+draftColumns+` from draft where account=$1
		order by updated_at desc, n desc limit $2 offset $3`, account, limit, offset)
}
