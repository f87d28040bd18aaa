package fault

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
)

// TestMattersKilled: the house is killed at random moments while people lead matters through their lives, again and again,
// each sending again what was not answered.
func TestMattersKilled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, engine string) {
		o := openOutside(t, engine)
		o.start()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		d := o.desk(ctx)
		var working sync.WaitGroup
		for worker := range 4 {
			working.Go(func() { d.leads(worker) })
		}
		kills := number(killsEnv, 3)
		for range kills {
			d.progress(15)
			pause(t, rand.N(200*time.Millisecond))
			_, _ = o.end(syscall.SIGKILL) // it says that it was killed
			o.start()
		}
		d.progress(15)
		cancel()
		working.Wait()
		if took, err := o.end(syscall.SIGTERM); err != nil {
			t.Errorf("the last stop: %v after %v", err, took)
		}
		o.House = o.build(o.config())
		f := d.judge()
		f["kills"] = kills
		evidence(t, f)
	})
}

// daysBefore is before which time the matters of a test begin whose deadlines are over by now.
const daysBefore = -12 * 24 * time.Hour

// TestSweepKilled: the house was off while deadlines came, and is killed at random moments while it catches up. Each happens
// once, dated when it was due.
func TestSweepKilled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, engine string) {
		o := openOutside(t, engine)
		civil := o.civil
		o.civil = clock.NewCivil(clock.Wall{}, daysBefore)
		end := o.life()
		many := 150
		if long() {
			many = 600
		}
		matters := o.desk(t.Context()).reviews(t, many)
		end()
		o.civil = civil
		o.net.lead("house.test", o.wire)
		look, err := db.Open(t.Context(), db.Config{URL: o.url, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		left := func() (n int) {
			if err := look.QueryRow(t.Context(), `select count(*) from matter_deadline`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		quick := 3
		if engine == postgres {
			quick = 1 // each start waits for the lease of the dead
		}
		kills, between := number(killsEnv, quick), 0
		for before := left(); kills > 0 && before > 0; kills-- {
			o.start()
			within(t, time.Minute, "the sweep has begun", func() bool { return left() < before })
			pause(t, rand.N(15*time.Millisecond))
			_, _ = o.end(syscall.SIGKILL)
			if before = left(); before > 0 {
				between++
			}
		}
		if err := look.Close(); err != nil {
			t.Error(err)
		}
		o.House = o.work(o.build(o.config()))
		within(t, time.Minute, "everything fell due", func() bool { return o.count(`select count(*) from matter_deadline`) == 0 })
		o.fell(matters)
		f := facts{"kills_between": between, "deadlines": 3 * len(matters)}
		o.whole(f)
		evidence(t, f)
	})
}

// TestDeadlinesWhileOff: civil time passes the deadlines of matters while the house is off; the next start lets them happen,
// and who acts at once finds the matter as it is by then.
func TestDeadlinesWhileOff(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, engine string) {
		p := newPlace(t, engine)
		end := p.life()
		d := p.desk(t.Context())
		matters := d.reviews(t, 20)
		d.acts(d.reviewer, matters[0], "claim", "k", "")
		end()
		p.civil = clock.NewCivil(clock.Wall{}, -daysBefore)
		p.House = p.work(p.build(p.config()))
		p.net.lead("house.test", inside{p.House.Server.Handler()})
		d.acts(d.reviewer, matters[1], "note", "n", "还在看")
		eventually(t, "everything fell due", func() bool { return p.count(`select count(*) from matter_deadline`) == 0 })
		p.fell(matters)
		for _, id := range matters {
			d.acts(d.reviewer, id, "approve", fmt.Sprint("yes", id), "")
		}
		evidence(t, d.judge())
	})
}

// TestTheSameKeyAtOnce: two clients send the same action under the same key at the same moment, to two replicas where there
// are some. It happens once, and both hear the same.
func TestTheSameKeyAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, engine string) {
		var p *place
		if engine == postgres {
			p = openCluster(t).place
		} else {
			p = open(t, engine)
		}
		d := p.desk(t.Context())
		matters := d.reviews(t, 12)
		again := 0
		for i, id := range matters {
			heard := make([]done, 4)
			begin := make(chan struct{})
			var all sync.WaitGroup
			for n := range heard {
				all.Go(func() {
					<-begin
					status, body, err := d.reviewer.Try(t.Context(), http.MethodPost, fmt.Sprintf("/console/api/matters/%d/actions/approve", id),
						map[string]any{"version": 0, "key": fmt.Sprint("yes", i)})
					if err != nil || status != http.StatusOK || json.Unmarshal(body, &heard[n]) != nil {
						t.Errorf("matter %d: %d %s %v", id, status, body, err)
					}
				})
			}
			close(begin)
			all.Wait()
			firsts := 0
			for _, h := range heard {
				if h.Event != heard[0].Event || h.Version != heard[0].Version {
					t.Errorf("matter %d: %+v", id, heard)
				}
				if !h.Again {
					firsts++
				}
			}
			if firsts != 1 {
				t.Errorf("matter %d was approved %d times", id, firsts)
			}
			again += len(heard) - firsts
			heard[0].action = "approve"
			d.acked = append(d.acked, heard[0])
		}
		f := d.judge()
		f["again"] = again
		evidence(t, f)
	})
}

// TestReplicasSweep: three houses on one PostgreSQL sweep the same deadlines at once while people act on the same matters.
// Each deadline happens once, and nothing is lost.
func TestReplicasSweep(t *testing.T) {
	t.Parallel()
	c := openCluster(t)
	d := c.desk(t.Context())
	matters := d.reviews(t, 60)
	c.advance(-daysBefore)
	for _, h := range c.houses[1:] {
		eventually(t, "the move is known", func() bool { return h.Civil.Offset() >= -daysBefore })
	}
	var all sync.WaitGroup
	swept := make([]int, len(c.houses))
	for i, h := range c.houses {
		all.Go(func() {
			for c.count(`select count(*) from matter_deadline`) > 0 {
				n, err := h.Matters.Sweep(t.Context(), h.Civil.Now())
				if err != nil {
					t.Error(err)
					return
				}
				swept[i] += n
			}
		})
	}
	all.Go(func() {
		for i, id := range matters {
			d.acts(at(d.reviewer, i%replicas), id, "note", fmt.Sprint("n", id), "看过了")
		}
	})
	all.Wait()
	c.fell(matters)
	f := d.judge()
	for i, n := range swept {
		f[fmt.Sprint("swept_by_", i)] = n
	}
	evidence(t, f)
}

// TestActOnAFullDisk: SQLite may not grow by a page any more while people act on matters. What is refused has left nothing,
// and works under the same key once there is space.
func TestActOnAFullDisk(t *testing.T) {
	t.Parallel()
	p := open(t, sqlite)
	d := p.desk(t.Context())
	matters := d.reviews(t, 5)
	limit := func(pages int) {
		if _, err := p.House.DB.Pool().ExecContext(t.Context(), fmt.Sprintf("pragma max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	note := func(n int) (status int, body []byte) {
		return d.reviewer.Do(http.MethodPost, fmt.Sprintf("/console/api/matters/%d/actions/note", matters[n%len(matters)]),
			map[string]any{"version": 0, "key": fmt.Sprint("n", n), "reason": fmt.Sprintf("第 %d 句批注，长一些才占地方：%0500d", n, n)})
	}
	limit(p.count("pragma page_count"))
	var refused []int
	taken := 0
	for n := 0; len(refused) < 8; n++ {
		switch status, body := note(n); {
		case n > 5000:
			t.Fatal("the disk does not get full")
		case status == http.StatusServiceUnavailable && chinese(detail(body)):
			refused = append(refused, n)
		case status != http.StatusOK:
			t.Fatalf("note %d: %d %s", n, status, body)
		default:
			taken++
		}
	}
	notes := func() int { return p.count(`select count(*) from matter_event where act = 'note'`) }
	if n := notes(); n != taken {
		t.Errorf("%d notes are there, %d were taken", n, taken)
	}
	limit(1 << 30)
	for _, n := range refused {
		for range 2 {
			if status, body := note(n); status != http.StatusOK {
				t.Errorf("note %d with space again: %d %s", n, status, body)
			}
		}
	}
	if n := notes(); n != taken+len(refused) {
		t.Errorf("%d notes are there, %d were taken", n, taken+len(refused))
	}
	f := d.judge()
	f["refused"], f["taken"] = len(refused), taken
	evidence(t, f)
}
