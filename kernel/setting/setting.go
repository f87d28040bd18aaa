package setting

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/errs"
)

// Type is how a setting's text is read.
type Type string

// The types. A duration is written as Go writes it: 72h, 1m30s.
const (
	Text     Type = "text"
	Int      Type = "int"
	Bool     Type = "bool"
	Duration Type = "duration"
	JSON     Type = "json"
)

// Scope is how far down a setting may be given its own value.
type Scope string

// The scopes, from widest to narrowest; each allows the wider ones too.
const (
	ForInstallation Scope = "installation"
	ForUnit         Scope = "unit"
	ForAccount      Scope = "account"
)

// Declaration says what a setting is.
type Declaration struct {
	Name    string // "<part>.<name>"
	Type    Type
	Unit    string // of measure, in words a person reads: 天, 次/分钟
	Default string
	Text    string // what it does, one Chinese sentence
	Source  string // the law, standard or reason behind the default
	Scope   Scope
	Min     int64 // for Int, when Max > Min
	Max     int64
}

// At is the place for which a value is asked or given. Unit is a path such as "/1/4/"; an account's place holds the path
// of its unit too. The zero At is the installation.
type At struct {
	Unit    string
	Account int64
}

// textLimit bounds a value in characters: longer things are content, not settings.
const textLimit = 20000

// Check returns the fault of a value, or nil; field is "value".
func (d Declaration) Check(value string) *errs.Field {
	fault := func(key string) *errs.Field {
		return &errs.Field{Field: "value", Key: key, Params: map[string]any{"min": d.Min, "max": d.Max, "limit": textLimit}}
	}
	if len([]rune(value)) > textLimit {
		return fault("setting.too_long")
	}
	if strings.ContainsRune(value, 0) {
		return fault("setting.not_text")
	}
	switch d.Type {
	case Int:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return fault("setting.not_int")
		}
		if d.Max > d.Min && (n < d.Min || n > d.Max) {
			return fault("setting.out_of_range")
		}
	case Bool:
		if value != "true" && value != "false" {
			return fault("setting.not_bool")
		}
	case Duration:
		if v, err := time.ParseDuration(value); err != nil || v < 0 {
			return fault("setting.not_duration")
		}
	case JSON:
		if !json.Valid([]byte(value)) {
			return fault("setting.not_json")
		}
	}
	return nil
}

// fault says what is wrong with the declaration itself: a defect of its part, found by a test and at the start.
func (d Declaration) fault() string {
	part, name, ok := strings.Cut(d.Name, ".")
	switch {
	case !ok || part == "" || name == "":
		return "is not called <part>.<name>"
	case d.Scope != ForInstallation && d.Scope != ForUnit && d.Scope != ForAccount:
		return "has no scope"
	case d.Type != Text && d.Type != Int && d.Type != Bool && d.Type != Duration && d.Type != JSON:
		return "has no type"
	case d.Check(d.Default) != nil:
		return "has a default that it refuses itself: " + d.Check(d.Default).Key
	case d.Text == "":
		return "does not say what it does"
	}
	return ""
}

// allows reports whether a value may be given at a place of the given sort.
func (d Declaration) allows(s Scope) bool {
	rank := map[Scope]int{ForInstallation: 0, ForUnit: 1, ForAccount: 2}
	return rank[s] <= rank[d.Scope]
}

// sort returns what sort of place a is.
func (a At) sort() Scope {
	switch {
	case a.Account != 0:
		return ForAccount
	case a.Unit != "":
		return ForUnit
	}
	return ForInstallation
}

// key is a place as the table knows it.
type key struct{ unit, account int64 }

// key returns the place's own row: the last unit of the path, or the account.
func (a At) key() key {
	if a.Account != 0 {
		return key{account: a.Account}
	}
	units := a.units()
	if len(units) == 0 {
		return key{}
	}
	return key{unit: units[0]}
}

// keys returns the places whose values hold at a, the narrowest first.
func (a At) keys() []key {
	var out []key
	if a.Account != 0 {
		out = append(out, key{account: a.Account})
	}
	for _, u := range a.units() {
		out = append(out, key{unit: u})
	}
	return append(out, key{})
}

// units returns the ids on the path, the lowest first.
func (a At) units() []int64 {
	ids := access.Units(a.Unit)
	slices.Reverse(ids)
	return ids
}
