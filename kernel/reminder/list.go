package reminder

import (
	"context"
	"time"

	"weizheng/kernel/notify"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Parcel is one message to one phone. Instants are civil ms.
type Parcel struct {
	ID        int64
	Staff     int64
	Binding   int64
	Follower  int64
	Matter    int64 // 0: of several matters, or a trial
	Items     int
	Channel   notify.Channel // "" when it went nowhere
	Outbound  int64
	State     ParcelState
	Problem   string // message key
	CreatedAt int64
	SettledAt int64
}

const parcelColumns = `p.id, p.staff_id, p.binding_id, p.follower_id, p.matter_id, p.items, p.channel, p.outbound_id, p.state, p.problem, p.created_at, p.settled_at`

func scanParcel(scan db.Scan) (p Parcel, err error) {
	return p, scan(&p.ID, &p.Staff, &p.Binding, &p.Follower, &p.Matter, &p.Items, &p.Channel, &p.Outbound, &p.State, &p.Problem, &p.CreatedAt, &p.SettledAt)
}

// List returns a member of staff's messages, the newest first; before is the last id of the page before, 0 for the first.
func (s *Service) List(ctx context.Context, staff, before int64, limit int) ([]Parcel, error) {
	where, args := `p.staff_id = $1`, []any{staff, min(max(limit, 1), 200)}
	if before > 0 {
		where, args = where+` and p.id < $3`, append(args, before)
	}
	list, err := db.All(ctx, s.DB, scanParcel, `select `+parcelColumns+` from reminder_parcel p where `+where+` order by p.id desc limit $2`, args...)
	return list, errs.Wrap(err, "reminders of staff %d", staff)
}

// CountUnsent returns how many messages since an instant (civil) stayed in the console.
func (s *Service) CountUnsent(ctx context.Context, since time.Time) (int64, error) {
	n, err := db.One(ctx, s.DB, db.Value[int64], `select count(*) from reminder_parcel where state = 'unsent' and created_at >= $1`, clock.Millis(since))
	return n, errs.Wrap(err, "count reminders that did not arrive")
}

// CountBound returns how many members of staff have a phone.
func (s *Service) CountBound(ctx context.Context) (int64, error) {
	n, err := db.One(ctx, s.DB, db.Value[int64], `select count(*) from reminder_binding`)
	return n, errs.Wrap(err, "count phones")
}

// purgeBatch is how many rows one run removes.
const purgeBatch = 500

// Purge removes what is older than the days of the setting, and what of a web authorisation ran out. It returns how many.
func (s *Service) Purge(ctx context.Context, now time.Time) (int, error) {
	before := clock.Millis(now.AddDate(0, 0, -int(s.Settings.Int(ctx, SettingKeepDays, everywhere))))
	old, err := db.One(ctx, s.DB, db.Value[int64], `select (select count(*) from reminder_item where civil_at < $1 and state <> 'waiting') +
		(select count(*) from reminder_parcel where created_at < $1) + (select count(*) from reminder_door where expires_at < $2)`, before, s.wall())
	if err != nil || old == 0 {
		return 0, errs.Wrap(err, "look for old reminders")
	}
	total := 0
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		total = 0
		for _, one := range []struct {
			what string
			args []any
		}{
			{`reminder_item where id in (select id from reminder_item where civil_at < $1 and state <> 'waiting' order by civil_at limit $2)`, []any{before, purgeBatch}},
			{`reminder_parcel where id in (select id from reminder_parcel where created_at < $1 order by created_at limit $2)`, []any{before, purgeBatch}},
			{`reminder_door where expires_at < $1`, []any{s.wall()}},
		} {
			n, err := tx.Exec(ctx, `delete from `+one.what, one.args...)
			if err != nil {
				return err
			}
			total += int(n)
		}
		return nil
	})
	return total, errs.Wrap(err, "remove old reminders")
}
