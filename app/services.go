package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"weizheng/gateway"
	"weizheng/kernel/account"
	"weizheng/kernel/audit"
	"weizheng/kernel/citizen"
	"weizheng/kernel/flow"
	"weizheng/kernel/form"
	"weizheng/kernel/matter"
	"weizheng/kernel/notify"
	"weizheng/kernel/org"
	"weizheng/kernel/record"
	"weizheng/kernel/setting"
	"weizheng/kernel/worktime"
	"weizheng/module/conversation"
	"weizheng/module/menu"
	"weizheng/module/reply"
	"weizheng/module/reply/replyweb"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/blob"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	"weizheng/wechat"
)

// openData locks the data folder where the database is in it, and opens database and files.
func (h *House) openData(ctx context.Context) (err error) {
	if err := os.MkdirAll(h.config.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if strings.HasPrefix(h.config.Database.URL, "sqlite:") {
		if h.unlock, err = db.Lock(h.config.Data); err != nil {
			return fmt.Errorf("lock the data folder: %w", err)
		}
	}
	if h.DB, err = db.Open(ctx, db.Config{URL: h.config.Database.URL, Log: h.log}); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	h.Blobs, err = blob.OpenFolder(filepath.Join(h.config.Data, "files"), h.wall)
	return err
}

// buildServices makes every service in the order of the kernel and the modules: a line uses only those above it.
func (h *House) buildServices() {
	c := h.config
	h.Lists = part.NewLists(func() []part.Part { return h.Parts })
	h.Hub = web.NewHub(h.DB)

	h.Audit = audit.New(audit.Deps{DB: h.DB, Wall: c.Wall, Log: h.log, Ring: c.Ring})
	h.Settings = setting.New(setting.Deps{DB: h.DB, Wall: c.Wall, Log: h.log, Declared: h.declared, Audit: h.auditSetting})
	h.Record = record.New(h.DB)
	h.Worktime = worktime.New(worktime.Deps{
		DB: h.DB, Wall: c.Wall, Civil: c.Civil, Log: h.log, Audit: h.Audit, Hints: h.Hub, Changed: h.calendarChanged,
	})
	h.Sessions = web.NewSessions(web.SessionConfig{
		DB: h.DB, Wall: c.Wall, Log: h.log, Secure: h.secure(),
		Times: func(ctx context.Context, kind web.SessionKind) web.SessionTimes { return h.Org.SessionTimes(ctx, kind) },
	})
	h.Org = org.New(org.Deps{
		DB: h.DB, Wall: c.Wall, Log: h.log, Ring: c.Ring, Audit: h.Audit, Sessions: h.Sessions, Settings: h.Settings,
		Permissions: h.permissions, Holdings: h.holdings, Moved: h.unitMoved, Ended: h.accessEnded,
	})
	h.Accounts = account.New(account.Deps{
		DB: h.DB, Ring: c.Ring, Wall: c.Wall, Civil: c.Civil, Log: h.log, Audit: h.Audit, HTTP: c.HTTP,
		PublicURL: c.PublicURL, Replica: c.Replica,
	})
	h.Citizens = citizen.New(citizen.Deps{
		DB: h.DB, Jobs: h.Jobs, Ring: c.Ring, Wall: c.Wall, Civil: c.Civil, Log: h.log, Audit: h.Audit,
		Accounts: h.Accounts, Settings: h.Settings, Sessions: h.Sessions, PublicURL: c.PublicURL,
	})
	h.Forms = form.New(form.Deps{
		DB: h.DB, Blobs: h.Blobs, Ring: c.Ring, Wall: c.Wall, Civil: c.Civil, Log: h.log, Audit: h.Audit, Citizens: h.Citizens,
		Settings: h.Settings, Users: []form.Users{h.formInMenus, h.formInFlows, h.formInMatters}, Sources: h.formSources(),
	})
	h.Flows = flow.New(flow.Deps{DB: h.DB, Wall: c.Wall, Log: h.log, Audit: h.Audit, Hints: h.Hub, Known: h.flowKnown, Reviews: flowReviews{h}})
	h.Matters = matter.New(matter.Deps{
		DB: h.DB, Jobs: h.Jobs, Ring: c.Ring, Wall: c.Wall, Civil: c.Civil, Log: h.log, Audit: h.Audit, Hints: h.Hub,
		Flows: h.Flows, Calendars: h.Worktime, Units: h.Org, Staff: h.Org, Forms: h.Forms, Guards: h.matterGuard, Effects: h.matterEffect,
		Told:  []func(context.Context, *db.Tx, []matter.Told) error{h.told},
		Keeps: h.matterKept, Purging: []func(context.Context, *db.Tx, []int64) error{reply.Purged},
	})
	h.Notify = notify.New(notify.Deps{
		DB: h.DB, Jobs: h.Jobs, Ring: c.Ring, Wall: c.Wall, Civil: c.Civil, Log: h.log, Audit: h.Audit,
		Accounts: h.Accounts, Citizens: h.Citizens, Settings: h.Settings, Outcomes: h.outcomes(),
	})
	h.buildReminders()
	h.Menus = menu.New(menu.Deps{
		DB: h.DB, Jobs: h.Jobs, Log: h.log, Wall: c.Wall, Civil: c.Civil, Audit: h.Audit, Record: h.Record,
		Units: accountObjects{h.Accounts}, Accounts: h.Accounts, WeChat: menuPublisher{h.Accounts}, Hints: h.Hub, PublicURL: c.PublicURL,
	})
	h.Replies = reply.New(reply.Deps{
		DB: h.DB, Log: h.log, Wall: c.Wall, Civil: c.Civil, Audit: h.Audit, Record: h.Record, Units: accountObjects{h.Accounts},
		Accounts: h.Accounts, Matters: h.Matters, Review: func(ctx context.Context, unit string, account int64) bool {
			return h.Settings.Bool(ctx, replyweb.Review, setting.At{Unit: unit, Account: account})
		},
	})
	h.Conversations = conversation.New(conversation.Deps{
		DB: h.DB, Log: h.log, Wall: c.Wall, Civil: c.Civil, Audit: h.Audit, Hints: h.Hub, Sealer: c.Ring,
		Followers: h.Citizens, Outbox: h.Notify, Jobs: h.Jobs, Files: h.Blobs, Keys: c.Ring, WeChat: h.Accounts,
	})
}

func (h *House) secure() bool { return strings.HasPrefix(h.config.PublicURL, "https:") }

// outcomes tells the inbox and the reminders what became of their messages.
func (h *House) outcomes() []notify.Hook {
	return []notify.Hook{func(ctx context.Context, tx *db.Tx, o notify.Outcome) error {
		return h.Conversations.Outcome(ctx, tx, o.Outbound, conversation.LineState(o.State), keptProblem(o))
	}, h.reminded}
}

// keptProblem keeps WeChat's own refusals with their code, for words to say.
func keptProblem(o notify.Outcome) string {
	if o.Problem == keyAPI && o.Code != wechat.CodeOK {
		return keyCode + strconv.Itoa(int(o.Code))
	}
	return o.Problem
}

// citizenActor says who is behind a citizen's session.
func (h *House) citizenActor(ctx context.Context, s web.Session, _ string) (access.Actor, error) {
	return h.Citizens.Actor(ctx, s.Subject)
}

// buildGateway comes after the parts, whose responders and subscriptions it is made of.
func (h *House) buildGateway() {
	h.Gateway = gateway.New(gateway.Config{
		DB: h.DB, Jobs: h.Jobs, Log: h.log, Wall: h.wall, Civil: h.Civil, Sealer: h.config.Ring,
		Doors: doors{h.Accounts}, Account: accountObjects{h.Accounts}.part, Person: h.Citizens.Person,
		Outbox: replyOutbox{h.Notify}, Fallback: h.fallback,
		Responders:    collect(h.Parts, func(p part.Part) []part.Responder { return p.Responders }),
		Subscriptions: collect(h.Parts, func(p part.Part) []part.Subscription { return p.Subscriptions }),
		Seen:          h.Accounts, Metrics: gateway.NewMetrics(h.Metrics), Limits: h.config.Limits, Replica: h.config.Replica,
	})
}

func collect[T any](parts []part.Part, of func(part.Part) []T) []T {
	var all []T
	for _, p := range parts {
		all = append(all, of(p)...)
	}
	return all
}

// declared hands the parts' settings to kernel/setting in its own form.
func (h *House) declared() []setting.Declaration {
	var list []setting.Declaration
	for _, s := range h.Lists.Settings() {
		list = append(list, setting.Declaration{
			Name: s.Name, Type: setting.Type(s.Type), Unit: s.Unit, Default: s.Default, Text: s.Text, Source: s.Source,
			Scope: setting.Scope(s.Scope), Min: s.Min, Max: s.Max,
		})
	}
	return list
}

func (h *House) auditSetting(ctx context.Context, tx *db.Tx, c setting.Change) error {
	return h.Audit.Record(ctx, tx, audit.Entry{
		Verb: c.Verb, Object: "setting", Account: c.At.Account,
		Detail: map[string]any{"name": c.Name, "old": c.Old, "new": c.New},
	})
}

// unitMoved lets every account be read again, for its unit's path may have changed, and matters hang anew.
func (h *House) unitMoved(ctx context.Context, tx *db.Tx, from, to string) error {
	if err := h.Accounts.Reread(tx); err != nil {
		return err
	}
	return h.Matters.UnitMoved(ctx, tx, from, to)
}

func (h *House) permissions() []string {
	var keys []string
	for _, p := range h.Lists.Permissions() {
		keys = append(keys, p.Key)
	}
	return keys
}

// fallback is what is said when an answer takes too long.
func (h *House) fallback(ctx context.Context, a part.Account) wechat.Reply {
	at := setting.At{Account: a.ID, Unit: a.Unit}
	return wechat.Text{Content: h.Settings.Text(ctx, settingFallback, at)}
}

const (
	settingFallback  = "gateway.fallback_text"
	settingRetention = "gateway.retention_days"
)

// purgeBatch is how many rows one run of the retention takes: a sweep a second keeps up with 500 callbacks a second.
const purgeBatch = 500

// purgeInbound removes raw callbacks whose time is over; it goes by wall time, as they were received.
func (h *House) purgeInbound(ctx context.Context, _ time.Time) (int, error) {
	days := h.Settings.Int(ctx, settingRetention, setting.At{})
	return h.Gateway.EraseBefore(ctx, clock.Millis(h.wall.Now().AddDate(0, 0, -int(days))), purgeBatch)
}

// inboundHeld is the raw callbacks as a share of what is known about a follower.
func (h *House) inboundHeld() part.DataHeld {
	return part.DataHeld{
		Name: "gateway", Title: "来信原始记录",
		Export: func(ctx context.Context, subject part.Ref) ([]part.Line, error) {
			if subject.Kind != "follower" {
				return nil, nil
			}
			t, err := h.Citizens.TraceOf(ctx, h.DB, subject.ID)
			if err != nil {
				return nil, err
			}
			n, err := h.Gateway.CountPerson(ctx, t.Account, t.Person)
			if err != nil || n == 0 {
				return nil, err
			}
			return []part.Line{{Title: "来信原始记录（加密保存，用于排查）", Note: fmt.Sprintf("%d 条", n)}}, nil
		},
		Erase: func(ctx context.Context, tx *db.Tx, subject part.Ref) error {
			if subject.Kind != "follower" {
				return nil
			}
			t, err := h.Citizens.TraceOf(ctx, tx, subject.ID)
			if errs.Is(err, errs.NotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			return h.Gateway.ErasePerson(ctx, tx, t.Account, t.Person, t.Until)
		},
	}
}

// longCheck is how long the readiness check waits for the database.
const longCheck = 2 * time.Second

func (h *House) checks() []web.Check {
	return []web.Check{{Name: "database", Run: func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, longCheck)
		defer cancel()
		return h.DB.Check(ctx)
	}}}
}

// topics says who may listen to which hints.
func (h *House) topics(actor access.Actor, topic string) bool {
	for _, t := range h.Lists.Topics() {
		if t.Name == topic {
			return actor.Has(t.Permission)
		}
	}
	return false
}
