package worktimeweb

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"weizheng/kernel/worktime"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// DueIn is the words of `weizheng worktime due`, as they were typed. Of Days, Hours and Months one is given.
type DueIn struct {
	From, Days, Hours, Months, Kind, Extend string
	Start, Rolls, End                       string
	Pauses                                  []string
	Calendar                                string // path of a file, "" for the lists that the binary brings along
	JSON                                    bool
}

// Due answers a question without a house: from the built-in lists, the default hours and what the file says over them. Its errors are
// Chinese sentences that say what to do.
func Due(in DueIn, out io.Writer) error {
	answer, err := in.answer()
	if err != nil {
		return inWords(err)
	}
	if in.JSON {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		return e.Encode(answer)
	}
	for _, s := range answer.Steps {
		if _, err := fmt.Fprintln(out, s.Text); err != nil {
			return err
		}
	}
	if answer.Provisional {
		_, err = fmt.Fprintln(out, "预估：期间有的年份放假安排还没有发布，先按周末和法定节日估算。")
	}
	return err
}

func (in DueIn) answer() (Answer, error) {
	data := worktime.Data{Years: worktime.Builtin()}
	if in.Calendar != "" {
		content, err := readFile(in.Calendar)
		if err != nil {
			return Answer{}, err
		}
		more, err := worktime.Read(content)
		if err != nil {
			return Answer{}, err
		}
		data = data.Over(more)
	}
	cal, err := worktime.NewCalendar(data)
	if err != nil {
		return Answer{}, err
	}
	rule, err := in.rule()
	if err != nil {
		return Answer{}, err
	}
	if in.From == "" {
		return Answer{}, sentence("请用 --from 写起算时间，例如 --from 2026-09-18T10:00；不写时区就是北京时间。")
	}
	return Ask(Question{From: in.From, Rule: rule, Pauses: in.Pauses}, cal)
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, sentence(fmt.Sprintf("打不开日历文件 %s（%v）。请检查路径。", path, err))
	}
	defer func() { _ = f.Close() }() // read only: nothing can be lost
	content, err := io.ReadAll(io.LimitReader(f, worktime.FileLimit+1))
	if err != nil {
		return nil, sentence(fmt.Sprintf("读不了日历文件 %s（%v）。", path, err))
	}
	return content, nil
}

// rule reads amount and kind; the kind of an amount in days is working days, of hours running ones, of months calendar ones.
func (in DueIn) rule() (worktime.Rule, error) {
	r := worktime.Rule{Kind: worktime.Kind(in.Kind), Start: worktime.Start(in.Start), Rolls: worktime.Roll(in.Rolls), End: worktime.End(in.End)}
	given := 0
	for _, one := range []struct {
		flag, text string
		unit       worktime.Unit
		usual      worktime.Kind
	}{
		{"--days", in.Days, worktime.Days, worktime.Working},
		{"--hours", in.Hours, worktime.Hours, worktime.RunningHours},
		{"--months", in.Months, worktime.Months, worktime.CalendarDays},
	} {
		if one.text == "" {
			continue
		}
		n, err := strconv.ParseInt(one.text, 10, 64)
		if err != nil {
			return r, sentence(fmt.Sprintf("%s 要写整数，例如 %s 5；现在写的是“%s”。", one.flag, one.flag, one.text))
		}
		given++
		r.Amount, r.Unit = n, one.unit
		if r.Kind == "" {
			r.Kind = one.usual
		}
	}
	if given != 1 {
		return r, sentence("请用 --days、--hours、--months 中的一个写期限，例如 --days 5。")
	}
	if in.Extend != "" {
		n, err := strconv.ParseInt(in.Extend, 10, 64)
		if err != nil {
			return r, sentence(fmt.Sprintf("--extend 要写整数，例如 --extend 10；现在写的是“%s”。", in.Extend))
		}
		r.Extension = n
	}
	return r, r.Validate()
}

// sentence is an error whose text is for the person at the keyboard.
type sentence string

// Error is the sentence.
func (s sentence) Error() string { return string(s) }

// inWords turns keys into sentences.
func inWords(err error) error {
	if s, ok := errors.AsType[sentence](err); ok {
		return s
	}
	said, broken := web.NewTexts(texts)
	e := errs.As(err)
	if broken != nil || e.Kind() == errs.Internal {
		return err
	}
	if len(e.Fields()) == 0 {
		return sentence(said.Say(e.Key(), e.Params()))
	}
	var lines []string
	for _, f := range e.Fields() {
		line := said.Say(f.Key, f.Params)
		if strings.ContainsAny(f.Field, "[.") { // a place in a file; elsewhere the sentence names what is wrong
			line = f.Field + "：" + line
		}
		lines = append(lines, line)
	}
	const most = 10
	if len(lines) > most {
		lines = append(lines[:most], fmt.Sprintf("还有 %d 处。", len(lines)-most))
	}
	return sentence(strings.Join(lines, "\n"))
}
