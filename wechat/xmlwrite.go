package wechat

import (
	"strconv"
	"unicode/utf8"
)

// appendText writes <name><![CDATA[value]]></name>.
func appendText(dst []byte, name, value string) []byte {
	dst = append(dst, '<')
	dst = append(dst, name...)
	dst = append(dst, "><![CDATA["...)
	dst = appendCDATA(dst, value)
	dst = append(dst, "]]></"...)
	dst = append(dst, name...)
	return append(dst, '>')
}

// appendCDATA writes text for the inside of a CDATA section: "]]>" is split over two sections, a carriage return (which
// parsers turn into a line feed) is written as a reference, and what XML forbids becomes U+FFFD.
func appendCDATA(dst []byte, value string) []byte {
	start := 0
	for i, c := range value {
		var with string
		switch {
		case c == '>' && i >= 2 && value[i-2:i] == "]]":
			with = "]]><![CDATA[>"
		case c == '\r':
			with = "]]>&#xD;<![CDATA["
		case illegal(c), c == utf8.RuneError:
			with = string(utf8.RuneError)
		default:
			continue
		}
		dst = append(dst, value[start:i]...)
		dst = append(dst, with...)
		_, n := utf8.DecodeRuneInString(value[i:])
		start = i + n
	}
	return append(dst, value[start:]...)
}

// appendInt writes <name>value</name>.
func appendInt(dst []byte, name string, value int64) []byte {
	dst = appendOpen(dst, name)
	dst = strconv.AppendInt(dst, value, 10)
	return appendClose(dst, name)
}

// appendReal writes <name>value</name> with as many digits as value has.
func appendReal(dst []byte, name string, value float64) []byte {
	dst = appendOpen(dst, name)
	dst = strconv.AppendFloat(dst, value, 'f', -1, 64)
	return appendClose(dst, name)
}

func appendOpen(dst []byte, name string) []byte {
	dst = append(dst, '<')
	dst = append(dst, name...)
	return append(dst, '>')
}

func appendClose(dst []byte, name string) []byte {
	dst = append(dst, "</"...)
	dst = append(dst, name...)
	return append(dst, '>')
}
