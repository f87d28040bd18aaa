package state

import (
	"context"

	"weizheng/platform/db"
)

// Reading is how many people did one thing with articles, and how often. What a query does not group by is zero; Scene -1
// is without regard to scenes: who came twice by different ways is one person.
type Reading struct {
	Article      int64
	Kind         string
	Day          string
	Hour, Scene  int
	Users, Times int64
}

func scanReading(scan db.Scan) (Reading, error) {
	var r Reading
	err := scan(&r.Article, &r.Kind, &r.Day, &r.Hour, &r.Scene, &r.Users, &r.Times)
	return r, err
}

// kinds lets the key of the counts be used, which has them before the day.
const kinds = "kind in ('read', 'share', 'like', 'favourite', 'comment')"

// ReadOn counts by article and kind what was done with an account's articles on a civil day.
func (s *Store) ReadOn(ctx context.Context, account int64, day string) ([]Reading, error) {
	return db.All(ctx, s.db, scanReading, `select article, kind, day, 0, 0, people, times from article_count
		where account=$1 and `+kinds+` and day=$2 and article<>0 and hour=-1 and scene=-1 and times>0 order by article, kind`, account, day)
}

// ReadByScene counts by day, kind and scene what was done with an account's articles; hourly also by hour.
func (s *Store) ReadByScene(ctx context.Context, account int64, from, to string, hourly bool) ([]Reading, error) {
	return s.readInAll(ctx, account, from, to, hourly, "scene<>-1")
}

// ReadInAll is ReadByScene without regard to scenes.
func (s *Store) ReadInAll(ctx context.Context, account int64, from, to string, hourly bool) ([]Reading, error) {
	return s.readInAll(ctx, account, from, to, hourly, "scene=-1")
}

func (s *Store) readInAll(ctx context.Context, account int64, from, to string, hourly bool, scenes string) ([]Reading, error) {
	hour, hours := "0", "hour=-1"
	if hourly {
		hour, hours = "hour", "hour<>-1"
	}
	return db.All(ctx, s.db, scanReading, `select 0, kind, day, `+hour+` h, scene, people, times from article_count
		where account=$1 and `+kinds+` and day>=$2 and day<=$3 and article=0 and `+hours+" and "+scenes+` and times>0
		order by day, h, kind, scene`, account, from, to)
}

// ReadOf counts by kind and scene what was done with one article on a civil day; scene -1 is all of them.
func (s *Store) ReadOf(ctx context.Context, article int64, day string) ([]Reading, error) {
	return db.All(ctx, s.db, scanReading, `select article, kind, '', 0, scene, people, times from article_count
		where article=$1 and day=$2 and hour=-1 and times>0 order by kind, scene`, article, day)
}

// ReadUntil counts by kind and scene what was ever done with one article up to the end of a civil day; scene -1 is all of them.
func (s *Store) ReadUntil(ctx context.Context, article int64, day string) ([]Reading, error) {
	return db.All(ctx, s.db, scanReading, `select article, kind, '', 0, scene, sum(fresh), sum(times) from article_count
		where article=$1 and day<=$2 and hour=-1 group by article, kind, scene having sum(times)>0 order by kind, scene`, article, day)
}

// PublishedBetween lists what an account published from one civil instant to another, oldest first.
func (s *Store) PublishedBetween(ctx context.Context, account, from, until int64) ([]Published, error) {
	return db.All(ctx, s.db, scanPublished, "select "+publishedColumns+publishedTables+`where a.account=$1 and p.made_at>=$2
		and p.made_at<$3 and p.how<>$4 order by a.n`, account, from, until, ByPreview)
}

// PublishedN finds an article by its number; ErrNoArticle.
func (s *Store) PublishedN(ctx context.Context, n int64) (Published, error) {
	a, err := db.One(ctx, s.db, scanPublished, "select "+publishedColumns+publishedTables+"where a.n=$1", n)
	return a, none(err, ErrNoArticle)
}
