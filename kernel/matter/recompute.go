package matter

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

// Recompute is one change of calendar or rule on its way through the open matters. Each that it moves keeps the old and the
// new due time and why, as an event. A change of rule waits until somebody else than who asked for it approves it; a
// changed calendar counts already, so that nothing is left to approve.
type Recompute struct {
	ID         int64
	Change     Change
	Why        string
	By         int64
	AskedAt    int64 // wall
	State      RecomputeState
	ApprovedBy int64 // 0: nobody had to
	ApprovedAt int64 // wall; of who turned it down as well
	Total      int64 // open matters when it began
	Seen       int64
	Moved      int64
	FinishedAt int64
	position   int64
}

// RecomputeState is how far a change has come.
type RecomputeState string

// The states.
const (
	ChangeAsked   RecomputeState = "asked"
	ChangeRunning RecomputeState = "running"
	ChangeDone    RecomputeState = "done"
	ChangeDropped RecomputeState = "dropped" // taken back by who asked, or turned down
)

// recomputeArgs does the next batch of a recomputing.
type recomputeArgs struct {
	Recompute int64 `json:"recompute"`
}

// Kind names the job.
func (recomputeArgs) Kind() string { return "matter.recompute" }

// RecomputeTopic is the hints' topic of a recomputing's progress.
const RecomputeTopic = "matter_recompute"

// whyLimit bounds the reason of a change in characters.
const whyLimit = 200

// Recompute asks for a change of rule that somebody looked at with Preview. Nothing moves until somebody else approves it.
func (s *Service) Recompute(ctx context.Context, ch Change, why string) (id int64, err error) {
	var f faults
	if ch.Rule == nil {
		f.add("rule", "matter.required", nil)
	}
	if err := errs.InvalidFields(f); err != nil {
		return 0, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if id, err = s.insertRecompute(ctx, tx, ch, why, ChangeAsked); err != nil {
			return err
		}
		return s.Hints.Publish(tx, RecomputeTopic, id, 0)
	})
	return id, errs.Wrap(err, "ask for a recomputing")
}

// RecomputeIn recomputes the open matters in the transaction that changes the calendar.
func (s *Service) RecomputeIn(ctx context.Context, tx *db.Tx, ch Change, why string) (int64, error) {
	id, err := s.insertRecompute(ctx, tx, ch, why, ChangeRunning)
	if err != nil {
		return 0, err
	}
	return id, s.startRecompute(ctx, tx, id)
}

func (s *Service) insertRecompute(ctx context.Context, tx *db.Tx, ch Change, why string, state RecomputeState) (int64, error) {
	if err := ch.Validate(); err != nil {
		return 0, err
	}
	why = strings.TrimSpace(why)
	var f faults
	if why == "" {
		f.add("why", "matter.required", nil)
	}
	f.text("why", why, whyLimit)
	if err := errs.InvalidFields(f); err != nil {
		return 0, err
	}
	text, err := json.Marshal(ch)
	if err != nil {
		return 0, err
	}
	id, err := db.One(ctx, tx, db.Value[int64], `insert into matter_recompute (change, why, asked_by, asked_at, state, total, seen, moved, position, finished_at)
		values ($1, $2, $3, $4, $5, 0, 0, 0, 0, 0) returning id`, string(text), why, access.From(ctx).ID, clock.Millis(s.Wall.Now()), string(state))
	if err != nil {
		return 0, err
	}
	return id, s.Audit.Record(ctx, tx, audit.Entry{Verb: "recompute", Object: "matter", Detail: map[string]any{"change": ch, "why": why, "id": id, "state": string(state)}})
}

// startRecompute counts what there is to do and enqueues it: every replica has read the new calendar by then.
func (s *Service) startRecompute(ctx context.Context, tx *db.Tx, id int64) error {
	if _, err := tx.Exec(ctx, `update matter_recompute set state = 'running', total = (select count(*) from matter where closed_at = 0) where id = $1`, id); err != nil {
		return err
	}
	if err := s.Jobs.Enqueue(ctx, tx, recomputeArgs{id}, job.Unique(strconv.FormatInt(id, 10)), job.At(s.Wall.Now().Add(calendarsKnown))); err != nil {
		return err
	}
	return s.Hints.Publish(tx, RecomputeTopic, id, 0)
}

// calendarsKnown is when a changed calendar has reached the memory of all replicas.
const calendarsKnown = 3 * time.Second

func scanRecompute(scan db.Scan) (r Recompute, err error) {
	var change, state string
	if err := scan(&r.ID, &change, &r.Why, &r.By, &r.AskedAt, &state, &r.Total, &r.Seen, &r.Moved, &r.FinishedAt, &r.position, &r.ApprovedBy, &r.ApprovedAt); err != nil {
		return r, err
	}
	r.State = RecomputeState(state)
	return r, json.Unmarshal([]byte(change), &r.Change)
}

const recomputeColumns = `id, change, why, asked_by, asked_at, state, total, seen, moved, finished_at, position, approved_by, approved_at`

// Recomputes lists the changes, the newest first.
func (s *Service) Recomputes(ctx context.Context, limit int) ([]Recompute, error) {
	list, err := db.All(ctx, s.DB, scanRecompute, `select `+recomputeColumns+` from matter_recompute order by id desc limit $1`, min(max(limit, 1), pageLimit))
	return list, errs.Wrap(err, "list recomputings")
}

// stepTime is how long one run of the job works: well within a job's half minute.
const stepTime = 10 * time.Second

// recomputeStep takes batches until its time is up, and enqueues the next run. A matter that was done before a crash is
// done again and does not move twice.
func (s *Service) recomputeStep(ctx context.Context, args recomputeArgs, _ job.Attempt) error {
	begun := s.Wall.Now()
	for {
		done, err := s.recomputeBatch(ctx, args.Recompute)
		if err != nil || done {
			return err
		}
		if s.Wall.Now().Sub(begun) > stepTime {
			return s.DB.Write(ctx, func(tx *db.Tx) error {
				return s.Jobs.Enqueue(ctx, tx, args, job.Unique(strconv.FormatInt(args.Recompute, 10)))
			})
		}
	}
}

func (s *Service) recomputeBatch(ctx context.Context, id int64) (done bool, err error) {
	r, err := db.One(ctx, s.DB, scanRecompute, `select `+recomputeColumns+` from matter_recompute where id = $1`, id)
	if err != nil || r.State != ChangeRunning {
		return true, errs.Wrap(err, "load recomputing %d", id)
	}
	ids, err := openAfter(ctx, s.DB, r.position)
	if err != nil {
		return false, err
	}
	moved := 0
	for _, matter := range ids {
		did, err := s.recomputeOne(ctx, matter, r)
		if err != nil {
			return false, errs.Wrap(err, "recompute matter %d", matter)
		}
		if did {
			moved++
		}
	}
	done = len(ids) == 0
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if done {
			_, err := tx.Exec(ctx, `update matter_recompute set state = 'done', finished_at = $2 where id = $1`, id, clock.Millis(s.Wall.Now()))
			return err
		}
		_, err := tx.Exec(ctx, `update matter_recompute set position = $2, seen = seen + $3, moved = moved + $4 where id = $1`,
			id, ids[len(ids)-1], len(ids), moved)
		if err != nil {
			return err
		}
		return s.Hints.Publish(tx, RecomputeTopic, id, r.Seen+int64(len(ids)))
	})
	return done, errs.Wrap(err, "note the progress of recomputing %d", id)
}

// recomputeOne moves the clocks of one matter.
func (s *Service) recomputeOne(ctx context.Context, id int64, r Recompute) (moved bool, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		moved = false
		c, err := s.begin(ctx, tx, id)
		if err != nil || c.before.Run.Ended != 0 {
			return err
		}
		list, moves, err := s.amend(ctx, c.d, &c.before, r.Change, s.Calendars, c.at)
		if err != nil || len(list) == 0 {
			return err
		}
		moved = len(moves) > 0
		c.record = record{Clocks: list, Moved: moves, Why: r.Why}
		_, err = s.finish(ctx, tx, c)
		return err
	})
	return moved, err
}
