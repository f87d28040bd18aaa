package audit

import (
	"context"
	"strconv"
	"strings"

	"weizheng/platform/access"
	"weizheng/platform/db"
)

const entryColumns = "id, uid, at, actor_kind, actor_id, session, request, address, verb, object, object_id, unit, account_id, outcome, detail, key_id, mac, coalesce(batch, 0)"

func scanEntry(scan db.Scan) (Row, error) {
	var r Row
	err := scan(&r.ID, &r.uid, &r.At, &r.ActorKind, &r.ActorID, &r.Session, &r.Request, &r.Address, &r.Verb, &r.Object, &r.ObjectID,
		&r.Unit, &r.Account, &r.Outcome, &r.Detail, &r.keyID, &r.mac, &r.Batch)
	return r, err
}

func insertRow(ctx context.Context, tx *db.Tx, r Row) error {
	_, err := tx.Exec(ctx, `insert into audit_entry (uid, at, actor_kind, actor_id, session, request, address, verb, object,
		object_id, unit, account_id, outcome, detail, key_id, mac)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`,
		r.uid, r.At, r.ActorKind, r.ActorID, r.Session, r.Request, r.Address, r.Verb, r.Object, r.ObjectID, r.Unit, r.Account,
		r.Outcome, r.Detail, r.keyID, r.mac)
	return err
}

// claim gives the oldest unsealed rows to a batch and returns them in no particular order. A second sealer skips or
// finds none of them.
func claim(ctx context.Context, tx *db.Tx, batch int64, limit int) ([]Row, error) {
	return db.All(ctx, tx, scanEntry, `update audit_entry set batch = $1 where batch is null and id in (
		select id from audit_entry where batch is null order by id limit $2`+tx.Dialect().SkipLocked()+`)
		returning `+entryColumns, batch, limit)
}

func rowsOf(ctx context.Context, q db.Queryer, batch int64) ([]Row, error) {
	return db.All(ctx, q, scanEntry, "select "+entryColumns+" from audit_entry where batch = $1 order by id", batch)
}

func unsealedAfter(ctx context.Context, q db.Queryer, id int64, limit int) ([]Row, error) {
	return db.All(ctx, q, scanEntry,
		"select "+entryColumns+" from audit_entry where batch is null and id > $1 order by id limit $2", id, limit)
}

const batchColumns = "number, first_id, last_id, entries, ids, previous, digest, key_id, mac, sealed_at, coalesce(purged_at, 0)"

func scanBatch(scan db.Scan) (batch, error) {
	var b batch
	err := scan(&b.number, &b.first, &b.last, &b.entries, &b.ids, &b.previous, &b.digest, &b.keyID, &b.mac, &b.sealedAt, &b.purgedAt)
	return b, err
}

func insertBatch(ctx context.Context, tx *db.Tx, b batch) error {
	_, err := tx.Exec(ctx, `insert into audit_batch (number, first_id, last_id, entries, ids, previous, digest, key_id, mac,
		sealed_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		b.number, b.first, b.last, b.entries, b.ids, b.previous, b.digest, b.keyID, b.mac, b.sealedAt)
	return err
}

// head returns the last batch; none is the zero batch.
func head(ctx context.Context, q db.Queryer) (batch, error) {
	list, err := db.All(ctx, q, scanBatch, "select "+batchColumns+" from audit_batch order by number desc limit 1")
	if err != nil || len(list) == 0 {
		return batch{}, err
	}
	return list[0], nil
}

func batchesAfter(ctx context.Context, q db.Queryer, number int64, limit int) ([]batch, error) {
	return db.All(ctx, q, scanBatch, "select "+batchColumns+" from audit_batch where number > $1 order by number limit $2", number, limit)
}

// where collects conditions and their numbered arguments.
type where struct {
	terms []string
	args  []any
}

// add appends a condition in which ? stands for the argument's number.
func (w *where) add(term string, arg any) {
	w.args = append(w.args, arg)
	w.terms = append(w.terms, strings.ReplaceAll(term, "?", "$"+strconv.Itoa(len(w.args))))
}

// in appends that a column is one of the ids; none of them is nothing at all.
func (w *where) in(column string, ids []int64) {
	marks := make([]string, len(ids))
	for i, id := range ids {
		w.args = append(w.args, id)
		marks[i] = "$" + strconv.Itoa(len(w.args))
	}
	w.terms = append(w.terms, column+" in ("+strings.Join(marks, ",")+")")
}

func (w *where) reach(r access.Reach) {
	sql, args := r.Where("unit", "account_id", len(w.args)+1)
	w.terms = append(w.terms, sql)
	w.args = append(w.args, args...)
}

func (w *where) String() string { return strings.Join(w.terms, " and ") }
