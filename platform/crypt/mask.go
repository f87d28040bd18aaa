package crypt

import "strings"

// Masks show enough to recognise a value and too little to use it. They count characters, not bytes, and never return
// a value unmasked: what is too short becomes stars alone.

// MaskName keeps the first character, and the last of names with three or more: 张*, 张*三, 欧**娜.
func MaskName(name string) string {
	r := []rune(strings.TrimSpace(name))
	switch {
	case len(r) == 0:
		return ""
	case len(r) <= 2:
		return string(r[0]) + "*"
	}
	return string(r[0]) + strings.Repeat("*", min(len(r)-2, 4)) + string(r[len(r)-1])
}

// MaskPhone keeps the first three and last four digits: 138****5678.
func MaskPhone(phone string) string { return ends(phone, 3, 4) }

// MaskID keeps the first and last four characters of an identity number, for staff: 1101**********002X.
func MaskID(id string) string { return ends(id, 4, 4) }

// MaskIDPublic keeps the first and the last character, for pages anybody may see.
func MaskIDPublic(id string) string { return ends(id, 1, 1) }

// MaskCard keeps the last four digits of a bank card.
func MaskCard(card string) string { return ends(card, 0, 4) }

// MaskPlate keeps province, town and the last two characters: 浙A***45.
func MaskPlate(plate string) string { return ends(plate, 2, 2) }

// MaskCredit keeps the first four and last four characters of a credit code.
func MaskCredit(code string) string { return ends(code, 4, 4) }

// MaskAddress keeps an address down to its street, town or township and hides what follows.
func MaskAddress(address string) string {
	cut := 0
	for _, word := range []string{"街道", "镇", "乡", "大道", "路", "街"} {
		if i := strings.Index(address, word); i > 0 {
			cut = i + len(word)
			break
		}
	}
	if cut == 0 {
		r := []rune(address)
		cut = len(string(r[:min(len(r)/2, 6)]))
	}
	if address == "" {
		return ""
	}
	return address[:cut] + "****"
}

// Mask masks a value by its kind, as Redact names it.
func Mask(kind, value string) string {
	switch kind {
	case KindID:
		return MaskID(value)
	case KindPhone:
		return MaskPhone(value)
	case KindPlate:
		return MaskPlate(value)
	case KindCredit:
		return MaskCredit(value)
	}
	return MaskCard(value)
}

func ends(s string, head, tail int) string {
	r := []rune(s)
	if len(r) <= head+tail {
		return strings.Repeat("*", len(r))
	}
	return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
}
