package state

import (
	"context"

	"weizheng/platform/db"
)

// deed is that something was done with an article in an hour from a scene, however often.
type deed struct {
	article     int64
	day         string
	hour, scene int
}

type personDeed struct {
	citizen int64
	deed
}

func scanDeed(scan db.Scan) (d personDeed, err error) {
	err = scan(&d.citizen, &d.article, &d.day, &d.hour, &d.scene)
	return d, err
}

// all stands for every article (0), hour and scene in a count.
const all = -1

// counted is what one row of article_count gains.
type counted struct {
	deed
	people, fresh int
}

// count adds (by 1) what was done, or takes back (by -1) what is not there any more: times in all, and first by people who
// have done nothing else in the hour from the scene. It looks at what else these people did, in few index reads.
func (s *Store) count(ctx context.Context, tx *db.Tx, account int64, kind string, d deed, first []int64, times, by int) error {
	others, err := s.otherDeeds(ctx, tx, account, kind, d, first)
	if err != nil {
		return err
	}
	rows := []counted{
		{deed: deed{d.article, d.day, all, all}}, {deed: deed{d.article, d.day, all, d.scene}},
		{deed: deed{0, d.day, all, all}}, {deed: deed{0, d.day, all, d.scene}},
		{deed: deed{0, d.day, d.hour, all}}, {deed: deed{0, d.day, d.hour, d.scene}},
	}
	for _, citizen := range first {
		for i := range rows {
			rows[i].add(d.day, others[citizen])
		}
	}
	values, args := rowsOf(rows, func(r counted) []any {
		return []any{account, kind, r.day, r.article, r.hour, r.scene, by * times, by * r.people, by * r.fresh}
	})
	_, err = tx.Exec(ctx, `insert into article_count (account, kind, day, article, hour, scene, times, people, fresh) values `+values+`
		on conflict (account, kind, day, article, hour, scene) do update set times=article_count.times+excluded.times,
		people=article_count.people+excluded.people, fresh=article_count.fresh+excluded.fresh`, args...)
	return err
}

// add counts somebody who did this on day, and the others besides.
func (r *counted) add(day string, others []deed) {
	people, fresh := 1, 1
	for _, o := range others {
		if r.article != 0 && o.article != r.article || r.hour != all && o.hour != r.hour || r.scene != all && o.scene != r.scene {
			continue
		}
		if o.day == day {
			people = 0
		}
		fresh = 0
	}
	r.people += people
	if r.article != 0 {
		r.fresh += fresh
	}
}

// otherDeeds are what people did besides d, in the same way: with other articles on its day, and with this one ever.
func (s *Store) otherDeeds(ctx context.Context, tx *db.Tx, account int64, kind string, d deed, citizens []int64) (map[int64][]deed, error) {
	if len(citizens) == 0 {
		return nil, nil
	}
	in, args := placeholders(citizens, 5)
	list, err := db.All(ctx, tx, scanDeed, `select citizen, article, day, hour, scene from article_deed
		where account=$1 and kind=$2 and day=$3 and citizen in (`+in+`) and article<>$4
		union all select citizen, article, day, hour, scene from article_deed where article=$4 and kind=$2 and citizen in (`+in+`)`,
		append([]any{account, kind, d.day, d.article}, args...)...)
	others := make(map[int64][]deed, len(list))
	for _, o := range list {
		if o.deed != d {
			others[o.citizen] = append(others[o.citizen], o.deed)
		}
	}
	return others, err
}
