package worktimeweb

import (
	"strings"
	"time"

	"weizheng/kernel/worktime"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// Question is a term to be counted, in the words of the command and of the calculator.
type Question struct {
	From   string // 2026-09-18, 2026-09-18T10:00, with seconds or a zone if one likes; no zone is China's
	Rule   worktime.Rule
	Pauses []string // FROM/TO each; FROM/ is still open
}

// Answer is the end of a term as strangers read it.
type Answer struct {
	Due         string     `json:"due" doc:"到期时刻；当天结束写 24:00，暂停没有结束时为空"`
	Date        string     `json:"date" doc:"到期日"`
	Provisional bool       `json:"provisional" doc:"那一年的放假安排还没有发布，先按周末和法定节日估算"`
	Steps       []stepView `json:"steps"`
}

// Ask counts a term.
func Ask(q Question, cal *worktime.Calendar) (Answer, error) {
	start, ok := readTime(q.From)
	if !ok {
		return Answer{}, errs.InvalidFields([]errs.Field{{Field: "from", Key: "worktime.time"}})
	}
	pauses, err := readPauses(q.Pauses)
	if err != nil {
		return Answer{}, err
	}
	r, err := worktime.Explain(q.Rule, start, pauses, cal)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Due: r.DueText(), Date: r.Date, Provisional: r.Provisional, Steps: viewSteps(r.Steps, q.Rule)}, nil
}

// timeLayouts are the ways an instant may be written.
var timeLayouts = []string{"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly}

func readTime(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	for _, layout := range timeLayouts {
		if t, err := time.ParseInLocation(layout, text, clock.Zone); err == nil {
			return t, true
		}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// pausesLimit is how many pauses one question may have.
const pausesLimit = 100

func readPauses(list []string) ([]worktime.Pause, error) {
	bad := errs.InvalidFields([]errs.Field{{Field: "pause", Key: "worktime.pause_text", Params: map[string]any{"max": pausesLimit}}})
	if len(list) > pausesLimit {
		return nil, bad
	}
	var out []worktime.Pause
	for _, text := range list {
		from, to, cut := strings.Cut(text, "/")
		var p worktime.Pause
		var ok bool
		if p.From, ok = readTime(from); !ok || !cut {
			return nil, bad
		}
		if strings.TrimSpace(to) != "" {
			if p.To, ok = readTime(to); !ok {
				return nil, bad
			}
		}
		out = append(out, p)
	}
	return out, nil
}
