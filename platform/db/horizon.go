package db

import (
	"context"
	"strings"
	"time"

	"weizheng/platform/errs"
)

// horizonPause is how often PostgreSQL is asked whether the writers of the moment have ended; they mostly need one or
// two milliseconds.
const horizonPause = 2 * time.Millisecond

// Horizon returns an id of the table up to which nothing can appear any more: whoever reads a table as a log asks for
// "id > $last and id <= $horizon". Without it a reader on PostgreSQL loses rows, because a transaction that took a
// smaller id may commit later. The ids must come from the column's {id} default.
//
// On PostgreSQL it waits for the transactions that are writing to the table at this moment, without keeping anybody from
// writing, and at most as long as ctx lasts (Busy "db.late").
func (d *DB) Horizon(ctx context.Context, table string) (int64, error) {
	if strings.Trim(table, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || table == "" {
		return 0, errDefect.Because(errs.New(errs.Invalid, "db.table").With("table", table))
	}
	top, err := One(ctx, d, Value[int64], "select coalesce(max(id), 0) from "+table)
	if err != nil || d.dialect == SQLite {
		return top, err
	}
	// Whoever has an id below top and has not ended took it after locking the table, so it holds that lock now.
	const holds = `select virtualtransaction from pg_locks where locktype = 'relation' and relation = cast($1 as regclass)
		and database = (select oid from pg_database where datname = current_database()) and mode = 'RowExclusiveLock'`
	writers, err := All(ctx, d, Value[string], holds, table)
	for err == nil && len(writers) > 0 {
		if !sleep(ctx, horizonPause) {
			return 0, errLate.Because(ctx.Err())
		}
		// A virtual transaction id is never used twice.
		writers, err = All(ctx, d, Value[string], holds+" and virtualtransaction = any($2)", table, writers)
	}
	return top, err
}
