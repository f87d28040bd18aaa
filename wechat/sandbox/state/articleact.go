package state

import (
	"context"
	"slices"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// What citizens do with articles.
const (
	ActRead      = "read"
	ActShare     = "share"
	ActLike      = "like"
	ActFavourite = "favourite"
	ActComment   = "comment"
)

// Scenes are where a reader came from, or where a share went, by the numbers of WeChat's statistics (user_source).
// WeChat docs: getuserread.
var Scenes = map[string]int{"chat": 0, "friend": 1, "moments": 2, "history": 4, "other": 5, "look": 6, "search": 7}

// actColumns count an act at its article.
var actColumns = map[string]string{
	ActRead: "reads", ActShare: "shares", ActLike: "likes", ActFavourite: "favourites", ActComment: "comments",
}

// once are the acts that a citizen has done or not.
var once = []string{ActLike, ActFavourite}

// CountAct counts an act of a citizen, now. Who likes an article already does not like it twice.
func (s *Store) CountAct(ctx context.Context, tx *db.Tx, a Published, citizen int64, kind string, scene int) error {
	if slices.Contains(once, kind) {
		done, err := s.Did(ctx, tx, a, citizen, kind)
		if err != nil || done {
			return err
		}
	}
	return s.countActs(ctx, tx, a, []int64{citizen}, kind, scene)
}

// countActs counts the same act of some hundred citizens at most, now.
func (s *Store) countActs(ctx context.Context, tx *db.Tx, a Published, citizens []int64, kind string, scene int) error {
	at := s.civil.Now()
	d := deed{a.ArticleN, clock.Day(at), at.In(clock.Zone).Hour(), scene}
	in, args := placeholders(citizens, 8)
	added, err := db.All(ctx, tx, func(scan db.Scan) (r addedDeed, err error) {
		err = scan(&r.citizen, &r.times)
		return r, err
	}, `insert into article_deed (article, kind, citizen, day, hour, scene, account, times, first_at)
		select $1, $2, n, $3, $4, $5, $6, 1, $7 from citizen where n in (`+in+`)
		on conflict (article, kind, citizen, day, hour, scene) do update set times=article_deed.times+1 returning citizen, times`,
		append([]any{d.article, kind, d.day, d.hour, d.scene, a.Account, clock.Millis(at)}, args...)...)
	if err != nil {
		return err
	}
	var first []int64 // those who had not done it in this hour from this scene
	for _, r := range added {
		if r.times == 1 {
			first = append(first, r.citizen)
		}
	}
	if err := s.count(ctx, tx, a.Account, kind, d, first, len(added), 1); err != nil {
		return err
	}
	return s.addCount(ctx, tx, a, kind, len(added))
}

type addedDeed struct{ citizen, times int64 }

// Did reports whether a citizen likes or keeps an article.
func (s *Store) Did(ctx context.Context, q db.Queryer, a Published, citizen int64, kind string) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int64], "select count(*) from article_deed where article=$1 and kind=$3 and citizen=$2", a.ArticleN, citizen, kind)
	return n > 0, err
}

// UndoAct takes a like or a favourite back; the statistics of its day and hour lose it, too.
func (s *Store) UndoAct(ctx context.Context, tx *db.Tx, a Published, citizen int64, kind string) error {
	if !slices.Contains(once, kind) {
		return nil
	}
	rows, err := db.All(ctx, tx, scanDeed, `delete from article_deed where article=$1 and citizen=$2 and kind=$3
		returning citizen, article, day, hour, scene`, a.ArticleN, citizen, kind)
	if err != nil || len(rows) == 0 {
		return err
	}
	if err := s.count(ctx, tx, a.Account, kind, rows[0].deed, []int64{citizen}, 1, -1); err != nil {
		return err
	}
	return s.addCount(ctx, tx, a, kind, -1)
}

func (s *Store) addCount(ctx context.Context, tx *db.Tx, a Published, kind string, n int) error {
	column := actColumns[kind]
	if _, err := tx.Exec(ctx, "update article set "+column+"="+column+"+$1 where n=$2", n, a.ArticleN); err != nil {
		return err
	}
	if account := s.AccountN(a.Account); account != nil {
		tx.AfterCommit(func() { s.Hint(Hint{Topic: "article", Account: account.ID}) })
	}
	return nil
}
