package dbtest_test

import (
	"testing"
	"testing/fstest"

	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
)

func schema(ddl, digest string) []db.Schema {
	return []db.Schema{{Part: "p", FS: fstest.MapFS{"0001_p.sql": {Data: []byte("-- +goose Up\n" + ddl)}}, Digest: digest}}
}

// Two databases of one template, and one of another, know nothing of each other.
func TestDatabasesAreApart(t *testing.T) {
	t.Parallel()
	open := map[string]func(testing.TB, []db.Schema) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres}
	for engine, makeDB := range open {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			a := makeDB(t, schema("create table x (n {big} not null);", ""))
			b := makeDB(t, schema("create table x (n {big} not null);", ""))
			c := makeDB(t, schema("create table y (n {big} not null);", ""))
			if err := a.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), "insert into x(n) values(1)")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			for label, want := range map[string]int{"a": 1, "b": 0} {
				n, err := db.One(t.Context(), map[string]*db.DB{"a": a, "b": b}[label], db.Value[int], "select count(*) from x")
				if err != nil || n != want {
					t.Errorf("%s has %d rows, want %d (%v)", label, n, want, err)
				}
			}
			if _, err := db.One(t.Context(), c, db.Value[int], "select count(*) from x"); err == nil {
				t.Error("the other schema has the table")
			}
			if _, err := db.One(t.Context(), c, db.Value[int], "select count(*) from y"); err != nil {
				t.Error(err)
			}
		})
	}
}
