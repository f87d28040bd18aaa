package state

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// TestReadingIsCountedWhileItHappens lets people do things with articles in any order over days, and compares every
// statistic with counting the deeds themselves, as the migration does once.
func TestReadingIsCountedWhileItHappens(t *testing.T) {
	t.Parallel()
	s := readers(t)
	rng := rand.New(rand.NewPCG(7, 1))
	articles := publish(t, s, 3)
	kinds := []string{ActRead, ActRead, ActRead, ActShare, ActLike, ActFavourite, ActComment}
	var days []string
	for range 12 {
		if days = append(days, s.Today()); len(days) > 1 && days[len(days)-2] == days[len(days)-1] {
			days = days[:len(days)-1]
		}
		for range 60 {
			a, kind, who := articles[rng.IntN(3)], kinds[rng.IntN(len(kinds))], 1+rng.Int64N(8)
			if err := s.Write(t.Context(), func(tx *db.Tx) error {
				if rng.IntN(5) == 0 {
					return s.UndoAct(t.Context(), tx, a, who, kind)
				}
				return s.CountAct(t.Context(), tx, a, who, kind, rng.IntN(3))
			}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.SeedReaders(t.Context(), articles[rng.IntN(3)], ActRead, rng.IntN(3), "", 5); err != nil {
			t.Fatal(err)
		}
		if err := s.MoveOwn(t.Context(), s.own.Offset()+time.Duration(rng.IntN(9))*time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if len(days) < 2 {
		t.Fatalf("one day only: %v", days)
	}
	for _, day := range days {
		o := oracle{t, s, day}
		o.same("on the day", "day=$2", "article, kind, day, 0, 0")(s.ReadOn(t.Context(), 1, day))
		o.same("by scene", "day=$2", "0, kind, day, 0, scene")(s.ReadByScene(t.Context(), 1, day, day, false))
		o.same("by scene and hour", "day=$2", "0, kind, day, hour, scene")(s.ReadByScene(t.Context(), 1, day, day, true))
		o.same("in all", "day=$2", "0, kind, day, 0, -1")(s.ReadInAll(t.Context(), 1, day, day, false))
		o.same("in all by hour", "day=$2", "0, kind, day, hour, -1")(s.ReadInAll(t.Context(), 1, day, day, true))
		for _, a := range articles {
			of := fmt.Sprint(" and article=", a.ArticleN)
			o.same("of an article", "day=$2"+of, "article, kind, '', 0, scene", "article, kind, '', 0, -1")(s.ReadOf(t.Context(), a.ArticleN, day))
			o.same("until the day", "day<=$2"+of, "article, kind, '', 0, scene", "article, kind, '', 0, -1")(s.ReadUntil(t.Context(), a.ArticleN, day))
		}
	}
}

// TestCountsOfEarlierDeeds counts the deeds as the migration does and finds what was counted while they happened.
func TestCountsOfEarlierDeeds(t *testing.T) {
	t.Parallel()
	s := readers(t)
	a := publish(t, s, 1)[0]
	for i := range 60 {
		if err := s.Write(t.Context(), func(tx *db.Tx) error {
			return s.CountAct(t.Context(), tx, a, int64(1+i%7), ActRead, i%3)
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.MoveOwn(t.Context(), s.own.Offset()+3*time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	before := counts(t, s)
	if err := s.Write(t.Context(), func(tx *db.Tx) error {
		for _, statement := range recount(t) {
			if _, err := tx.Exec(t.Context(), statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if after := counts(t, s); !slices.Equal(before, after) || len(after) < 20 {
		t.Errorf("counted while it happened:\n%v\nby the migration:\n%v", before, after)
	}
}

// readers is a store with an account, number 1, and eight followers, numbers 1 to 8.
func readers(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), Config{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler), Wall: clock.Wall{}, Seed: "s"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.WithoutCancel(t.Context())) })
	if _, err := s.CreateAccount(t.Context(), Account{ID: "a", Verified: true}); err != nil {
		t.Fatal(err)
	}
	if n, err := s.SeedFollowers(t.Context(), Crew{Account: "a", Prefix: "p", First: 1, Count: 8}); n != 8 || err != nil {
		t.Fatal(n, err)
	}
	return s
}

func publish(t *testing.T, s *Store, n int) []Published {
	t.Helper()
	var made []Published
	if err := s.Write(t.Context(), func(tx *db.Tx) (err error) {
		_, made, err = s.AddPublication(t.Context(), tx, Publication{Account: 1, How: ByPublish, MsgDataID: 1}, make([]Article, n), Readable)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return made
}

// oracle counts the deeds themselves.
type oracle struct {
	*testing.T
	s   *Store
	day string
}

// same compares what it is given with the deeds, grouped in one way or in several ways together.
func (o oracle) same(label, where string, groups ...string) func([]Reading, error) {
	o.Helper()
	return func(got []Reading, err error) {
		o.Helper()
		var want []Reading
		for _, group := range groups {
			list, err := db.All(o.Context(), o.s.db, scanReading, "select "+group+`, count(distinct citizen), sum(times) from article_deed
				where account=$1 and `+where+" group by 1, 2, 3, 4, 5", 1, o.day)
			if err != nil {
				o.Fatal(err)
			}
			want = append(want, list...)
		}
		if g, w := lines(got), lines(want); err != nil || !slices.Equal(g, w) {
			o.Errorf("%s, %s: %v\ncounted %v\nwant    %v", label, o.day, err, g, w)
		}
	}
}

func lines(list []Reading) []string {
	all := make([]string, len(list))
	for i, r := range list {
		all[i] = fmt.Sprint(r)
	}
	slices.Sort(all)
	return all
}

func counts(t *testing.T, s *Store) []string {
	t.Helper()
	list, err := db.All(t.Context(), s.db, db.Value[string], `select account || ' ' || kind || ' ' || day || ' ' || article || ' ' || hour || ' '
		|| scene || ': ' || times || ' ' || people || ' ' || fresh from article_count where times>0 order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// recount is what the migration does with deeds that are there.
func recount(t *testing.T) []string {
	t.Helper()
	text, err := schema.ReadFile("schema/0070_reading.sql")
	if err != nil {
		t.Fatal(err)
	}
	list := []string{"delete from article_count"}
	for statement := range strings.SplitSeq(string(text), ";\n") {
		if statement = strings.TrimSpace(statement); strings.HasPrefix(statement, "insert into article_count") || strings.HasPrefix(statement, "update article_count") {
			list = append(list, statement)
		}
	}
	if len(list) != 9 {
		t.Fatalf("the migration looks different: %q", list)
	}
	return list
}
