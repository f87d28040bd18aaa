package matter

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Deputy is who acts for somebody while they are away; both names are kept with what they do.
type Deputy struct {
	ID     int64 `json:"id"`
	Staff  int64 `json:"staff_id"` // who is away
	Deputy int64 `json:"deputy_id"`
	From   int64 `json:"from_at"` // civil ms
	Until  int64 `json:"until_at"`
}

// deputyDays is the longest time away that one appointment covers.
const deputyDays = 366

// Appoint lets another act for the actor of ctx for a time. It replaces what stood for that time before.
func (s *Service) Appoint(ctx context.Context, deputy, from, until int64) (Deputy, error) {
	who := access.From(ctx)
	d := Deputy{Staff: who.ID, Deputy: deputy, From: from, Until: until}
	var f faults
	if who.Kind != access.Staff || deputy == who.ID || deputy <= 0 {
		f.add("deputy_id", "matter.deputy", nil)
	}
	if until <= from || until <= s.now() || until-from > deputyDays*24*3600*1000 {
		f.add("until_at", "matter.deputy_time", map[string]any{"max": deputyDays})
	}
	if err := errs.InvalidFields(f); err != nil {
		return Deputy{}, err
	}
	if _, err := s.Staff.Actor(ctx, deputy); err != nil {
		return Deputy{}, errs.InvalidFields([]errs.Field{{Field: "deputy_id", Key: "matter.deputy"}})
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `delete from matter_deputy where staff_id = $1 and from_at < $3 and until_at > $2`, who.ID, from, until); err != nil {
			return err
		}
		var err error
		if d.ID, err = db.One(ctx, tx, db.Value[int64], `insert into matter_deputy (staff_id, deputy_id, from_at, until_at, created_at)
			values ($1, $2, $3, $4, $5) returning id`, who.ID, deputy, from, until, clock.Millis(s.Wall.Now())); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "appoint", Object: "deputy", ID: d.ID, Unit: who.Unit, Detail: map[string]any{"deputy": deputy}})
	})
	return d, errs.Wrap(err, "appoint a deputy")
}

// Dismiss ends an appointment of the actor's own.
func (s *Service) Dismiss(ctx context.Context, id int64) error {
	who := access.From(ctx)
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `delete from matter_deputy where id = $1 and staff_id = $2`, id, who.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errNone
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "dismiss", Object: "deputy", ID: id, Unit: who.Unit})
	})
	return errs.Wrap(err, "dismiss a deputy")
}

// Deputies lists the appointments that concern somebody and are not over: theirs, and those in which they stand in.
func (s *Service) Deputies(ctx context.Context, staff int64) ([]Deputy, error) {
	list, err := db.All(ctx, s.DB, func(scan db.Scan) (d Deputy, err error) {
		return d, scan(&d.ID, &d.Staff, &d.Deputy, &d.From, &d.Until)
	}, `select id, staff_id, deputy_id, from_at, until_at from matter_deputy where staff_id = $1 and until_at > $2
		union all select id, staff_id, deputy_id, from_at, until_at from matter_deputy where deputy_id = $1 and until_at > $2
		order by 4, 1`, staff, s.now())
	return list, errs.Wrap(err, "deputies of staff %d", staff)
}

// delegated reports whether somebody may act for another now.
func delegated(ctx context.Context, q db.Queryer, staff, deputy, now int64) (bool, error) {
	_, err := db.One(ctx, q, db.Value[int64], `select id from matter_deputy where staff_id = $1 and until_at > $3 and from_at <= $3 and deputy_id = $2 limit 1`,
		staff, deputy, now)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil, errs.Wrap(err, "look a deputy up")
}
