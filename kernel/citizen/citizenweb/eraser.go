package citizenweb

import (
	"context"
	"strconv"
	"time"

	"weizheng/kernel/citizen"
	"weizheng/part"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

// eraser lets every part erase what it holds of a follower or citizen.
type eraser struct{ Deps }

func (e eraser) register(j *job.Jobs) {
	job.Handle(j, job.Bulk, e.forget)
	job.Handle(j, job.Bulk, e.held)
}

// forgetArgs forgets one follower.
type forgetArgs struct {
	Follower int64 `json:"follower"`
}

// Kind names the job.
func (forgetArgs) Kind() string { return "citizen.forget" }

// heldArgs erases what is held of one subject.
type heldArgs struct {
	Subject part.Ref `json:"subject"`
}

// Kind names the job.
func (heldArgs) Kind() string { return "citizen.erase_held" }

// sweepBatch is how many followers one run of the sweep takes on; the next run is a second away.
const sweepBatch = 100

// sweep enqueues the followers whose time to be forgotten has come.
func (e eraser) sweep(ctx context.Context, now time.Time) (int, error) {
	due, err := e.Citizens.DueToForget(ctx, now, sweepBatch)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	err = e.Citizens.DB.Write(ctx, func(tx *db.Tx) error {
		for _, id := range due {
			if err := e.Citizens.Jobs.Enqueue(ctx, tx, forgetArgs{id}, job.Unique("follower:"+strconv.FormatInt(id, 10))); err != nil {
				return err
			}
		}
		return nil
	})
	return len(due), err
}

// forget erases what hangs on a follower alone, in every part, then the follower; and the citizen, too, when nothing else
// hangs on them. Who came back meanwhile is left alone.
func (e eraser) forget(ctx context.Context, args forgetArgs, _ job.Attempt) error {
	f, err := e.Citizens.Get(ctx, e.Citizens.DB, args.Follower)
	if err != nil || f.Erased || f.ForgetAt.IsZero() || f.ForgetAt.After(e.Citizens.Civil.Now()) {
		return err
	}
	if err := e.eraseHeld(ctx, part.Ref{Kind: "follower", ID: f.ID}); err != nil {
		return err
	}
	_, last, err := e.Citizens.Forget(ctx, f.ID)
	if err != nil || !last {
		return err
	}
	bare, err := e.bare(ctx, f.Citizen)
	if err != nil || !bare {
		return err
	}
	return e.Citizens.Erase(ctx, f.Citizen, "取消关注后到期清除", e.after(ctx))
}

// bare reports whether no other part holds anything of a citizen, under any id the person has.
func (e eraser) bare(ctx context.Context, id int64) (bool, error) {
	ids, err := e.Citizens.Same(ctx, e.Citizens.DB, id)
	if err != nil {
		return false, err
	}
	for _, d := range e.Lists.DataHeld() {
		if d.Name == "citizen" {
			continue
		}
		for _, same := range ids {
			lines, err := d.Export(ctx, part.Ref{Kind: "citizen", ID: same})
			if err != nil {
				return false, errs.Wrap(err, "what %s holds of citizen %d", d.Name, same)
			}
			if len(lines) > 0 {
				return false, nil
			}
		}
	}
	return true, nil
}

// after enqueues, in the transaction of an erasure, the erasure of what the parts hold of everybody concerned.
func (e eraser) after(ctx context.Context) func(tx *db.Tx, gone citizen.Erased) error {
	return func(tx *db.Tx, gone citizen.Erased) error {
		for kind, ids := range map[string][]int64{"citizen": gone.Citizens, "follower": gone.Followers} {
			for _, id := range ids {
				if err := e.Citizens.Jobs.Enqueue(ctx, tx, heldArgs{part.Ref{Kind: kind, ID: id}}); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

func (e eraser) held(ctx context.Context, args heldArgs, _ job.Attempt) error {
	return e.eraseHeld(ctx, args.Subject)
}

// eraseHeld asks part after part, each in a transaction of its own.
func (e eraser) eraseHeld(ctx context.Context, subject part.Ref) error {
	for _, d := range e.Lists.DataHeld() {
		err := e.Citizens.DB.Write(ctx, func(tx *db.Tx) error { return d.Erase(ctx, tx, subject) })
		if err != nil {
			return errs.Wrap(err, "erase what %s holds of %s %d", d.Name, subject.Kind, subject.ID)
		}
	}
	return nil
}
