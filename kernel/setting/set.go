package setting

import (
	"context"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// SetIn gives a setting a value at a place. Version is the version of the place's own value that the editor saw, 0 when
// there was none.
type SetIn struct {
	Name    string
	At      At
	Value   string
	Version int64
}

// Validate checks name, place and value against the declaration.
func (s *Service) Validate(in SetIn) error {
	byName, _ := s.declared()
	d, ok := byName[in.Name]
	if !ok {
		return errs.New(errs.NotFound, "setting.unknown").With("name", in.Name)
	}
	var faults []errs.Field
	if !d.allows(in.At.sort()) {
		faults = append(faults, errs.Field{Field: "at", Key: "setting.scope"})
	}
	if f := d.Check(in.Value); f != nil {
		faults = append(faults, *f)
	}
	return errs.InvalidFields(faults)
}

// Set stores a value, audits it and tells every replica. It is Conflict "db.stale" when somebody changed the value since
// the editor saw it. When Set returns nil this replica answers with the new value.
func (s *Service) Set(ctx context.Context, in SetIn) error {
	if err := s.Validate(in); err != nil {
		return err
	}
	return s.change(ctx, Change{Verb: "set", Name: in.Name, At: in.At, New: in.Value}, func(ctx context.Context, tx *db.Tx, old *row) error {
		if seen(old) != in.Version {
			return errs.New(errs.Conflict, "db.stale")
		}
		r := row{name: in.Name, key: in.At.key(), value: in.Value, version: in.Version + 1,
			updatedAt: clock.Millis(s.Wall.Now()), updatedBy: access.From(ctx).ID}
		return r.write(ctx, tx)
	})
}

// Unset takes back the value given at a place, so that the wider one holds again; there being none is NotFound.
func (s *Service) Unset(ctx context.Context, name string, at At, version int64) error {
	byName, _ := s.declared()
	if _, ok := byName[name]; !ok {
		return errs.New(errs.NotFound, "setting.unknown").With("name", name)
	}
	return s.change(ctx, Change{Verb: "unset", Name: name, At: at}, func(ctx context.Context, tx *db.Tx, old *row) error {
		switch {
		case old == nil:
			return errs.New(errs.NotFound, "db.none")
		case old.version != version:
			return errs.New(errs.Conflict, "db.stale")
		}
		return deleteRow(ctx, tx, *old)
	})
}

func seen(r *row) int64 {
	if r == nil {
		return 0
	}
	return r.version
}

// change runs fn on the place's own row and completes c for the audit.
func (s *Service) change(ctx context.Context, c Change, fn func(context.Context, *db.Tx, *row) error) error {
	byName, _ := s.declared()
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		var old *row
		r, err := findRow(ctx, tx, c.Name, c.At.key())
		switch {
		case err == nil:
			old = &r
		case !errs.Is(err, errs.NotFound):
			return err
		}
		if err := fn(ctx, tx, old); err != nil {
			return err
		}
		done := c
		done.Old = byName[c.Name].Default
		if old != nil {
			done.Old = old.value
		}
		if err := s.Audit(ctx, tx, done); err != nil {
			return err
		}
		return tx.Notify(channel, c.Name)
	})
	if err != nil {
		return errs.Wrap(err, "%s setting %s", c.Verb, c.Name)
	}
	if err := s.reload(ctx); err != nil {
		s.Log.WarnContext(ctx, "settings not read again, the last known hold", "error", err)
	}
	return nil
}
