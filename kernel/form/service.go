package form

import (
	"context"
	"embed"
	"log/slog"

	"weizheng/kernel/audit"
	"weizheng/kernel/setting"
	"weizheng/platform/access"
	"weizheng/platform/blob"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema returns the tables of this package; they refer to those of org, account and citizen.
func Schema() db.Schema {
	return db.Embedded("form", schema)
}

type auditor interface {
	Record(ctx context.Context, tx *db.Tx, e audit.Entry) error
}

// citizens is what this package asks of kernel/citizen.
type citizens interface {
	DataKey(ctx context.Context, q db.Queryer, citizen int64) (crypt.DataKey, error)
	Same(ctx context.Context, q db.Queryer, citizen int64) ([]int64, error)
}

type settings interface {
	Int(ctx context.Context, name string, at setting.At) int64
}

// The settings of this package, in days.
const (
	SettingDraftDays      = "form.draft_days"
	SettingSubmissionDays = "form.submission_days"
)

// Use is one place where a form is used.
type Use struct {
	Kind  string `json:"kind"` // "menu", "flow", "matter"
	Title string `json:"title"`
	URL   string `json:"url,omitempty"` // where staff can change it

	Needs  bool     `json:"needs"`            // it does not work without a version in use
	Fields []string `json:"fields,omitempty"` // questions that it speaks of: they must stay
}

// Users finds where a form is used in other parts.
type Users func(ctx context.Context, s Sheet) ([]Use, error)

// Source fills a field with what is known of a person already. Load returns nil when nothing is.
type Source struct {
	Name string
	Text string // what staff read
	Load func(ctx context.Context, who Owner, f Field) (any, error)
}

// Deps is what a Service is made of. Users and Sources of later parts are asked when they are needed.
type Deps struct {
	DB       *db.DB
	Blobs    blob.Store
	Ring     *crypt.Ring
	Wall     clock.Clock
	Civil    clock.Clock
	Log      *slog.Logger
	Audit    auditor
	Citizens citizens
	Settings settings
	Users    []Users
	Sources  []Source
}

// Service keeps forms, drafts, files and submissions. It keeps nothing in memory and is safe for concurrent use.
type Service struct{ Deps }

// New makes the service; its own sources stand before those of Deps.
func New(d Deps) *Service {
	s := &Service{d}
	s.Sources = append([]Source{
		{Name: "today", Text: "今天的日期", Load: func(context.Context, Owner, Field) (any, error) { return s.today(), nil }},
		{Name: "earlier", Text: "本人上次填写的同名内容", Load: s.earlier},
	}, d.Sources...)
	return s
}

func (s *Service) today() string { return clock.Day(s.Civil.Now()) }

// SourceNames lists the prefill sources there are.
func (s *Service) SourceNames() []string {
	var names []string
	for _, source := range s.Sources {
		names = append(names, source.Name)
	}
	return names
}

// record notes a verb about a form in its transaction.
func (s *Service) record(ctx context.Context, tx *db.Tx, verb string, sheet Sheet, detail map[string]any) error {
	return s.Audit.Record(ctx, tx, audit.Entry{Verb: verb, Object: "form", ID: sheet.ID, Unit: sheet.Unit, Account: sheet.Account, Detail: detail})
}

// Owner is whose unfinished answers and files these are: a citizen's or a member of staff's.
type Owner struct{ Citizen, Staff int64 }

// Me is who acts, as an owner; the zero Owner owns nothing.
func Me(ctx context.Context) Owner {
	switch a := access.From(ctx); a.Kind {
	case access.Citizen:
		return Owner{Citizen: a.ID}
	case access.Staff:
		return Owner{Staff: a.ID}
	}
	return Owner{}
}
