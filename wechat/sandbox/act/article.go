package act

import (
	"context"
	"unicode/utf8"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// What a reader may be refused for.
var (
	ErrNotReadable    = errs.New(errs.Conflict, "sandbox.not_readable")
	ErrCommentsClosed = errs.New(errs.Conflict, "sandbox.comments_closed")
)

// longestComment is of a citizen's comment, in characters (unverified).
const longestComment = 600

// articleActs are what a reader can do, and the scene that is meant without one.
var articleActs = map[string]string{
	state.ActRead: "chat", state.ActShare: "friend", state.ActLike: "other", state.ActFavourite: "other",
}

// OnArticle has a citizen read, share, like or keep an article; undo takes the last two back.
func (x *Acts) OnArticle(ctx context.Context, id, citizen, kind, scene string, undo bool) error {
	number, err := sceneOf(kind, scene)
	if err != nil {
		return err
	}
	if undo && (kind == state.ActRead || kind == state.ActShare) {
		return invalid("undo", "kind")
	}
	c, err := x.Store.Citizen(ctx, citizen)
	if err != nil {
		return err
	}
	return x.Store.Write(ctx, func(tx *db.Tx) error {
		a, err := x.readable(ctx, tx, id)
		if err != nil {
			return err
		}
		if undo {
			return x.Store.UndoAct(ctx, tx, a, c.N, kind)
		}
		return x.Store.CountAct(ctx, tx, a, c.N, kind, number)
	})
}

func (x *Acts) readable(ctx context.Context, q db.Queryer, id string) (state.Published, error) {
	a, err := x.Store.Published(ctx, q, id)
	if err == nil && a.State != state.Readable {
		err = ErrNotReadable
	}
	return a, err
}

// Comment writes a citizen's comment under an article; others see it once the account elects it.
func (x *Acts) Comment(ctx context.Context, id, citizen, content string) (state.Comment, error) {
	if content == "" || utf8.RuneCountInString(content) > longestComment {
		return state.Comment{}, invalid("content", "length")
	}
	c, err := x.Store.Citizen(ctx, citizen)
	if err != nil {
		return state.Comment{}, err
	}
	var made state.Comment
	err = x.Store.Write(ctx, func(tx *db.Tx) error {
		a, err := x.readable(ctx, tx, id)
		if err != nil {
			return err
		}
		account := x.Store.AccountN(a.Account)
		if !a.Talk || account.CommentsOff {
			return ErrCommentsClosed
		}
		contact, err := x.Store.Meet(ctx, tx, account, c)
		if err != nil {
			return err
		}
		if a.FansOnly && !contact.Subscribed {
			return state.ErrNotFollowing
		}
		if err := x.Store.CountAct(ctx, tx, a, c.N, state.ActComment, state.Scenes["other"]); err != nil {
			return err
		}
		made, err = x.Store.AddComment(ctx, tx, state.Comment{Article: a.ArticleN, Account: a.Account, Citizen: c.N, OpenID: contact.OpenID,
			Content: content})
		return err
	})
	return made, err
}

// Ban has WeChat take an article down.
func (x *Acts) Ban(ctx context.Context, id string) error {
	return x.Store.Write(ctx, func(tx *db.Tx) error {
		a, err := x.readable(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := x.Store.SetArticleState(ctx, tx, a.Publication, a.Place, state.Banned); err != nil {
			return err
		}
		return x.Store.SettlePublish(ctx, tx, a.Publication, state.Banned)
	})
}
