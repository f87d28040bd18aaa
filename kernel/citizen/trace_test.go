package citizen

import (
	"testing"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

func TestTheTraceOutlivesErasure(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bench) {
		b.in(t, Inbound{OpenID: openid(1)})
		f := b.of(t, openid(1))
		person := b.Person(b.account, openid(1))
		alive, err := b.TraceOf(t.Context(), b.db, f.ID)
		if err != nil || alive != (Trace{Account: b.account, Person: person}) {
			t.Errorf("of the living: %+v, %v", alive, err)
		}
		received := b.wall.Now()
		b.wall.forward(time.Second)
		if err := b.Erase(t.Context(), f.Citizen, "本人申请注销", func(*db.Tx, Erased) error { return nil }); err != nil {
			t.Fatal(err)
		}
		erased := b.wall.Now()
		gone, err := b.TraceOf(t.Context(), b.db, f.ID)
		if err != nil || gone.Account != b.account || gone.Person != person || gone.Until.UnixMilli() != erased.UnixMilli() {
			t.Errorf("of the erased: %+v, %v", gone, err)
		}
		if _, err := b.TraceOf(t.Context(), b.db, f.ID+100); !errs.Is(err, errs.NotFound) {
			t.Errorf("of nobody: %v", err)
		}

		// What they sent before, read only now, brings nobody back.
		b.in(t, Inbound{OpenID: openid(1), Received: received}, Inbound{OpenID: openid(1), Received: erased, Event: "subscribe"})
		if list, err := b.List(t.Context(), Query{Account: b.account, Limit: 10}); err != nil || len(list) != 0 {
			t.Errorf("%d followers came back, %v", len(list), err)
		}
		// What they send afterwards makes somebody new, whom the old trace does not name.
		b.in(t, Inbound{OpenID: openid(1), Received: erased.Add(time.Millisecond)})
		fresh := b.of(t, openid(1))
		if fresh.ID == f.ID || fresh.Citizen == f.Citizen {
			t.Errorf("the same person again: %+v", fresh)
		}
		if again, err := b.TraceOf(t.Context(), b.db, f.ID); err != nil || again != gone {
			t.Errorf("the old trace moved: %+v, %v", again, err)
		}
	})
}
