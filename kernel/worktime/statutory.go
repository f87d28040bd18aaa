package worktime

import (
	"slices"
	"strings"
	"time"

	"weizheng/platform/errs"
)

// The 13 statutory days (Measures on Holidays, as amended 2024-11-10, art 2): New Year 1, Spring Festival 4 (eve to the third day), Qingming
// 1, Labour Day 2, Dragon Boat 1, Mid-Autumn 1, National Day 3. Which further days are moved around them is not known before
// the State Council's notice.

// moons are the first day of the first month, the fifth of the fifth and the fifteenth of the eighth month of the lunar calendar,
// as month*100+day: from the new moons after Meeus, Astronomical Algorithms, ch. 49, at UTC+8.
var moons = map[int][3]int{
	2024: {210, 610, 917}, 2025: {129, 531, 1006}, 2026: {217, 619, 925}, 2027: {206, 609, 915}, 2028: {126, 528, 1003},
	2029: {213, 616, 922}, 2030: {203, 605, 912}, 2031: {123, 624, 1001}, 2032: {211, 612, 919}, 2033: {131, 601, 908},
	2034: {219, 620, 927}, 2035: {208, 610, 916}, 2036: {128, 530, 1004}, 2037: {215, 618, 924}, 2038: {204, 607, 913},
	2039: {124, 527, 1002}, 2040: {212, 614, 920}, 2041: {201, 603, 910}, 2042: {122, 622, 928}, 2043: {210, 611, 917},
	2044: {130, 531, 1005}, 2045: {217, 619, 925}, 2046: {206, 608, 915}, 2047: {126, 529, 1004}, 2048: {214, 615, 922},
	2049: {202, 604, 911}, 2050: {123, 623, 930},
}

// statutory returns the statutory days of a year that can be known, with their names: those by the sun always, those by the
// moon from 2024 to 2050.
func statutory(year int) map[Day]string {
	days := map[Day]string{}
	put := func(name string, month time.Month, day, n int) {
		first := dayOf(year, month, day)
		for d := first; d < first+Day(n); d++ {
			days[d] = name
		}
	}
	put("元旦", time.January, 1, 1)
	put("清明节", time.April, qingming(year), 1)
	put("劳动节", time.May, 1, 2)
	if m, ok := moons[year]; ok {
		eve := dayOf(year, time.Month(m[0]/100), m[0]%100) - 1
		for d := eve; d < eve+4; d++ {
			days[d] = "春节"
		}
		put("端午节", time.Month(m[1]/100), m[1]%100, 1)
		put("中秋节", time.Month(m[2]/100), m[2]%100, 1)
	}
	put("国庆节", time.October, 1, 3)
	return days
}

// qingming is the day of April on which Qingming falls, by the usual formula, which holds for the 20th and 21st century.
func qingming(year int) int {
	y, c := year%100, 4.81
	if year < 2000 {
		c = 5.59
	}
	return int(float64(y)*0.2422+c) - y/4
}

// statutoryFrom is the first year under the Measures as amended, with 13 days; lists before it leave out New Year's Eve and 2 May.
const statutoryFrom = 2025

// Whole reports, as Invalid "worktime.statutory", the statutory days that a list does not give off: it was cut short or is
// another thing, for the State Council may move days around them but not take them away (Measures on Holidays art 2).
func (y Year) Whole() error {
	if y.Year < statutoryFrom {
		return nil
	}
	due := statutory(y.Year)
	for _, h := range y.Days {
		if d, ok := ParseDay(h.Date); ok && h.IsOffDay {
			delete(due, d)
		}
	}
	var missing []string
	for d, name := range due {
		missing = append(missing, d.String()+" "+name)
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return errs.InvalidFields([]errs.Field{{Field: "days", Key: "worktime.statutory", Params: map[string]any{"days": strings.Join(missing, "、")}}})
}
