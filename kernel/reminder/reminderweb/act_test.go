package reminderweb

import (
	"testing"

	"weizheng/kernel/flow"
)

func TestWhatAThumbCanDo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label string
		o     flow.Option
		easy  bool
	}{
		{"approve", flow.Option{Does: flow.Go}, true},
		{"refuse with a word", flow.Option{Asks: []string{flow.AskReason}}, true},
		{"return to a step", flow.Option{Does: flow.Return, Asks: []string{flow.AskReason, flow.AskState}}, true},
		{"give it to a colleague", flow.Option{Asks: []string{flow.AskStaff}}, false},
		{"suspend with evidence", flow.Option{Asks: []string{flow.AskReason, flow.AskEvidence}}, false},
		{"fill a form in", flow.Option{Fields: []string{"reply"}}, false},
		{"more time", flow.Option{Asks: []string{flow.AskReason, flow.AskAmount}}, false},
	} {
		if got := easy(c.o); got != c.easy {
			t.Errorf("%s: %v", c.label, got)
		}
	}
}
