package db

import (
	"context"
	"database/sql"

	"weizheng/platform/errs"
)

// Queryer is what reads: a *DB (committed rows, read-only) or a *Tx (its own changes too).
type Queryer interface {
	Query(ctx context.Context, query string, args ...any) (*Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *Row
}

var (
	_ Queryer = (*DB)(nil)
	_ Queryer = (*Tx)(nil)
)

// Query runs a select on the reading pool. A statement that would write fails.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	rows, err := d.reads.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, d.fault(err)
	}
	return &Rows{rows: rows, fault: d.fault}, nil
}

// QueryRow runs a query for one row on the reading pool; its error waits for Scan.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) *Row {
	return &Row{row: d.reads.QueryRowContext(ctx, query, args...), fault: d.fault}
}

// Rows is a result being read; like sql.Rows with translated errors.
type Rows struct {
	rows  *sql.Rows
	fault func(error) error
}

// Next steps to the next row; false at the end or on an error, which Err tells.
func (r *Rows) Next() bool { return r.rows.Next() }

// Scan copies the row's columns.
func (r *Rows) Scan(dest ...any) error { return r.fault(r.rows.Scan(dest...)) }

// Err is the error that ended the reading, if any.
func (r *Rows) Err() error { return r.fault(r.rows.Err()) }

// Close ends the reading early; it may be called more than once.
func (r *Rows) Close() error { return r.fault(r.rows.Close()) }

// Row is at most one row.
type Row struct {
	row   *sql.Row
	err   error
	fault func(error) error
}

// Scan copies the row's columns; without a row the error is NotFound "db.none".
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.fault(r.row.Scan(dest...))
}

// Scan copies one row's columns into dest. A store writes one function of it for each noun and gives it to All and One.
type Scan func(dest ...any) error

// All reads every row. No row is an empty slice (never nil, so that it becomes [] in JSON) and no error.
func All[T any](ctx context.Context, q Queryer, scan func(Scan) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err below tells what matters
	list := []T{}
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// One reads the first row; no row is NotFound "db.none".
func One[T any](ctx context.Context, q Queryer, scan func(Scan) (T, error), query string, args ...any) (T, error) {
	v, err := scan(q.QueryRow(ctx, query, args...).Scan)
	if err != nil {
		var none T
		return none, err
	}
	return v, nil
}

// Value scans a single column: One(ctx, q, db.Value[int64], "select count(*) from x").
func Value[T any](scan Scan) (T, error) {
	var v T
	err := scan(&v)
	return v, err
}

// ExpectOne turns an update or delete that found no row into Conflict "db.stale": the row went away or has another
// version. Use it around Exec: err := db.ExpectOne(tx.Exec(ctx, "update … where id=$1 and version=$2", …)).
func ExpectOne(n int64, err error) error {
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "db.stale")
	}
	return nil
}
