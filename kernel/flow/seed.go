package flow

import (
	"context"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// seedTries is how often seeding begins again when another replica that starts at the same time was quicker; the second
// time it finds the work done.
const seedTries = 3

// Seed brings shipped definitions up to date. A new one is added. A changed one goes live in place of an earlier shipped
// one; where people have published a version of their own, or retired the flow, it is only offered: they compare and take
// it over. One that names what no part offers yet waits until a part does. Running it twice, or on two replicas, changes
// nothing.
func (s *Service) Seed(ctx context.Context) error {
	list, err := Shipped()
	if err != nil {
		return err
	}
	for _, one := range list {
		var err error
		for range seedTries {
			err = s.DB.Write(ctx, func(tx *db.Tx) error { return s.seed(ctx, tx, *one.Definition) })
			if !errs.Is(err, errs.Conflict) {
				break
			}
		}
		if err != nil {
			return errs.Wrap(err, "seed flow %q", one.Definition.Key)
		}
	}
	return nil
}

func (s *Service) seed(ctx context.Context, tx *db.Tx, d Definition) error {
	text, digest, err := encode(d)
	if err != nil {
		return err
	}
	f, err := byKey(ctx, tx, d.Key)
	if errs.Is(err, errs.NotFound) {
		id, err := s.insert(ctx, tx, d, 0)
		if err != nil {
			return err
		}
		if f, err = get(ctx, tx, id); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	newest, own, err := s.history(ctx, tx, f)
	if err != nil {
		return err
	}
	if f.seed != digest {
		if newest, err = s.offer(ctx, tx, f, d, text, digest); err != nil {
			return err
		}
		if f, err = get(ctx, tx, f.ID); err != nil {
			return err
		}
	}
	return s.raise(ctx, tx, f, d, newest, own)
}

// history tells the number of the newest shipped version (0: none) and whether people decided about this flow themselves:
// a version of their own, or one that was live and is retired without a successor.
func (s *Service) history(ctx context.Context, tx *db.Tx, f Sheet) (newest int64, own bool, err error) {
	newest, err = db.One(ctx, tx, db.Value[int64], `select coalesce(max(number), 0) from flow_version where flow_id = $1 and origin = $2`, f.ID, FromRelease)
	if err != nil {
		return 0, false, err
	}
	mine, err := db.One(ctx, tx, db.Value[int64], `select count(*) from flow_version where flow_id = $1 and (origin = $2 or (state = $3 and $4 = 0))`,
		f.ID, Local, string(Retired), f.Live)
	return newest, mine > 0 || f.UnitID != 0, err
}

// offer writes a shipped version beside the others, and makes it the draft where nobody changed the draft.
func (s *Service) offer(ctx context.Context, tx *db.Tx, f Sheet, d Definition, text, digest string) (int64, error) {
	number, err := s.issue(ctx, tx, f, text, digest, FromRelease, Offered)
	if err != nil {
		return 0, err
	}
	_, untouched, err := encode(f.Draft)
	if err != nil {
		return 0, err
	}
	draft := f.Draft
	if f.seed == "" || untouched == f.seed {
		draft = d
	}
	kept, _, err := encode(draft)
	if err != nil {
		return 0, err
	}
	err = db.ExpectOne(tx.Exec(ctx, `update flow set seed = $3, draft = $4, title = $5, kind = $6, updated_at = $7, version = version + 1
		where id = $1 and version = $2`, f.ID, f.Version, digest, kept, draft.Title, draft.Kind, clock.Millis(s.Wall.Now())))
	if err != nil {
		return 0, err
	}
	return number, s.record(ctx, tx, "offer", f, map[string]any{"number": number, "digest": digest})
}

// raise lets the newest shipped version go live where that is the house's to decide.
func (s *Service) raise(ctx context.Context, tx *db.Tx, f Sheet, d Definition, newest int64, own bool) error {
	if own || f.Live == newest {
		return nil
	}
	problems, err := s.Check(ctx, &d)
	if err != nil || !Sound(problems) {
		return err
	}
	if err := s.goLive(ctx, tx, f, newest); err != nil {
		return err
	}
	return s.record(ctx, tx, "publish", f, map[string]any{"number": newest})
}
