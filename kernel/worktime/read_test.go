package worktime_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"weizheng/kernel/worktime"
	"weizheng/platform/errs"
)

func sheet(t *testing.T, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label   string
		content []byte
		year    int // 0: no list
		days    int
		key     string // of the error or of a fault
	}{
		{"a list as data sets have it", []byte(`{"$schema":"x","year":2027,"papers":["https://www.gov.cn/x"],"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}`), 2027, 1, ""},
		{"several lists", []byte(`[{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}]`), 2027, 1, ""},
		{"with a mark of byte order", append([]byte("\xef\xbb\xbf"), `{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}`...), 2027, 1, ""},
		{"a whole calendar", []byte(`{"years":[{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}],"local":[{"from":"2026-12-01","name":"本地","kind":"off"}]}`), 2027, 1, ""},
		{"only local days", []byte(`{"local":[{"from":"2026-12-01","name":"本地","kind":"off"}]}`), 0, 0, ""},
		{"a spreadsheet", sheet(t, [][]any{{"日期", "名称", "安排"}, {"2027-01-01", "元旦", "放假"}, {46390, "元旦", "上班"}, {"2027/2/5", "春节", "休"}, {"2027年2月6日", "春节", "是"}}), 2027, 4, ""},
		{"a spreadsheet without dates", sheet(t, [][]any{{"日期", "名称"}}), 0, 0, "worktime.sheet_empty"},
		{"a day that is neither off nor on", sheet(t, [][]any{{"2027-01-01", "元旦"}}), 0, 0, "worktime.sheet_row"},
		{"nothing", nil, 0, 0, "worktime.file"},
		{"words", []byte("放假"), 0, 0, "worktime.file"},
		{"another object", []byte(`{"name":"x"}`), 0, 0, "worktime.file"},
		{"a broken spreadsheet", []byte("PK\x03\x04 broken"), 0, 0, "worktime.file"},
		{"a day twice", []byte(`{"year":2027,"days":[{"date":"2027-01-01","isOffDay":true},{"date":"2027-01-01","isOffDay":false}]}`), 0, 0, "worktime.twice"},
		{"another year's day", []byte(`{"year":2027,"days":[{"date":"2026-05-01","isOffDay":true}]}`), 0, 0, "worktime.year_date"},
		{"no day off", []byte(`{"year":2027,"days":[{"date":"2027-01-03","isOffDay":false}]}`), 0, 0, "worktime.no_off_day"},
		{"no days yet, as data sets have it in summer", []byte(`{"year":2027,"papers":[],"days":[]}`), 0, 0, "worktime.year_days"},
		{"too large", bytes.Repeat([]byte(" "), worktime.FileLimit+1), 0, 0, "worktime.file_large"},
	} {
		d, err := worktime.Read(c.content)
		if c.key != "" {
			keys := errs.As(err).Key()
			for _, f := range errs.As(err).Fields() {
				keys += " " + f.Key
			}
			if err == nil || !strings.Contains(keys, c.key) {
				t.Errorf("%s: %v, want %s", c.label, err, c.key)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.label, err)
			continue
		}
		year, days := 0, 0
		for _, y := range d.Years {
			year, days = y.Year, len(y.Days)
		}
		if year != c.year || days != c.days {
			t.Errorf("%s: %d with %d days, want %d with %d", c.label, year, days, c.year, c.days)
		}
	}
}
