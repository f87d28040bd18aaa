package reminder

import (
	"context"
	"strconv"
	"strings"

	"weizheng/kernel/notify"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Outcome hears what became of a message, in the transaction that records it. A customer message that WeChat's window did
// not let through goes by template instead. What is not a reminder is passed over.
func (s *Service) Outcome(ctx context.Context, tx *db.Tx, o notify.Outcome) error {
	id, err := strconv.ParseInt(strings.TrimPrefix(o.Source, sourcePrefix), 10, 64)
	if err != nil || !strings.HasPrefix(o.Source, sourcePrefix) {
		return nil
	}
	p, err := db.One(ctx, tx, scanParcel, `select `+parcelColumns+` from reminder_parcel p where p.id = $1`+tx.Dialect().ForUpdate(), id)
	if errs.Is(err, errs.NotFound) {
		return nil // purged
	}
	if err != nil {
		return errs.Wrap(err, "load parcel %d", id)
	}
	if p.Outbound != o.Outbound {
		return nil // another message of the same parcel speaks for it by now
	}
	switch o.State {
	case notify.Sent:
		return s.state(ctx, tx, id, "", 0, Sent, "")
	case notify.Uncertain:
		return s.state(ctx, tx, id, "", 0, Uncertain, o.Problem)
	}
	if p.Channel == notify.Custom && (o.Problem == "notify.window_closed" || o.Problem == "notify.window_used") {
		return s.instead(ctx, tx, p, o.Problem)
	}
	return s.state(ctx, tx, id, "", 0, Unsent, o.Problem)
}

// instead sends a parcel again by template.
func (s *Service) instead(ctx context.Context, tx *db.Tx, p Parcel, problem string) error {
	items, err := db.All(ctx, tx, scanItem, `select id, matter_id, kind, sort, civil_at from reminder_item where parcel_id = $1 order by id limit $2`, p.ID, itemBatch)
	if err != nil {
		return errs.Wrap(err, "items of parcel %d", p.ID)
	}
	live, _, err := s.living(ctx, items)
	if err != nil {
		return err
	}
	if len(live) == 0 {
		return s.state(ctx, tx, p.ID, "", 0, Unsent, problem)
	}
	v, err := s.words(ctx, live, map[Sort]int{})
	if err != nil {
		return err
	}
	return s.postTemplate(ctx, tx, p, v, s.LinkTo(ctx, p.Binding, p.Staff, p.Matter), problem)
}
