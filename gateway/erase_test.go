package gateway

import (
	"testing"
	"time"

	"weizheng/part"
	"weizheng/platform/db"
	"weizheng/wechat"
)

func TestErasingAPersonLeavesNothingOfBefore(t *testing.T) {
	each(t, wechat.Safe, []part.Responder{echoResponder}, func(t *testing.T, w *world) {
		from := func(openid string, id int64) *wechat.Message {
			m := text(id, "您好")
			m.FromUserName = openid
			return m
		}
		w.push(from("oSomebody", 1))
		w.push(from("oBystander", 2))
		if n, err := w.ReadBatch(t.Context()); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		w.wall.forward(time.Second)
		w.push(from("oSomebody", 3)) // nobody has seen it yet
		until := w.wall.Now()
		w.wall.forward(time.Second)
		w.push(from("oSomebody", 4)) // of somebody new

		person := w.Person(7, "oSomebody")
		erase := func(until time.Time) {
			t.Helper()
			err := w.DB.Write(t.Context(), func(tx *db.Tx) error { return w.ErasePerson(t.Context(), tx, 7, person, until) })
			if err != nil {
				t.Fatal(err)
			}
		}
		left := func() []int64 {
			t.Helper()
			ids, err := db.All(t.Context(), w.DB, db.Value[int64], `select id from inbound where person=$1 order by id`, person)
			if err != nil {
				t.Fatal(err)
			}
			return ids
		}
		before := left()
		erase(time.Time{})
		if got := left(); len(got) != 2 || got[0] != before[1] {
			t.Errorf("of somebody who is still known: %v of %v left", got, before)
		}
		erase(until)
		if got := left(); len(got) != 1 || got[0] != before[2] {
			t.Errorf("after the erasure: %v of %v left, want what came later", got, before)
		}
		if n := w.rows(); n != 2 {
			t.Errorf("%d rows in the log, want the bystander's too", n)
		}
		if n, err := w.ReadBatch(t.Context()); n != 1 || err != nil {
			t.Errorf("the reader goes on: %d, %v", n, err)
		}
	})
}
