package fault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/app"
	"weizheng/test/world"
)

// desk is an editor who writes rules and a reviewer who leads the matters of their reviews, as browsers do that are unsure
// whether the house took what they sent: again with the same key until it answers.
type desk struct {
	p                *place
	editor, reviewer *world.Browser
	ctx              context.Context
	mu               sync.Mutex
	matters          []int64
	acked            []done
	faults           []string
}

// done is a deed that the house acknowledged.
type done struct {
	action                 string
	Matter, Version, Event int64
	Again                  bool
}

func (p *place) desk(ctx context.Context) *desk {
	p.T.Helper()
	return &desk{p: p, editor: p.Staff("bianji"), reviewer: p.Staff("shenhe"), ctx: ctx}
}

func (d *desk) fault(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = append(d.faults, fmt.Sprintf(format, args...))
}

// rule writes a rule and returns the matter of its review; false when nobody answered, which leaves open whether there is
// one.
func (d *desk) rule(name string) (matter int64, ok bool) {
	var out struct {
		Proposal struct {
			Matter int64 `json:"matter_id"`
		}
	}
	status, body, err := d.editor.Try(d.ctx, http.MethodPost, "/console/api/replies", map[string]any{
		"account_id": 1, "name": name, "trigger": "keyword", "match": "exact", "words": []string{name}, "enabled": true,
		"answers": []any{map[string]any{"type": "text", "content": name + "的答复"}},
	})
	switch {
	case err != nil, status == http.StatusServiceUnavailable:
		return 0, false
	case status >= http.StatusMultipleChoices:
		d.fault("rule %s: %d %s", name, status, body)
		return 0, false
	}
	if err := json.Unmarshal(body, &out); err != nil || out.Proposal.Matter == 0 {
		d.fault("rule %s has no review: %s", name, body)
		return 0, false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.matters = append(d.matters, out.Proposal.Matter)
	return out.Proposal.Matter, true
}

// acts does one thing to a matter until the house has taken it; false at the end.
func (d *desk) acts(who *world.Browser, matter int64, action, key, reason string) bool {
	for d.ctx.Err() == nil {
		status, body, err := who.Try(d.ctx, http.MethodPost, fmt.Sprintf("/console/api/matters/%d/actions/%s", matter, action),
			map[string]any{"version": 0, "key": key, "reason": reason})
		switch {
		case err != nil, status == http.StatusServiceUnavailable, status == http.StatusBadGateway:
		case status < http.StatusMultipleChoices:
			out := done{action: action}
			if err := json.Unmarshal(body, &out); err != nil {
				d.fault("%s matter %d: %s", action, matter, body)
			}
			d.mu.Lock()
			d.acked = append(d.acked, out)
			d.mu.Unlock()
			return true
		default:
			d.fault("%s matter %d: %d %s", action, matter, status, body)
			return false
		}
		wait(d.ctx, 20*time.Millisecond)
	}
	return false
}

// wait lets others run.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// steps are what a review is led through; its end is by chance.
var steps = []string{"claim", "note", "release", "urge", "note", "claim"}

// leads leads reviews through their lives, one after the other, until the end.
func (d *desk) leads(worker int) {
	for n := 0; d.ctx.Err() == nil; n++ {
		name := fmt.Sprintf("第%d人第%d问", worker, n)
		matter, ok := d.rule(name)
		if !ok {
			wait(d.ctx, 20*time.Millisecond)
			continue
		}
		all := append(slices.Clone(steps), []string{"approve", "reject"}[rand.IntN(2)])
		for i, action := range all {
			who := d.reviewer
			if action == "urge" {
				who = d.editor
			}
			if !d.acts(who, matter, action, fmt.Sprintf("%s-%d", name, i), "第"+fmt.Sprint(i)+"步") {
				break
			}
		}
	}
}

// progress waits until so many more deeds were acknowledged.
func (d *desk) progress(n int) {
	d.p.T.Helper()
	size := func() int { d.mu.Lock(); defer d.mu.Unlock(); return len(d.acked) }
	begin := size()
	within(d.p.T, time.Minute, "deeds are acknowledged", func() bool { return size() >= begin+n })
}

// judge holds what was acknowledged against the database: each deed is there once, as it was said, and with it all that it
// brought about; what was not acknowledged is there whole or not at all.
func (d *desk) judge() facts {
	p := d.p
	p.T.Helper()
	for _, f := range d.faults {
		p.T.Error(f)
	}
	f := facts{"matters": len(d.matters), "deeds": len(d.acked)}
	for _, a := range d.acked {
		if n := p.count(`select count(*) from matter_event where id = $1 and matter_id = $2 and version = $3 and act = $4`, a.Event, a.Matter, a.Version, a.action); n != 1 {
			p.T.Errorf("%+v was acknowledged and is there %d times", a, n)
		}
		if a.Again {
			f["again"]++
		}
	}
	for _, id := range d.matters {
		for _, action := range []string{"claim", "note", "release", "urge", "approve", "reject"} {
			most := max(1, count(steps, action))
			if n := p.count(`select count(*) from matter_event where matter_id = $1 and act = $2`, id, action); n > most {
				p.T.Errorf("matter %d: %s was done %d times", id, action, n)
			}
		}
	}
	p.whole(f)
	return f
}

func count(list []string, word string) (n int) {
	for _, x := range list {
		if x == word {
			n++
		}
	}
	return n
}

// whole fails where a matter stands between two steps: rows that its events do not make, effects, notices and audit rows
// without their event, or events without them.
func (p *place) whole(f facts) {
	p.T.Helper()
	if n := p.count(`select count(*) from matter m join reply_version v on v.matter_id = m.id where (m.outcome = 'granted') <> (v.state = 'live')
		or (m.outcome = 'rejected') <> (v.state = 'refused')`); n != 0 {
		p.T.Errorf("%d wordings are not where their reviews are", n)
	}
	if n := p.count(`select count(*) from matter m where m.kind = 'reply-review' and m.outcome in ('granted', 'rejected') and m.opener_kind = 'staff'
		and (select count(*) from matter_notice n where n.matter_id = m.id and n.kind = 'result' and n.staff_id = m.opener_id) <> 1`); n != 0 {
		p.T.Errorf("of %d reviews the author was not told once how they ended", n)
	}
	if n := p.count(`select count(*) from matter m where m.version <> (select max(e.version) from matter_event e where e.matter_id = m.id)`); n != 0 {
		p.T.Errorf("%d matters have another version than their last event", n)
	}
	if n := p.count(`select count(*) from matter_event e where e.act <> '' and (select count(*) from audit_entry a where a.object = 'matter'
		and a.object_id = e.matter_id and a.verb = e.act and a.detail like '%"event":' || e.id || '%') <> 1`); n != 0 {
		p.T.Errorf("%d deeds are not in the audit once", n)
	}
	f["replayed"] = p.replays()
}

// replays is `weizheng matter replay --all` over the house's database; it returns how many matters it looked at.
func (p *place) replays() (n int) {
	p.T.Helper()
	var out strings.Builder
	for _, part := range p.House.Parts {
		for _, cmd := range part.Commands {
			if cmd.Use != "matter replay" {
				continue
			}
			if err := cmd.Run(p.T.Context(), &out, []string{"--all"}); err != nil {
				p.T.Errorf("replay: %v\n%s", err, out.String())
			}
		}
	}
	if _, err := fmt.Sscanf(out.String(), "重算了 %d 件事项", &n); err != nil {
		p.T.Errorf("replay says %q", out.String())
	}
	return n
}

// fell fails unless each of the reviews' deadlines happened once, in its order, dated when it was due; or, of what a matter
// does and not only shows, when somebody had acted meanwhile: time never runs backwards in a matter.
func (p *place) fell(matters []int64) {
	p.T.Helper()
	for _, id := range matters {
		var all string
		acted := int64(0)
		for _, e := range p.story(id) {
			for _, x := range e.Fell {
				all += x.Kind + " "
				if e.at != x.At && (!strings.HasPrefix(x.Kind, "due:") || e.at != acted) {
					p.T.Errorf("matter %d: %s was due at %d and is dated %d", id, x.Kind, x.At, e.at)
				}
			}
			if e.act {
				acted = e.at
			}
		}
		if all != "yellow red due:late " && all != "yellow due:late red " {
			p.T.Errorf("matter %d: fell %q", id, all)
		}
		for _, kind := range []string{"yellow", "red", "late"} {
			if n := p.count(`select count(*) from matter_notice where matter_id = $1 and kind = $2`, id, kind); n < 1 ||
				n != p.count(`select count(distinct staff_id) from matter_notice where matter_id = $1 and kind = $2`, id, kind) {
				p.T.Errorf("matter %d: %d notices of %s", id, n, kind)
			}
		}
	}
	if n := p.count(`select count(*) from matter_deadline`); n != 0 {
		p.T.Errorf("%d deadlines are left", n)
	}
}

// told is one event as its row tells it.
type told struct {
	at   int64
	act  bool
	Fell []struct {
		Kind string
		At   int64
	}
}

// story reads the events of a matter.
func (p *place) story(matter int64) (list []told) {
	p.T.Helper()
	rows, err := p.House.DB.Query(p.T.Context(), `select civil_at, act, payload from matter_event where matter_id = $1 order by id`, matter)
	if err != nil {
		p.T.Fatal(err)
	}
	for rows.Next() {
		var e told
		var act, payload string
		if err := rows.Scan(&e.at, &act, &payload); err != nil {
			p.T.Fatal(err)
		}
		if err := json.Unmarshal([]byte(payload), &e); err != nil {
			p.T.Fatal(err)
		}
		e.act = act != ""
		list = append(list, e)
	}
	if err := rows.Err(); err != nil {
		p.T.Fatal(err)
	}
	return list
}

// life is a house that lives until end: other than build's, another one follows it on the same data.
func (p *place) life() (end func()) {
	p.T.Helper()
	h, err := app.Build(p.T.Context(), p.config())
	if err != nil {
		p.T.Fatal(err)
	}
	if err := h.StartWork(p.T.Context()); err != nil {
		p.T.Fatal(err)
	}
	p.House = h
	p.net.lead("house.test", inside{h.Server.Handler()})
	return func() {
		if err := errors.Join(h.Stop(context.WithoutCancel(p.T.Context())), h.Close()); err != nil {
			p.T.Error(err)
		}
	}
}

// reviews lets the editor send n rules for review.
func (d *desk) reviews(t *testing.T, n int) []int64 {
	t.Helper()
	for i := range n {
		if _, ok := d.rule(fmt.Sprintf("第%d条规则", i)); !ok {
			t.Fatalf("rule %d: %v", i, d.faults)
		}
	}
	return slices.Clone(d.matters)
}
