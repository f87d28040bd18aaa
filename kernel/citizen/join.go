package citizen

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Same lists the citizen ids under which a person may be found: the one asked for and all that were joined into it.
// Parts that hang things on citizens read them with all of these.
func (s *Service) Same(ctx context.Context, q db.Queryer, citizen int64) ([]int64, error) {
	now, err := s.Current(ctx, q, citizen)
	if err != nil {
		return nil, err
	}
	list, err := db.All(ctx, q, db.Value[int64], `select id from citizen where id = $1 or joined_into = $1 order by id`, now)
	return list, errs.Wrap(err, "ids of citizen %d", citizen)
}

// Current is the citizen that an id stands for today: itself, or what it was joined into.
func (s *Service) Current(ctx context.Context, q db.Queryer, citizen int64) (int64, error) {
	id, err := db.One(ctx, q, db.Value[int64], `select coalesce(joined_into, id) from citizen where id = $1`, citizen)
	return id, errs.Wrap(known(err), "load citizen %d", citizen)
}

// Join makes two citizens one person from now on; into keeps its id. Joining a person with itself changes nothing.
func (s *Service) Join(ctx context.Context, tx *db.Tx, citizen, into int64) error {
	from, err := s.Current(ctx, tx, citizen)
	if err != nil {
		return err
	}
	to, err := s.Current(ctx, tx, into)
	if err != nil || from == to {
		return err
	}
	for _, statement := range []string{
		`update follower set citizen_id = $2, version = version + 1 where citizen_id = $1`,
		`update citizen set joined_into = $2 where id = $1 or joined_into = $1`,
		`update citizen_union set citizen_id = $2 where citizen_id = $1`,
	} {
		if _, err := tx.Exec(ctx, statement, from, to); err != nil {
			return errs.Wrap(err, "join citizen %d into %d", from, to)
		}
	}
	return nil
}

// unite notes the unionid that WeChat gave for a follower and joins them with whoever has the same. Two transactions that
// meet the same unionid for the first time wait for each other at its row, so that one of them joins.
func (s *Service) unite(ctx context.Context, tx *db.Tx, follower int64, unionid string) error {
	if unionid == "" {
		return nil
	}
	index := s.unionIndex(unionid)
	type state struct {
		citizen int64
		union   string
		apart   bool
	}
	f, err := db.One(ctx, tx, func(scan db.Scan) (f state, err error) {
		err = scan(&f.citizen, &f.union, &f.apart)
		return f, err
	}, `select citizen_id, coalesce(unionid, ''), apart from follower where id = $1 and person is not null`, follower)
	if err != nil || f.union == index || f.apart {
		return errs.Wrap(known(err), "unite follower %d", follower)
	}
	if _, err := tx.Exec(ctx, `update follower set unionid = $2 where id = $1`, follower, index); err != nil {
		return err
	}
	owner, err := db.One(ctx, tx, db.Value[int64], `insert into citizen_union (unionid, citizen_id) values ($1, $2)
		on conflict (unionid) do update set citizen_id = citizen_union.citizen_id returning citizen_id`, index, f.citizen)
	if err != nil {
		return errs.Wrap(err, "unite follower %d", follower)
	}
	if owner == f.citizen {
		return nil // the first of that unionid, as most are
	}
	return s.Join(ctx, tx, f.citizen, owner)
}

// Separate makes a follower a person of its own again, with what was hung on its origin; a unionid will not join it any
// more. A follower who is nobody else is a conflict.
func (s *Service) Separate(ctx context.Context, follower int64, reason string) (Follower, error) {
	if err := checkReason(reason); err != nil {
		return Follower{}, err
	}
	var f Follower
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if f, err = s.Get(ctx, tx, follower); err != nil {
			return err
		}
		others, err := s.Of(ctx, tx, f.Citizen)
		if err != nil {
			return err
		}
		if len(others) < 2 {
			return errs.New(errs.Conflict, "citizen.alone")
		}
		if f.Citizen == f.origin {
			err = s.leaveHeir(ctx, tx, f, others)
		} else {
			_, err = tx.Exec(ctx, `update citizen set joined_into = null where id = $1`, f.origin)
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update follower set citizen_id = origin_id, apart = $2, unionid = null, version = version + 1 where id = $1`, f.ID, true)
		if err != nil {
			return err
		}
		if f, err = s.Get(ctx, tx, follower); err != nil {
			return err
		}
		return s.record(ctx, tx, "separate", f, map[string]any{"reason": reason, "citizen": f.Citizen})
	})
	return f, errs.Wrap(err, "separate follower %d", follower)
}

// leaveHeir gives the others of a person a citizen of their own when the one who leaves is the person's root: the oldest
// other's origin.
func (s *Service) leaveHeir(ctx context.Context, tx *db.Tx, f Follower, others []Follower) error {
	var heir int64
	for _, o := range others {
		if o.ID != f.ID {
			heir = o.origin
			break
		}
	}
	for _, statement := range []string{
		`update follower set citizen_id = $2, version = version + 1 where citizen_id = $1`,
		`update citizen set joined_into = $2 where joined_into = $1 and id <> $2`,
		`update citizen_union set citizen_id = $2 where citizen_id = $1`,
	} {
		if _, err := tx.Exec(ctx, statement, f.origin, heir); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `update citizen set joined_into = null where id = $1`, heir)
	return err
}
