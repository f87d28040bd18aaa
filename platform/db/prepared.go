package db

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	// keptWriting and keptReading bound how many prepared statements a connection of SQLite keeps; one costs a few
	// kilobytes. The writer runs nearly all of the house's texts, a reader those of the pages.
	keptWriting = 256
	keptReading = 96
	// keptText is the longest text worth keeping: longer ones are long lists of arguments, seldom the same twice.
	keptText = 4 << 10
)

// preparing makes connections that prepare a text once and keep the statement: preparing costs SQLite more than running
// a short statement, and database/sql would do it again each time. (pgx does the same by itself.) It works below
// database/sql, so that the libraries that run on our pools gain too.
//
// A statement whose rows are being read is not handed out a second time, one that failed is not kept, and texts other
// than reading and changing rows (DDL, pragmas) are run as they are. SQLite itself prepares a kept statement anew when a
// table has changed.
type preparing struct {
	driver.Connector
	keep int
}

// The interfaces that SQLite's driver has; a newer version that drops one fails at the first connection.
type (
	sqliteConn interface {
		driver.Conn
		driver.ConnBeginTx
		driver.ConnPrepareContext
		driver.ExecerContext
		driver.QueryerContext
		driver.Pinger
		driver.SessionResetter
		driver.Validator
	}
	sqliteStmt interface {
		driver.Stmt
		driver.StmtExecContext
		driver.StmtQueryContext
	}
	sqliteRows interface {
		driver.Rows
		driver.RowsColumnTypeDatabaseTypeName
		driver.RowsColumnTypeLength
		driver.RowsColumnTypeNullable
		driver.RowsColumnTypePrecisionScale
		driver.RowsColumnTypeScanType
	}
)

// Connect opens a connection that keeps its statements.
func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := c.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("db: the driver's connection %T lacks a method", c), c.Close())
	}
	return &preparedConn{sqliteConn: full, keep: p.keep, kept: map[string]*list.Element{}, recent: list.New()}, nil
}

// preparedConn is one connection. database/sql lets one goroutine at a time in, also to close rows.
type preparedConn struct {
	sqliteConn
	keep   int
	kept   map[string]*list.Element
	recent *list.List // of *prepared, the most recently used in front
}

// prepared is a kept statement.
type prepared struct {
	sqliteStmt
	text string
	busy bool // its rows are being read
}

// ExecContext runs a statement, by a kept one if there is one to have.
func (c *preparedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	p, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return c.sqliteConn.ExecContext(ctx, text, args)
	}
	result, err := p.ExecContext(ctx, args)
	c.give(p, err)
	return result, err
}

// QueryContext is ExecContext for statements with rows; closing them gives the statement back.
func (c *preparedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	p, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return c.sqliteConn.QueryContext(ctx, text, args)
	}
	rows, err := p.QueryContext(ctx, args)
	if err != nil {
		c.give(p, err)
		return nil, err
	}
	full, ok := rows.(sqliteRows)
	if !ok {
		err := errors.Join(fmt.Errorf("db: the driver's rows %T lack a method", rows), rows.Close())
		c.give(p, err)
		return nil, err
	}
	return &preparedRows{sqliteRows: full, conn: c, from: p}, nil
}

// Close finalises the kept statements before the connection.
func (c *preparedConn) Close() error {
	var faults []error
	for e := c.recent.Front(); e != nil; e = e.Next() {
		faults = append(faults, e.Value.(*prepared).Close())
	}
	clear(c.kept)
	c.recent.Init()
	return errors.Join(append(faults, c.sqliteConn.Close())...)
}

// take returns the statement for a text, for the caller alone; nil when the text must be run as it is.
func (c *preparedConn) take(ctx context.Context, text string) (*prepared, error) {
	if e, ok := c.kept[text]; ok {
		p := e.Value.(*prepared)
		if p.busy {
			return nil, nil
		}
		c.recent.MoveToFront(e)
		p.busy = true
		return p, nil
	}
	if !keepable(text) {
		return nil, nil
	}
	s, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	full, ok := s.(sqliteStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("db: the driver's statement %T lacks a method", s), s.Close())
	}
	p := &prepared{sqliteStmt: full, text: text, busy: true}
	c.kept[text] = c.recent.PushFront(p)
	c.shrink()
	return p, nil
}

// give takes a statement back after its use, and drops it when that failed.
func (c *preparedConn) give(p *prepared, err error) {
	p.busy = false
	if err == nil {
		return
	}
	if e, ok := c.kept[p.text]; ok && e.Value == p {
		c.drop(e)
	}
}

// shrink drops the statements that were not used for longest.
func (c *preparedConn) shrink() {
	for e := c.recent.Back(); e != nil && c.recent.Len() > c.keep; {
		before := e.Prev()
		if !e.Value.(*prepared).busy {
			c.drop(e)
		}
		e = before
	}
}

func (c *preparedConn) drop(e *list.Element) {
	p := c.recent.Remove(e).(*prepared)
	delete(c.kept, p.text)
	_ = p.Close() // it repeats the error of the statement's last run, which its caller has been told
}

// preparedRows are rows of a kept statement.
type preparedRows struct {
	sqliteRows
	conn *preparedConn
	from *prepared // nil when closed
	err  error
}

// Next remembers an error for Close.
func (r *preparedRows) Next(dest []driver.Value) error {
	err := r.sqliteRows.Next(dest)
	if err != nil && err != io.EOF { //nolint:errorlint // drivers return this very value
		r.err = err
	}
	return err
}

// Close ends the reading.
func (r *preparedRows) Close() error {
	if r.from == nil {
		return nil
	}
	err := r.sqliteRows.Close()
	r.conn.give(r.from, errors.Join(r.err, err))
	r.from = nil
	return err
}

// keepable reports whether a text reads or changes rows, by its first word.
func keepable(text string) bool {
	if len(text) > keptText {
		return false
	}
	text = uncommented(text)
	end := strings.IndexFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') })
	if end < 0 {
		return false
	}
	switch strings.ToLower(text[:end]) {
	case "select", "insert", "update", "delete", "with", "savepoint", "release":
		return true
	}
	return false
}

// uncommented cuts the space and the comments before a text.
func uncommented(text string) string {
	for {
		text = strings.TrimLeft(text, " \t\r\n")
		switch {
		case strings.HasPrefix(text, "--"):
			_, text, _ = strings.Cut(text, "\n")
		case strings.HasPrefix(text, "/*"):
			_, text, _ = strings.Cut(text, "*/")
		default:
			return text
		}
	}
}
