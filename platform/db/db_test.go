package db_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
	"weizheng/platform/errs"
)

// things is a small schema with all type words.
func things() []db.Schema {
	return []db.Schema{{Part: "thing", FS: fstest.MapFS{"0001_thing.sql": {Data: []byte(`-- +goose Up
create table thing (
    id   {id},
    name text not null unique,
    data {json},
    size {big} not null default 0,
    body {blob},
    open {bool} not null default true
);
create table part (
    id       {id},
    thing_id {big} not null references thing(id) deferrable initially deferred
);
`)}}}}
}

func TestWriteThenRead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, things(), func(t *testing.T, d *db.DB) {
		var id int64
		err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
			id, err = db.One(t.Context(), tx, db.Value[int64],
				"insert into thing(name, data, size, body, open) values($1,$2,$3,$4,$5) returning id", "树", `{"a":"1"}`, 7, []byte{0, 1}, false)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		n, err := db.One(t.Context(), d, db.Value[string], "select name from thing where id = $1 and not open and data->>'a' = '1'", id)
		if err != nil || n != "树" {
			t.Fatalf("read back %q, %v", n, err)
		}
		if _, err := db.One(t.Context(), d, db.Value[string], "select name from thing where id = $1", id+1); !errors.Is(err, errs.New(errs.NotFound, "db.none")) {
			t.Fatalf("no row: %v", err)
		}
	})
}
