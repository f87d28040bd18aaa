package fault

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/app"
	"weizheng/test/world"
	"weizheng/wechat"
)

// cluster is three houses on one PostgreSQL, to which WeChat delivers in turn.
type cluster struct {
	*place
	houses []*app.House
}

const replicas = 3

func openCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{place: newPlace(t, postgres)}
	var wires []http.RoundTripper
	for i := range replicas {
		config := c.config()
		config.Replica = name(i)
		if i > 0 {
			config.Civil = nil // each process has its own
		}
		h := c.work(c.build(config))
		h.Hub.Start()
		c.houses = append(c.houses, h)
		wires = append(wires, inside{h.Server.Handler()})
	}
	c.House = c.houses[0]
	c.net.lead("house.test", wires...)
	c.wechat()
	return c
}

func name(i int) string { return fmt.Sprintf("replica-%d", i) }

// at makes a browser's next requests go to one replica.
func at(b *world.Browser, replica int) *world.Browser {
	b.Header.Set(pick, strconv.Itoa(replica))
	return b
}

// TestReplicas: what one replica does the others know, within a second, and what one does the others do not do again.
func TestReplicas(t *testing.T) {
	t.Parallel()
	c := openCluster(t)
	first, second, editor, guard := c.Staff("zuoxi1"), c.Staff("zuoxi2"), c.Staff("bianji"), c.Staff("anquan")
	citizens := c.people("r", 6)
	c.quiet()
	f := facts{"callbacks": c.oneReads(citizens)}
	c.rulesSpread(editor, c.Staff("shenhe"), citizens[0])
	c.claimsHold(first, second, citizens[1])
	c.hintsCross(second, citizens[2])
	f["answers"], f["fetched"] = c.oneFetches(first, citizens)
	c.rightsEnd(guard, second)
	c.readerFollows(citizens[3])
	evidence(t, f)
}

// quiet waits until nothing is under way in any of the houses.
func (c *cluster) quiet() {
	c.T.Helper()
	c.Quiet() // the log, the jobs and WeChat are the same for all
}

// oneReads: callbacks come to all replicas in turn; one hands them out, each once.
func (c *cluster) oneReads(citizens []string) int {
	leader := c.leader()
	const words = 10
	for i := range words {
		for _, one := range citizens {
			c.say(one, fmt.Sprintf("停水了 %s %d", one, i))
		}
	}
	c.quiet()
	if now := c.leader(); now != leader {
		c.T.Errorf("the reader's lease went from %s to %s", leader, now)
	}
	for _, d := range c.door.acknowledged() {
		recorded(c.place, d)
	}
	if strings.Contains(c.Log.String(), "still unread") {
		c.T.Error("two replicas read at once")
	}
	return words * len(citizens)
}

// within1s watches each replica until it shows a change that was just made; a look that begins more than a second after
// the change and does not show it is the fault.
func (c *cluster) within1s(what string, shows func(replica int) bool) {
	c.T.Helper()
	changed := now()
	for i := range replicas {
		for {
			begun := now()
			if shows(i) {
				break
			}
			if late := begun.Sub(changed); late > time.Second {
				c.T.Errorf("%s: replica %d does not know after %v", what, i, late)
				return
			}
		}
	}
}

// probe writes to one replica as WeChat would for a citizen, and returns the answer.
func (c *cluster) probe(replica int, citizen, text string) string {
	c.T.Helper()
	m := &wechat.Message{
		ToUserName: c.City.Accounts[0].OriginalID, FromUserName: c.Sandbox.OpenID("qingyun", citizen), CreateTime: now().Unix(),
		MsgType: "text", Content: text, MsgID: now().UnixNano(),
	}
	plain, err := wechat.EncodeMessage(m)
	if err != nil {
		c.T.Fatal(err)
	}
	d := c.door.push(c.T.Context(), inside{c.houses[replica].Server.Handler()}, "qingyun", m, plain, now())
	if d.status != http.StatusOK {
		c.T.Fatalf("replica %d answers %d %s", replica, d.status, d.body)
	}
	return d.answer
}

// rulesSpread: a rule made at one replica and approved at another answers at all of them, and is silent everywhere once it is switched off.
func (c *cluster) rulesSpread(editor, reviewer *world.Browser, citizen string) {
	c.T.Helper()
	if got := c.probe(1, citizen, "护城河夜游"); strings.Contains(got, "码头") {
		c.T.Fatalf("there is such a rule already: %q", got)
	}
	var rule struct {
		ID, Version int64
		Proposal    struct {
			Matter int64 `json:"matter_id"`
		}
	}
	at(editor, 0).Must(http.MethodPost, "/console/api/replies", map[string]any{
		"account_id": 1, "name": "夜游", "trigger": "keyword", "match": "contains", "words": []string{"护城河夜游"}, "enabled": true,
		"answers": []any{map[string]any{"type": "text", "content": "每晚七点在南门码头上船。"}},
	}, &rule)
	at(reviewer, 1).Must(http.MethodPost, fmt.Sprintf("/console/api/matters/%d/actions/approve", rule.Proposal.Matter),
		map[string]any{"version": 0, "key": ""}, nil)
	c.within1s("a new rule", func(i int) bool { return strings.Contains(c.probe(i, citizen, "护城河夜游"), "码头") })
	at(editor, 2).Must(http.MethodGet, fmt.Sprintf("/console/api/replies/%d", rule.ID), nil, &rule)
	at(editor, 2).Must(http.MethodPost, fmt.Sprintf("/console/api/replies/%d/disable", rule.ID), map[string]any{"version": rule.Version}, nil)
	c.within1s("a rule switched off", func(i int) bool { return !strings.Contains(c.probe(i, citizen, "护城河夜游"), "码头") })
}

// claimsHold: who talks to a citizen at one replica keeps others and the rules out at all of them.
func (c *cluster) claimsHold(first, second *world.Browser, citizen string) {
	c.T.Helper()
	path := fmt.Sprintf("/console/api/conversations/%d", c.conversation(citizen))
	at(first, 0).Must(http.MethodPost, path+"/claim", map[string]any{}, nil)
	for i := range replicas {
		for verb, in := range map[string]any{"/claim": map[string]any{}, "/answers": map[string]any{"text": "我来", "key": "x"}} {
			status, body := at(second, i).Do(http.MethodPost, path+verb, in)
			if status != http.StatusConflict || !strings.Contains(detail(body), "何晓棠") {
				c.T.Errorf("%s at replica %d: %d %s", verb, i, status, body)
			}
		}
	}
	c.within1s("the rules' silence", func(i int) bool { return c.probe(i, citizen, "停水了") == "" })
	at(first, 1).Must(http.MethodPost, path+"/release", nil, nil)
	c.within1s("the rules' return", func(i int) bool { return c.probe(i, citizen, "停水了") != "" })
}

// hintsCross: a browser that listens at one replica hears of what happens at another.
func (c *cluster) hintsCross(b *world.Browser, citizen string) {
	c.T.Helper()
	ctx, cancel := context.WithTimeout(c.T.Context(), 30*time.Second)
	defer cancel()
	stream, err := at(b, 2).Open(ctx, http.MethodGet, "/console/api/hints?topics=conversation", nil)
	if err != nil || stream.StatusCode != http.StatusOK {
		c.T.Fatalf("hints: %v %+v", err, stream)
	}
	defer func() { _ = stream.Body.Close() }()
	want := fmt.Sprintf(`"id":%d,`, c.conversation(citizen))
	said := false
	scan := bufio.NewScanner(stream.Body)
	for scan.Scan() {
		switch {
		case strings.HasPrefix(scan.Text(), "event: ready") && !said:
			said = true
			c.probe(0, citizen, "停水了（副本之间）")
		case strings.HasPrefix(scan.Text(), "data: ") && strings.Contains(scan.Text(), want):
			return
		}
	}
	c.T.Errorf("no hint of conversation %s at another replica: %v", want, scan.Err())
}

// oneFetches: the token dies while all replicas send; one new one is fetched for all of them.
func (c *cluster) oneFetches(agent *world.Browser, citizens []string) (sent, fetched int) {
	c.T.Helper()
	for _, one := range citizens {
		c.say(one, "在吗")
	}
	c.quiet()
	before := c.wired(tokenPath)
	c.faults(fault{"path": sendPath, "kind": "revoke"}, fault{"path": sendPath, "kind": "delay", "delay_ms": 50, "times": 100})
	agent.Header.Del(pick)
	var all sync.WaitGroup
	for _, one := range citizens {
		id := c.conversation(one)
		for n := range 2 {
			all.Go(func() {
				text := fmt.Sprintf("副本发的 %d", n)
				status, body, err := agent.Try(c.T.Context(), http.MethodPost, fmt.Sprintf("/console/api/conversations/%d/answers", id), map[string]any{"text": text, "key": text})
				if err != nil || status != http.StatusOK {
					c.T.Errorf("answer: %d %s %v", status, body, err)
				}
			})
		}
	}
	all.Wait()
	eventually(c.T, "all are sent", func() bool {
		return c.count(`select count(*) from conversation_line where text like '副本发的%' and state = 'sent'`) == 2*len(citizens)
	})
	for _, one := range citizens {
		for n := range 2 {
			if got := c.arrived(one, fmt.Sprintf("副本发的 %d", n)); got != 1 {
				c.T.Errorf("%s got answer %d %d times", one, n, got)
			}
		}
	}
	fetched = c.wired(tokenPath) - before
	if fetched != 1 {
		c.T.Errorf("the token was fetched %d times", fetched)
	}
	c.faults()
	return 2 * len(citizens), fetched
}

// rightsEnd: a right that is taken away at one replica ends at all of them.
func (c *cluster) rightsEnd(guard, loser *world.Browser) {
	c.T.Helper()
	var me struct {
		ID      int64
		Version int64
	}
	err := c.House.DB.QueryRow(c.T.Context(), `select id, version from staff where login = 'zuoxi2'`).Scan(&me.ID, &me.Version)
	if err != nil {
		c.T.Fatal(err)
	}
	look := func(i int) int {
		status, _ := at(loser, i).Do(http.MethodGet, "/console/api/conversations", nil)
		return status
	}
	for i := range replicas {
		if status := look(i); status != http.StatusOK {
			c.T.Fatalf("before, replica %d: %d", i, status)
		}
	}
	at(guard, 1).Must(http.MethodPut, fmt.Sprintf("/console/api/staff/%d/grants", me.ID), map[string]any{"version": me.Version, "grants": []any{}}, nil)
	c.within1s("a right taken away", func(i int) bool { return look(i) == http.StatusForbidden })
}

// readerFollows: the replica that hands the log out stops; another one goes on at once.
func (c *cluster) readerFollows(citizen string) {
	c.T.Helper()
	c.quiet()
	leader := c.leader()
	for i, h := range c.houses {
		if name(i) == leader {
			if err := h.Stop(context.WithoutCancel(c.T.Context())); err != nil {
				c.T.Error(err)
			}
		}
	}
	stopped := now()
	text := "前一个副本停了以后说的"
	c.say(citizen, text)
	eventually(c.T, "another replica reads", func() bool {
		return c.count(`select count(*) from conversation_line where text = $1`, text) == 1
	})
	if took := now().Sub(stopped); took > 4*time.Second {
		c.T.Errorf("the next reader took %v: it waited for the lease to run out", took)
	}
	if c.leader() == leader {
		c.T.Error("the lease is still the stopped one's")
	}
}
