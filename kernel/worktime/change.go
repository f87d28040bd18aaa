package worktime

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Edit is what every change says besides what it changes: the version of what the editor saw (0 when there was none) and why.
type Edit struct {
	Version int64
	Reason  string
}

const (
	reasonLimit    = 200
	localDaysLimit = 400 // entries of one unit: twenty years of twenty
)

func (e *Edit) faults() []errs.Field {
	e.Reason = strings.TrimSpace(e.Reason)
	if n := utf8.RuneCountInString(e.Reason); n == 0 || n > reasonLimit {
		return []errs.Field{{Field: "reason", Key: "worktime.reason", Params: map[string]any{"max": reasonLimit}}}
	}
	return nil
}

// Import puts a year's list in the place of the one that counted, as a new version.
func (s *Service) Import(ctx context.Context, list Year, e Edit) (Version, error) {
	faults := e.faults()
	if err := list.Validate(); err != nil {
		faults = append(faults, errs.As(err).Fields()...)
	} else if err := list.Whole(); err != nil {
		faults = append(faults, errs.As(err).Fields()...)
	}
	if len(faults) > 0 {
		return Version{}, errs.InvalidFields(faults)
	}
	list = list.sorted()
	return s.change(ctx, Version{Kind: OfYear, Year: &list, Reason: e.Reason}, "/", e.Version)
}

// SetLocal puts a list of local days in the place of the unit's. unit is its path.
func (s *Service) SetLocal(ctx context.Context, unit string, days []LocalDay, e Edit) (Version, error) {
	faults := e.faults()
	if len(days) > localDaysLimit {
		faults = append(faults, errs.Field{Field: "days", Key: "worktime.local_many", Params: map[string]any{"max": localDaysLimit}})
	} else {
		for i, d := range days {
			_, _, _, f := d.parse(fmt.Sprintf("days[%d].", i))
			if utf8.RuneCountInString(d.Source) > sourceLimit {
				f = append(f, errs.Field{Field: fmt.Sprintf("days[%d].source", i), Key: "worktime.too_long", Params: map[string]any{"max": sourceLimit}})
			}
			faults = append(faults, f...)
		}
	}
	if len(faults) > 0 {
		return Version{}, errs.InvalidFields(faults)
	}
	if days == nil {
		days = []LocalDay{}
	}
	return s.change(ctx, Version{Kind: OfLocal, Unit: access.UnitID(unit), Local: days, Reason: e.Reason}, unit, e.Version)
}

// SetHours gives a unit opening hours of its own; nil lets it go by those of the unit above again.
func (s *Service) SetHours(ctx context.Context, unit string, hours *Week, e Edit) (Version, error) {
	faults := e.faults()
	if hours != nil {
		_, f := hours.parse("hours.")
		if faults = append(faults, f...); len(f) == 0 && hours.closed() {
			faults = append(faults, errs.Field{Field: "hours", Key: "worktime.never_open"})
		}
	}
	if len(faults) > 0 {
		return Version{}, errs.InvalidFields(faults)
	}
	return s.change(ctx, Version{Kind: OfHours, Unit: access.UnitID(unit), Hours: hours, Reason: e.Reason}, unit, e.Version)
}

// closed reports whether a week has no hours at all: terms of hours in business would never end.
func (w Week) closed() bool {
	for _, spans := range w.days() {
		if len(spans) > 0 {
			return false
		}
	}
	return true
}

// change adds a version, audits it and tells every replica. When it returns without an error this replica answers by it.
func (s *Service) change(ctx context.Context, v Version, unit string, seen int64) (Version, error) {
	if v.Kind != OfYear && v.Unit == 0 {
		return Version{}, errs.New(errs.NotFound, "not_found")
	}
	v.CreatedBy = access.From(ctx).ID
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		one := v
		if err := s.insert(ctx, tx, &one, seen); err != nil {
			return err
		}
		entry := audit.Entry{Verb: "change", Object: "worktime", ID: one.ID, Unit: unit,
			Detail: map[string]any{"kind": string(one.Kind), "name": one.name(), "number": one.Number, "reason": one.Reason}}
		if one.Kind == OfYear {
			entry.Unit = ""
		}
		if err := s.Audit.Record(ctx, tx, entry); err != nil {
			return err
		}
		if s.Changed != nil {
			if err := s.Changed(ctx, tx, one); err != nil {
				return err
			}
		}
		if err := s.Hints.Publish(tx, "worktime", one.Unit, one.Number); err != nil {
			return err
		}
		v = Version{ID: one.ID, Kind: v.Kind, Unit: v.Unit, Number: one.Number, Year: v.Year, Local: v.Local, Hours: v.Hours,
			Reason: v.Reason, CreatedBy: v.CreatedBy, CreatedAt: one.CreatedAt}
		return tx.Notify(channel, string(one.Kind))
	})
	if err != nil {
		return Version{}, errs.Wrap(err, "change the working calendar")
	}
	if err := s.reload(ctx); err != nil {
		s.Log.WarnContext(ctx, "working calendars not read again, the last known hold", "error", err)
	}
	return v, nil
}
