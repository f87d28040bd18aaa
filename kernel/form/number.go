package form

import (
	"regexp"
	"strings"
	"time"

	"weizheng/platform/crypt"
)

// identityFault returns the key of what is wrong with an identity number on a day, or "". GB 11643-1999.
func identityFault(s, today string) string {
	switch {
	case len(s) != 18:
		return "form.identity_length"
	case strings.Trim(s[:17], "0123456789") != "":
		return "form.identity_check"
	}
	born := s[6:10] + "-" + s[10:12] + "-" + s[12:14]
	if _, err := time.Parse(time.DateOnly, born); err != nil || born > today {
		return "form.identity_birthday"
	}
	if !crypt.IsIDNumber(s) {
		return "form.identity_check"
	}
	return ""
}

const orgAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

var orgWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}

// isCredit checks a unified social credit code: its own check character and that of the organisation code within
// (characters 9–17, GB 11714-1997). GB 32100-2015.
func isCredit(s string) bool {
	if !crypt.IsCreditCode(s) {
		return false
	}
	sum := 0
	for i, weight := range orgWeights {
		sum += weight * strings.IndexByte(orgAlphabet, s[8+i])
	}
	return s[16] == "0X987654321"[sum%11]
}

var land = regexp.MustCompile(`^(0\d{2,3}-?\d{7,8}(-\d{1,6})?|400-?\d{3}-?\d{4})$`)

// isPhone follows rules.md 9: mobile numbers, land lines with their area code, 400 numbers.
func isPhone(s string, mobileOnly bool) bool {
	return crypt.IsMobile(s) || !mobileOnly && land.MatchString(s)
}

// Rules are the named rules of text fields: a pattern that staff choose by its name, never write.
var Rules = map[string]*regexp.Regexp{
	"name":    regexp.MustCompile(`^[\p{Han}][\p{Han}·]{0,28}[\p{Han}]$|^[A-Za-z][A-Za-z .'-]{0,58}[A-Za-z]$`),
	"postal":  regexp.MustCompile(`^\d{6}$`),
	"email":   regexp.MustCompile(`^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$`),
	"digits":  regexp.MustCompile(`^\d+$`),
	"code":    regexp.MustCompile(`^[A-Za-z0-9-]+$`),
	"address": regexp.MustCompile(`\p{Han}{2}.{2}`),
}
