package fault

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// fault is a planned disturbance of WeChat, as its API takes it.
type fault map[string]any

// on is the fault on a path.
func (f fault) on(path string) fault {
	f = maps.Clone(f)
	f["path"] = path
	return f
}

// TestAPIFaults: a person answers while WeChat is slow, refuses, breaks off or talks nonsense. The line ends as it should,
// its words say what to do, and nothing arrives twice.
func TestAPIFaults(t *testing.T) {
	t.Parallel()
	type row struct {
		label   string
		fault   fault
		state   string
		arrives int
		calls   int    // of the sending path
		says    string // part of the words beside the line
	}
	rows := []row{
		{"slow", fault{"kind": "delay", "delay_ms": 700}, "sent", 1, 1, ""},
		{"done, then slow", fault{"kind": "late", "delay_ms": 700}, "sent", 1, 1, ""},
		{"done, then cut off", fault{"kind": "drop_after"}, "uncertain", 1, 1, "没有重发"},
		{"cut off", fault{"kind": "drop"}, "uncertain", 0, 1, "没有重发"},
		{"a page of HTML", fault{"kind": "html"}, "uncertain", 0, 1, "没有重发"},
		{"system busy", fault{"kind": "code", "code": -1}, "uncertain", 0, 1, "没有重发"},
		{"the token died", fault{"kind": "revoke"}, "sent", 1, 2, ""},
		{"40001 for once", fault{"kind": "code", "code": 40001}, "sent", 1, 2, ""},
		{"40001 again and again", fault{"kind": "code", "code": 40001, "times": 2}, "sent", 1, 3, ""},
		{"content refused", fault{"kind": "code", "code": 45002}, "refused", 0, 1, "内容过长"},
		{"no right", fault{"kind": "code", "code": 48004}, "refused", 0, 1, "封禁"},
		{"outside of 48 hours", fault{"kind": "code", "code": 45015}, "refused", 0, 1, "再发来消息"},
		{"five are used", fault{"kind": "code", "code": 45047}, "refused", 0, 1, "再发来消息"},
		{"does not follow", fault{"kind": "code", "code": 43004}, "refused", 0, 1, "不再关注"},
		{"the day's calls are used", fault{"kind": "code", "code": 45009}, "refused", 0, 1, "已用完"},
		{"and rest until tomorrow", nil, "refused", 0, 0, "已用完"},
	}
	if long() {
		rows = append([]row{
			{"done, and slower than anybody waits", fault{"kind": "late", "delay_ms": 40_000}, "uncertain", 1, 1, "没有重发"},
			{"too often for this minute", fault{"kind": "code", "code": 45011}, "sent", 1, 2, ""},
		}, rows...)
	}
	each(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		agent := p.Staff("zuoxi1")
		citizens := p.people("a", len(rows))
		for _, c := range citizens {
			p.say(c, "在吗 "+c)
		}
		p.Quiet()
		for i, row := range rows {
			p.faults()
			if row.fault != nil {
				p.faults(row.fault.on(sendPath))
			}
			before := p.wired(sendPath)
			id, text := p.conversation(citizens[i]), "答复："+row.label
			if l := answers(agent, id, text); l.State != "sending" {
				t.Errorf("%s: at first %q", row.label, l.State)
			}
			var l line
			within(t, 3*time.Minute, row.label, func() bool { l = find(lines(agent, id), text); return l.State != "sending" })
			if l.State != row.state || !strings.Contains(l.Problem, row.says) || l.Problem != "" && !chinese(l.Problem) {
				t.Errorf("%s: %s %q, want %s %q", row.label, l.State, l.Problem, row.state, row.says)
			}
			if (row.says == "") != (l.Problem == "") {
				t.Errorf("%s: %s with the words %q", row.label, l.State, l.Problem)
			}
			if n := p.wired(sendPath) - before; n != row.calls {
				t.Errorf("%s: %d calls, want %d", row.label, n, row.calls)
			}
			if strings.Contains(row.says, "再发来消息") {
				p.shut(agent, id)
			}
			answers(agent, id, text) // the browser is unsure and sends it once more
		}
		p.faults()
		p.Quiet()
		for i, row := range rows {
			if n := p.arrived(citizens[i], "答复："+row.label); n != row.arrives {
				t.Errorf("%s: it is %d times on the phone, want %d", row.label, n, row.arrives)
			}
		}
		evidence(t, facts{"faults": len(rows)})
	})
}

// shut fails unless the console says that nothing may be sent any more, and why.
func (p *place) shut(b browser, conversation int64) {
	p.T.Helper()
	var w struct {
		Left   int
		Reason string
	}
	b.Must(http.MethodGet, fmt.Sprintf("/console/api/conversations/%d/window", conversation), nil, &w)
	if w.Left != 0 || !chinese(w.Reason) {
		p.T.Errorf("the window is said to be %+v", w)
	}
}

// TestDeadTokenForMany: many answers are under way when the token dies. One new one is fetched for all, and each answer
// arrives once.
func TestDeadTokenForMany(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		agent := p.Staff("zuoxi1")
		citizens := p.people("d", 16)
		for _, c := range citizens {
			p.say(c, "在吗 "+c)
		}
		p.Quiet()
		answers(agent, p.conversation(citizens[0]), "先发一条，凭证就有了")
		p.Quiet()
		before := p.wired(tokenPath)
		p.faults(fault{"path": sendPath, "kind": "revoke"}, fault{"path": sendPath, "kind": "delay", "delay_ms": 50, "times": 100})
		var all sync.WaitGroup
		for _, c := range citizens {
			id := p.conversation(c)
			all.Go(func() {
				path := fmt.Sprintf("/console/api/conversations/%d/answers", id)
				if status, body, err := agent.Try(t.Context(), http.MethodPost, path, map[string]any{"text": "一起发", "key": "k"}); err != nil || status != http.StatusOK {
					t.Errorf("answer: %d %s %v", status, body, err)
				}
			})
		}
		all.Wait()
		eventually(t, "all are sent", func() bool {
			return p.count(`select count(*) from conversation_line where text = '一起发' and state = 'sent'`) == len(citizens)
		})
		for _, c := range citizens {
			if n := p.arrived(c, "一起发"); n != 1 {
				t.Errorf("%s got it %d times", c, n)
			}
		}
		if n := p.wired(tokenPath) - before; n != 1 {
			t.Errorf("the token was fetched %d times", n)
		}
		evidence(t, facts{"answers": len(citizens), "fetched": p.wired(tokenPath) - before})
	})
}

// TestNoToken: WeChat gives out no token for a while. The answer was certainly not sent, so it is tried again and arrives.
func TestNoToken(t *testing.T) {
	t.Parallel()
	p := open(t, sqlite)
	agent := p.Staff("zuoxi1")
	citizen := p.people("n", 1)[0]
	p.say(citizen, "在吗")
	p.Quiet()
	p.faults(fault{"path": sendPath, "kind": "revoke"}, fault{"path": tokenPath, "kind": "html", "times": 3})
	id := p.conversation(citizen)
	answers(agent, id, "在的")
	eventually(t, "it is sent", func() bool { return find(lines(agent, id), "在的").State == "sent" })
	if n := p.arrived(citizen, "在的"); n != 1 {
		t.Errorf("it arrived %d times", n)
	}
}

// TestMenuFaults: a menu is published while WeChat is not well. It becomes live, or the console says in words why not.
func TestMenuFaults(t *testing.T) {
	t.Parallel()
	rows := []struct {
		label string
		fault fault
		state string
		says  string
	}{
		{"slow", fault{"kind": "delay", "delay_ms": 300}, "live", ""},
		{"cut off", fault{"kind": "drop"}, "live", ""},
		{"done, then cut off", fault{"kind": "drop_after"}, "live", ""},
		{"HTML", fault{"kind": "html"}, "live", ""},
		{"system busy", fault{"kind": "code", "code": -1}, "live", ""},
		{"busy beyond one job", fault{"kind": "code", "code": -1, "times": 4}, "live", ""},
		{"the token died", fault{"kind": "revoke"}, "live", ""},
		{"refused", fault{"kind": "code", "code": 40018}, "failed", "按钮名称"},
		{"no right", fault{"kind": "code", "code": 48001}, "failed", "没有此接口权限"},
		{"the day's calls are used", fault{"kind": "code", "code": 45009}, "failed", "已用完"},
	}
	each(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		citizen := p.people("m", 1)[0]
		p.Quiet()
		editor, publisher := p.Staff("bianji"), p.Staff("fabu")
		live := ""
		for i, row := range rows {
			p.faults(row.fault.on(menuPath))
			name := fmt.Sprintf("第%d版", i+1)
			v := p.publish(editor, publisher, name)
			var got version
			eventually(t, row.label, func() bool { got = p.menu(publisher, v); return got.State != "sending" })
			if got.State != row.state || !strings.Contains(got.Problem, row.says) || (row.says == "") != (got.Problem == "") ||
				got.Problem != "" && !chinese(got.Problem) {
				t.Errorf("%s: %s %q, want %s %q", row.label, got.State, got.Problem, row.state, row.says)
			}
			if row.state == "live" {
				live = name
			}
			var seen struct {
				Menu struct{ Buttons []struct{ Name string } }
			}
			p.ask(http.MethodGet, "/menu?account=qingyun&citizen="+citizen, nil, &seen)
			if len(seen.Menu.Buttons) != 1 || seen.Menu.Buttons[0].Name != live {
				t.Errorf("%s: the phone shows %+v, want %s", row.label, seen.Menu.Buttons, live)
			}
		}
		evidence(t, facts{"faults": len(rows)})
	})
}

// version is a published menu as the console shows it.
type version struct {
	Number  int64 `json:"version"`
	State   string
	Problem string
}

// publish saves and publishes a menu of one button; it returns the version's number.
func (p *place) publish(editor, publisher browser, name string) int64 {
	p.T.Helper()
	const path = "/console/api/menus/1"
	var draft struct{ Version int64 }
	editor.Must(http.MethodGet, path, nil, &draft)
	editor.Must(http.MethodPut, path, map[string]any{
		"version": draft.Version, "draft": map[string]any{"buttons": []any{map[string]any{"name": name, "type": "click", "key": "A"}}},
	}, &draft)
	var v version
	publisher.Must(http.MethodPost, path+"/publish", map[string]any{"version": draft.Version}, &v)
	return v.Number
}

func (p *place) menu(b browser, number int64) version {
	p.T.Helper()
	var out struct{ Versions []version }
	b.Must(http.MethodGet, "/console/api/menus/1", nil, &out)
	for _, v := range out.Versions {
		if v.Number == number {
			return v
		}
	}
	p.T.Fatalf("no version %d", number)
	return version{}
}
