package citizen

import (
	"fmt"
	"strings"
	"testing"

	"weizheng/platform/db"
	"weizheng/platform/db/dbtest"
)

// TestListsWalkAnIndex asks SQLite how it would read each list with many rows: never a whole table, never a sort of one.
func TestListsWalkAnIndex(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, schemas)
	for _, c := range []struct{ label, query string }{
		{"all", `select id from follower f where f.account_id = 1 and f.person is not null order by f.id desc limit 50`},
		{"page", `select id from follower f where f.account_id = 1 and f.id < 9 and f.person is not null order by f.id desc limit 50`},
		{"state", `select id from follower f where f.account_id = 1 and f.subscribed = true and f.id < 9 order by f.id desc limit 50`},
		{"important", `select id from follower f where f.account_id = 1 and f.important order by f.id desc limit 50`},
		{"blocked", `select id from follower f where f.account_id = 1 and f.blocked order by f.id desc limit 50`},
		{"tag", `select f.id from follower f join follower_tag ft on ft.follower_id = f.id where f.account_id = 1 and ft.tag_id = 3 order by f.id desc limit 50`},
		{"details", `select id from follower f where f.account_id = 1 and f.detail_due order by f.id limit 100`},
		{"left", `select id from follower where account_id = 1 and subscribed = true and id > 3 order by id limit 1000`},
		{"forget", `select id from follower where forget_at > 0 and forget_at <= 5 order by forget_at limit 10`},
		{"person", `select id from follower where account_id = 1 and person = 'x'`},
		{"citizen", `select id from follower where citizen_id = 1 and person is not null order by id`},
		{"members", `select f.id from follower f join follower_tag ft on ft.follower_id = f.id where ft.tag_id = 1 and ft.state = 'adding' order by ft.follower_id limit 50`},
		{"sync", `select id from follower_sync where account_id = 1 order by id desc limit 1`},
	} {
		steps, err := db.All(t.Context(), d, func(scan db.Scan) (s string, err error) {
			var a, b, n any
			err = scan(&a, &b, &n, &s)
			return s, err
		}, `explain query plan `+c.query)
		if err != nil {
			t.Fatal(err)
		}
		plan := fmt.Sprint(steps)
		if strings.Contains(plan, "SCAN f") || strings.Contains(plan, "SCAN follower") && !strings.Contains(plan, "USING INDEX") {
			t.Errorf("%s: %s", c.label, plan)
		}
		if strings.Contains(plan, "TEMP B-TREE") && c.label != "citizen" { // a person has a few followers
			t.Errorf("%s sorts: %s", c.label, plan)
		}
	}
}

// BenchmarkEnsure: how long the inbound reader's batch of 64 known followers takes.
func BenchmarkEnsure(bench *testing.B) {
	b := newBench(bench, dbtest.SQLite(bench, schemas))
	ensure := func() {
		b.tx(bench, func(tx *db.Tx) error {
			for i := range 64 {
				if _, err := b.Ensure(bench.Context(), tx, b.account, openid(i), b.civil.Now()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	ensure()
	for bench.Loop() {
		ensure()
	}
}
