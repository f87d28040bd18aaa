package notify

import (
	"context"
	"embed"
	"log/slog"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/setting"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/job"
	"weizheng/wechat/client"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema returns the tables of this package; they refer to those of kernel/account and kernel/citizen.
func Schema() db.Schema {
	return db.Embedded("notify", schema)
}

type auditor interface {
	Record(ctx context.Context, tx *db.Tx, e audit.Entry) error
}

type accounts interface {
	Known(ctx context.Context, id int64) (account.Account, error)
	Able(ctx context.Context, id int64, f account.Feature) error
	Client(ctx context.Context, id int64) (*client.Client, error)
}

type citizens interface {
	Get(ctx context.Context, q db.Queryer, id int64) (citizen.Follower, error)
	Address(ctx context.Context, q db.Queryer, follower int64) (citizen.Address, error)
	IDs(ctx context.Context, q db.Queryer, account int64, persons []string) (map[string]int64, error)
	Person(account int64, openid string) string
	Left(ctx context.Context, tx *db.Tx, follower int64) error
}

type settings interface {
	Text(ctx context.Context, name string, at setting.At) string
}

// Hook hears, in the transaction that records it, what became of a message.
type Hook func(ctx context.Context, tx *db.Tx, o Outcome) error

// Deps is what a Service is made of. Outcomes are called in order; an error of one means that the outcome is not recorded
// and the message becomes uncertain, so they fail for the database only.
type Deps struct {
	DB       *db.DB
	Jobs     *job.Jobs
	Ring     *crypt.Ring
	Wall     clock.Clock
	Civil    clock.Clock
	Log      *slog.Logger
	Audit    auditor
	Accounts accounts
	Citizens citizens
	Settings settings
	Outcomes []Hook
}

// Service queues, sends and lists. It keeps nothing in memory and is safe for concurrent use.
type Service struct{ Deps }

// New makes the service and registers its job.
func New(d Deps) *Service {
	s := &Service{d}
	job.Handle(d.Jobs, job.Interactive, s.send)
	job.Handle(d.Jobs, job.Standard, s.doneLater)
	return s
}
