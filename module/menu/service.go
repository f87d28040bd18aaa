package menu

import (
	"context"
	"embed"
	"log/slog"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/job"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema returns the migrations of this package.
func Schema() db.Schema {
	return db.Embedded("menu", schema)
}

// Auditor records what was done, in the verb's transaction.
type Auditor interface {
	Record(ctx context.Context, tx *db.Tx, e audit.Entry) error
}

// Recorder keeps what was public when.
type Recorder interface {
	Put(ctx context.Context, tx *db.Tx, kind string, id, account int64, content []byte, from time.Time) error
}

// Units tells which unit an account belongs to.
type Units interface {
	UnitOf(ctx context.Context, account int64) (string, error)
}

// Publisher puts a menu into WeChat.
type Publisher interface {
	CreateMenu(ctx context.Context, account int64, buttons []Button) error
}

// Accounts tells what an account can do at WeChat now.
type Accounts interface {
	Able(ctx context.Context, account int64, f account.Feature) error
}

// Hints tells browsers that something changed.
type Hints interface {
	Publish(tx *db.Tx, topic string, id, version int64) error
}

// Deps is what a Service needs. PublicURL is this installation's address, for buttons that open its pages.
type Deps struct {
	DB          *db.DB
	Jobs        *job.Jobs
	Log         *slog.Logger
	Wall, Civil clock.Clock
	Audit       Auditor
	Record      Recorder
	Units       Units
	Accounts    Accounts
	WeChat      Publisher
	Hints       Hints
	PublicURL   string
}

// Service is the menus of all accounts.
type Service struct {
	Deps
	db *db.DB
}

// New makes a Service and registers its job.
func New(d Deps) *Service {
	s := &Service{Deps: d, db: d.DB}
	job.Handle(d.Jobs, job.Interactive, s.send)
	return s
}

func (s *Service) recordAudit(ctx context.Context, tx *db.Tx, verb string, account int64, detail map[string]any) error {
	unit, err := s.Units.UnitOf(ctx, account)
	if err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, audit.Entry{
		Verb: verb, Object: "menu", ID: account, Unit: unit, Account: account, Detail: detail,
	})
}
