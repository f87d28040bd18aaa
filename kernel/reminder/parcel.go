package reminder

import (
	"context"
	"time"

	"weizheng/kernel/matter"
	"weizheng/kernel/notify"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// ParcelState is what became of a message to a phone.
type ParcelState string

// The states.
const (
	Queued    ParcelState = "queued"
	Sent      ParcelState = "sent"
	Unsent    ParcelState = "unsent" // it stays in the console; Problem says why
	Uncertain ParcelState = "uncertain"
)

// item is a notice that waits.
type item struct {
	id, matter int64
	kind       string
	sort       Sort
	at         int64
}

func scanItem(scan db.Scan) (i item, err error) {
	return i, scan(&i.id, &i.matter, &i.kind, &i.sort, &i.at)
}

const (
	turnBatch = 100 // people whom one run of the sweep serves
	itemBatch = 500 // items whose matters are looked at; the rest of a message is only counted
)

// Send sends what is due by now: for each person one message with all that waits. It returns how many people it served, and
// may run on several replicas and after any crash: items and message are one transaction.
func (s *Service) Send(ctx context.Context, now time.Time) (int, error) {
	due, err := db.All(ctx, s.DB, db.Value[int64], `select staff_id from reminder_turn where due_at > 0 and due_at <= $1 order by due_at limit $2`,
		clock.Millis(now), turnBatch)
	if err != nil {
		return 0, errs.Wrap(err, "find whose turn it is")
	}
	for _, staff := range due {
		if err := s.DB.Write(ctx, func(tx *db.Tx) error { return s.serve(ctx, tx, staff, now) }); err != nil {
			return 0, errs.Wrap(err, "remind staff %d", staff)
		}
	}
	return len(due), nil
}

// serve packs one person's items and queues the message.
func (s *Service) serve(ctx context.Context, tx *db.Tx, staff int64, now time.Time) error {
	dueAt, err := db.One(ctx, tx, db.Value[int64], `select due_at from reminder_turn where staff_id = $1`+tx.Dialect().ForUpdate(), staff)
	if err != nil || dueAt == 0 || dueAt > clock.Millis(now) {
		return err
	}
	items, err := db.All(ctx, tx, scanItem, `select id, matter_id, kind, sort, civil_at from reminder_item
		where staff_id = $1 and state = 'waiting' order by id limit $2`, staff, itemBatch)
	if err != nil {
		return err
	}
	b, problem, err := s.recipient(ctx, tx, staff)
	if err != nil {
		return err
	}
	if problem != "" {
		return s.drop(ctx, tx, staff, items, problem)
	}
	if end, err := s.quiet(ctx, staff, now); err != nil || !end.IsZero() {
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update reminder_turn set due_at = $2 where staff_id = $1`, staff, clock.Millis(end))
		return err
	}
	live, over, err := s.living(ctx, items)
	if err != nil {
		return err
	}
	if err := markDropped(ctx, tx, over, "reminder.over"); err != nil {
		return err
	}
	if len(live) == 0 {
		return s.after(ctx, tx, staff, len(items) == itemBatch, false, now)
	}
	rest := map[Sort]int{}
	if len(items) == itemBatch {
		if rest, err = restOf(ctx, tx, staff, items[len(items)-1].id); err != nil {
			return err
		}
	}
	if err := s.pack(ctx, tx, b, live, rest, now); err != nil {
		return err
	}
	return s.after(ctx, tx, staff, false, true, now)
}

// restOf counts what waits after an item: a sweep can show thousands of lights at once, and they are one message.
func restOf(ctx context.Context, tx *db.Tx, staff, after int64) (map[Sort]int, error) {
	type count struct {
		sort Sort
		n    int
	}
	list, err := db.All(ctx, tx, func(scan db.Scan) (c count, err error) { return c, scan(&c.sort, &c.n) },
		`select sort, count(*) from reminder_item where staff_id = $1 and state = 'waiting' and id > $2 group by sort`, staff, after)
	rest := map[Sort]int{}
	for _, c := range list {
		rest[c.sort] = c.n
	}
	return rest, err
}

// after sets the next turn: at once when more waits.
func (s *Service) after(ctx context.Context, tx *db.Tx, staff int64, more, sent bool, now time.Time) error {
	next, last := int64(0), int64(0)
	if more {
		next = clock.Millis(now)
	}
	if sent {
		last = clock.Millis(now)
	}
	_, err := tx.Exec(ctx, `update reminder_turn set due_at = $2, last_at = case when $3 > last_at then $3 else last_at end where staff_id = $1`, staff, next, last)
	return err
}

// recipient is the phone that a person's reminders go to, or why there is none.
func (s *Service) recipient(ctx context.Context, tx *db.Tx, staff int64) (b Binding, problem string, err error) {
	way, err := s.Way(ctx)
	if errs.Is(err, errs.Conflict) {
		return b, errNoAccount.Key(), nil
	}
	if err != nil {
		return b, "", err
	}
	b, err = bindingOfStaff(ctx, tx, way.Account.ID, staff)
	if errs.Is(err, errs.NotFound) {
		return b, errUnbound.Key(), nil
	}
	if err != nil {
		return b, "", err
	}
	_, err = s.Staff.Actor(ctx, staff)
	if errs.Is(err, errs.Unauthenticated) {
		return b, "reminder.gone", nil
	}
	return b, "", err
}

// quiet returns when the person's quiet hours end that it is in now; zero: none.
func (s *Service) quiet(ctx context.Context, staff int64, now time.Time) (time.Time, error) {
	c, err := s.Choice(ctx, staff)
	if err != nil {
		return time.Time{}, err
	}
	from, until := c.QuietFrom, c.QuietUntil
	if from == "" {
		from, until = s.Settings.Text(ctx, SettingQuietFrom, everywhere), s.Settings.Text(ctx, SettingQuietUntil, everywhere)
	}
	return notify.QuietEnd(now, from, until), nil
}

// told is an item with the matter it is about.
type told struct {
	item
	matter matter.Matter
}

// living parts the items whose matter still waits for somebody from those that are over; news are worth telling then, too.
func (s *Service) living(ctx context.Context, items []item) (live []told, over []item, err error) {
	heads := map[int64]matter.Matter{}
	for _, i := range items {
		m, seen := heads[i.matter]
		if !seen {
			m, err = s.Matters.Head(ctx, i.matter)
			if errs.Is(err, errs.NotFound) {
				over = append(over, i)
				continue
			}
			if err != nil {
				return nil, nil, err
			}
			heads[i.matter] = m
		}
		if m.Held == matter.Over && i.sort != News {
			over = append(over, i)
			continue
		}
		live = append(live, told{i, m})
	}
	return live, over, nil
}

func (s *Service) drop(ctx context.Context, tx *db.Tx, staff int64, items []item, problem string) error {
	if err := markDropped(ctx, tx, items, problem); err != nil {
		return err
	}
	return s.after(ctx, tx, staff, len(items) == itemBatch, false, s.Civil.Now())
}

func markDropped(ctx context.Context, tx *db.Tx, items []item, problem string) error {
	for _, i := range items {
		if _, err := tx.Exec(ctx, `update reminder_item set state = 'dropped', problem = $2 where id = $1`, i.id, problem); err != nil {
			return err
		}
	}
	return nil
}

// pack makes a parcel of everything that still waits for a person, and queues its message. Nobody adds to it meanwhile: who
// notes an item takes the person's turn, which is held.
func (s *Service) pack(ctx context.Context, tx *db.Tx, b Binding, items []told, rest map[Sort]int, now time.Time) error {
	p := Parcel{Staff: b.Staff, Binding: b.ID, Follower: b.Follower, Items: len(items), CreatedAt: clock.Millis(now), State: Queued}
	for _, n := range rest {
		p.Items += n
	}
	if p.Items == len(items) && distinct(items) == 1 {
		p.Matter = items[0].matter.ID
	}
	id, err := db.One(ctx, tx, db.Value[int64], `insert into reminder_parcel (staff_id, binding_id, follower_id, matter_id, items, channel, state, created_at)
		values ($1,$2,$3,$4,$5,'','queued',$6) returning id`, p.Staff, p.Binding, p.Follower, p.Matter, p.Items, p.CreatedAt)
	if err != nil {
		return err
	}
	p.ID = id
	_, err = tx.Exec(ctx, `update reminder_item set state = 'packed', parcel_id = $2 where staff_id = $1 and state = 'waiting'`, b.Staff, id)
	if err != nil {
		return err
	}
	v, err := s.words(ctx, items, rest)
	if err != nil {
		return err
	}
	return s.post(ctx, tx, p, v)
}

func distinct(items []told) int {
	seen := map[int64]bool{}
	for _, i := range items {
		seen[i.matter.ID] = true
	}
	return len(seen)
}
