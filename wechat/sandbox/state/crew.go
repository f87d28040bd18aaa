package state

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"weizheng/platform/db"
)

// Crew is many followers to be made at once without callbacks: citizens "<prefix>-<first>" and on.
type Crew struct {
	Account string
	Prefix  string
	First   int
	Count   int
	At      int64   // civil instant since when they follow; 0: now
	How     string  // subscribe_scene
	Tags    []int64 // given to all of them
}

// maxCrew is how many followers, or readers, one call makes: some seconds of work.
const maxCrew = 100_000

// SeedFollowers makes a crew and returns how many of them did not follow before.
func (s *Store) SeedFollowers(ctx context.Context, c Crew) (made int64, err error) {
	a, err := s.Account(c.Account)
	if err != nil {
		return 0, err
	}
	if err := s.checkCrew(ctx, a, c); err != nil {
		return 0, err
	}
	citizens, follows := make([]Citizen, c.Count), make([]Follow, c.Count)
	at := cmp.Or(c.At, s.Civil())
	for i := range citizens {
		n := strconv.Itoa(c.First + i)
		citizens[i] = Citizen{ID: c.Prefix + "-" + n, Name: "市民 " + n}
		follows[i] = Follow{Account: a.ID, Citizen: citizens[i].ID, At: at, How: c.How}
	}
	before, since := s.FollowerCount(a.N), s.lastSeq.Load()
	if err := s.SeedCitizens(ctx, citizens); err != nil {
		return 0, err
	}
	if err := s.SeedFollows(ctx, follows); err != nil {
		return 0, err
	}
	made = s.FollowerCount(a.N) - before
	for _, tag := range c.Tags {
		for from := since; from < s.lastSeq.Load(); from += seedBatch {
			if err := s.tagSince(ctx, a.N, tag, from, from+seedBatch); err != nil {
				return made, err
			}
		}
	}
	return made, nil
}

func (s *Store) checkCrew(ctx context.Context, a *Account, c Crew) error {
	switch {
	case c.Count < 1 || c.Count > maxCrew:
		return invalid("count", "range")
	case c.First < 1 || c.First > 1<<31:
		return invalid("first", "range")
	case !label.MatchString(c.Prefix + "-" + strconv.Itoa(c.First+c.Count)):
		return invalid("prefix", "slug")
	case c.At < 0 || c.At > s.Civil():
		return invalid("at", "range")
	}
	tags, err := s.Tags(ctx, s.db, a.N)
	for _, tag := range c.Tags {
		if err == nil && !slices.ContainsFunc(tags, func(t Tag) bool { return t.ID == tag }) {
			err = invalid("tags", "range")
		}
	}
	return err
}

// tagSince gives a tag to the followers whose place in the list is after from, up to until.
func (s *Store) tagSince(ctx context.Context, account, tag, from, until int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		place, err := nextSerial(ctx, tx, "tagging")
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `insert into tagging (account, tag, contact, place) select account, $2, n, $3 from contact
			where account=$1 and subscribed and seq>$4 and seq<=$5 on conflict do nothing`, account, tag, place, from, until)
		if err != nil {
			return err
		}
		return db.ExpectOne(tx.Exec(ctx, "update tag set fans=fans+$1 where account=$2 and id=$3", n, account, tag))
	})
}

// readersAtOnce is how many readers are counted by one statement; see seedRows.
const readersAtOnce = 100

// SeedReaders lets the followers of an article's account do the same with it now: up to limit of them in the order of
// following, after the openid "after". It returns the last one's openid, "" when there are no more.
func (s *Store) SeedReaders(ctx context.Context, a Published, kind string, scene int, after string, limit int) (next string, err error) {
	if limit < 1 || limit > maxCrew {
		return "", invalid("count", "range")
	}
	openids, err := s.Followers(ctx, a.Account, after, limit)
	if err != nil {
		return "", err
	}
	for batch := range slices.Chunk(openids, seedBatch) {
		if err := s.db.Write(ctx, func(tx *db.Tx) error {
			for some := range slices.Chunk(batch, readersAtOnce) {
				in, args := placeholders(some, 1)
				citizens, err := db.All(ctx, tx, db.Value[int64], "select citizen from contact where openid in ("+in+")", args...)
				if err != nil {
					return err
				}
				if err := s.countActs(ctx, tx, a, citizens, kind, scene); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return "", err
		}
	}
	if len(openids) < limit {
		return "", nil
	}
	return openids[len(openids)-1], nil
}
