package matterweb

import (
	"strings"
	"testing"

	"weizheng/kernel/matter"
)

// Everything that can come of an event is said in a sentence without holes, whatever is known of it.
func TestEveryLineHasWords(t *testing.T) {
	t.Parallel()
	w := ownWords()
	all := map[string]any{"state": "办理", "from": "登记", "unit": "交通局", "who": "王强", "reason": "等检测", "clock": "办理时限", "title": "视为受理",
		"source": "《行政许可法》第三十二条", "amount": int64(5), "items": "身份证复印件", "day": "2026-03-09", "names": "王强、李敏", "level": 1,
		"to": "2026-04-01", "why": "新条例", "at": int64(0), "hours": false}
	nothing := map[string]any{}
	for key := range all {
		nothing[key] = ""
	}
	for _, kind := range []string{
		"opened", "entered", "went_back", "assigned", "pooled", "waits_outside", "delegated", "handed_back", "branch_opened", "branch_answered",
		"branch_declined", "branch_dropped", "signing_opened", "signed_approve", "signed_refuse", "signer_added", "signer_removed",
		"signing_closed_approve", "signing_closed_refuse", "signing_dropped", "returned", "mended", "held", "held_open", "resumed", "asked",
		"supplied", "extension_asked", "extension_denied", "extension_granted", "clock_paused", "clock_resumed", "clock_stopped", "clock_extended",
		"fell_due", "fiction", "watched", "unwatched", "urged", "child_opened", "child_ended", "ended", "reopened", "yellow", "red", "reckoned", "moved",
	} {
		for _, params := range []map[string]any{all, nothing} {
			text := w.line(matter.Line{Kind: kind, Params: params})
			if text == "" && kind != "fiction" || strings.ContainsAny(text, "{}") || strings.Contains(text, "（）") || strings.Contains(text, "“”") {
				t.Errorf("%s: %q", kind, text)
			}
		}
	}
	if text := w.line(matter.Line{Kind: "fiction", Params: all}); text != "视为受理（《行政许可法》第三十二条）" {
		t.Error(text)
	}
	if text := w.line(matter.Line{Kind: "of a newer version"}); text != "" {
		t.Errorf("unknown: %q", text)
	}
}

func TestReplayArguments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		words string
		id    int64
		all   bool
		wrong bool
	}{
		{"", 0, true, false}, {"--all", 0, true, false}, {"--id 7", 7, false, false}, {"--id=7", 7, false, false},
		{"--id", 0, false, true}, {"--id 0", 0, false, true}, {"--id x", 0, false, true}, {"7", 0, false, true}, {"--id 7 8", 0, false, true},
	} {
		id, all, err := replayArgs(strings.Fields(c.words))
		if id != c.id && !c.wrong || all != c.all || (err != nil) != c.wrong {
			t.Errorf("%q: %d, %v, %v", c.words, id, all, err)
		}
	}
}
