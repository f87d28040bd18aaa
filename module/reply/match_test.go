package reply

import (
	"fmt"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC)

func keyword(id int64, match Match, words ...string) Rule {
	return Rule{ID: id, Trigger: TriggerKeyword, Match: match, Words: words, Enabled: true}
}

func TestTheRuleThatFits(t *testing.T) {
	t.Parallel()
	rules := []Rule{
		keyword(1, MatchCode, "100"),
		keyword(2, MatchCode, "1000"),
		keyword(3, MatchCode, "A"),
		keyword(4, MatchContains, "社保卡"),
		keyword(5, MatchContains, "社保卡挂失", "挂失社保卡"),
		keyword(6, MatchExact, "社保卡"),
		keyword(7, MatchContains, "养老"),
		{ID: 8, Trigger: TriggerKeyword, Match: MatchContains, Words: []string{"公积金"}, Enabled: false},
		{ID: 9, Trigger: TriggerKeyword, Match: MatchContains, Words: []string{"高温津贴"}, Enabled: true, ValidUntil: noon},
		{ID: 10, Trigger: TriggerKeyword, Match: MatchContains, Words: []string{"年审"}, Enabled: true, ValidFrom: noon.Add(time.Second)},
		{ID: 11, Trigger: TriggerKeyword, Match: MatchContains, Words: []string{"社保卡补办"}, Enabled: true, Priority: 10},
		{ID: 12, Trigger: TriggerSubscribe, Enabled: true},
		{ID: 13, Trigger: TriggerSubscribe, Words: []string{"hall-7"}, Enabled: true},
		{ID: 14, Trigger: TriggerClick, Words: []string{"GUIDE"}, Enabled: true},
		{ID: 15, Trigger: TriggerLocation, Enabled: true},
		{ID: 16, Trigger: TriggerDefault, Enabled: true},
	}
	m := Compile(rules)
	say := func(s string) Heard { return Heard{Trigger: TriggerKeyword, Text: s, Now: noon} }
	for _, c := range []struct {
		label string
		heard Heard
		want  int64 // 0: none
	}{
		{"a code", say("100"), 1},
		{"a longer code is another code", say("1000"), 2},
		{"a code inside a sentence is no code", say("我要交100元"), 0},
		{"a full-width code", say("１００"), 1},
		{"a letter in any case", say("a"), 3},
		{"a word in a question", say("请问社保卡怎么办？"), 4},
		{"the longer word wins", say("我的社保卡挂失了"), 5},
		{"exact before contains", say("社保卡"), 6},
		{"priority before length", say("社保卡补办和社保卡挂失"), 11},
		{"spaces and marks do not matter", say("养 老，保险"), 7},
		{"a disabled rule is silent", say("公积金"), 0},
		{"an expired rule is silent from its end on", say("高温津贴"), 0},
		{"a rule is silent before its beginning", say("年审"), 0},
		{"nonsense", say("呜啦啦"), 0},
		{"nothing said", say("？？"), 0},
		{"following without a scene", Heard{Trigger: TriggerSubscribe, Now: noon}, 12},
		{"following at a hall", Heard{Trigger: TriggerSubscribe, Key: "hall-7", Now: noon}, 13},
		{"following at an unknown scene", Heard{Trigger: TriggerSubscribe, Key: "x", Now: noon}, 12},
		{"a menu key", Heard{Trigger: TriggerClick, Key: "GUIDE", Now: noon}, 14},
		{"a menu key that points at a rule", Heard{Trigger: TriggerClick, Key: "reply:4", Now: noon}, 4},
		{"a menu key that points at a silent rule", Heard{Trigger: TriggerClick, Key: "reply:8", Now: noon}, 0},
		{"a foreign menu key", Heard{Trigger: TriggerClick, Key: "OLD", Now: noon}, 0},
		{"a place", Heard{Trigger: TriggerLocation, Now: noon}, 15},
		{"a picture without a rule", Heard{Trigger: TriggerImage, Now: noon}, 0},
	} {
		got := int64(0)
		if r := m.Find(c.heard); r != nil {
			got = r.ID
		}
		if got != c.want {
			t.Errorf("%s: rule %d, want %d", c.label, got, c.want)
		}
	}
	if r := m.Default(noon); r == nil || r.ID != 16 {
		t.Errorf("the default rule: %v", r)
	}
}

func TestTheOldestRuleWinsATie(t *testing.T) {
	t.Parallel()
	for range 20 {
		m := Compile([]Rule{keyword(9, MatchContains, "医保"), keyword(3, MatchContains, "医保"), keyword(5, MatchContains, "医保")})
		if r := m.Find(Heard{Trigger: TriggerKeyword, Text: "医保报销", Now: noon}); r.ID != 3 {
			t.Fatalf("rule %d answered, want 3", r.ID)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("社保卡", "请问社保卡怎么办")
	f.Add("", "\xff")
	f.Fuzz(func(t *testing.T, word, said string) {
		m := Compile([]Rule{keyword(1, MatchContains, word), keyword(2, MatchExact, word)})
		m.Find(Heard{Trigger: TriggerKeyword, Text: said, Now: noon})
	})
}

func BenchmarkFind(b *testing.B) {
	var rules []Rule
	for i := range 2500 {
		rules = append(rules, keyword(int64(i+1), MatchContains, fmt.Sprintf("词%d怎么办", i), fmt.Sprintf("第%d号事项", i)))
	}
	m := Compile(rules)
	h := Heard{Trigger: TriggerKeyword, Text: "您好，请问第1234号事项到哪里办理，需要带什么材料？", Now: noon}
	for b.Loop() {
		if m.Find(h) == nil {
			b.Fatal("no rule")
		}
	}
}
