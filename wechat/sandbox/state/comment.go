package state

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// ErrNoComment is about a comment that there is not.
var ErrNoComment = errs.New(errs.NotFound, "sandbox.unknown_comment")

// Comment is what a citizen wrote under an article.
type Comment struct {
	N, Article, Account, Citizen int64
	OpenID, Content              string
	At                           int64 // civil
	Elected                      bool  // everybody sees it
	Reply                        string
	ReplyAt                      int64
}

const commentColumns = "n, article, account, citizen, openid, content, at, elected, reply, reply_at"

func scanComment(scan db.Scan) (Comment, error) {
	var c Comment
	err := scan(&c.N, &c.Article, &c.Account, &c.Citizen, &c.OpenID, &c.Content, &c.At, &c.Elected, &c.Reply, &c.ReplyAt)
	return c, err
}

// AddComment keeps a new comment, written now.
func (s *Store) AddComment(ctx context.Context, tx *db.Tx, c Comment) (Comment, error) {
	c.At = s.Civil()
	return c, tx.QueryRow(ctx, `insert into comment (article, account, citizen, openid, content, at, elected, reply, reply_at)
		values ($1, $2, $3, $4, $5, $6, $7, '', 0) returning n`, c.Article, c.Account, c.Citizen, c.OpenID, c.Content, c.At, false).Scan(&c.N)
}

// CommentsOf lists the comments of an article: all (kind 0), or those that are not (1) or are (2) elected; the oldest first.
func (s *Store) CommentsOf(ctx context.Context, article int64, kind, begin, limit int) ([]Comment, error) {
	return db.All(ctx, s.db, scanComment, "select "+commentColumns+` from comment where article=$1
		and ($2=0 or elected=($2=2)) order by n limit $3 offset $4`, article, kind, limit, begin)
}

// CountComments counts what CommentsOf lists.
func (s *Store) CountComments(ctx context.Context, q db.Queryer, article int64, kind int) (int64, error) {
	return db.One(ctx, q, db.Value[int64], "select count(*) from comment where article=$1 and ($2=0 or elected=($2=2))", article, kind)
}

// CommentsSeen lists what a citizen sees under an article before the comment "before" (0: the newest), newest first: the
// elected ones and their own, or all.
func (s *Store) CommentsSeen(ctx context.Context, article, citizen int64, all bool, before int64, limit int) ([]Comment, error) {
	if before <= 0 {
		before = 1 << 62
	}
	return db.All(ctx, s.db, scanComment, "select "+commentColumns+` from comment where article=$1 and n<$2
		and (elected or citizen=$3 or $4) order by n desc limit $5`, article, before, citizen, all, limit)
}

// Comment finds a comment of an article; ErrNoComment.
func (s *Store) Comment(ctx context.Context, q db.Queryer, article, n int64) (Comment, error) {
	c, err := db.One(ctx, q, scanComment, "select "+commentColumns+" from comment where n=$1 and article=$2", n, article)
	return c, none(err, ErrNoComment)
}

// SaveComment writes what can change of a comment: whether it is elected, and the reply.
func (s *Store) SaveComment(ctx context.Context, tx *db.Tx, c Comment) error {
	s.hintArticles(tx)
	return db.ExpectOne(tx.Exec(ctx, "update comment set elected=$1, reply=$2, reply_at=$3 where n=$4", c.Elected, c.Reply, c.ReplyAt, c.N))
}

// DeleteComment removes a comment; the article counts one less.
func (s *Store) DeleteComment(ctx context.Context, tx *db.Tx, c Comment) error {
	s.hintArticles(tx)
	if err := db.ExpectOne(tx.Exec(ctx, "delete from comment where n=$1", c.N)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "update article set comments=comments-1 where n=$1", c.Article)
	return err
}

// hintArticles tells readers who have an article open that something about it changed.
func (s *Store) hintArticles(tx *db.Tx) {
	tx.AfterCommit(func() { s.Hint(Hint{Topic: "article"}) })
}

// SetTalk opens or closes the comments of an article.
func (s *Store) SetTalk(ctx context.Context, tx *db.Tx, a Published, open bool) error {
	s.hintArticles(tx)
	return db.ExpectOne(tx.Exec(ctx, "update article set talk=$1 where n=$2", open, a.ArticleN))
}
