package accountweb

import (
	"fmt"
	"math"
	"strings"
	"time"

	"weizheng/kernel/account"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// words are the texts of this part, for what it shows in answers that are no errors.
type words struct{ texts *web.Texts }

// ownWords reads the embedded file, which the build made sure of.
func ownWords() words {
	t, err := web.NewTexts(texts)
	if err != nil {
		panic("accountweb: text.zh.json: " + err.Error())
	}
	return words{t}
}

func (w words) say(key string, params map[string]any) string { return w.texts.Say(key, params) }

// maybe is say for a text that need not exist.
func (w words) maybe(key string, params map[string]any) string {
	if !w.texts.Has(key) {
		return ""
	}
	return w.texts.Say(key, params)
}

// problem tells an error in one line: the faults of fields, or the error itself.
func (w words) problem(err error) string {
	e := errs.As(err)
	var lines []string
	for _, f := range e.Fields() {
		lines = append(lines, w.say(f.Key, f.Params))
	}
	if len(lines) > 0 {
		return strings.Join(lines, "；")
	}
	if e.Kind() == errs.Internal || !w.texts.Has(e.Key()) {
		return w.say("kind."+e.Kind().String(), nil)
	}
	return w.say(e.Key(), e.Params())
}

// finding is a result of the self-check in words.
type finding struct {
	Name   string        `json:"name"`
	State  account.State `json:"state" enum:"ok,warn,fail"`
	Title  string        `json:"title"`
	Detail string        `json:"detail,omitempty"`
	Next   string        `json:"next,omitempty" doc:"what to do"`
}

func (w words) finding(f account.Finding) finding {
	p := w.params(f)
	return finding{f.Name, f.State, w.say(f.Key, p), w.maybe(f.Key+".detail", p), w.maybe(f.Key+".next", p)}
}

// params makes a finding's parameters readable: codes and English words of other layers become Chinese, what is missing
// a dash. A report from the database has its whole numbers as floats.
func (w words) params(f account.Finding) map[string]any {
	out := make(map[string]any, len(f.Params))
	for name, value := range f.Params {
		if n, ok := value.(float64); ok && n == math.Trunc(n) {
			value = int64(n)
		}
		text := fmt.Sprint(value)
		switch {
		case name == "mode":
			text = w.say("account.mode."+text, nil)
		case name == "reason" && f.Name != "status": // a status has a person's own words
			text = w.reason(text)
		case name == "key":
			text = w.problemKey(text)
		case name == "daily" && text == "0":
			text = w.say("account.unpublished", nil)
		}
		if text == "" {
			text = "—"
		}
		out[name] = text
	}
	return out
}

func (w words) problemKey(key string) string {
	if w.texts.Has(key) {
		return w.say(key, nil)
	}
	return w.say("account.check.no_words", nil)
}

// reason says why a callback was refused; what nobody has words for is shown as it is.
func (w words) reason(word string) string {
	if said := w.maybe("account.refused."+word, nil); said != "" {
		return said
	}
	return word
}

// moment is an instant as people write it.
func moment(t time.Time) string { return t.In(clock.Zone).Format("2006-01-02 15:04") }
