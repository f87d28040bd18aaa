package worktimeweb

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func ask(t *testing.T, in DueIn) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := Due(in, &out)
	return out.String(), err
}

func TestTheAnswerHasExactlyThisShape(t *testing.T) {
	t.Parallel()
	text, err := ask(t, DueIn{From: "2026-09-18T10:00", Days: "5", Kind: "working", JSON: true})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	steps, _ := got["steps"].([]any)
	if len(steps) != 5 {
		t.Errorf("steps: %v", steps)
	}
	delete(got, "steps")
	if d := cmp.Diff(map[string]any{"due": "2026-09-24T24:00+08:00", "date": "2026-09-24", "provisional": false}, got); d != "" {
		t.Error(d)
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	file := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	next := `{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"元旦","date":"2027-01-02","isOffDay":false}]}`
	for _, c := range []struct {
		label string
		in    DueIn
		due   string
		hint  bool // provisional
	}{
		{"days are working days unless said otherwise", DueIn{From: "2026-09-18 10:00", Days: "5"}, "2026-09-24T24:00+08:00", false},
		{"calendar days", DueIn{From: "2025-08-05", Days: "60", Kind: "calendar"}, "2025-10-09T24:00+08:00", false},
		{"hours run unless said otherwise", DueIn{From: "2026-09-18T10:00", Hours: "24"}, "2026-09-19T10:00+08:00", false},
		{"hours in business", DueIn{From: "2026-09-18T10:00", Hours: "24", Kind: "business-hours"}, "2026-09-22T14:30+08:00", false},
		{"months", DueIn{From: "2026-08-31", Months: "1"}, "2026-09-30T24:00+08:00", false},
		{"another zone: 20:00 in London is the next day here", DueIn{From: "2026-09-17T20:00:00+01:00", Days: "5"}, "2026-09-24T24:00+08:00", false},
		{"UTC", DueIn{From: "2026-09-17T17:00Z", Hours: "1"}, "2026-09-18T02:00+08:00", false},
		{"seconds are kept", DueIn{From: "2026-09-18T10:00:30", Hours: "1"}, "2026-09-18T11:00:30+08:00", false},
		{"a pause and an extension", DueIn{From: "2026-09-07T10:00", Days: "5", Extend: "1", Pauses: []string{"2026-09-08T10:00/2026-09-10T09:00"}}, "2026-09-17T24:00+08:00", false},
		{"stopped", DueIn{From: "2026-09-07T10:00", Days: "5", Pauses: []string{"2026-09-08T10:00/"}}, "", false},
		{"the year is not there", DueIn{From: "2026-12-30T10:00", Days: "2"}, "2027-01-04T24:00+08:00", true},
		{"the year from a file", DueIn{From: "2026-12-30T10:00", Days: "2", Calendar: file("2027.json", next)}, "2027-01-02T24:00+08:00", false},
		{"local days and hours from a file", DueIn{From: "2026-11-20T10:00", Hours: "4", Kind: "business-hours",
			Calendar: file("own.json", `{"local":[{"from":"2026-11-23","name":"本地","kind":"off"}],"hours":{"fri":[{"from":"09:00","to":"12:00"}],"tue":[{"from":"10:00","to":"16:00"}]}}`)},
			"2026-11-24T12:00+08:00", false},
		{"as the rule says", DueIn{From: "2026-09-18T18:00", Days: "5", Start: "opening", End: "close"}, "2026-09-28T17:30+08:00", false},
	} {
		c.in.JSON = true
		text, err := ask(t, c.in)
		if err != nil {
			t.Errorf("%s: %v", c.label, err)
			continue
		}
		var got Answer
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		if got.Due != c.due || got.Provisional != c.hint {
			t.Errorf("%s: %s provisional %v, want %s %v", c.label, got.Due, got.Provisional, c.due, c.hint)
		}
		for _, s := range got.Steps {
			if s.Text == "" || s.Text == string(s.What) {
				t.Errorf("%s: step %q is not told", c.label, s.What)
			}
		}
	}
}

func TestFaultsSayWhatToDo(t *testing.T) {
	t.Parallel()
	from := "2026-09-18T10:00"
	for _, c := range []struct {
		label string
		in    DueIn
		want  string
	}{
		{"no start", DueIn{Days: "5"}, "--from 2026-09-18T10:00"},
		{"a start that is none", DueIn{From: "明天", Days: "5"}, "2026-09-18T10:00 这样"},
		{"a day that is none", DueIn{From: "2026-02-30", Days: "5"}, "2026-09-18T10:00 这样"},
		{"no amount", DueIn{From: from}, "--days、--hours、--months"},
		{"two amounts", DueIn{From: from, Days: "5", Hours: "3"}, "中的一个"},
		{"words", DueIn{From: from, Days: "五"}, "整数"},
		{"fewer than none", DueIn{From: from, Days: "-1"}, "0 到 36600"},
		{"too many", DueIn{From: from, Days: "99999999"}, "0 到 36600"},
		{"more than a number", DueIn{From: from, Days: "99999999999999999999"}, "整数"},
		{"an unknown kind", DueIn{From: from, Days: "5", Kind: "moons"}, "running-hours"},
		{"working hours by days", DueIn{From: from, Days: "5", Kind: "business-hours"}, "对不上"},
		{"a pause without an end mark", DueIn{From: from, Days: "5", Pauses: []string{"2026-09-21"}}, "起/止"},
		{"a pause backwards", DueIn{From: from, Days: "5", Pauses: []string{"2026-09-22/2026-09-21"}}, "结束不能早于开始"},
		{"an extension in words", DueIn{From: from, Days: "5", Extend: "x"}, "--extend"},
		{"no such file", DueIn{From: from, Days: "5", Calendar: "/nowhere/x.json"}, "检查路径"},
		{"out of the calendar", DueIn{From: "2199-01-01", Days: "5"}, "2099 年以前"},
	} {
		_, err := ask(t, c.in)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.label, err, c.want)
		}
	}
}

func TestPlainAnswersAreSentences(t *testing.T) {
	t.Parallel()
	text, err := ask(t, DueIn{From: "2026-12-30T10:00", Days: "3"})
	if err != nil || !strings.Contains(text, "2027年1月1日（周五），元旦，不计") || !strings.Contains(text, "预估") {
		t.Errorf("%s %v", text, err)
	}
}
