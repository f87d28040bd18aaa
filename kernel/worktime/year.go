package worktime

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"weizheng/platform/errs"
)

// Year is the State Council's list for one year, in the form that public data sets of it have (holiday-cn): only the days that differ
// from an ordinary week stand in it, plus holidays that fall on a weekend.
type Year struct {
	Year   int       `json:"year"`
	Title  string    `json:"title,omitempty"` // of the notice
	Papers []string  `json:"papers"`          // addresses of the notice
	Days   []Holiday `json:"days"`
}

// Holiday is one day of a list: off, or a make-up working day.
type Holiday struct {
	Name     string `json:"name"`
	Date     string `json:"date"` // YYYY-MM-DD
	IsOffDay bool   `json:"isOffDay"`
}

//go:embed data/*.json
var lists embed.FS

// Builtin returns the lists that the binary brings along, oldest first: 2024 to 2026.
func Builtin() []Year {
	files, err := lists.ReadDir("data")
	if err != nil {
		panic("worktime: the embedded lists are missing: " + err.Error())
	}
	var years []Year
	for _, f := range files {
		raw, err := lists.ReadFile("data/" + f.Name())
		if err == nil {
			var y Year
			if err = json.Unmarshal(raw, &y); err == nil {
				err = y.Validate()
			}
			years = append(years, y)
		}
		if err != nil {
			panic(fmt.Sprintf("worktime: embedded list %s: %v", f.Name(), err))
		}
	}
	return years
}

// Limits of a list: no year has had more than forty special days; a longer one is no list.
const (
	yearDaysLimit = 150
	nameLimit     = 40
	sourceLimit   = 500
)

// Validate returns every fault of the list. A list may reach into the days around its year: New Year's holiday began on 31 December
// 2022 and its make-up day once stood in December.
func (y Year) Validate() error {
	var f []errs.Field
	if y.Year < FirstYear || y.Year > LastStartYear {
		return errs.InvalidFields([]errs.Field{{Field: "year", Key: "worktime.year", Params: map[string]any{"min": FirstYear, "max": LastStartYear}}})
	}
	if utf8.RuneCountInString(y.Title) > sourceLimit {
		f = append(f, errs.Field{Field: "title", Key: "worktime.too_long", Params: map[string]any{"max": sourceLimit}})
	}
	for i, p := range y.Papers {
		if !strings.HasPrefix(p, "https://") && !strings.HasPrefix(p, "http://") || len(p) > sourceLimit {
			f = append(f, errs.Field{Field: fmt.Sprintf("papers[%d]", i), Key: "worktime.paper"})
		}
	}
	if len(y.Days) == 0 || len(y.Days) > yearDaysLimit {
		f = append(f, errs.Field{Field: "days", Key: "worktime.year_days", Params: map[string]any{"max": yearDaysLimit}})
		return errs.InvalidFields(f)
	}
	seen := map[Day]bool{}
	off := 0
	from, until := dayOf(y.Year-1, time.December, 1), dayOf(y.Year+1, time.January, 31)
	for i, h := range y.Days {
		field := fmt.Sprintf("days[%d]", i)
		d, ok := ParseDay(h.Date)
		switch {
		case !ok || d < from || d > until:
			f = append(f, errs.Field{Field: field, Key: "worktime.year_date", Params: map[string]any{"date": h.Date, "year": y.Year}})
		case seen[d]:
			f = append(f, errs.Field{Field: field, Key: "worktime.twice", Params: map[string]any{"date": h.Date}})
		case utf8.RuneCountInString(h.Name) > nameLimit:
			f = append(f, errs.Field{Field: field, Key: "worktime.too_long", Params: map[string]any{"max": nameLimit}})
		}
		seen[d] = true
		if h.IsOffDay {
			off++
		}
	}
	if len(f) == 0 && off == 0 {
		f = append(f, errs.Field{Field: "days", Key: "worktime.no_off_day"})
	}
	return errs.InvalidFields(f)
}

// sorted returns the list with its days in order.
func (y Year) sorted() Year {
	y.Days = slices.Clone(y.Days)
	slices.SortFunc(y.Days, func(a, b Holiday) int { return cmp.Compare(a.Date, b.Date) })
	if y.Papers == nil {
		y.Papers = []string{}
	}
	return y
}
