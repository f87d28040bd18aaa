package reply

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"weizheng/platform/errs"
	"weizheng/platform/text"
	"weizheng/wechat"
)

// Trigger is what sets a rule off.
type Trigger string

// The triggers. TriggerDefault speaks when nothing else did.
const (
	TriggerSubscribe Trigger = "subscribe"
	TriggerDefault   Trigger = "default"
	TriggerKeyword   Trigger = "keyword"
	TriggerImage     Trigger = "image"
	TriggerVoice     Trigger = "voice" // a voice without recognition text; with it, its words are matched
	TriggerVideo     Trigger = "video"
	TriggerLocation  Trigger = "location"
	TriggerLink      Trigger = "link"
	TriggerScan      Trigger = "scan"  // words are scenes of QR codes; none: any
	TriggerClick     Trigger = "click" // words are menu keys
)

// Triggers lists all of them in the order staff see.
var Triggers = []Trigger{
	TriggerSubscribe, TriggerDefault, TriggerKeyword, TriggerImage, TriggerVoice, TriggerVideo, TriggerLocation,
	TriggerLink, TriggerScan, TriggerClick,
}

// Match is how a keyword rule compares its words with what was said.
type Match string

// The matches. A code is a number or letters that the citizen types as it is ("100", "A"); it is an exact word that
// navigation lists show.
const (
	MatchExact    Match = "exact"
	MatchContains Match = "contains"
	MatchCode     Match = "code"
)

// Limits of a rule.
const (
	MaxWords     = 100
	MaxWordRunes = 60
	MaxAnswers   = 4 // the first is the passive reply, three follow as customer messages (5 per 48 h: WeChat docs, Customer_Service_Messages)
	MaxNameRunes = 60
	MaxPriority  = 1000
)

// Rule is one answer rule of one account.
type Rule struct {
	ID         int64
	Account    int64
	Name       string
	Trigger    Trigger
	Match      Match // for TriggerKeyword
	Words      []string
	Answers    []wechat.Reply
	Priority   int
	Enabled    bool
	ValidFrom  time.Time // civil; zero: always
	ValidUntil time.Time // civil, not included; zero: for ever
	Version    int64
	Hits       int64
	LastHitAt  time.Time
	UpdatedAt  time.Time

	PublishedAt time.Time // when its first wording went live; zero: none was approved yet, and the rule cannot speak
}

// ValidAt reports whether the rule may speak at a civil time.
func (r Rule) ValidAt(now time.Time) bool {
	return r.Enabled && (r.ValidFrom.IsZero() || !now.Before(r.ValidFrom)) &&
		(r.ValidUntil.IsZero() || now.Before(r.ValidUntil))
}

// needsWords reports whether a rule of this trigger must name words, may name them, or has none.
func (t Trigger) needsWords() (must, may bool) {
	switch t {
	case TriggerKeyword, TriggerClick:
		return true, true
	case TriggerScan, TriggerSubscribe:
		return false, true
	default:
		return false, false
	}
}

// In is a rule as staff write it.
type In struct {
	Account    int64
	Name       string
	Trigger    Trigger
	Match      Match
	Words      []string
	Answers    []json.RawMessage
	Priority   int
	Enabled    bool
	ValidFrom  time.Time
	ValidUntil time.Time
}

// Rule checks the input and returns it as a rule, or errs.Invalid with every fault.
func (in In) Rule() (Rule, error) {
	r := Rule{
		Account: in.Account, Name: strings.TrimSpace(in.Name), Trigger: in.Trigger, Match: in.Match,
		Priority: in.Priority, Enabled: in.Enabled, ValidFrom: in.ValidFrom, ValidUntil: in.ValidUntil,
	}
	var faults []errs.Field
	fault := func(field, key string, params map[string]any) {
		faults = append(faults, errs.Field{Field: field, Key: key, Params: params})
	}
	switch {
	case r.Name == "":
		fault("name", "shape.required", nil)
	case utf8.RuneCountInString(r.Name) > MaxNameRunes:
		fault("name", "shape.max_length", map[string]any{"max": MaxNameRunes})
	}
	if !slices.Contains(Triggers, r.Trigger) {
		fault("trigger", "reply.trigger_unknown", nil)
	}
	if r.Trigger == TriggerKeyword {
		if r.Match != MatchExact && r.Match != MatchContains && r.Match != MatchCode {
			fault("match", "reply.match_unknown", nil)
		}
	} else {
		r.Match = ""
	}
	if r.Priority < 0 || r.Priority > MaxPriority {
		fault("priority", "reply.priority", map[string]any{"max": MaxPriority})
	}
	if !r.ValidFrom.IsZero() && !r.ValidUntil.IsZero() && !r.ValidFrom.Before(r.ValidUntil) {
		fault("valid_until_at", "reply.validity_ends_before_it_begins", nil)
	}
	r.Words = checkWords(in.Words, r, fault)
	r.Answers = checkAnswers(in.Answers, r.Trigger, fault)
	return r, errs.InvalidFields(faults)
}

type faultFunc func(field, key string, params map[string]any)

func checkWords(words []string, r Rule, fault faultFunc) []string {
	must, may := r.Trigger.needsWords()
	out := []string{}
	for _, w := range words {
		w = strings.TrimSpace(w)
		if w == "" || slices.Contains(out, w) {
			continue
		}
		out = append(out, w)
		if utf8.RuneCountInString(w) > MaxWordRunes {
			fault("words", "shape.max_length", map[string]any{"max": MaxWordRunes, "word": w})
		}
		if r.Match == MatchCode && !isCode(w) {
			fault("words", "reply.not_a_code", map[string]any{"word": w})
		}
		if r.Trigger == TriggerKeyword && text.Normalise(w) == "" {
			fault("words", "reply.word_says_nothing", map[string]any{"word": w})
		}
	}
	switch {
	case must && len(out) == 0:
		fault("words", "shape.required", nil)
	case !may && len(out) > 0:
		fault("words", "reply.words_not_used", nil)
	case len(out) > MaxWords:
		fault("words", "shape.max_items", map[string]any{"max": MaxWords})
	}
	return out
}

func isCode(w string) bool {
	for _, c := range w {
		if !('0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z') {
			return false
		}
	}
	return len(w) <= 12
}

func checkAnswers(raw []json.RawMessage, trigger Trigger, fault faultFunc) []wechat.Reply {
	switch {
	case len(raw) == 0:
		fault("answers", "shape.required", nil)
	case len(raw) > MaxAnswers:
		fault("answers", "shape.max_items", map[string]any{"max": MaxAnswers})
	}
	var out []wechat.Reply
	for i, r := range raw {
		at := fmt.Sprintf("answers.%d", i)
		reply, err := wechat.UnmarshalReply(r)
		if err != nil {
			fault(at, "reply.answer_unknown", nil)
			continue
		}
		if err := wechat.ValidateReply(reply, trigger.causedBy()); err != nil {
			for _, f := range errs.As(err).Fields() {
				fault(at+"."+f.Field, f.Key, f.Params)
			}
			continue
		}
		out = append(out, reply)
	}
	return out
}

// causedBy is the message type that WeChat's limits on replies go by.
func (t Trigger) causedBy() string {
	switch t {
	case TriggerSubscribe, TriggerScan, TriggerClick:
		return "event"
	case TriggerImage, TriggerVoice, TriggerVideo, TriggerLocation, TriggerLink:
		return string(t)
	default:
		return "text"
	}
}
