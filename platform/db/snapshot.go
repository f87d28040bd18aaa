package db

import (
	"context"
	"database/sql"
	"errors"

	"weizheng/platform/errs"
)

// Snapshot lets fn read as often as it likes from the rows that were committed when it began, while others write: for
// backups, exports and reports whose parts must agree. It takes one of the reading connections for as long as fn runs,
// and on SQLite the log file grows meanwhile: minutes, not hours.
func (d *DB) Snapshot(ctx context.Context, fn func(q Queryer) error) error {
	options := &sql.TxOptions{ReadOnly: true}
	if d.dialect == Postgres {
		options.Isolation = sql.LevelRepeatableRead
	}
	tx, err := d.reads.BeginTx(ctx, options)
	if err != nil {
		return d.fault(err)
	}
	s := &snapshot{tx: tx, fault: d.faultDone}
	defer func() { _ = tx.Rollback() }() // there is nothing to commit
	return fn(s)
}

type snapshot struct {
	tx    *sql.Tx
	fault func(error) error
}

// Query reads from the snapshot.
func (s *snapshot) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	rows, err := s.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, s.fault(err)
	}
	return &Rows{rows: rows, fault: s.fault}, nil
}

// QueryRow reads one row from the snapshot.
func (s *snapshot) QueryRow(ctx context.Context, query string, args ...any) *Row {
	return &Row{row: s.tx.QueryRowContext(ctx, query, args...), fault: s.fault}
}

// faultDone is fault for a transaction that somebody may have kept.
func (d *DB) faultDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return errTxDone.Because(err)
	}
	return d.fault(err)
}

var _ Queryer = (*snapshot)(nil)

// errTxDone is also what a Tx answers after its closure.
var errTxDone = errs.New(errs.Internal, "db.tx_done").Because(errors.New("the transaction was used after its closure returned"))
