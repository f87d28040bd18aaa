package conversation

import (
	"context"
	"embed"
	"log/slog"
	"time"

	"weizheng/kernel/audit"
	"weizheng/platform/blob"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/job"
	"weizheng/wechat/client"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema returns the migrations of this package.
func Schema() db.Schema {
	return db.Embedded("conversation", schema)
}

// Topic is the hint that a conversation changed.
const Topic = "conversation"

// ClaimWarm is how long a claim keeps rules silent after the person's last act.
const ClaimWarm = 30 * time.Minute

// Auditor records what was done, in the verb's transaction.
type Auditor interface {
	Record(ctx context.Context, tx *db.Tx, e audit.Entry) error
}

// Hints tells browsers that something changed.
type Hints interface {
	Publish(tx *db.Tx, topic string, id, version int64) error
}

// Sealer encrypts what may not be readable, for one follower.
type Sealer interface {
	Seal(plain []byte, aad string) ([]byte, error)
	Open(sealed []byte, aad string) ([]byte, error)
}

// Followers knows the people by their blind index.
type Followers interface {
	// IDs returns the ids of the followers that the persons (blind indexes) are in an account; unknown ones are left out.
	IDs(ctx context.Context, q db.Queryer, account int64, persons []string) (map[string]int64, error)
	// KeyOf returns the data key of a follower; of an erased one errs.NotFound.
	KeyOf(ctx context.Context, q db.Queryer, follower int64) (crypt.DataKey, error)
}

// Keys draws and opens the keys of files.
type Keys interface {
	NewDataKey() (wrapped []byte, k crypt.DataKey, err error)
	UnwrapDataKey(wrapped []byte) (crypt.DataKey, error)
}

// WeChat brings what followers sent to an account; the Body is set, of videos too.
type WeChat interface {
	Media(ctx context.Context, account int64, mediaID string) (client.Download, error)
}

// Outbox sends a text as a customer message; it reserves the follower's window in the transaction and refuses with
// errs.Exhausted when nothing may be sent now.
type Outbox interface {
	QueueText(ctx context.Context, tx *db.Tx, account, follower int64, dedupe, text string) (outbound int64, err error)
}

// Deps is what a Service needs.
type Deps struct {
	DB          *db.DB
	Log         *slog.Logger
	Wall, Civil clock.Clock
	Audit       Auditor
	Hints       Hints
	Sealer      Sealer
	Followers   Followers
	Outbox      Outbox
	Jobs        *job.Jobs
	Files       blob.Store
	Keys        Keys
	WeChat      WeChat
}

// Service is the inbox. Start loads who is being talked to.
type Service struct {
	Deps
	db     *db.DB
	claims claims
}

// New makes a Service and registers its jobs.
func New(d Deps) *Service {
	s := &Service{Deps: d, db: d.DB}
	job.Handle(d.Jobs, job.Standard, s.fetch)
	job.Handle(d.Jobs, job.Bulk, s.drop)
	return s
}

// act records a verb and tells the browsers.
func (s *Service) act(ctx context.Context, tx *db.Tx, verb string, c Conversation, detail map[string]any) error {
	if err := s.record(ctx, tx, verb, c, detail); err != nil {
		return err
	}
	return s.Hints.Publish(tx, Topic, c.ID, c.Version)
}

func (s *Service) record(ctx context.Context, tx *db.Tx, verb string, c Conversation, detail map[string]any) error {
	return s.Audit.Record(ctx, tx, audit.Entry{
		Verb: verb, Object: "conversation", ID: c.ID, Unit: c.Unit, Account: c.Account, Detail: detail,
	})
}
