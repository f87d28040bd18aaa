package citizen

import (
	"context"
	"embed"
	"log/slog"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/setting"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/job"
	"weizheng/platform/web"
	"weizheng/wechat/client"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema returns the tables of this package; they refer to those of kernel/account.
func Schema() db.Schema {
	return db.Embedded("citizen", schema)
}

type auditor interface {
	Record(ctx context.Context, tx *db.Tx, e audit.Entry) error
}

// accounts is what this package asks of kernel/account.
type accounts interface {
	Known(ctx context.Context, id int64) (account.Account, error)
	May(ctx context.Context, id int64, path string) error
	Client(ctx context.Context, id int64) (*client.Client, error)
	Authoriser(ctx context.Context, id int64) (account.Account, error)
}

type settings interface {
	Int(ctx context.Context, name string, at setting.At) int64
	Text(ctx context.Context, name string, at setting.At) string
}

// sessions ends the logins of a citizen who is erased.
type sessions interface {
	RevokeAll(ctx context.Context, tx *db.Tx, kind web.SessionKind, subject int64, except string) (int64, error)
}

// Deps is what a Service is made of.
type Deps struct {
	DB        *db.DB
	Jobs      *job.Jobs
	Ring      *crypt.Ring
	Wall      clock.Clock
	Civil     clock.Clock
	Log       *slog.Logger
	Audit     auditor
	Accounts  accounts
	Settings  settings
	Sessions  sessions
	PublicURL string
}

// Service holds the verbs; it keeps nothing in memory but who is blocked, and is safe for concurrent use.
type Service struct {
	Deps
	blocked blacklist
}

// New makes the service and registers its jobs.
func New(d Deps) *Service {
	s := &Service{Deps: d}
	job.Handle(d.Jobs, job.Bulk, s.syncStep)
	job.Handle(d.Jobs, job.Standard, s.askDetails)
	job.Handle(d.Jobs, job.Standard, s.tagStep)
	job.Handle(d.Jobs, job.Standard, s.tagMembers)
	job.Handle(d.Jobs, job.Standard, s.pushRemark)
	job.Handle(d.Jobs, job.Standard, s.pushBlock)
	job.Handle(d.Jobs, job.Standard, s.checkBlocks)
	return s
}

// record notes a verb about a follower in its transaction.
func (s *Service) record(ctx context.Context, tx *db.Tx, verb string, f Follower, detail map[string]any) error {
	return s.Audit.Record(ctx, tx, audit.Entry{Verb: verb, Object: "follower", ID: f.ID, Unit: f.Unit, Account: f.Account, Detail: detail})
}
