package reply

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"weizheng/platform/text"
)

// Heard is what a message is to the rules.
type Heard struct {
	Trigger Trigger // TriggerKeyword for words; others as they are
	Text    string  // for TriggerKeyword
	Key     string  // scene or menu key
	Now     time.Time
}

// Matcher answers which rule fits, for one account. It is immutable and pure: the same rules and the same message give
// the same rule.
type Matcher struct {
	exact    map[string][]*Rule // normalised word or code
	contains map[rune][]phrase  // by the first rune of the normalised word
	events   map[Trigger][]*Rule
	byID     map[int64]*Rule
}

type phrase struct {
	word string
	rule *Rule
}

// Compile makes a Matcher of an account's rules. Disabled rules are left out; validity is looked at when matching.
func Compile(rules []Rule) *Matcher {
	m := &Matcher{exact: map[string][]*Rule{}, contains: map[rune][]phrase{}, events: map[Trigger][]*Rule{}, byID: map[int64]*Rule{}}
	for i := range rules {
		r := &rules[i]
		if !r.Enabled {
			continue
		}
		m.byID[r.ID] = r
		if r.Trigger != TriggerKeyword {
			m.events[r.Trigger] = append(m.events[r.Trigger], r)
			continue
		}
		for _, w := range r.Words {
			m.add(text.Normalise(w), r)
		}
	}
	return m
}

func (m *Matcher) add(word string, r *Rule) {
	if word == "" {
		return
	}
	if r.Match == MatchContains {
		first, _ := utf8.DecodeRuneInString(word)
		m.contains[first] = append(m.contains[first], phrase{word, r})
		return
	}
	m.exact[word] = append(m.exact[word], r)
}

// Len returns how many rules can speak.
func (m *Matcher) Len() int { return len(m.byID) }

// candidate is a rule that fits, with what decides between several.
type candidate struct {
	rule  *Rule
	exact bool
	runes int // length of the word that fitted
}

// Find returns the rule that fits what was heard, or nil. It never falls back to the default rule: Default does.
func (m *Matcher) Find(h Heard) *Rule {
	var found []candidate
	switch h.Trigger {
	case TriggerKeyword:
		found = m.words(text.Normalise(h.Text), h.Now)
	default:
		if id, ok := RuleOf(h.Key); ok && h.Trigger == TriggerClick && m.byID[id] != nil && m.byID[id].ValidAt(h.Now) {
			return m.byID[id] // a menu button may point at any rule
		}
		for _, r := range m.events[h.Trigger] {
			if named := slices.Contains(r.Words, h.Key); r.ValidAt(h.Now) && (named || len(r.Words) == 0) {
				found = append(found, candidate{rule: r, exact: named})
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return slices.MinFunc(found, better).rule
}

// Default returns the rule that speaks when nothing else did, or nil.
func (m *Matcher) Default(now time.Time) *Rule {
	return m.Find(Heard{Trigger: TriggerDefault, Now: now})
}

func (m *Matcher) words(said string, now time.Time) []candidate {
	var found []candidate
	for _, r := range m.exact[said] {
		if r.ValidAt(now) {
			found = append(found, candidate{r, true, utf8.RuneCountInString(said)})
		}
	}
	if len(m.contains) == 0 {
		return found
	}
	for i, first := range said {
		for _, p := range m.contains[first] {
			if strings.HasPrefix(said[i:], p.word) && p.rule.ValidAt(now) {
				found = append(found, candidate{p.rule, false, utf8.RuneCountInString(p.word)})
			}
		}
	}
	return found
}

func better(a, b candidate) int {
	if d := b.rule.Priority - a.rule.Priority; d != 0 {
		return d
	}
	if a.exact != b.exact {
		if a.exact {
			return -1
		}
		return 1
	}
	if d := b.runes - a.runes; d != 0 {
		return d
	}
	switch {
	case a.rule.ID < b.rule.ID:
		return -1
	case a.rule.ID > b.rule.ID:
		return 1
	}
	return 0
}
