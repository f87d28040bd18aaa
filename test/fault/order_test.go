package fault

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestRepeatedLateAndOutOfOrder: callbacks come twice, again because their answer was not read, late, and after those
// that were sent later. Each is recorded once and always answered alike, and a conversation runs forward in civil time.
func TestRepeatedLateAndOutOfOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		citizens := p.people("o", 4)
		p.Quiet()
		p.faults(
			fault{"path": "callback", "kind": "duplicate", "times": 1000},
			fault{"path": "callback", "kind": "drop", "times": 6},
			fault{"path": "callback", "kind": "late", "delay_ms": 400, "times": 5},
		)
		const words = 6
		for i := range words {
			for _, c := range citizens {
				p.say(c, fmt.Sprintf("停水了 %s 第 %d 句", c, i))
			}
		}
		p.Quiet()
		overtaken := false
		agent := p.Staff("zuoxi1")
		for _, c := range citizens {
			at, sent := int64(0), []string{}
			for _, l := range lines(agent, p.conversation(c)) {
				if l.At < at {
					t.Errorf("%s: %q stands after a line of a later time", c, l.Text)
				}
				at = l.At
				if l.From == "citizen" {
					sent = append(sent, l.Text)
				}
			}
			overtaken = overtaken || !slices.IsSorted(sent)
			if slices.Sort(sent); len(sent) != words || len(slices.Compact(sent)) != words {
				t.Errorf("%s wrote %d times, the conversation has %v", c, words, sent)
			}
		}
		if !overtaken {
			t.Error("nothing came out of order: the test shows less than it should")
		}
		for _, d := range p.door.acknowledged() {
			if d.message.MsgType == "text" && !strings.Contains(d.answer, "96116") {
				t.Errorf("%q was answered %q", d.message.Content, d.answer)
			}
			recorded(p, d)
		}
		tries := len(p.door.all())
		if n := len(p.door.acknowledged()); tries < n+len(citizens)*words {
			t.Errorf("%d tries for %d callbacks: they were not repeated", tries, n)
		}
		// And once more, signed anew.
		for _, d := range p.door.acknowledged() {
			if again := p.door.again(t.Context(), p.net, d); again.status != 200 || again.answer != d.answer {
				t.Errorf("%s again: %d %q, first %q", d.id(), again.status, again.answer, d.answer)
			}
		}
		evidence(t, facts{"callbacks": len(citizens) * words, "tries": tries})
	})
}
