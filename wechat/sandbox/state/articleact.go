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
	at := s.civil.Now()
	day, hour := clock.Day(at), at.In(clock.Zone).Hour()
	var times int64
	if err := tx.QueryRow(ctx, `insert into article_act (article, kind, day, citizen, hour, scene, account, times, first_at)
		values ($1, $2, $3, $4, $5, $6, $7, 1, $8) on conflict (article, kind, day, citizen, hour, scene)
		do update set times=article_act.times+1 returning times`, a.ArticleN, kind, day, citizen, hour, scene, a.Account,
		clock.Millis(at)).Scan(&times); err != nil {
		return err
	}
	people := 0
	if times == 1 {
		people = 1
	}
	if _, err := tx.Exec(ctx, `insert into article_tally (article, kind, day, hour, scene, account, times, people)
		values ($1, $2, $3, $4, $5, $6, 1, $7) on conflict (article, kind, day, hour, scene)
		do update set times=article_tally.times+1, people=article_tally.people+excluded.people`, a.ArticleN, kind, day, hour, scene,
		a.Account, people); err != nil {
		return err
	}
	return s.addCount(ctx, tx, a, kind, 1)
}

// Did reports whether a citizen likes or keeps an article.
func (s *Store) Did(ctx context.Context, q db.Queryer, a Published, citizen int64, kind string) (bool, error) {
	n, err := db.One(ctx, q, db.Value[int64], `select count(*) from article_act where article=$1 and citizen=$2 and kind=$3
		and kind in ('like', 'favourite')`, a.ArticleN, citizen, kind)
	return n > 0, err
}

// UndoAct takes a like or a favourite back; the statistics of its day and hour lose it, too.
func (s *Store) UndoAct(ctx context.Context, tx *db.Tx, a Published, citizen int64, kind string) error {
	type place struct {
		day         string
		hour, scene int
	}
	rows, err := db.All(ctx, tx, func(scan db.Scan) (place, error) {
		var p place
		err := scan(&p.day, &p.hour, &p.scene)
		return p, err
	}, `delete from article_act where article=$1 and citizen=$2 and kind=$3 and kind in ('like', 'favourite')
		returning day, hour, scene`, a.ArticleN, citizen, kind)
	if err != nil || len(rows) == 0 {
		return err
	}
	p := rows[0]
	if _, err := tx.Exec(ctx, `update article_tally set times=times-1, people=people-1 where article=$1 and kind=$2 and day=$3
		and hour=$4 and scene=$5`, a.ArticleN, kind, p.day, p.hour, p.scene); err != nil {
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
