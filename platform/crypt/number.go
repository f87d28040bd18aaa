package crypt

import (
	"regexp"
	"strings"
	"time"
)

// The checks below take a value already in half-width characters without separators.

var (
	mobileShape   = regexp.MustCompile(`^1[3-9]\d{9}$`)
	landShape     = regexp.MustCompile(`^0(10|2\d|[3-9]\d{2})\d{7,8}$`)
	plateOrdinary = regexp.MustCompile(`^[` + provinces + `][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳使领]$`)
	plateEnergy   = regexp.MustCompile(`^[` + provinces + `][A-HJ-NP-Z]([A-HJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[A-HJK])$`)
)

// provinces are the first characters of number plates.
const provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

// idWeights and idChecks are those of GB 11643-1999.
var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const idChecks = "10X98765432"

// IsIDNumber reports whether s is an 18-digit identity number with a real birthday and the right check digit (GB
// 11643-1999); permanent residence cards of 2023 have the same form and begin with 9.
func IsIDNumber(s string) bool {
	if len(s) != 18 {
		return false
	}
	sum := 0
	for i := range 17 {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		sum += int(s[i]-'0') * idWeights[i]
	}
	check := s[17]
	if check == 'x' {
		check = 'X'
	}
	if s[0] == '0' || check != idChecks[sum%11] || s[6:8] < "18" || s[6:8] > "20" {
		return false
	}
	_, err := time.Parse("20060102", s[6:14])
	return err == nil
}

// IsMobile reports whether s is a mainland mobile number of 11 digits.
func IsMobile(s string) bool { return mobileShape.MatchString(s) }

// IsLandline reports whether s is a fixed-line number with its area code, digits only.
func IsLandline(s string) bool { return landShape.MatchString(s) }

// IsBankCard reports whether s is a card number: 16 to 19 digits that satisfy Luhn and are not all alike.
func IsBankCard(s string) bool {
	if len(s) < 16 || len(s) > 19 || strings.Count(s, s[:1]) == len(s) {
		return false
	}
	sum := 0
	for i := range len(s) {
		c := s[len(s)-1-i]
		if c < '0' || c > '9' {
			return false
		}
		d := int(c - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// IsPlate reports whether s is a number plate, ordinary or new energy (GA 36-2018), in upper case without separator.
// Plates carry at most three letters after the town's, so an English word after a province's name is none.
func IsPlate(s string) bool {
	if !plateOrdinary.MatchString(s) && !plateEnergy.MatchString(s) {
		return false
	}
	digits := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits >= 2
}

// creditAlphabet and creditWeights are those of GB 32100-2015.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var creditWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// IsCreditCode reports whether s is a unified social credit code with the right check character (GB 32100-2015), in
// upper case.
func IsCreditCode(s string) bool {
	if len(s) != 18 || !strings.ContainsRune("123456789ANY", rune(s[0])) {
		return false
	}
	sum := 0
	for i := range 17 {
		v := strings.IndexByte(creditAlphabet, s[i])
		if v < 0 {
			return false
		}
		sum += v * creditWeights[i]
	}
	return s[17] == creditAlphabet[(31-sum%31)%31]
}
