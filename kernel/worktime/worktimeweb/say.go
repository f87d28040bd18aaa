package worktimeweb

import (
	"fmt"
	"strings"
	"time"

	"weizheng/kernel/worktime"
)

// stepView is one step of an explanation, with its sentence.
type stepView struct {
	worktime.Step
	Text string `json:"text" doc:"这一步的说明"`
}

func viewSteps(steps []worktime.Step, rule worktime.Rule) []stepView {
	out := []stepView{}
	for _, s := range steps {
		out = append(out, stepView{s, Say(s, rule)})
	}
	return out
}

var unitWords = map[worktime.Unit]string{worktime.Days: "天", worktime.Months: "个月", worktime.Hours: "小时"}

// Say tells a step of an explanation in a sentence.
func Say(s worktime.Step, r worktime.Rule) string {
	hours := r.InUnit() == worktime.Hours
	days := "天"
	if r.Kind == worktime.Working {
		days = "个工作日"
	}
	switch s.What {
	case worktime.StepStart:
		if hours {
			return sayTime(s.From) + "起算"
		}
		return sayTime(s.From) + "起算，当天不计"
	case worktime.StepReceived:
		return "下班后或休息日收到，按" + sayTime(s.From) + "收到算"
	case worktime.StepExtended:
		unit := unitWords[r.InUnit()]
		if r.Kind == worktime.Working {
			unit = days
		}
		return fmt.Sprintf("期限延长 %d %s", s.N, unit)
	case worktime.StepMonths:
		return fmt.Sprintf("%d 个月后的对应日是%s（没有对应日的，取当月最后一天）", s.N, sayTime(s.To))
	case worktime.StepCounted:
		if hours {
			return fmt.Sprintf("%s，累计 %s", stretch(s), sayMinutes(s.N))
		}
		return fmt.Sprintf("%s，计到第 %d %s", stretch(s), s.N, days)
	case worktime.StepMakeUp:
		name := s.Name
		if name == "" {
			name = "调休"
		}
		return fmt.Sprintf("%s，%s上班，计到第 %d %s", stretch(s), name+"调休", s.N, days)
	case worktime.StepOff:
		if s.Name == "" {
			return stretch(s) + "，周末，不计"
		}
		return stretch(s) + "，" + s.Name + "，不计"
	case worktime.StepPaused:
		if s.To == "" {
			return sayTime(s.From) + "起暂停，还没有恢复，到期日待恢复后再算"
		}
		return stretch(s) + "，暂停，不计"
	case worktime.StepRolled:
		return fmt.Sprintf("%s是休息日，顺延到%s", sayTime(s.From), sayTime(s.To))
	case worktime.StepMore:
		return fmt.Sprintf("%s，中间从略，计到第 %d %s", stretch(s), s.N, days)
	case worktime.StepEnd:
		if strings.Contains(s.To, "T") {
			return sayTime(s.To) + "到期"
		}
		return sayTime(s.To) + " 24:00 到期"
	}
	return string(s.What)
}

func stretch(s worktime.Step) string {
	if s.From == s.To {
		return sayTime(s.From)
	}
	return sayTime(s.From) + "至" + sayTime(s.To)
}

var weekdays = [7]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

// sayTime turns 2026-09-20 or 2026-09-20T10:00 into 2026年9月20日（周日）10:00.
func sayTime(text string) string {
	date, clock, timed := strings.Cut(text, "T")
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return text
	}
	words := fmt.Sprintf("%d年%d月%d日（%s）", t.Year(), int(t.Month()), t.Day(), weekdays[t.Weekday()])
	if timed {
		words += clock
	}
	return words
}

func sayMinutes(n int64) string {
	if n%60 == 0 {
		return fmt.Sprintf("%d 小时", n/60)
	}
	if n < 60 {
		return fmt.Sprintf("%d 分钟", n)
	}
	return fmt.Sprintf("%d 小时 %d 分钟", n/60, n%60)
}
