package citizen

import (
	"context"
	"time"

	"weizheng/kernel/audit"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/job"
	"weizheng/wechat/client"
)

// SyncState is the stage of a sync.
type SyncState string

// The stages, in order.
const (
	SyncListing SyncState = "listing" // WeChat's list, ten thousand a page
	SyncAsking  SyncState = "asking"  // details of everybody listed, a hundred a call
	SyncLeaving SyncState = "leaving" // who is not listed any more has left
	SyncDone    SyncState = "done"
	SyncFailed  SyncState = "failed"
)

// Sync is one run of bringing an account's followers into step with WeChat.
type Sync struct {
	ID         int64
	Account    int64
	State      SyncState
	Total      int64 // followers, as WeChat says
	Listed     int64
	Fresh      int64 // not known before
	Asked      int64
	Gone       int64
	Problem    string // message key
	StartedAt  time.Time
	ChangedAt  time.Time
	FinishedAt time.Time // zero while it runs

	cursor   []byte
	position int64
}

const syncColumns = `id, account_id, state, total, listed, fresh, asked, gone, problem, started_at, changed_at, finished_at, cursor_sealed, position`

func scanSync(scan db.Scan) (y Sync, err error) {
	var started, changed, finished int64
	var state string
	err = scan(&y.ID, &y.Account, &state, &y.Total, &y.Listed, &y.Fresh, &y.Asked, &y.Gone, &y.Problem, &started, &changed, &finished, &y.cursor, &y.position)
	y.State, y.StartedAt, y.ChangedAt, y.FinishedAt = SyncState(state), instant(started), instant(changed), instant(finished)
	return y, err
}

const (
	listPath   = "/cgi-bin/user/get"
	cursorSeal = "follower_sync.cursor"
)

// StartSync begins to bring an account's followers into step with WeChat: a job for each step, so that it goes on after
// a restart. One that runs already is a conflict; an account that may not list its followers is errs.Refused.
func (s *Service) StartSync(ctx context.Context, account int64) (Sync, error) {
	if err := s.Accounts.May(ctx, account, listPath); err != nil {
		return Sync{}, err
	}
	a, err := s.Accounts.Known(ctx, account)
	if err != nil {
		return Sync{}, err
	}
	var y Sync
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		y, err = db.One(ctx, tx, scanSync, `insert into follower_sync (account_id, state, started_at, changed_at) values ($1,$2,$3,$3)
			on conflict (account_id) where finished_at = 0 do nothing returning `+syncColumns, account, string(SyncListing), clock.Millis(s.Wall.Now()))
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.Conflict, "citizen.sync_running")
		}
		if err != nil {
			return err
		}
		if err := s.Jobs.Enqueue(ctx, tx, syncArgs{y.ID}); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "sync", Object: "follower", Unit: a.Unit, Account: account, Detail: map[string]any{"sync": y.ID}})
	})
	return y, errs.Wrap(err, "start to sync account %d", account)
}

// LastSync returns an account's running or latest sync; none yet is errs.NotFound.
func (s *Service) LastSync(ctx context.Context, account int64) (Sync, error) {
	y, err := db.One(ctx, s.DB, scanSync, `select `+syncColumns+` from follower_sync where account_id = $1 order by id desc limit 1`, account)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "citizen.sync_none")
	}
	return y, errs.Wrap(err, "load the sync of account %d", account)
}

type syncArgs struct {
	Sync int64 `json:"sync"`
}

// Kind names the job.
func (syncArgs) Kind() string { return "citizen.sync" }

// syncStep does one step of a sync: a page of the list, or a look for who left. A sync that is over, or that the details
// job has in hand, has no step.
func (s *Service) syncStep(ctx context.Context, args syncArgs, _ job.Attempt) error {
	y, err := db.One(ctx, s.DB, scanSync, `select `+syncColumns+` from follower_sync where id = $1`, args.Sync)
	if err != nil {
		return errs.Wrap(err, "load sync %d", args.Sync)
	}
	switch y.State {
	case SyncListing:
		err = s.syncPage(ctx, y)
	case SyncLeaving:
		err = s.syncGone(ctx, y)
	}
	if errs.Is(err, errs.Exhausted) {
		return s.syncLater(ctx, y, quotaPause)
	}
	if errs.Is(err, errs.Refused) {
		return s.syncFailed(ctx, y.Account, err)
	}
	return err
}

func (s *Service) syncLater(ctx context.Context, y Sync, after time.Duration) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Jobs.Enqueue(ctx, tx, syncArgs{y.ID}, job.At(s.Wall.Now().Add(after)))
	})
}

// syncPage takes one page of WeChat's list. Its followers are stored bit by bit, which may happen twice without harm; the
// cursor moves on with the last bit.
func (s *Service) syncPage(ctx context.Context, y Sync) error {
	cursor, err := s.cursor(y)
	if err != nil {
		return err
	}
	c, err := s.Accounts.Client(ctx, y.Account)
	if err != nil {
		return err
	}
	if cursor == "" {
		if err := s.pullTags(ctx, c, y.Account); err != nil {
			return err
		}
	}
	page, err := c.Users(ctx, cursor)
	if err != nil {
		return errs.Wrap(err, "list followers of account %d", y.Account)
	}
	fresh, err := s.listed(ctx, y, page.OpenIDs)
	if err != nil {
		return err
	}
	return s.turnPage(ctx, y, page, fresh)
}

func (s *Service) cursor(y Sync) (string, error) {
	if len(y.cursor) == 0 {
		return "", nil
	}
	b, err := s.Ring.Open(y.cursor, cursorSeal)
	return string(b), errs.Wrap(err, "open the cursor of sync %d", y.ID)
}

// turnPage stores the place of the next page, or that the list is read and everybody is to be asked about.
func (s *Service) turnPage(ctx context.Context, y Sync, page client.UserPage, fresh int) error {
	state, sealed := SyncListing, []byte(nil)
	if page.Next == "" {
		state = SyncAsking
	} else {
		var err error
		if sealed, err = s.Ring.Seal([]byte(page.Next), cursorSeal); err != nil {
			return errs.Wrap(err, "seal the cursor of sync %d", y.ID)
		}
	}
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		err := db.ExpectOne(tx.Exec(ctx, `update follower_sync set state = $2, cursor_sealed = $3, total = $4, listed = listed + $5, fresh = fresh + $6,
			changed_at = $7 where id = $1 and state = 'listing'`, y.ID, string(state), sealed, page.Total, len(page.OpenIDs), fresh, clock.Millis(s.Wall.Now())))
		if err != nil {
			return err
		}
		if state == SyncAsking {
			return s.Jobs.Enqueue(ctx, tx, detailArgs{y.Account}, job.Unique(detailKey(y.Account)))
		}
		return s.Jobs.Enqueue(ctx, tx, syncArgs{y.ID})
	})
	return errs.Wrap(err, "turn the page of sync %d", y.ID)
}

// syncAsked is called when nobody of an account is left to ask about.
func (s *Service) syncAsked(ctx context.Context, account int64) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := db.One(ctx, tx, db.Value[int64], `update follower_sync set state = 'leaving', changed_at = $2
			where account_id = $1 and finished_at = 0 and state = 'asking' returning id`, account, clock.Millis(s.Wall.Now()))
		if errs.Is(err, errs.NotFound) {
			return nil // no sync asked for it: somebody subscribed
		}
		if err != nil {
			return err
		}
		return s.Jobs.Enqueue(ctx, tx, syncArgs{id})
	})
	return errs.Wrap(err, "go on with the sync of account %d", account)
}

// syncFailed ends an account's running sync with the reason; without one there is nothing to tell.
func (s *Service) syncFailed(ctx context.Context, account int64, cause error) error {
	e := errs.As(cause)
	s.Log.WarnContext(ctx, "followers are not in step with WeChat", "account_id", account, "error", cause)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		now := clock.Millis(s.Wall.Now())
		_, err := tx.Exec(ctx, `update follower_sync set state = 'failed', problem = $2, changed_at = $3, finished_at = $3
			where account_id = $1 and finished_at = 0`, account, e.Key(), now)
		return err
	})
}
