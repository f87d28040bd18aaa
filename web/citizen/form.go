package citizen

import (
	"slices"
	"strings"
)

// The kinds of a Field.
const (
	KindText    = "text"
	KindPhone   = "phone"
	KindNumber  = "number"
	KindDate    = "date"
	KindID      = "id" // an identity number
	KindCode    = "code"
	KindArea    = "area"
	KindSelect  = "select"
	KindRadio   = "radio"
	KindChecks  = "checks"  // any number of options
	KindConsent = "consent" // one box to tick
	KindFile    = "file"
	KindHidden  = "hidden"
)

// Option is one choice. Desc explains it in a line.
type Option struct{ Value, Text, Desc string }

// Field is one question: label above, hint under it, its error in between.
type Field struct {
	Name, Label  string
	Kind         string
	Hint         string // an example or why it is asked
	Required     bool
	Sometimes    bool // whether it is required depends on other answers
	Max          int  // characters; 0 is no limit
	Rows         int  // of KindArea; default 4
	Options      []Option
	Accept       string // of KindFile: "image/*"
	Multiple     bool
	URL          string // of KindConsent: what one agrees to
	Autocomplete string
	Private      bool // never kept on the phone as a draft; always so for phone, identity number and code

	Value  string
	Values []string // of KindChecks
	Error  string
}

// Has reports whether option is chosen.
func (f Field) Has(option string) bool { return f.Value == option || slices.Contains(f.Values, option) }

// completions are what a phone may offer for a kind.
var completions = map[string]string{KindPhone: "tel", KindID: "off", KindCode: "one-time-code"}

// prepare fills in what follows from the kind.
func (f *Field) prepare() {
	if f.Kind == KindArea && f.Rows == 0 {
		f.Rows = 4
	}
	if completion, private := completions[f.Kind]; private {
		f.Private = true
		if f.Autocomplete == "" {
			f.Autocomplete = completion
		}
	}
}

// Described names the elements that describe the field to screen readers.
func (f Field) Described() string {
	var ids []string
	if f.Error != "" {
		ids = append(ids, "e-"+f.Name)
	}
	if f.Hint != "" {
		ids = append(ids, "h-"+f.Name)
	}
	return strings.Join(ids, " ")
}

// Form is a whole form: {{template "form" .}}. Token, Fields' values and errors and Top come from web.Filled, see Fill.
type Form struct {
	Action  string // "" is the page's own address
	Token   string
	Upload  bool
	Draft   bool // what is typed is kept on the phone until it was sent
	Fields  []Field
	Top     []string // errors of no single field
	Submit  string   // what the button does: "提交诉求"
	Promise string   // what happens then: "5 个工作日内答复"
}

// Failed reports whether the form came back with errors.
func (f Form) Failed() bool { return f.Count() > 0 }

// Count is how many things are wrong.
func (f Form) Count() int {
	n := len(f.Top)
	for _, field := range f.Fields {
		if field.Error != "" {
			n++
		}
	}
	return n
}

// Fill returns the form with what was typed and what is wrong with it. Faults of fields that the form does not show go
// to the top, so that none is lost.
func (f Form) Fill(token string, values map[string][]string, faults map[string]string, top []string) Form {
	f.Token = token
	f.Top = slices.Clone(top)
	f.Fields = slices.Clone(f.Fields)
	shown := map[string]bool{}
	for i := range f.Fields {
		field := &f.Fields[i]
		shown[field.Name] = true
		field.Error = faults[field.Name]
		field.prepare()
		typed, ok := values[field.Name]
		switch {
		case values == nil: // a fresh form keeps the part's own values
		case field.Kind == KindChecks:
			field.Values = typed
		case ok && len(typed) > 0:
			field.Value = typed[0]
		default:
			field.Value = ""
		}
	}
	for _, name := range sortedKeys(faults) {
		if !shown[name] {
			f.Top = append(f.Top, faults[name])
		}
	}
	return f
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
