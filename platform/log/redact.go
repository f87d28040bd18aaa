package log

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
)

// blank stands where something was taken out.
const blank = "[redacted]"

// secretWords make an attribute secret when its name holds one. "key" alone is not among them: message keys and blob
// keys are meant to be read.
var secretWords = []string{
	"secret", "token", "password", "passwd", "openid", "unionid", "aes_key", "aeskey", "api_key", "apikey",
	"private_key", "authorization", "cookie", "ticket_value", "signature", "session_key", "totp", "phone", "id_number",
	"idcard", "encrypt",
}

// Shapes are looked for in every string. Order matters: the query goes first, with whatever stood in it.
var (
	query  = regexp.MustCompile(`(/[^\s?"'<>]*)\?[^\s"'<>]*`)
	openid = regexp.MustCompile(`\bo[A-Za-z0-9_-]{27}\b`)
	// A token is long and mixed; a digest in hex, a UUID or a Chinese sentence is not.
	tokenish = regexp.MustCompile(`[A-Za-z0-9_-]{40,}`)
	idNumber = regexp.MustCompile(`\b\d{17}[\dXx]\b`)
	mobile   = regexp.MustCompile(`\b1[3-9]\d{9}\b`)
)

func replace(_ []string, a slog.Attr) slog.Attr {
	a.Value = a.Value.Resolve()
	if secretName(a.Key) && a.Value.Kind() != slog.KindGroup {
		return slog.String(a.Key, blank)
	}
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(Clean(a.Value.String()))
	case slog.KindAny:
		a.Value = cleanAny(a.Value.Any())
	}
	return a
}

func secretName(name string) bool {
	name = strings.ToLower(name)
	for _, w := range secretWords {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// Clean returns s without queries, openids, tokens, identity and mobile numbers.
func Clean(s string) string {
	s = query.ReplaceAllString(s, "$1")
	s = openid.ReplaceAllString(s, blank)
	s = tokenish.ReplaceAllStringFunc(s, func(m string) string {
		if mixed(m) {
			return blank
		}
		return m
	})
	s = idNumber.ReplaceAllString(s, blank)
	return mobile.ReplaceAllString(s, blank)
}

// mixed reports whether s holds lower and upper case and digits, as random base64 of 40 characters always does.
func mixed(s string) bool {
	var lower, upper, digit bool
	for _, r := range s {
		lower = lower || r >= 'a' && r <= 'z'
		upper = upper || r >= 'A' && r <= 'Z'
		digit = digit || r >= '0' && r <= '9'
	}
	return lower && upper && digit
}

// cleanAny redacts what is no plain value: errors and Stringers by their text, the rest by the JSON it would become.
func cleanAny(v any) slog.Value {
	switch x := v.(type) {
	case *slog.Source, slog.Level, nil:
		return slog.AnyValue(v)
	case error:
		return slog.StringValue(Clean(x.Error()))
	case fmt.Stringer:
		return slog.StringValue(Clean(x.String()))
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return slog.StringValue(Clean(fmt.Sprintf("%T", v)))
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return slog.StringValue(fmt.Sprintf("%T", v))
	}
	return slog.AnyValue(cleanTree(tree))
}

func cleanTree(v any) any {
	switch x := v.(type) {
	case string:
		return Clean(x)
	case []any:
		for i := range x {
			x[i] = cleanTree(x[i])
		}
	case map[string]any:
		for k := range x {
			if secretName(k) {
				x[k] = blank
			} else {
				x[k] = cleanTree(x[k])
			}
		}
	}
	return v
}
