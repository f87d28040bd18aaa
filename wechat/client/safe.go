package client

import (
	"bytes"
	"net/netip"
	"regexp"
	"strings"
)

var (
	ridPattern  = regexp.MustCompile(`\brid:\s*([0-9a-f]{1,16}(?:-[0-9a-f]{1,16}){1,4})\b`)
	wordPattern = regexp.MustCompile(`^[A-Z]?[a-z]+(?:[_'-][a-z]+)*$|^[0-9]{1,5}$|^data\.[a-z_]+[0-9]{0,3}(?:\.value)?$`)
	addrPattern = regexp.MustCompile(`[0-9a-fA-F:.]{7,45}`)
)

const (
	longestWord = 24  // an openid has 28 characters, a secret 32, a token more
	longestMsg  = 200 // bytes of Error.Msg
)

// ridOf finds WeChat's request id in an errmsg.
func ridOf(errmsg string) string {
	if m := ridPattern.FindStringSubmatch(errmsg); m != nil {
		return m[1]
	}
	return ""
}

// addressIn finds the first IP address in an errmsg.
func addressIn(errmsg string) string {
	for _, s := range addrPattern.FindAllString(errmsg, 8) {
		if a, err := netip.ParseAddr(strings.Trim(s, ".:")); err == nil {
			return a.Unmap().String()
		}
	}
	return ""
}

// safeWords keeps of an errmsg the plain English words, small numbers and names of template fields. Whatever could be an
// id, an address, a link or a word out of what we sent is left out.
func safeWords(errmsg string, sent []byte) string {
	errmsg, _, _ = strings.Cut(errmsg, "rid:")
	errmsg, _, _ = strings.Cut(errmsg, "hint:")
	var kept []string
	size := 0
	for word := range strings.FieldsSeq(errmsg) {
		word = strings.Trim(word, ",.;:!?[]()\"'")
		if len(word) > longestWord || !wordPattern.MatchString(word) || bytes.Contains(sent, []byte(word)) {
			continue
		}
		if size += len(word) + 1; size > longestMsg {
			break
		}
		kept = append(kept, word)
	}
	return strings.Join(kept, " ")
}
