package job

import (
	"context"
	"database/sql"
	"log/slog"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivershared/baseservice"
	"github.com/riverqueue/river/rivershared/riverpilot"
	"github.com/riverqueue/river/rivertype"

	"weizheng/platform/db"
)

// driver is River's driver for the engine, with a pilot of ours.
type driver struct {
	riverdriver.Driver[*sql.Tx]
	pilot *pilot
}

func newDriver(d *db.DB, p *pilot) *driver {
	if p == nil {
		p = &pilot{}
	}
	return &driver{Driver: engine(d.Pool(), d.Dialect()), pilot: p}
}

func engine(pool *sql.DB, dialect db.Dialect) riverdriver.Driver[*sql.Tx] {
	if dialect == db.Postgres {
		return riverdatabasesql.New(pool)
	}
	return riversqlite.New(pool)
}

// SupportsListenNotify keeps River from sending notifications: through database/sql nobody can listen to them, and on
// PostgreSQL they make commits wait for each other.
func (*driver) SupportsListenNotify() bool { return false }

// PluginInit is part of River's plugin interface.
func (*driver) PluginInit(*baseservice.Archetype) {}

// PluginPilot gives River our pilot.
func (d *driver) PluginPilot() riverpilot.Pilot { return d.pilot }

// pilot is River's standard behaviour, but keeps the function by which River wakes its producers after an insert of its
// own. River calls it only after Insert, not after InsertTx, whose commit it does not see; we see it.
type pilot struct {
	riverpilot.StandardPilot
	inserted func(ctx context.Context, res []*rivertype.JobInsertResult)
}

// PilotInit is called by river.NewClient.
func (p *pilot) PilotInit(a *baseservice.Archetype, params *riverpilot.PilotInitParams) {
	p.StandardPilot.PilotInit(a, params)
	p.inserted = params.NotifyNonTxJobInsert
}

// wake makes the queue's producer fetch.
func (p *pilot) wake(ctx context.Context, q Queue) {
	// Of the result River reads nothing but the queue.
	p.inserted(ctx, []*rivertype.JobInsertResult{{Job: &rivertype.JobRow{Queue: string(q)}}})
}

func migrate(ctx context.Context, pool *sql.DB, dialect db.Dialect) error {
	m, err := rivermigrate.New(engine(pool, dialect), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}
