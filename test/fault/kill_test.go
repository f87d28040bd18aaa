package fault

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"weizheng/test/world"
	"weizheng/wechat"
)

// TestKilled: the house is killed at random moments, again and again, while citizens write, WeChat delivers again, and a
// person answers. Nothing that was acknowledged is lost or done twice.
func TestKilled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, engine string) {
		o := openOutside(t, engine)
		o.start()
		crowd := o.crowd(8, 4)
		kills := number(killsEnv, 3)
		for i := range kills {
			o.progress(20)
			if i%2 == 0 {
				crowd.answered(3) // PostgreSQL's reader first waits for the lease of the dead to run out
			}
			pause(t, rand.N(400*time.Millisecond))
			_, _ = o.end(syscall.SIGKILL) // it says that it was killed
			o.start()
		}
		o.progress(20)
		crowd.answered(3)
		crowd.rest()
		took, err := o.end(syscall.SIGTERM)
		if err != nil {
			t.Errorf("the last stop: %v after %v", err, took)
		}
		o.settle(crowd)
		f := o.compare(crowd)
		f["kills"] = kills
		evidence(t, f)
	})
}

// stopLimit is what `serve` promises.
const stopLimit = 30 * time.Second

// TestStopped: a stop signal in the middle of the crowd. What was acknowledged is on disk, the process ends in time and
// says that all is well, and no message is left in the dark.
func TestStopped(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, engine string) {
		o := openOutside(t, engine)
		o.start()
		crowd := o.crowd(8, 4)
		// WeChat takes its time, so that the signal finds messages on their way.
		o.ask(http.MethodPost, "/faults", fault{"path": sendPath, "kind": "late", "delay_ms": 300, "times": 1_000_000}, nil)
		o.progress(60)
		crowd.answered(10)
		took, err := o.end(syscall.SIGTERM)
		if err != nil || took > stopLimit {
			t.Errorf("the stop: %v after %v", err, took)
		}
		o.start()
		crowd.rest()
		if _, err := o.end(syscall.SIGTERM); err != nil {
			t.Errorf("the second stop: %v", err)
		}
		o.settle(crowd)
		f := o.compare(crowd)
		if f["uncertain"]+f["open"] > 0 {
			t.Errorf("an orderly stop left messages in the dark: %v", f)
		}
		f["stop_ms"] = int(took.Milliseconds())
		evidence(t, f)
	})
}

// pause lets others run for a while: the moment of a kill must be a matter of chance.
func pause(t *testing.T, d time.Duration) {
	t.Helper()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Context().Done():
	}
}

// crowd is citizens who write without end and others who wait for a person's answers.
type crowd struct {
	o        *outside
	agent    *world.Browser
	ctx      context.Context
	cancel   context.CancelFunc
	running  sync.WaitGroup
	mu       sync.Mutex
	accepted []accepted // the answers that the console took
	faults   []string
}

// accepted is an answer that the console acknowledged.
type accepted struct {
	citizen string
	text    string
}

// crowd lets n citizens write and a person answer others, until rest. Each callback is delivered twice, and now and then
// its answer is not read.
func (o *outside) crowd(talkers, listeners int) *crowd {
	o.T.Helper()
	c := &crowd{o: o, agent: o.Staff("zuoxi1")}
	c.ctx, c.cancel = context.WithCancel(o.T.Context())
	o.T.Cleanup(c.cancel)
	talking, listening := o.people("s", talkers), o.people("h", listeners)
	o.faults(
		fault{"path": "callback", "kind": "duplicate", "times": 1_000_000},
		fault{"path": "callback", "kind": "drop", "times": 10},
	)
	for _, citizen := range talking {
		c.running.Go(func() { c.talk(citizen) })
	}
	for _, citizen := range listening {
		c.running.Go(func() { c.converse(citizen) })
	}
	return c
}

// rest ends the talking and waits until WeChat has delivered what there is.
func (c *crowd) rest() {
	c.o.T.Helper()
	c.cancel()
	c.running.Wait()
	c.o.faults()
	if err := c.o.Sandbox.Idle(c.o.T.Context()); err != nil {
		c.o.T.Fatal(err)
	}
	for _, fault := range c.faults {
		c.o.T.Error(fault)
	}
}

func (c *crowd) fault(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// write makes a citizen write and waits until that was acknowledged or given up; false at the end.
func (c *crowd) write(citizen, text string) bool {
	var out struct {
		MsgID int64 `json:"msg_id,string"`
	}
	status, answer, err := c.o.call(c.ctx, http.MethodPost, c.o.WeChat+"/sandbox/api/messages",
		map[string]any{"account": "qingyun", "citizen": citizen, "type": "text", "content": text}, &out)
	if err != nil || status >= http.StatusMultipleChoices {
		if c.ctx.Err() == nil {
			c.fault("%s cannot write: %d %s %v", citizen, status, answer, err)
		}
		return false
	}
	select {
	case <-c.o.door.over(out.MsgID):
		return true
	case <-c.ctx.Done():
		return false
	}
}

// questions are what citizens ask; a rule answers some, nobody the others.
var questions = []string{"社保卡怎么办", "停水了", "家门口的路灯不亮", "公积金提取", "昨天寄的材料收到了吗"}

func (c *crowd) talk(citizen string) {
	for i := 0; c.write(citizen, fmt.Sprintf("%s（%s 第 %d 次问）", questions[i%len(questions)], citizen, i)); i++ {
		c.rests(rand.N(60 * time.Millisecond)) // eight of them leave the machine time for the rest
	}
}

// converse makes a citizen ask for a person, who answers each word with two of their own.
func (c *crowd) converse(citizen string) {
	id := int64(0)
	for i := 0; c.write(citizen, fmt.Sprintf("家里有件事想请教（%s 第 %d 次）", citizen, i)); i++ {
		for n := range 2 {
			if id == 0 {
				id = c.find(citizen)
			}
			if id == 0 || !c.answer(citizen, id, fmt.Sprintf("答复 %s 第 %d 次之 %d", citizen, i, n)) {
				return
			}
		}
	}
}

// find looks for a citizen's conversation until the console shows it; 0 at the end.
func (c *crowd) find(citizen string) int64 {
	for c.ctx.Err() == nil {
		var list struct {
			Items []struct {
				ID   int64
				Last struct{ Text string }
			}
		}
		status, body, err := c.agent.Try(c.ctx, http.MethodGet, "/console/api/conversations?limit=100", nil)
		if err == nil && status == http.StatusOK && json.Unmarshal(body, &list) == nil {
			for _, one := range list.Items {
				if strings.Contains(one.Last.Text, citizen) {
					return one.ID
				}
			}
		}
		c.rests(50 * time.Millisecond)
	}
	return 0
}

func (c *crowd) rests(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.ctx.Done():
	}
}

// answer sends an answer with its key until the console has taken it, as a browser does when it is unsure; false at the
// end.
func (c *crowd) answer(citizen string, id int64, text string) bool {
	for c.ctx.Err() == nil {
		status, body, err := c.agent.Try(c.ctx, http.MethodPost, fmt.Sprintf("/console/api/conversations/%d/answers", id),
			map[string]any{"text": text, "key": text})
		switch {
		case err != nil, status == http.StatusServiceUnavailable, status == http.StatusBadGateway:
		case status < http.StatusMultipleChoices:
			c.mu.Lock()
			c.accepted = append(c.accepted, accepted{citizen, text})
			c.mu.Unlock()
			return true
		case status == http.StatusTooManyRequests: // the window is used up until the reader has seen the citizen's new word
		default:
			c.fault("answer to %s: %d %s", citizen, status, body)
			return false
		}
		c.rests(20 * time.Millisecond)
	}
	return false
}

// progress waits until this many more callbacks were acknowledged.
func (o *outside) progress(n int) {
	o.T.Helper()
	begin := len(o.door.acknowledged())
	within(o.T, time.Minute, "callbacks are acknowledged", func() bool { return len(o.door.acknowledged()) >= begin+n })
}

// answered waits until the console took this many more answers.
func (c *crowd) answered(n int) {
	c.o.T.Helper()
	size := func() int {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.accepted)
	}
	begin := size()
	within(c.o.T, time.Minute, "answers are taken", func() bool { return size() >= begin+n })
}

// settle opens the house in this process and lets it finish what the other left.
func (o *outside) settle(c *crowd) {
	o.T.Helper()
	o.House = o.work(o.build(o.config()))
	o.net.lead("house.test", inside{o.House.Server.Handler()})
	within(o.T, 2*time.Minute, "every callback is handed out", func() bool {
		n, err := o.House.Gateway.Unread(o.T.Context())
		return err == nil && n == 0
	})
	patience := 5 * time.Second
	if o.engine == sqlite {
		patience = time.Minute // the next start takes back what ran
	} else if long() {
		patience = 3 * time.Minute // a job is believed dead after 60 to 90 seconds
	}
	limit := now().Add(patience)
	eventuallyUntil(o.T, limit, func() bool { return o.count(`select count(*) from outbound where state in ('queued','sending')`) == 0 })
}

// eventuallyUntil polls until ok or until the limit has come.
func eventuallyUntil(t testing.TB, limit time.Time, ok func() bool) {
	t.Helper()
	for !ok() && now().Before(limit) {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-t.Context().Done():
			return
		}
	}
}

func (p *place) count(query string, args ...any) int {
	p.T.Helper()
	var n int
	if err := p.House.DB.QueryRow(p.T.Context(), query, args...).Scan(&n); err != nil {
		p.T.Fatalf("%s: %v", query, err)
	}
	return n
}

// compare holds what everybody was told against the database and the phones.
func (o *outside) compare(c *crowd) facts {
	o.T.Helper()
	acked := o.door.acknowledged()
	f := facts{"acknowledged": len(acked), "tries": len(o.door.all()), "answers": len(c.accepted)}
	for _, a := range acked {
		recorded(o.place, a)
	}
	for _, a := range acked {
		if a.message.MsgType != "text" {
			continue
		}
		again := o.door.again(o.T.Context(), o.net, a)
		for range 2 { // a busy house asks for another delivery, and WeChat makes up to three
			if again.status == http.StatusServiceUnavailable {
				again = o.door.again(o.T.Context(), o.net, a)
			}
		}
		if again.status != http.StatusOK || again.answer != a.answer {
			o.T.Errorf("delivered once more, %s got %d %q, first %q", a.id(), again.status, again.answer, a.answer)
		}
		f["redelivered"]++
	}
	o.answered(c, f)
	f["longest_lag_ms"] = o.count(`select coalesce(max(read_at - received_at), 0) from inbound`)
	if f["acknowledged"] < 40 || f["answers"] < 4 {
		o.T.Errorf("too little happened to prove anything: %v", f)
	}
	return f
}

// recorded fails unless a message is in the log once, and in its conversation once.
func recorded(p *place, d delivery) {
	p.T.Helper()
	if d.message.MsgID == 0 {
		return
	}
	if n := p.count(`select count(*) from inbound where account_id = 1 and dedupe = $1`, dedupeOf(d.message)); n != 1 {
		p.T.Errorf("%s was acknowledged and is %d times in the log", d.id(), n)
	}
	if n := p.count(`select count(*) from conversation_line where author = 'citizen' and text = $1`, d.message.Content); n != 1 {
		p.T.Errorf("%q stands %d times in its conversation", d.message.Content, n)
	}
}

func dedupeOf(m *wechat.Message) string { return fmt.Sprintf("m%020d", m.MsgID) }

// answered fails when an answer that the console took is on the phone twice, or not there although it is called sent, or
// there although it is called not sent. Uncertain ones may be there or not.
func (o *outside) answered(c *crowd, f facts) {
	o.T.Helper()
	phones := map[string]map[string]int{}
	for _, a := range c.accepted {
		if phones[a.citizen] == nil {
			phones[a.citizen] = map[string]int{}
			for _, b := range o.phone(a.citizen) {
				if b.From == "account" {
					phones[a.citizen][b.Content]++
				}
			}
		}
	}
	for _, a := range c.accepted {
		var state, problem string
		err := o.House.DB.QueryRow(o.T.Context(), `select state, problem from conversation_line where author = 'staff' and text = $1`, a.text).Scan(&state, &problem)
		if err != nil {
			o.T.Errorf("%q was taken and is lost: %v", a.text, err)
			continue
		}
		n := phones[a.citizen][a.text]
		switch state {
		case "sent":
			if n != 1 {
				o.T.Errorf("%q is called sent and is %d times on the phone", a.text, n)
			}
			f["sent"]++
		case "uncertain":
			f["uncertain"]++
		case "sending":
			f["open"]++
			if o.engine == sqlite || long() {
				o.T.Errorf("%q is still called on its way", a.text)
			}
		case "refused":
			// Citizens who write on and on: WeChat counts from a word that the house has not read yet, and knows better.
			f["refused"]++
			if n != 0 || problem != "notify.window_used" {
				o.T.Errorf("%q is called refused (%s) and is %d times on the phone", a.text, problem, n)
			}
		default:
			o.T.Errorf("%q is called %s: %s", a.text, state, problem)
		}
		if n > 1 {
			o.T.Errorf("%q is %d times on the phone", a.text, n)
		}
	}
}
