package reply

import (
	"context"
	"embed"
	"encoding/json"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema returns the migrations of this package.
func Schema() db.Schema {
	return db.Embedded("reply", schema)
}

// channel is where replicas tell each other that an account's rules changed; the payload is the account's id.
const channel = "reply"

// Auditor records what was done, in the verb's transaction.
type Auditor interface {
	Record(ctx context.Context, tx *db.Tx, e audit.Entry) error
}

// Recorder keeps what was public when.
type Recorder interface {
	Put(ctx context.Context, tx *db.Tx, kind string, id, account int64, content []byte, from time.Time) error
	End(ctx context.Context, tx *db.Tx, kind string, id int64, at time.Time) error
}

// Units tells which unit an account belongs to.
type Units interface {
	UnitOf(ctx context.Context, account int64) (string, error)
}

// Accounts tells what an account has the right to do at WeChat.
type Accounts interface {
	Has(ctx context.Context, account int64, f account.Feature) error
}

// Deps is what a Service needs.
type Deps struct {
	DB          *db.DB
	Log         *slog.Logger
	Wall, Civil clock.Clock
	Audit       Auditor
	Record      Recorder
	Units       Units
	Accounts    Accounts
	Matters     Matters

	// Review tells whether what staff write for an account waits for a colleague; unit is the account's.
	Review func(ctx context.Context, unit string, account int64) bool
}

// Service is the rules of all accounts. Start makes it listen for changes of other replicas.
type Service struct {
	db          *db.DB
	log         *slog.Logger
	wall, civil clock.Clock
	audit       Auditor
	record      Recorder
	units       Units
	accounts    Accounts
	matters     Matters
	review      func(ctx context.Context, unit string, account int64) bool

	mu       sync.RWMutex
	matchers map[int64]*Matcher
	unlisten func()
}

// New makes a Service; it reads an account's rules when they are first asked for.
func New(d Deps) *Service {
	return &Service{
		db: d.DB, log: d.Log, wall: d.Wall, civil: d.Civil, audit: d.Audit, record: d.Record, units: d.Units,
		accounts: d.Accounts, matters: d.Matters, review: d.Review,
		matchers: map[int64]*Matcher{},
	}
}

// Start listens for changes made by other replicas.
func (s *Service) Start(context.Context) error {
	s.unlisten = s.db.Listen(channel, s.forget)
	return nil
}

// Stop ends the listening.
func (s *Service) Stop(context.Context) error {
	if s.unlisten != nil {
		s.unlisten()
	}
	return nil
}

// forget drops an account's matcher; an empty payload (a lost connection healed) drops all.
func (s *Service) forget(payload string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, err := strconv.ParseInt(payload, 10, 64); err == nil {
		delete(s.matchers, id)
		return
	}
	clear(s.matchers)
}

// Matcher returns the account's rules in the form that answers, from memory but for the first call after a change.
func (s *Service) Matcher(ctx context.Context, account int64) (*Matcher, error) {
	s.mu.RLock()
	m := s.matchers[account]
	s.mu.RUnlock()
	if m != nil {
		return m, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.matchers[account]; m != nil {
		return m, nil
	}
	rules, err := ofAccount(ctx, s.db, account)
	if err != nil {
		return nil, err
	}
	m = Compile(rules)
	s.matchers[account] = m
	return m, nil
}

// changed tells every replica, once the change is committed, and records what is public now.
func (s *Service) changed(ctx context.Context, tx *db.Tx, verb string, r Rule, detail map[string]any) error {
	unit, err := s.units.UnitOf(ctx, r.Account)
	if err != nil {
		return err
	}
	err = s.audit.Record(ctx, tx, audit.Entry{
		Verb: verb, Object: "reply", ID: r.ID, Unit: unit, Account: r.Account, Detail: detail,
	})
	if err != nil {
		return err
	}
	if err := s.publish(ctx, tx, r, r.Enabled && verb != "remove"); err != nil {
		return err
	}
	return tx.Notify(channel, strconv.FormatInt(r.Account, 10))
}

// publish notes in the record what the rule says from now on, or that it says nothing any more.
func (s *Service) publish(ctx context.Context, tx *db.Tx, r Rule, speaks bool) error {
	if !speaks {
		return s.record.End(ctx, tx, "reply", r.ID, s.civil.Now())
	}
	content, err := public(r)
	if err != nil {
		return err
	}
	return s.record.Put(ctx, tx, "reply", r.ID, r.Account, content, s.civil.Now())
}

// public is what the record keeps of a rule.
func public(r Rule) (json.RawMessage, error) {
	raw := make([]json.RawMessage, len(r.Answers))
	for i, a := range r.Answers {
		var err error
		if raw[i], err = wechat.MarshalReply(a); err != nil {
			return nil, errs.Wrap(err, "encode rule %d", r.ID)
		}
	}
	b, err := json.Marshal(map[string]any{
		"trigger": r.Trigger, "match": r.Match, "words": r.Words, "answers": raw, "priority": r.Priority,
		"valid_from_at": stored(r.ValidFrom), "valid_until_at": stored(r.ValidUntil),
	})
	return b, errs.Wrap(err, "encode rule %d", r.ID)
}
