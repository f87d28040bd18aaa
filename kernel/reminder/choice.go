package reminder

import (
	"context"
	"regexp"

	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Sort is what a notice is about, as people switch it on and off.
type Sort string

// The sorts.
const (
	Fresh Sort = "fresh" // something new waits for them
	Near  Sort = "near"  // it will soon be late
	Late  Sort = "late"
	Urge  Sort = "urge" // somebody urges
	News  Sort = "news" // something came of what they began or watch
)

// Choice is what somebody wants to be reminded of, and their own quiet hours ("22:00"; both "": the setting's).
type Choice struct {
	Fresh, Near, Late, Urge, News bool
	QuietFrom, QuietUntil         string
}

// everything is what holds until somebody chooses.
var everything = Choice{Fresh: true, Near: true, Late: true, Urge: true, News: true}

func (c Choice) wants(sort Sort) bool {
	switch sort {
	case Fresh:
		return c.Fresh
	case Near:
		return c.Near
	case Late:
		return c.Late
	case Urge:
		return c.Urge
	}
	return c.News
}

var hourForm = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// Validate reports every fault.
func (c Choice) Validate() error {
	var faults []errs.Field
	for field, value := range map[string]string{"quiet_from": c.QuietFrom, "quiet_until": c.QuietUntil} {
		if value == "" && c.QuietFrom+c.QuietUntil != "" || value != "" && !hourForm.MatchString(value) {
			faults = append(faults, errs.Field{Field: field, Key: "reminder.hour"})
		}
	}
	return errs.InvalidFields(faults)
}

const choiceColumns = `fresh, near, late, urge, news, quiet_from, quiet_until`

func scanChoice(scan db.Scan) (c Choice, err error) {
	return c, scan(&c.Fresh, &c.Near, &c.Late, &c.Urge, &c.News, &c.QuietFrom, &c.QuietUntil)
}

// Choice returns what a member of staff chose.
func (s *Service) Choice(ctx context.Context, staff int64) (Choice, error) {
	return choiceOf(ctx, s.DB, staff)
}

func choiceOf(ctx context.Context, q db.Queryer, staff int64) (Choice, error) {
	c, err := db.One(ctx, q, scanChoice, `select `+choiceColumns+` from reminder_choice where staff_id = $1`, staff)
	if errs.Is(err, errs.NotFound) {
		return everything, nil
	}
	return c, errs.Wrap(err, "the choice of staff %d", staff)
}

// QuietHours are the setting's, for those who have none of their own.
func (s *Service) QuietHours(ctx context.Context) [2]string {
	return [2]string{s.Settings.Text(ctx, SettingQuietFrom, everywhere), s.Settings.Text(ctx, SettingQuietUntil, everywhere)}
}

// Choose keeps what the actor chose; it holds for notices from now on.
func (s *Service) Choose(ctx context.Context, c Choice) error {
	if err := c.Validate(); err != nil {
		return err
	}
	me := access.From(ctx).ID
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into reminder_choice (staff_id, `+choiceColumns+`) values ($1,$2,$3,$4,$5,$6,$7,$8)
			on conflict (staff_id) do update set fresh = excluded.fresh, near = excluded.near, late = excluded.late, urge = excluded.urge,
				news = excluded.news, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until`,
			me, c.Fresh, c.Near, c.Late, c.Urge, c.News, c.QuietFrom, c.QuietUntil)
		return err
	})
	return errs.Wrap(err, "keep the choice of staff %d", me)
}
