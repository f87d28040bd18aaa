package worktime

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"weizheng/platform/errs"
)

// Span is a stretch of one day, "09:00" to "12:00"; "24:00" is the day's end.
type Span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Week is the opening hours of an ordinary week. A weekday without spans is closed; Saturday and Sunday may have some.
// A make-up working day on a weekend has Monday's hours.
type Week struct {
	Mon []Span `json:"mon"`
	Tue []Span `json:"tue"`
	Wed []Span `json:"wed"`
	Thu []Span `json:"thu"`
	Fri []Span `json:"fri"`
	Sat []Span `json:"sat"`
	Sun []Span `json:"sun"`
}

// DefaultWeek is nine to twelve and half past one to half past five on working days (rules of most city halls).
func DefaultWeek() Week {
	day := []Span{{"09:00", "12:00"}, {"13:30", "17:30"}}
	return Week{Mon: day, Tue: day, Wed: day, Thu: day, Fri: day}
}

// days returns the spans by time.Weekday.
func (w Week) days() [7][]Span {
	return [7][]Span{w.Sun, w.Mon, w.Tue, w.Wed, w.Thu, w.Fri, w.Sat}
}

// weekFields names the weekdays as Week's JSON does, by time.Weekday.
var weekFields = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Validate returns every fault of the hours.
func (w Week) Validate() error {
	_, faults := w.parse("")
	return errs.InvalidFields(faults)
}

func (w Week) parse(prefix string) (week [7][]span, faults []errs.Field) {
	for i, spans := range w.days() {
		parsed, f := parseSpans(prefix+weekFields[i], spans)
		week[i] = parsed
		faults = append(faults, f...)
	}
	return week, faults
}

// span is a Span in milliseconds of the day.
type span struct{ from, to int64 }

// spansLimit is how often a day may open: a wrong import shows itself.
const spansLimit = 12

// parseSpans reads spans in any order; they may not overlap.
func parseSpans(field string, list []Span) ([]span, []errs.Field) {
	if len(list) == 0 {
		return nil, nil
	}
	if len(list) > spansLimit {
		return nil, []errs.Field{{Field: field, Key: "worktime.spans_many", Params: map[string]any{"max": spansLimit}}}
	}
	out := make([]span, 0, len(list))
	for _, s := range list {
		from, okFrom := minuteOf(s.From)
		to, okTo := minuteOf(s.To)
		if !okFrom || !okTo || from >= to {
			return nil, []errs.Field{{Field: field, Key: "worktime.span", Params: map[string]any{"from": s.From, "to": s.To}}}
		}
		out = append(out, span{from, to})
	}
	slices.SortFunc(out, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(out); i++ {
		if out[i].from < out[i-1].to {
			return nil, []errs.Field{{Field: field, Key: "worktime.spans_overlap"}}
		}
	}
	return out, nil
}

// minuteOf reads HH:MM as milliseconds of the day.
func minuteOf(text string) (int64, bool) {
	if text == "24:00" {
		return dayMillis, true
	}
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, false
	}
	return int64(t.Hour()*60+t.Minute()) * 60_000, true
}

// clockText is milliseconds of the day as HH:MM.
func clockText(ms int64) string {
	minutes := ms / 60_000
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

// SpansText writes spans as people read them: 09:00–12:00、13:30–17:30.
func SpansText(list []Span) string {
	words := make([]string, 0, len(list))
	for _, s := range list {
		words = append(words, s.From+"–"+s.To)
	}
	return strings.Join(words, "、")
}
