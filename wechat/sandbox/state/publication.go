package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// How articles came to be read.
const (
	ByPublish = "publish"
	ByMass    = "mass"
	ByPreview = "preview" // shown to one person; in no list
)

// The states of a published article.
const (
	Readable = ""
	Deleted  = "deleted" // by the account
	Banned   = "banned"  // by WeChat
)

// ErrNoArticle is about an article that there is not.
var ErrNoArticle = errs.New(errs.NotFound, "sandbox.unknown_article")

// Publication is what is published at once: one article, or up to eight.
type Publication struct {
	N, Account        int64
	ArticleID         string // article_id
	How               string
	MsgDataID         int64
	History           bool // stands on the account's history page
	MadeAt, UpdatedAt int64
}

const publicationColumns = "n, account, article_id, how, msg_data_id, history, made_at, updated_at"

func scanPublication(scan db.Scan) (Publication, error) {
	var p Publication
	err := scan(&p.N, &p.Account, &p.ArticleID, &p.How, &p.MsgDataID, &p.History, &p.MadeAt, &p.UpdatedAt)
	return p, err
}

// NextMsgDataID is a new id for the data of articles, unique among all accounts.
func (s *Store) NextMsgDataID(ctx context.Context, tx *db.Tx) (int64, error) {
	n, err := nextSerial(ctx, tx, "msg_data")
	return 2_247_483_646 + n, err // as large as WeChat's are, beyond 31 bits
}

// AddPublication makes articles readable, as of now, and fills in what identifies them.
func (s *Store) AddPublication(ctx context.Context, tx *db.Tx, p Publication, list []Article, state string) (Publication, []Published, error) {
	p.ArticleID, p.MadeAt, p.UpdatedAt = RandomText(43), s.Civil(), s.Civil()
	err := tx.QueryRow(ctx, `insert into publication (account, article_id, how, msg_data_id, history, made_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7) returning n`, p.Account, p.ArticleID, p.How, p.MsgDataID, p.History, p.MadeAt,
		p.UpdatedAt).Scan(&p.N)
	if err != nil {
		return p, nil, err
	}
	made := make([]Published, len(list))
	for i, a := range list {
		doc, err := json.Marshal(a)
		if err != nil {
			return p, nil, err
		}
		made[i] = Published{Publication: p, ID: RandomText(22), Place: i, Article: a, State: state, Talk: a.OpenComment == 1, FansOnly: a.FansComment == 1}
		m := &made[i]
		if err := tx.QueryRow(ctx, `insert into article (id, publication, account, place, doc, state, talk, fans_only, reads, shares,
			likes, favourites, comments) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0) returning n`, m.ID, p.N, p.Account,
			i, string(doc), state, m.Talk, m.FansOnly).Scan(&m.ArticleN); err != nil {
			return p, nil, err
		}
	}
	if p.How != ByPreview {
		if a := s.AccountN(p.Account); a != nil {
			tx.AfterCommit(func() { s.Hint(Hint{Topic: "articles", Account: a.ID}) })
		}
	}
	return p, made, nil
}

// PublicationOf finds a publication by its article_id; ErrNoArticle when the account has none of it.
func (s *Store) PublicationOf(ctx context.Context, q db.Queryer, account int64, articleID string) (Publication, error) {
	p, err := db.One(ctx, q, scanPublication, "select "+publicationColumns+" from publication where article_id=$1 and account=$2 and how=$3",
		articleID, account, ByPublish)
	return p, none(err, ErrNoArticle)
}

// CountPublications is how many publications of a kind are there of which not everything was deleted.
func (s *Store) CountPublications(ctx context.Context, account int64, how string) (int64, error) {
	return db.One(ctx, s.db, db.Value[int64], `select count(*) from publication p where p.account=$1 and p.how=$2
		and exists (select 1 from article a where a.publication=p.n and a.state<>'deleted')`, account, how)
}

// Publications lists them, the newest first.
func (s *Store) Publications(ctx context.Context, account int64, how string, offset, limit int) ([]Publication, error) {
	return db.All(ctx, s.db, scanPublication, "select "+publicationColumns+` from publication p where p.account=$1 and p.how=$2
		and exists (select 1 from article a where a.publication=p.n and a.state<>'deleted')
		order by p.n desc limit $3 offset $4`, account, how, limit, offset)
}

// touchPublication notes that a publication changed.
func (s *Store) touchPublication(ctx context.Context, tx *db.Tx, n int64) error {
	_, err := tx.Exec(ctx, "update publication set updated_at=$1 where n=$2", s.Civil(), n)
	return err
}
