package accountweb

import (
	"context"
	"slices"
	"strconv"
	"time"

	"weizheng/part"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
)

// dueChecks has accounts checked by themselves. The sweep, which must be quick, only asks for the work; a job does it.
type dueChecks struct{ Deps }

// checkArgs is the self-check of one account.
type checkArgs struct {
	Account int64 `json:"account"`
}

// Kind names the job.
func (checkArgs) Kind() string { return "account.check" }

func (d dueChecks) register(j *job.Jobs) { job.Handle(j, job.Bulk, d.run) }

func (d dueChecks) sweep(ctx context.Context, _ time.Time) (int, error) {
	due, err := d.Accounts.DueChecks(ctx)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	err = d.DB.Write(ctx, func(tx *db.Tx) error {
		for _, id := range due {
			args := checkArgs{Account: id}
			if err := d.Jobs.Enqueue(ctx, tx, args, job.Unique(strconv.FormatInt(id, 10))); err != nil {
				return err
			}
		}
		return nil
	})
	return len(due), errs.Wrap(err, "ask for the checks that are due")
}

// run checks an account that is still due: somebody may have pressed the button, and the sweep asks again while a check
// is under way.
func (d dueChecks) run(ctx context.Context, args checkArgs, _ job.Attempt) error {
	due, err := d.Accounts.DueChecks(ctx)
	if err != nil || !slices.Contains(due, args.Account) {
		return err
	}
	_, err = d.Accounts.Check(ctx, args.Account)
	return err
}

// certify keeps an account's verification as WeChat tells it.
func (d Deps) certify(ctx context.Context, tx *db.Tx, batch []part.Inbound) error {
	for _, in := range batch {
		if in.Message.MsgType != "event" {
			continue
		}
		if err := d.Accounts.Certify(ctx, tx, in.Account.ID, in.Message.Event); err != nil {
			return err
		}
	}
	return nil
}
