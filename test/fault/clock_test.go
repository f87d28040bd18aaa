package fault

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"weizheng/platform/clock"
)

// advance moves civil time for house and WeChat.
func (p *place) advance(d time.Duration) {
	p.T.Helper()
	p.ask(http.MethodPost, "/clock", map[string]any{"advance_ms": d.Milliseconds()}, nil)
}

// TestTwoDaysLater: WeChat's window closes with civil time. The console knows before anything is sent.
func TestTwoDaysLater(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		agent := p.Staff("zuoxi1")
		citizen := p.people("c", 1)[0]
		p.say(citizen, "在吗")
		p.Quiet()
		id := p.conversation(citizen)
		path := fmt.Sprintf("/console/api/conversations/%d/answers", id)
		p.advance(48*time.Hour - time.Minute)
		answers(agent, id, "还来得及")
		p.Quiet()
		if n := p.arrived(citizen, "还来得及"); n != 1 {
			t.Errorf("a minute before the end it arrived %d times", n)
		}
		p.advance(time.Minute)
		calls := p.wired(sendPath)
		p.shut(agent, id)
		status, body := agent.Do(http.MethodPost, path, map[string]any{"text": "来不及了", "key": "late"})
		if status != http.StatusTooManyRequests || !chinese(detail(body)) {
			t.Errorf("after 48 hours: %d %s", status, body)
		}
		p.Quiet()
		if l := find(lines(agent, id), "来不及了"); l.ID != 0 || p.wired(sendPath) != calls {
			t.Errorf("WeChat was asked although it must refuse: %+v", l)
		}
		p.say(citizen, "还在吗")
		p.Quiet()
		agent.Must(http.MethodPost, path, map[string]any{"text": "来不及了", "key": "late"}, nil)
		p.Quiet()
		if n := p.arrived(citizen, "来不及了"); n != 1 {
			t.Errorf("after the citizen's new word it arrived %d times", n)
		}
	})
}

// TestTomorrow: what WeChat refuses for today is not asked again today, and works tomorrow.
func TestTomorrow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		agent := p.Staff("zuoxi1")
		citizen := p.people("q", 1)[0]
		p.say(citizen, "在吗")
		p.Quiet()
		id := p.conversation(citizen)
		p.faults(fault{"path": sendPath, "kind": "code", "code": 45009})
		for i, want := range []struct {
			state string
			calls int
		}{{"refused", 1}, {"refused", 0}, {"sent", 1}} {
			if want.state == "sent" {
				p.advance(24 * time.Hour)
			}
			calls, text := p.wired(sendPath), fmt.Sprintf("第 %d 次试", i)
			answers(agent, id, text)
			p.Quiet()
			if l := find(lines(agent, id), text); l.State != want.state || p.wired(sendPath)-calls != want.calls {
				t.Errorf("%s: %s after %d calls, want %s after %d", text, l.State, p.wired(sendPath)-calls, want.state, want.calls)
			}
		}
	})
}

// TestWallClockJumps: the house's machine has the wrong time for a while, ten minutes ahead and then behind. Callbacks whose
// stamps it cannot believe are refused and recorded by nobody; leases, sessions and jobs go on.
func TestWallClockJumps(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, engine string) {
		p := newPlace(t, engine)
		wall := &hands{}
		p.wall = wall
		p.open()
		agent := p.Staff("zuoxi1")
		citizen := p.people("j", 1)[0]
		p.say(citizen, "在吗")
		p.Quiet()
		id := p.conversation(citizen)
		if engine == postgres { // somebody with the right time who would take over
			c := p.config()
			c.Wall, c.Civil = clock.Wall{}, nil
			p.work(p.build(c))
		}
		leader := p.leader()
		for i, d := range []time.Duration{10 * time.Minute, -10 * time.Minute} {
			wall.move(d)
			lost := p.say(citizen, fmt.Sprintf("时钟不对时说的 %d", i))
			<-p.door.over(lost)
			text := fmt.Sprintf("时钟不对时答的 %d", i)
			answers(agent, id, text) // the session lives, and the job runs
			eventually(t, "it is sent", func() bool { return find(lines(agent, id), text).State == "sent" })
			wall.move(-d)
			<-p.door.over(p.say(citizen, fmt.Sprintf("时钟又对时说的 %d", i)))
			p.Quiet()
			if n := p.arrived(citizen, text); n != 1 {
				t.Errorf("%v: the answer arrived %d times", d, n)
			}
			for word, want := range map[string]int{"时钟不对时说的 %d": 0, "时钟又对时说的 %d": 1} {
				text := fmt.Sprintf(word, i)
				if n := p.count(`select count(*) from conversation_line where text = $1`, text); n != want {
					t.Errorf("%v: %q stands %d times in the conversation, want %d", d, text, n, want)
				}
			}
			for _, try := range p.door.all() {
				if try.message.MsgID == lost && (try.status != http.StatusForbidden || try.body != "stale\n") {
					t.Errorf("%v: a stamp ten minutes off got %d %q", d, try.status, try.body)
				}
			}
			if now := p.leader(); now != leader {
				t.Errorf("%v: the reader's lease went from %s to %s", d, leader, now)
			}
		}
		for _, d := range p.door.acknowledged() {
			recorded(p, d)
		}
	})
}

// leader is who holds the reader's lease.
func (p *place) leader() string {
	p.T.Helper()
	var owner string
	eventually(p.T, "somebody reads", func() bool {
		return p.House.DB.QueryRow(p.T.Context(), `select owner from lease where name = 'gateway.reader'`).Scan(&owner) == nil
	})
	return owner
}
