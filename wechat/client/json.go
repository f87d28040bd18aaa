package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// encodeJSON writes v as WeChat wants it: raw UTF-8 without any \uXXXX, which menus refuse (40033) and drafts keep.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return unescape(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

// unescape turns the \uXXXX that encoding/json insists on (line separators, invalid UTF-8) into the characters they stand
// for, and drops control characters, which have no other form in JSON and no place in a message.
func unescape(b []byte) []byte {
	out := b[:0]
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			out = append(out, b[i])
			continue
		}
		if b[i+1] != 'u' { // the encoder never ends on a backslash
			out = append(out, b[i], b[i+1])
			i++
			continue
		}
		c, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 32)
		if err == nil && c >= 0x20 {
			out = utf8.AppendRune(out, rune(c))
		}
		i += 5
	}
	return out
}

// head is what every JSON answer may carry; a missing errcode is success.
type head struct {
	ErrCode int    `json:"errcode"`
	ErrMsg  string `json:"errmsg"`
}

var errNotJSON = errors.New("not JSON")

// decodeHead reads errcode and errmsg of an answer, which must be one JSON object. Control characters, which WeChat lets
// through in nicknames although JSON forbids them, become spaces in body.
func decodeHead(body []byte) (head, error) {
	for i, c := range body {
		if c < 0x20 {
			body[i] = ' '
		}
	}
	var h head
	if trimmed := bytes.TrimLeft(body, " "); len(trimmed) == 0 || trimmed[0] != '{' {
		return h, errNotJSON
	}
	if err := json.Unmarshal(body, &h); err != nil {
		return h, errNotJSON
	}
	return h, nil
}

// readCapped reads at most limit bytes; more is an error.
func readCapped(r io.Reader, limit int64) (b []byte, tooLong bool, err error) {
	b, err = io.ReadAll(io.LimitReader(r, limit+1))
	return b, int64(len(b)) > limit, err
}
