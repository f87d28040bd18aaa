package crowd

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
)

// example is what a page shows as one: 「例：…」.
var example = regexp.MustCompile(`(?:例如|例)[：:]\s*(\S.*)$`)

// madeUp is what a person writes into an input, by its type, name, label and what is said under it; careful people copy the
// page's own example.
func madeUp(c *control, rng *rand.Rand, name string, careful bool) string {
	about := strings.ToLower(c.name + " " + c.label)
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(about, p) {
				return true
			}
		}
		return false
	}
	if m := example.FindStringSubmatch(c.hint); m != nil && (careful || rng.IntN(3) == 0) {
		return strings.TrimSpace(m[1])
	}
	switch {
	case c.kind == "tel" || c.mode == "tel" || has("phone", "mobile", "电话", "手机"):
		return fmt.Sprintf("138%08d", rng.IntN(1e8))
	case c.kind == "number" || c.mode == "numeric" || c.mode == "decimal" || has("金额", "元）", "人数", "数量"):
		return fmt.Sprint(1 + rng.IntN(5))
	case c.kind == "date" || has("date", "日期"):
		return fmt.Sprintf("2026-%02d-%02d", 1+rng.IntN(12), 1+rng.IntN(28))
	case c.kind == "email" || has("email", "邮箱"):
		return "nobody@example.com"
	case has("idcard", "identity", "id_number", "idno", "身份证"):
		return identity(rng)
	case has("name", "姓名"):
		return name
	case has("address", "place", "where", "地址", "门牌"):
		return streets[rng.IntN(len(streets))]
	}
	return questions[rng.IntN(len(questions))]
}

// identity is a number with a right check digit and a district (999999) that does not exist. GB 11643-1999.
func identity(rng *rand.Rand) string {
	digits := fmt.Sprintf("999999%04d%02d%02d%03d", 1930+rng.IntN(75), 1+rng.IntN(12), 1+rng.IntN(28), rng.IntN(1000))
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(digits[i]-'0') * w
	}
	return digits + string("10X98765432"[sum%11])
}
