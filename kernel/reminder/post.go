package reminder

import (
	"context"
	"strconv"

	"weizheng/kernel/notify"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

// post queues a parcel's message as a customer message, else by template, else leaves it in the console.
func (s *Service) post(ctx context.Context, tx *db.Tx, p Parcel, v values) error {
	link := s.LinkTo(ctx, p.Binding, p.Staff, p.Matter)
	in := notify.Intent{Follower: p.Follower, Reply: wechat.Text{Content: s.text(v, link)}, Source: p.source(), Dedupe: p.source()}
	outbound, err := s.Outbox.Queue(ctx, tx, in)
	if errs.Is(err, errs.Exhausted) {
		return s.postTemplate(ctx, tx, p, v, link, errs.As(err).Key())
	}
	return s.posted(ctx, tx, p, notify.Custom, outbound, err)
}

func (s *Service) postTemplate(ctx context.Context, tx *db.Tx, p Parcel, v values, link, because string) error {
	t, ok := s.template(ctx, v, link)
	if !ok {
		return s.state(ctx, tx, p.ID, "", 0, Unsent, because)
	}
	outbound, err := s.Outbox.Queue(ctx, tx, notify.Intent{Follower: p.Follower, Template: &t, Source: p.source(), Dedupe: p.source() + ":t"})
	return s.posted(ctx, tx, p, notify.ByTemplate, outbound, err)
}

// posted writes down that a message is on its way, or why it is not.
func (s *Service) posted(ctx context.Context, tx *db.Tx, p Parcel, channel notify.Channel, outbound int64, err error) error {
	switch {
	case err == nil:
		return s.state(ctx, tx, p.ID, channel, outbound, Queued, "")
	case errs.Is(err, errs.Refused), errs.Is(err, errs.NotFound), errs.Is(err, errs.Invalid):
		return s.state(ctx, tx, p.ID, "", 0, Unsent, errs.As(err).Key())
	}
	return err
}

func (s *Service) state(ctx context.Context, tx *db.Tx, parcel int64, channel notify.Channel, outbound int64, state ParcelState, problem string) error {
	settled := int64(0)
	if state != Queued {
		settled = s.now()
	}
	_, err := tx.Exec(ctx, `update reminder_parcel set channel = case when $2 = '' then channel else $2 end,
		outbound_id = case when $3 = 0 then outbound_id else $3 end, state = $4, problem = $5, settled_at = $6 where id = $1`,
		parcel, string(channel), outbound, string(state), problem, settled)
	return errs.Wrap(err, "note the state of parcel %d", parcel)
}

const sourcePrefix = "reminder:"

func (p Parcel) source() string { return sourcePrefix + itoa(p.ID) }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
