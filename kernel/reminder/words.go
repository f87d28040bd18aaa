package reminder

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"time"

	"weizheng/kernel/matter"
	"weizheng/kernel/notify"
	"weizheng/platform/clock"
)

// values are the words of one message. None of them is what somebody said.
type values struct {
	Title  string    // "有规则待审", or "3 件待办"
	Number string    // of the matter; of several the first one's
	More   int       // further matters
	Step   string    // kind and state, or what the several are
	Due    time.Time // in the last day of the earliest term; zero when none runs
	Lines  []string
}

// dayForm is a day as people say it.
const dayForm = "1月2日"

// linesShown is how many of several matters a customer message names.
const linesShown = 3

// words says what items are about; rest is what was only counted.
func (s *Service) words(ctx context.Context, items []told, rest map[Sort]int) (values, error) {
	v := values{Due: earliest(items)}
	if distinct(items) == 1 && len(rest) == 0 {
		return s.oneMatter(ctx, items, v)
	}
	counts, more := maps.Clone(rest), 0
	for _, n := range rest {
		more += n
	}
	for _, i := range items {
		counts[i.sort]++
	}
	var sums []string
	for _, sort := range []Sort{Late, Near, Urge, Fresh, News} {
		if n := counts[sort]; n > 0 {
			sums = append(sums, s.Say("reminder.sum."+string(sort), map[string]any{"count": n}))
		}
	}
	v.Title = s.Say("reminder.several", map[string]any{"count": distinct(items) + more})
	v.Step = strings.Join(sums, "，")
	v.Number, v.More = items[0].matter.Number, distinct(items)+more-1
	seen := map[int64]bool{}
	for _, i := range items {
		if seen[i.matter.ID] || len(v.Lines) == linesShown {
			continue
		}
		seen[i.matter.ID] = true
		step, err := s.step(ctx, i.matter)
		if err != nil {
			return v, err
		}
		v.Lines = append(v.Lines, i.matter.Number+" "+step)
	}
	return v, nil
}

// oneMatter names the newest of the notices of one matter.
func (s *Service) oneMatter(ctx context.Context, items []told, v values) (values, error) {
	last := items[len(items)-1]
	v.Number = last.matter.Number
	if last.matter.Sealed {
		v.Title, v.Step = s.Say("reminder.sealed", nil), s.Say("reminder.sealed_step", nil)
		return v, nil
	}
	title, err := s.Matters.NoticeTitle(ctx, matter.Notice{Matter: last.matter.ID, Kind: last.kind})
	if err != nil {
		return v, err
	}
	if v.Title = title; title == "" {
		v.Title = s.Say("reminder.light."+last.kind, nil)
	}
	v.Step, err = s.step(ctx, last.matter)
	return v, err
}

// step is what a matter is and where it stands. A sealed one says neither.
func (s *Service) step(ctx context.Context, m matter.Matter) (string, error) {
	if m.Sealed {
		return s.Say("reminder.sealed", nil), nil
	}
	kind, state, err := s.Matters.Titles(ctx, m)
	return kind + " · " + state, err
}

// earliest is an instant of the last day on which none of them is late; zero when no term runs.
func earliest(items []told) time.Time {
	due := int64(0)
	for _, i := range items {
		if d := i.matter.Due(); d > 0 && (due == 0 || d < due) {
			due = d
		}
	}
	if due == 0 {
		return time.Time{}
	}
	return clock.FromMillis(due - 1).In(clock.Zone) // a term that ends at 24:00 ends on that day
}

// text is a customer message.
func (s *Service) text(v values, link string) string {
	lines := []string{s.Say("reminder.head", map[string]any{"title": v.Title})}
	switch {
	case len(v.Lines) > 0:
		lines = append(append(lines, v.Step), v.Lines...)
	case v.Number != "":
		lines = append(lines, v.Number, v.Step)
	default:
		lines = append(lines, v.Step)
	}
	if !v.Due.IsZero() {
		lines = append(lines, s.Say("reminder.due", map[string]any{"day": v.Due.Format(dayForm)}))
	}
	return strings.Join(lines, "\n") + "\n" + `<a href="` + link + `">` + s.Say("reminder.open", nil) + `</a>`
}

// template puts the words into the template of the settings; ok is false when none is set or it takes nothing.
func (s *Service) template(ctx context.Context, v values, link string) (t notify.Template, ok bool) {
	t = notify.Template{ID: s.Settings.Text(ctx, SettingTemplate, everywhere), URL: link, Data: map[string]string{}}
	if t.ID == "" {
		return t, false
	}
	var keys map[string]string
	if err := s.Settings.JSON(ctx, SettingData, everywhere, &keys); err != nil {
		s.Log.WarnContext(ctx, "the keys of the reminders' template cannot be read", "error", err)
		return t, false
	}
	now := s.Civil.Now().In(clock.Zone)
	words := map[string]string{"title": v.Title, "number": v.Number, "step": v.Step, "due": v.Due.Format(time.DateOnly), "at": now.Format("2006-01-02 15:04")}
	switch {
	case v.Number == "":
		words["number"] = s.Say("reminder.no_number", nil)
	case v.More > 0:
		words["number"] += " +" + strconv.Itoa(v.More)
	}
	if v.Due.IsZero() { // a template takes no empty value
		words["due"] = now.Format(time.DateOnly)
	} else {
		words["title"] += s.Say("reminder.until", map[string]any{"day": v.Due.Format(dayForm)})
	}
	for key, word := range keys {
		if value, known := words[word]; known {
			t.Data[key] = value
		}
	}
	return t, len(t.Data) > 0
}
