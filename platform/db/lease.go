package db

import (
	"context"
	"time"
)

// Lease makes owner the only holder of name for ttl of wall time, or prolongs it when owner holds it already. It
// returns false when somebody else holds it. The clock is the database's own, so replicas need not agree on the time.
//
// A holder that is late must assume that it lost the lease: renew every third of ttl, and stop when Lease says false or
// fails for longer than ttl. An owner is one process, never a machine: use a random name made at start.
func (d *DB) Lease(ctx context.Context, name, owner string, ttl time.Duration) (bool, error) {
	var n int64
	err := d.Write(ctx, func(tx *Tx) (err error) {
		now := d.dialect.Millis()
		n, err = tx.Exec(ctx, `insert into lease(name, owner, until) values($1, $2, `+now+` + $3)
			on conflict(name) do update set owner = excluded.owner, until = excluded.until
			where lease.owner = excluded.owner or lease.until <= `+now, name, owner, ttl.Milliseconds())
		return err
	})
	return n == 1, err
}

// Release gives the lease back early, so that the next holder need not wait; nothing happens when owner does not hold
// it.
func (d *DB) Release(ctx context.Context, name, owner string) error {
	return d.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, "delete from lease where name = $1 and owner = $2", name, owner)
		return err
	})
}

// FreeLeases ends every lease on SQLite: whoever starts with the folder locked (see Lock) is alone, and who held them is
// dead. Nobody then waits for the leases of a process that was killed. On PostgreSQL it does nothing: others may live.
func (d *DB) FreeLeases(ctx context.Context) error {
	if d.dialect != SQLite {
		return nil
	}
	return d.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, "delete from lease")
		return err
	})
}
