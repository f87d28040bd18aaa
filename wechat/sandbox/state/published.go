package state

import (
	"context"
	"encoding/json"
	"strings"

	"weizheng/platform/db"
)

// Published is one article that was published.
type Published struct {
	Publication
	ArticleN int64
	ID       string // in its address
	Place    int    // in its publication, from 0
	Article
	State    string
	Talk     bool // comments are open
	FansOnly bool // to followers

	Reads, Shares, Likes, Favourites, Comments int64
}

// ArticlePath is where an article can be read, on the sandbox.
func ArticlePath(id string) string { return "/s/" + id }

// ArticleID is the id in an article's address; "" in another.
func ArticleID(address string) string {
	_, id, _ := strings.Cut(address, ArticlePath(""))
	return id
}

const publishedColumns = `p.n, p.account, p.article_id, p.how, p.msg_data_id, p.history, p.made_at, p.updated_at, a.n, a.id, a.place, a.doc,
	a.state, a.talk, a.fans_only, a.reads, a.shares, a.likes, a.favourites, a.comments`

const publishedTables = " from article a join publication p on p.n=a.publication "

func scanPublished(scan db.Scan) (Published, error) {
	var a Published
	var doc []byte
	p := &a.Publication
	if err := scan(&p.N, &p.Account, &p.ArticleID, &p.How, &p.MsgDataID, &p.History, &p.MadeAt, &p.UpdatedAt, &a.ArticleN, &a.ID,
		&a.Place, &doc, &a.State, &a.Talk, &a.FansOnly, &a.Reads, &a.Shares, &a.Likes, &a.Favourites, &a.Comments); err != nil {
		return a, err
	}
	return a, json.Unmarshal(doc, &a.Article)
}

// Published finds an article by the id in its address; ErrNoArticle.
func (s *Store) Published(ctx context.Context, q db.Queryer, id string) (Published, error) {
	a, err := db.One(ctx, q, scanPublished, "select "+publishedColumns+publishedTables+"where a.id=$1", id)
	return a, none(err, ErrNoArticle)
}

// PublishedIn lists the articles of a publication in their order.
func (s *Store) PublishedIn(ctx context.Context, q db.Queryer, publication int64) ([]Published, error) {
	return db.All(ctx, q, scanPublished, "select "+publishedColumns+publishedTables+"where a.publication=$1 order by a.place", publication)
}

// PublishedByData finds the article of an account at a place of what has that msg_data_id; ErrNoArticle.
func (s *Store) PublishedByData(ctx context.Context, q db.Queryer, account, msgDataID int64, place int) (Published, error) {
	a, err := db.One(ctx, q, scanPublished, "select "+publishedColumns+publishedTables+`where p.account=$1 and p.msg_data_id=$2
		and a.place=$3`, account, msgDataID, place)
	return a, none(err, ErrNoArticle)
}

// PublishedList lists what an account published before the article number "before" (0: the newest), newest first: what
// stands on its history page, or everything.
func (s *Store) PublishedList(ctx context.Context, account int64, all bool, before int64, limit int) ([]Published, error) {
	if before <= 0 {
		before = 1 << 62
	}
	return db.All(ctx, s.db, scanPublished, "select "+publishedColumns+publishedTables+`where a.account=$1 and a.n<$2
		and p.how<>$3 and ($4 or p.history and a.state='') order by a.n desc limit $5`, account, before, ByPreview, all, limit)
}

// SetArticleState deletes or bans articles of a publication: the one at place, or all for -1.
func (s *Store) SetArticleState(ctx context.Context, tx *db.Tx, p Publication, place int, state string) error {
	if _, err := tx.Exec(ctx, "update article set state=$1 where publication=$2 and ($3<0 or place=$3)", state, p.N, place); err != nil {
		return err
	}
	return s.touchPublication(ctx, tx, p.N)
}
