package flow

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Publish makes the draft that the editor saw the live version; the one before is retired. Matters that run keep the
// version that they were opened with. A draft with errors is refused with all of them; Conflict "flow.unchanged" when the
// draft is what is live, "flow.needs_colleague" when who changed it last has a colleague who could look at it (Propose),
// "flow.pending" while one looks.
func (s *Service) Publish(ctx context.Context, id, version int64) (Sheet, error) {
	var f Sheet
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		text, digest, err := s.ready(ctx, tx, id, version, &f)
		if err != nil {
			return err
		}
		way, err := s.Publishing(ctx, f)
		if err != nil || way == ByAsk {
			return firstOf(err, errColleague)
		}
		number, err := s.issue(ctx, tx, f, text, digest, Local, Live)
		if err != nil {
			return err
		}
		if f, err = get(ctx, tx, id); err != nil {
			return err
		}
		detail := map[string]any{"number": number, "digest": digest}
		if way == Alone {
			detail["alone"] = true
		}
		return s.record(ctx, tx, "publish", f, detail)
	})
	if err == nil {
		s.forget(f.Key)
	}
	return f, errs.Wrap(err, "publish flow %d", id)
}

// unsound is the refusal of a definition with errors.
func unsound(problems []Problem) error {
	var faults []errs.Field
	for _, p := range problems {
		if p.Severity == Error {
			faults = append(faults, errs.Field{Field: p.Path, Key: p.Key, Params: p.Params})
		}
	}
	return errs.InvalidFields(faults)
}

func firstOf(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// liveDigest is that of the live version, "" for none.
func liveDigest(ctx context.Context, q db.Queryer, f Sheet) (string, error) {
	if f.Live == 0 {
		return "", nil
	}
	e, err := edition(ctx, q, f.ID, f.Live)
	return e.Digest, err
}

// issue writes a version; a live one takes the place of the one before.
func (s *Service) issue(ctx context.Context, tx *db.Tx, f Sheet, text, digest, origin string, state VersionState) (int64, error) {
	number, err := db.One(ctx, tx, db.Value[int64], `select coalesce(max(number), 0) + 1 from flow_version where flow_id = $1`, f.ID)
	if err != nil {
		return 0, err
	}
	now := clock.Millis(s.Wall.Now())
	_, err = tx.Exec(ctx, `insert into flow_version (flow_id, number, content, digest, origin, state, made_by, made_at) values ($1,$2,$3,$4,$5,$6,$7,$8)`,
		f.ID, number, text, digest, origin, string(state), access.From(ctx).ID, now)
	if err != nil || state != Live {
		return number, err
	}
	return number, s.goLive(ctx, tx, f, number)
}

// goLive makes a version that exists the live one.
func (s *Service) goLive(ctx context.Context, tx *db.Tx, f Sheet, number int64) error {
	now := clock.Millis(s.Wall.Now())
	_, err := tx.Exec(ctx, `update flow_version set state = $2, retired_at = $3 where flow_id = $1 and state = $4 and number <> $5`,
		f.ID, string(Retired), now, string(Live), number)
	if err != nil {
		return err
	}
	if err := db.ExpectOne(tx.Exec(ctx, `update flow_version set state = $3, retired_at = 0 where flow_id = $1 and number = $2`,
		f.ID, number, string(Live))); err != nil {
		return err
	}
	return db.ExpectOne(tx.Exec(ctx, `update flow set live = $3, updated_at = $4, version = version + 1 where id = $1 and version = $2`,
		f.ID, f.Version, number, now))
}

// Retire takes a flow out of use: no matter can be opened with it any more, those that run go on. Publishing brings it
// back.
func (s *Service) Retire(ctx context.Context, id, version int64) (Sheet, error) {
	var f Sheet
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		now := clock.Millis(s.Wall.Now())
		n, err := tx.Exec(ctx, `update flow set live = 0, updated_at = $3, version = version + 1 where id = $1 and version = $2`, id, version, now)
		if err := db.ExpectOne(n, err); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update flow_version set state = $2, retired_at = $3 where flow_id = $1 and state = $4`,
			id, string(Retired), now, string(Live)); err != nil {
			return err
		}
		if f, err = get(ctx, tx, id); err != nil {
			return err
		}
		return s.record(ctx, tx, "retire", f, nil)
	})
	if err == nil {
		s.forget(f.Key)
	}
	return f, errs.Wrap(err, "retire flow %d", id)
}
