package worktime

import (
	"context"
	"encoding/json"
	"strconv"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Subject is what a version is of.
type Subject string

// The subjects.
const (
	OfYear  Subject = "year"
	OfLocal Subject = "local"
	OfHours Subject = "hours"
)

// LocalDay is a local day with its source.
type LocalDay struct {
	Local
	Source string `json:"source"` // the decision or notice it rests on
}

// Version is one state of one part of a calendar, with who made it and why. Of Year, Local and Hours the one that Kind names is
// set; Hours is nil where the unit goes by the hours of the unit above again.
type Version struct {
	ID        int64
	Kind      Subject
	Unit      int64 // id; 0 for a year
	Number    int64 // 1, 2, …
	Year      *Year
	Local     []LocalDay
	Hours     *Week
	Reason    string
	CreatedBy int64 // staff id, 0 for the house
	CreatedAt int64 // ms
}

// name is the year's number for lists, else empty.
func (v Version) name() string {
	if v.Year != nil {
		return strconv.Itoa(v.Year.Year)
	}
	return ""
}

func (v Version) content() any {
	switch v.Kind {
	case OfYear:
		return v.Year
	case OfLocal:
		return v.Local
	}
	return v.Hours
}

const columns = "id, kind, unit_id, number, content, reason, created_by, created_at"

func scanVersion(scan db.Scan) (Version, error) {
	var v Version
	var content string
	if err := scan(&v.ID, &v.Kind, &v.Unit, &v.Number, &content, &v.Reason, &v.CreatedBy, &v.CreatedAt); err != nil {
		return v, err
	}
	var into any = &v.Hours
	switch v.Kind {
	case OfYear:
		into = &v.Year
	case OfLocal:
		into = &v.Local
	}
	return v, errs.Wrap(json.Unmarshal([]byte(content), into), "version %d of a calendar", v.ID)
}

// newest returns the versions that count.
func newest(ctx context.Context, q db.Queryer) ([]Version, error) {
	return db.All(ctx, q, scanVersion, `select `+columns+` from worktime_version v where number = (
		select max(number) from worktime_version w where w.kind = v.kind and w.unit_id = v.unit_id and w.name = v.name)
		order by kind, unit_id, name`)
}

// Versions returns the versions of a year's list (unit 0), of a unit's local days or hours (year 0), newest first, older than before unless
// that is 0.
func (s *Service) Versions(ctx context.Context, kind Subject, unit int64, year int, before int64, limit int) ([]Version, error) {
	name := ""
	if kind == OfYear {
		name, unit = strconv.Itoa(year), 0
	}
	list, err := db.All(ctx, s.DB, scanVersion, `select `+columns+` from worktime_version
		where kind = $1 and unit_id = $2 and name = $3 and ($4 = 0 or number < $4) order by number desc limit $5`, string(kind), unit, name, before, limit)
	return list, errs.Wrap(err, "versions of %s", kind)
}

// insert adds the version after the one that the editor saw; another one in between is Conflict "db.stale".
func (s *Service) insert(ctx context.Context, tx *db.Tx, v *Version, seen int64) error {
	var last int64
	if err := tx.QueryRow(ctx, `select coalesce(max(number), 0) from worktime_version where kind = $1 and unit_id = $2 and name = $3`,
		string(v.Kind), v.Unit, v.name()).Scan(&last); err != nil {
		return err
	}
	if last != seen {
		return errs.New(errs.Conflict, "db.stale")
	}
	content, err := json.Marshal(v.content())
	if err != nil {
		return errs.Wrap(err, "encode a calendar")
	}
	v.Number, v.CreatedAt = last+1, clock.Millis(s.Wall.Now())
	return tx.QueryRow(ctx, `insert into worktime_version (kind, unit_id, name, number, content, reason, created_by, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
		string(v.Kind), v.Unit, v.name(), v.Number, string(content), v.Reason, v.CreatedBy, v.CreatedAt).Scan(&v.ID)
}
