package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Card is a page as it is shared: what others see before they open it.
type Card struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	URL         string `json:"url"`
	ThumbURL    string `json:"thumb_url"`
}

// Moment is what a citizen shows to all others.
type Moment struct {
	N, Citizen int64
	At         int64 // civil
	Words      string
	Card       *Card   // nil: words alone
	Likes      []int64 // citizens, in the order of their numbers
}

// ErrNoMoment is a moment that is not there, or not one's own.
var ErrNoMoment = errs.New(errs.NotFound, "sandbox.unknown_moment")

const momentColumns = "n, citizen, at, words, card"

func scanMoment(scan db.Scan) (Moment, error) {
	var m Moment
	var card []byte
	if err := scan(&m.N, &m.Citizen, &m.At, &m.Words, &card); err != nil {
		return m, err
	}
	return m, json.Unmarshal(card, &m.Card)
}

// AddMoment shows words, a card, or both.
func (s *Store) AddMoment(ctx context.Context, c Citizen, words string, card *Card) (Moment, error) {
	m := Moment{Citizen: c.N, At: s.Civil(), Words: words, Card: card}
	text, err := json.Marshal(card)
	if err != nil {
		return m, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, "insert into moment (citizen, at, words, card) values ($1, $2, $3, $4) returning n",
			m.Citizen, m.At, m.Words, string(text)).Scan(&m.N)
	})
	if err == nil {
		s.Hint(Hint{Topic: "moment"})
	}
	return m, err
}

// Moments lists up to limit moments of everybody before the one named (0: the newest), newest first, with their likes.
func (s *Store) Moments(ctx context.Context, before int64, limit int) (list []Moment, more bool, err error) {
	if before <= 0 {
		before = 1 << 62
	}
	list, err = db.All(ctx, s.db, scanMoment, "select "+momentColumns+" from moment where n<$1 order by n desc limit $2", before, limit+1)
	if err != nil {
		return nil, false, err
	}
	if more = len(list) > limit; more {
		list = list[:limit]
	}
	for i := range list {
		list[i].Likes, err = db.All(ctx, s.db, db.Value[int64], "select citizen from moment_like where moment=$1 order by citizen", list[i].N)
		if err != nil {
			return nil, false, err
		}
	}
	return list, more, nil
}

// LikeMoment gives or takes back a like; doing either twice changes nothing.
func (s *Store) LikeMoment(ctx context.Context, moment, citizen int64, on bool) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.One(ctx, tx, db.Value[int64], "select n from moment where n=$1", moment); err != nil {
			return none(err, ErrNoMoment)
		}
		if !on {
			_, err := tx.Exec(ctx, "delete from moment_like where moment=$1 and citizen=$2", moment, citizen)
			return err
		}
		_, err := tx.Exec(ctx, "insert into moment_like (moment, citizen) values ($1, $2) on conflict do nothing", moment, citizen)
		return err
	})
	if err == nil {
		s.Hint(Hint{Topic: "moment"})
	}
	return err
}

// DropMoment takes one's own moment away.
func (s *Store) DropMoment(ctx context.Context, moment, citizen int64) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.One(ctx, tx, db.Value[int64], "delete from moment where n=$1 and citizen=$2 returning n", moment, citizen)
		if err != nil {
			return none(err, ErrNoMoment)
		}
		_, err = tx.Exec(ctx, "delete from moment_like where moment=$1", moment)
		return err
	})
	if err == nil {
		s.Hint(Hint{Topic: "moment"})
	}
	return err
}
