package citizen

import (
	"context"
	"strconv"
	"strings"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// addMany makes the followers that persons are, in four statements whatever their number, and puts their ids into known.
// It returns how many are new: who was added by somebody else at the same time is found instead.
func (s *Service) addMany(ctx context.Context, tx *db.Tx, account int64, persons []string, openids map[string]string, known map[string]int64) (int, error) {
	if len(persons) == 0 {
		return 0, nil
	}
	now := clock.Millis(s.Wall.Now())
	sealed, wrapped := make([][]byte, len(persons)), make([]any, len(persons))
	for i, person := range persons {
		w, key, err := s.Ring.NewDataKey()
		if err != nil {
			return 0, err
		}
		if sealed[i], err = key.Seal([]byte(openids[person]), openidSeal+person); err != nil {
			return 0, err
		}
		wrapped[i] = w
	}
	citizens, err := addCitizens(ctx, tx, wrapped, now)
	if err != nil {
		return 0, err
	}
	args := []any{account, false, now}
	for i, person := range persons {
		args = append(args, citizens[string(wrapped[i].([]byte))], person, sealed[i])
	}
	added, err := db.All(ctx, tx, scanAdded, `insert into follower (account_id, subscribed, created_at, citizen_id, origin_id, person, openid_sealed) values `+
		rows(len(persons), func(b *strings.Builder, i int) {
			at := func(n int) string { return "$" + strconv.Itoa(4+3*i+n) }
			b.WriteString("($1,$2,$3," + at(0) + "," + at(0) + "," + at(1) + "," + at(2) + ")")
		})+` on conflict (account_id, person) do nothing returning id, person`, args...)
	if err != nil {
		return 0, err
	}
	for _, a := range added {
		known[a.person] = a.id
	}
	if len(added) == len(persons) {
		return len(added), nil
	}
	return len(added), s.adopt(ctx, tx, account, persons, citizens, known)
}

type added struct {
	id     int64
	person string
}

func scanAdded(scan db.Scan) (a added, err error) {
	err = scan(&a.id, &a.person)
	return a, err
}

// addCitizens makes a citizen for each wrapped key and returns the ids by the key: "returning" promises no order.
func addCitizens(ctx context.Context, tx *db.Tx, wrapped []any, now int64) (map[string]int64, error) {
	type made struct {
		id  int64
		key []byte
	}
	list, err := db.All(ctx, tx, func(scan db.Scan) (m made, err error) {
		err = scan(&m.id, &m.key)
		return m, err
	}, `insert into citizen (created_at, key_wrapped) values `+rows(len(wrapped), func(b *strings.Builder, i int) {
		b.WriteString("($1,$" + strconv.Itoa(2+i) + ")")
	})+` returning id, key_wrapped`, append([]any{now}, wrapped...)...)
	ids := make(map[string]int64, len(list))
	for _, m := range list {
		ids[string(m.key)] = m.id
	}
	return ids, err
}

// adopt finds those who were added by another transaction, and takes back the citizens made for them in vain.
func (s *Service) adopt(ctx context.Context, tx *db.Tx, account int64, persons []string, citizens, known map[string]int64) error {
	found, err := s.IDs(ctx, tx, account, persons)
	if err != nil {
		return err
	}
	for _, person := range persons {
		if known[person] = found[person]; known[person] == 0 {
			return errs.New(errs.Busy, "db.busy") // neither added nor there: it went this very moment
		}
	}
	var args []any
	for _, id := range citizens {
		args = append(args, id)
	}
	_, err = tx.Exec(ctx, `delete from citizen where id in (`+places(1, len(args))+`) and not exists (select 1 from follower f where f.origin_id = citizen.id)`, args...)
	return err
}

// rows writes n rows of a values list.
func rows(n int, one func(b *strings.Builder, i int)) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		one(&b, i)
	}
	return b.String()
}
