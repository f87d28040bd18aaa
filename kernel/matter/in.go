package matter

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"weizheng/kernel/flow"
	"weizheng/platform/crypt"
	"weizheng/platform/errs"
)

// In is what somebody says with an action. Which fields count depends on the action: flow.Option.Asks.
type In struct {
	Version int64  `json:"version"` // of the matter that was looked at; 0: whatever it is now
	Key     string `json:"key"`     // of idempotency: the same key does it once

	Reason   string         `json:"reason,omitempty"`
	Evidence []string       `json:"evidence,omitempty"` // references of files
	Files    []string       `json:"files,omitempty"`    // codes of uploaded files, as evidence
	Values   map[string]any `json:"values,omitempty"`   // of fields; nil empties one
	Behalf   int64          `json:"behalf,omitempty"`   // staff in whose name, under a standing delegation

	Staff   int64   `json:"staff,omitempty"`
	Unit    int64   `json:"unit,omitempty"`
	Units   []int64 `json:"units,omitempty"`
	Signers []int64 `json:"signers,omitempty"`
	Watch   []int64 `json:"watch,omitempty"`
	Branch  int     `json:"branch,omitempty"`
	Slot    int     `json:"slot,omitempty"`
	Before  bool    `json:"before,omitempty"`

	State  string   `json:"state,omitempty"`
	Mend   []string `json:"mend,omitempty"`
	Direct bool     `json:"direct,omitempty"`
	Items  []string `json:"items,omitempty"`
	Until  int64    `json:"until,omitempty"` // civil ms
	Clock  string   `json:"clock,omitempty"`
	Amount int64    `json:"amount,omitempty"`
	Child  *Child   `json:"child,omitempty"`
}

// Child is the sub-matter that an action opens.
type Child struct {
	Title string `json:"title"`
	Unit  int64  `json:"unit"`
}

// Limits of what one action says.
const (
	reasonLimit = 2000 // characters: an opinion fills a page
	listLimit   = 50
	itemLimit   = 200
	valuesLimit = 64 << 10 // bytes of JSON
	titleLimit  = 200
)

// faults collects what is wrong with an input.
type faults []errs.Field

func (f *faults) add(field, key string, params map[string]any) {
	*f = append(*f, errs.Field{Field: field, Key: key, Params: params})
}

func (f *faults) text(field, value string, most int) {
	if n := utf8.RuneCountInString(value); n > most {
		f.add(field, "matter.too_long", map[string]any{"max": most})
	}
	if strings.ContainsFunc(value, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == utf8.RuneError
	}) {
		f.add(field, "matter.characters", nil)
	}
}

func (f *faults) list(field string, n int) {
	if n > listLimit {
		f.add(field, "matter.too_many", map[string]any{"max": listLimit})
	}
}

func (f *faults) texts(field string, list []string) {
	f.list(field, len(list))
	for _, one := range list {
		f.text(field, one, itemLimit)
	}
}

func (f *faults) values(values map[string]any) {
	if b, err := json.Marshal(values); err != nil || len(b) > valuesLimit {
		f.add("values", "matter.too_large", map[string]any{"max": valuesLimit >> 10})
	}
}

// Validate returns every fault of what was said, whatever the action; the rest is flow's.
func (in *In) Validate() error {
	in.Reason = strings.TrimSpace(in.Reason)
	var f faults
	f.text("key", in.Key, keyLimit)
	f.text("reason", in.Reason, reasonLimit)
	f.texts("evidence", in.Evidence)
	f.texts("files", in.Files)
	f.texts("mend", in.Mend)
	f.texts("items", in.Items)
	f.list("units", len(in.Units))
	f.list("signers", len(in.Signers))
	f.list("watch", len(in.Watch))
	f.values(in.Values)
	if in.Child != nil {
		f.title("child.title", in.Child.Title)
	}
	return errs.InvalidFields(f)
}

func (f *faults) title(field, title string) {
	if strings.TrimSpace(title) == "" {
		f.add(field, "matter.required", nil)
	}
	f.text(field, title, titleLimit)
}

// named is everybody whom the move names.
func (in *In) named() []flow.Who {
	var all []flow.Who
	for _, id := range slices.Concat([]int64{in.Staff, in.Behalf}, in.Signers, in.Watch) {
		if id > 0 {
			all = append(all, flow.Staff(id))
		}
	}
	return all
}

// move is the same in flow's words.
func (in *In) move(action string, at int64, by flow.Person) flow.Move {
	m := flow.Move{
		Action: action, At: at, By: by, Reason: in.Reason, Evidence: in.Evidence, Unit: in.Unit, Units: in.Units,
		Branch: in.Branch, Slot: in.Slot, Before: in.Before, State: in.State, Mend: in.Mend, Direct: in.Direct,
		Items: in.Items, Until: in.Until, Clock: in.Clock, Amount: in.Amount,
	}
	if in.Staff > 0 {
		m.Staff = flow.Staff(in.Staff)
	}
	for _, id := range in.Signers {
		m.Signers = append(m.Signers, flow.Staff(id))
	}
	for _, id := range in.Watch {
		m.Watch = append(m.Watch, flow.Staff(id))
	}
	return m
}

// filled tells the fields that get a value from those that lose theirs, each in order.
func filled(values map[string]any) (has, lost []string) {
	for key, value := range values {
		if value == nil || value == "" {
			lost = append(lost, key)
		} else {
			has = append(has, key)
		}
	}
	slices.Sort(has)
	slices.Sort(lost)
	return has, lost
}

// hidden is what was taken out of a record, by the place that it was taken from.
type hidden map[string][]crypt.Found

// take replaces the numbers that identify people in a text by references.
func (h hidden) take(place, text string) string {
	clean, found := crypt.Redact(text)
	if len(found) > 0 {
		h[place] = found
	}
	return clean
}

// takeAny does so in a value of JSON's kinds.
func (h hidden) takeAny(place string, value any) any {
	switch v := value.(type) {
	case string:
		return h.take(place, v)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = h.takeAny(place+"."+itoa(i), x)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, x := range v {
			out[key] = h.takeAny(place+"."+key, x)
		}
		return out
	}
	return value
}

// redact takes the numbers out of everything that was said.
func (in *In) redact() hidden {
	h := hidden{}
	in.Reason = h.take("reason", in.Reason)
	in.Items = slices.Clone(in.Items)
	for i, item := range in.Items {
		in.Items[i] = h.take("items."+itoa(i), item)
	}
	return h
}
