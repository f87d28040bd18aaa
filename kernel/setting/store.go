package setting

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// row is one stored value.
type row struct {
	name      string
	key       key
	value     string
	version   int64
	updatedAt int64
	updatedBy int64
}

// snapshot is every stored value by name and place; it never changes.
type snapshot map[string]map[key]row

func scanRow(scan db.Scan) (row, error) {
	var r row
	err := scan(&r.name, &r.key.unit, &r.key.account, &r.value, &r.version, &r.updatedAt, &r.updatedBy)
	return r, err
}

const columns = "name, unit_id, account_id, value, version, updated_at, updated_by"

// current returns the values known here. A replica that never could read them goes by the defaults.
func (s *Service) current(ctx context.Context) snapshot {
	if v := s.values.Load(); v != nil {
		return *v
	}
	if db.InWrite(ctx) {
		return nil // a second connection inside a transaction may never come free
	}
	if err := s.reload(ctx); err != nil {
		s.Log.ErrorContext(ctx, "settings cannot be read, the defaults hold", "error", err)
		return nil
	}
	return *s.values.Load()
}

// reload reads all values. They are few: hundreds, where every account has some of its own.
func (s *Service) reload(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows, err := db.All(ctx, s.DB, scanRow, "select "+columns+" from setting_value")
	if err != nil {
		return errs.Wrap(err, "read settings")
	}
	next := snapshot{}
	for _, r := range rows {
		if next[r.name] == nil {
			next[r.name] = map[key]row{}
		}
		next[r.name][r.key] = r
	}
	s.values.Store(&next)
	return nil
}

func findRow(ctx context.Context, tx *db.Tx, name string, k key) (row, error) {
	return db.One(ctx, tx, scanRow, "select "+columns+
		" from setting_value where name = $1 and unit_id = $2 and account_id = $3"+tx.Dialect().ForUpdate(), name, k.unit, k.account)
}

// write stores a value whose row the editor saw at version r.version - 1; 0 is no row.
func (r row) write(ctx context.Context, tx *db.Tx) error {
	if r.version == 1 {
		_, err := tx.Exec(ctx, "insert into setting_value ("+columns+") values ($1, $2, $3, $4, $5, $6, $7)",
			r.name, r.key.unit, r.key.account, r.value, r.version, r.updatedAt, r.updatedBy)
		return err
	}
	return db.ExpectOne(tx.Exec(ctx, `update setting_value set value = $4, version = $5, updated_at = $6, updated_by = $7
		where name = $1 and unit_id = $2 and account_id = $3 and version = $5 - 1`,
		r.name, r.key.unit, r.key.account, r.value, r.version, r.updatedAt, r.updatedBy))
}

func deleteRow(ctx context.Context, tx *db.Tx, r row) error {
	return db.ExpectOne(tx.Exec(ctx,
		"delete from setting_value where name = $1 and unit_id = $2 and account_id = $3 and version = $4",
		r.name, r.key.unit, r.key.account, r.version))
}
