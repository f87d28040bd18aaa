package reminder

import (
	"context"
	"embed"
	"log/slog"
	"strings"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/matter"
	"weizheng/kernel/notify"
	"weizheng/kernel/org"
	"weizheng/kernel/setting"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/web"
	"weizheng/wechat/client"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema returns the tables of this package; they refer to those of kernel/org, account and citizen.
func Schema() db.Schema { return db.Embedded("reminder", schemaFiles) }

type auditor interface {
	Record(ctx context.Context, tx *db.Tx, e audit.Entry) error
}

type settings interface {
	Text(ctx context.Context, name string, at setting.At) string
	Int(ctx context.Context, name string, at setting.At) int64
	JSON(ctx context.Context, name string, at setting.At, v any) error
}

type accounts interface {
	BySlug(ctx context.Context, slug string) (account.Account, error)
	Known(ctx context.Context, id int64) (account.Account, error)
	May(ctx context.Context, id int64, path string) error
	Client(ctx context.Context, id int64) (*client.Client, error)
}

type citizens interface {
	Get(ctx context.Context, q db.Queryer, id int64) (citizen.Follower, error)
	IDs(ctx context.Context, q db.Queryer, account int64, persons []string) (map[string]int64, error)
	Person(account int64, openid string) string
	Ensure(ctx context.Context, tx *db.Tx, account int64, openid string, at time.Time) (citizen.Ref, error)
	Number(follower int64) string
}

type outbox interface {
	Queue(ctx context.Context, tx *db.Tx, in notify.Intent) (int64, error)
}

type staff interface {
	Staff(ctx context.Context, id int64) (org.Staff, error)
	Actor(ctx context.Context, id int64) (access.Actor, error)
	LoginCode(ctx context.Context, staff int64, code, address string) (org.LoginOut, error)
}

type matters interface {
	Head(ctx context.Context, id int64) (matter.Matter, error)
	Titles(ctx context.Context, m matter.Matter) (kind, state string, err error)
	NoticeTitle(ctx context.Context, n matter.Notice) (string, error)
	CountMine(ctx context.Context, who access.Actor, f matter.Filter) (int, error)
}

type sessions interface {
	RevokeAll(ctx context.Context, tx *db.Tx, kind web.SessionKind, subject int64, except string) (int64, error)
}

// Deps is what a Service is made of. Say says a message key with its parameters.
type Deps struct {
	DB          *db.DB
	Ring        *crypt.Ring
	Wall, Civil clock.Clock
	Log         *slog.Logger
	Audit       auditor
	Settings    settings
	Accounts    accounts
	Citizens    citizens
	Outbox      outbox
	Staff       staff
	Matters     matters
	Sessions    sessions
	Say         func(key string, params map[string]any) string
	PublicURL   string
}

// Service holds the verbs. It keeps nothing in memory and is safe for concurrent use.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

// The settings of this package; reminderweb declares them. All hold for the installation.
const (
	SettingAccount    = "reminder.account"
	SettingTemplate   = "reminder.template"
	SettingData       = "reminder.template_data"
	SettingGather     = "reminder.gather_minutes"
	SettingLinkHours  = "reminder.link_hours"
	SettingQuietFrom  = "reminder.quiet_from"
	SettingQuietUntil = "reminder.quiet_until"
	SettingKeepDays   = "reminder.keep_days"
)

var everywhere = setting.At{}

func (s *Service) now() int64 { return clock.Millis(s.Civil.Now()) }

func (s *Service) wall() int64 { return clock.Millis(s.Wall.Now()) }

func (s *Service) address(path string) string { return strings.TrimRight(s.PublicURL, "/") + path }

// record notes a deed about a member of staff's phone.
func (s *Service) record(ctx context.Context, tx *db.Tx, verb string, p org.Staff, account int64, detail map[string]any) error {
	return s.Audit.Record(ctx, tx, audit.Entry{Verb: verb, Object: "phone", ID: p.ID, Unit: p.Unit, Account: account, Detail: detail})
}
