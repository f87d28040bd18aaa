package org

import (
	"context"
	"embed"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"weizheng/kernel/audit"
	"weizheng/kernel/setting"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/web"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema returns the tables of this package.
func Schema() db.Schema {
	return db.Embedded("org", schemaFiles)
}

type auditor interface {
	Record(ctx context.Context, tx *db.Tx, e audit.Entry) error
}

type sessions interface {
	RevokeAll(ctx context.Context, tx *db.Tx, kind web.SessionKind, subject int64, except string) (int64, error)
}

type settings interface {
	Int(ctx context.Context, name string, at setting.At) int64
	Bool(ctx context.Context, name string, at setting.At) bool
}

// Holding is something of another part that belongs to a person and has to find a new hand when they leave: claimed
// conversations, drafts, matters. List is what the console shows; Move gives everything to another person.
type Holding struct {
	Name  string
	Title string
	Count func(ctx context.Context, staff int64) (int64, error)
	Move  func(ctx context.Context, tx *db.Tx, from, to int64) error
}

// Deps is what the service needs. Permissions and Holdings are asked when serving. Moved and Ended may be nil: Moved is told
// in the transaction when a unit's path changes, for parts that remember paths; Ended when a person's access is ended
// (disabled, reset, all devices logged out), for parts that hold another way in.
type Deps struct {
	DB          *db.DB
	Wall        clock.Clock
	Log         *slog.Logger
	Ring        *crypt.Ring
	Audit       auditor
	Sessions    sessions
	Settings    settings
	Permissions func() []string
	Holdings    func() []Holding
	Moved       func(ctx context.Context, tx *db.Tx, from, to string) error
	Ended       func(ctx context.Context, tx *db.Tx, staff int64) error
}

// Service holds the verbs. It is safe for concurrent use.
type Service struct {
	Deps
	actors   actorCache
	hashing  chan struct{} // at most two passwords at once: each takes 19 MiB
	dummy    func() string // a hash that nothing matches, for logins that are not there
	unlisten func()
}

// New makes the service.
func New(d Deps) *Service {
	s := &Service{Deps: d, hashing: make(chan struct{}, 2), actors: actorCache{entries: map[int64]cachedActor{}}}
	s.dummy = sync.OnceValue(func() string { return hashPassword(crypt.RandomToken()) })
	return s
}

// channel tells replicas whose rights changed: the staff id, or 0 for everybody's.
const channel = "org.actor"

// Start brings the default roles up to date and listens for changes of rights.
func (s *Service) Start(ctx context.Context) error {
	if err := s.seedRoles(ctx); err != nil {
		return err
	}
	s.dummy() // made now: the first unknown login must not take longer than the next
	s.unlisten = s.DB.Listen(channel, func(payload string) {
		id, err := strconv.ParseInt(payload, 10, 64)
		if err != nil {
			id = 0
		}
		s.actors.forget(id)
	})
	return nil
}

// Stop ends the listening.
func (s *Service) Stop(context.Context) error {
	if s.unlisten != nil {
		s.unlisten()
	}
	return nil
}

// touched ends what replicas remember of a person's rights, with the commit; 0 is everybody.
func (s *Service) touched(tx *db.Tx, staff int64) error {
	tx.AfterCommit(func() { s.actors.forget(staff) })
	return tx.Notify(channel, strconv.FormatInt(staff, 10))
}

// endAccess ends a person's sessions and every other way in, and returns how many sessions there were.
func (s *Service) endAccess(ctx context.Context, tx *db.Tx, staff int64) (int64, error) {
	n, err := s.Sessions.RevokeAll(ctx, tx, web.StaffSession, staff, "")
	if err != nil || s.Ended == nil {
		return n, err
	}
	return n, s.Ended(ctx, tx, staff)
}

func (s *Service) now() int64 { return clock.Millis(s.Wall.Now()) }

// The settings of this package; orgweb declares them.
const (
	SettingSecondFactor = "org.second_factor"
	SettingFailures     = "org.lock_failures"
	SettingAddress      = "org.lock_address_failures"
	SettingLockMinutes  = "org.lock_minutes"
	SettingPasswordDays = "org.password_days"
	SettingPasswordSize = "org.password_length"
	SettingLinkHours    = "org.link_hours"
	SettingIdleMinutes  = "org.session_idle_minutes"
	SettingLifeHours    = "org.session_hours"
)

// everywhere is where these settings are decided: for the installation.
var everywhere = setting.At{}

func (s *Service) number(ctx context.Context, name string) int64 {
	return s.Settings.Int(ctx, name, everywhere)
}

// SessionTimes is how long staff sessions live, by the settings; citizens' are the platform's own.
func (s *Service) SessionTimes(ctx context.Context, kind web.SessionKind) web.SessionTimes {
	if kind != web.StaffSession {
		return web.DefaultTimes(kind)
	}
	return web.SessionTimes{
		Idle: time.Duration(s.number(ctx, SettingIdleMinutes)) * time.Minute,
		Life: time.Duration(s.number(ctx, SettingLifeHours)) * time.Hour,
	}
}
