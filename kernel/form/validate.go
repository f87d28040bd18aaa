package form

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"weizheng/platform/errs"
)

// Limits of a form: what one phone page can bear.
const (
	mostFields  = 80
	mostInGroup = 20
	mostOptions = 100
	mostTerms   = 8
)

var (
	keyForm  = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)
	nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	optForm  = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,39}$`)
)

// Validate judges a form before it is published and returns every fault; fields are "fields.2.label",
// "fields.2.fields.0.options.1.value". sources are the prefill sources there are.
func (f Form) Validate(sources []string) []errs.Field {
	v := &validator{names: map[string]bool{}, sources: sources}
	v.text("title", f.Title, 1, 40)
	v.text("lead", f.Lead, 0, 120)
	v.text("submit", f.Submit, 0, 12)
	v.text("promise", f.Promise, 0, 60)
	if !slices.ContainsFunc(f.Fields, Field.Asks) {
		v.fault("fields", "form.nothing_asked", nil)
	}
	v.list("fields", f.Fields, nil, mostFields)
	return v.faults
}

type validator struct {
	names   map[string]bool
	sources []string
	faults  []errs.Field
}

func (v *validator) fault(at, key string, params map[string]any) {
	v.faults = append(v.faults, errs.Field{Field: at, Key: key, Params: params})
}

func (v *validator) text(at, s string, least, most int) {
	n := utf8.RuneCountInString(strings.TrimSpace(s))
	switch {
	case n < least:
		v.fault(at, "shape.required", nil)
	case n > most:
		v.fault(at, "shape.max_length", map[string]any{"max": most})
	}
}

func (v *validator) oneOf(at, value string, allowed []string) {
	if !slices.Contains(allowed, value) {
		v.fault(at, "form.choose", nil)
	}
}

// list judges the fields of one level; before are the fields outside that conditions may ask about.
func (v *validator) list(at string, fields []Field, before []Field, most int) {
	if len(fields) > most {
		v.fault(at, "shape.max_items", map[string]any{"max": most})
	}
	before = slices.Clip(before)
	for i, field := range fields {
		place := at + "." + strconv.Itoa(i)
		v.field(place, field, before)
		if field.Kind == Group {
			v.group(place, field, before)
		}
		before = append(before, field)
	}
}

func (v *validator) group(at string, f Field, before []Field) {
	if !slices.ContainsFunc(f.Fields, Field.Asks) {
		v.fault(at+".fields", "form.nothing_asked", nil)
	}
	for i, child := range f.Fields {
		if child.Kind == Group || child.Kind == Signature {
			v.fault(at+".fields."+strconv.Itoa(i)+".kind", "form.not_in_group", nil)
		}
	}
	v.list(at+".fields", f.Fields, before, mostInGroup)
}

func (v *validator) field(at string, f Field, before []Field) {
	if !slices.Contains(Kinds, f.Kind) {
		v.fault(at+".kind", "form.choose", nil)
		return
	}
	if !nameForm.MatchString(f.Name) || v.names[f.Name] {
		v.fault(at+".name", "form.name_taken", nil)
	}
	v.names[f.Name] = true
	v.words(at, f)
	v.bounds(at, f)
	if f.Prefill != "" {
		v.oneOf(at+".prefill", f.Prefill, v.sources)
	}
	if f.Class != "" {
		v.oneOf(at+".class", string(f.Class), []string{string(Public), string(Internal), string(Personal), string(Sensitive)})
	}
	v.condition(at+".show", f.Show, before)
	v.condition(at+".need", f.Need, before)
	switch f.Kind {
	case Choice:
		v.options(at, f)
	case File:
		v.material(at, f)
	case Date:
		v.limits(at, f)
	case Place:
		if f.Depth < 1 || f.Depth > 5 {
			v.fault(at+".depth", "form.choose", nil)
		}
	case Text:
		if _, ok := Rules[f.Rule]; f.Rule != "" && !ok {
			v.fault(at+".rule", "form.choose", nil)
		}
	}
}

func (v *validator) words(at string, f Field) {
	most := 60
	if f.Kind == Note {
		most = 500
	}
	v.text(at+".label", f.Label, 1, most)
	v.text(at+".help", f.Help, 0, 300)
	v.text(at+".example", f.Example, 0, 60)
	v.text(at+".unit", f.Unit, 0, 10)
}

// bounds judges min and max against what the kind can hold.
func (v *validator) bounds(at string, f Field) {
	most := map[Kind]float64{Text: 5000, Number: 1e12, Money: 1e14, Choice: mostOptions, File: 9, Group: 30}[f.Kind]
	least := 0.0
	if f.Kind == Number || f.Kind == Money {
		least = -most
	}
	whole := f.Kind != Number
	wrong := func(bound *float64) bool {
		return bound != nil && (*bound < least || *bound > most || whole && *bound != math.Trunc(*bound))
	}
	if wrong(f.Min) {
		v.fault(at+".min", "form.bound", nil)
	}
	if wrong(f.Max) {
		v.fault(at+".max", "form.bound", nil)
	}
	if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
		v.fault(at+".max", "form.bounds_order", nil)
	}
	if f.Decimals < 0 || f.Decimals > 6 {
		v.fault(at+".decimals", "form.bound", nil)
	}
	if f.Size < 0 || f.Size > MaxFile {
		v.fault(at+".size", "form.bound", nil)
	}
}

func (v *validator) options(at string, f Field) {
	if len(f.Options) == 0 || len(f.Options)+btoi(f.Other) < 2 {
		v.fault(at+".options", "form.options_few", nil)
	}
	if len(f.Options) > mostOptions {
		v.fault(at+".options", "shape.max_items", map[string]any{"max": mostOptions})
	}
	values, labels := map[string]bool{}, map[string]bool{}
	for i, o := range f.Options {
		place := at + ".options." + strconv.Itoa(i)
		v.text(place+".label", o.Label, 1, 40)
		v.text(place+".help", o.Help, 0, 80)
		if !optForm.MatchString(o.Value) || values[o.Value] {
			v.fault(place+".value", "form.name_taken", nil)
		}
		if o.Label != "" && labels[o.Label] {
			v.fault(place+".label", "form.option_twice", nil)
		}
		values[o.Value], labels[o.Label] = true, true
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// material judges a file field: it is named, has a purpose and a trust level.
func (v *validator) material(at string, f Field) {
	if CatchAll(f.Label) {
		v.fault(at+".label", "form.catch_all", nil)
	}
	for _, kind := range f.Accept {
		if _, ok := Accepts[kind]; !ok {
			v.fault(at+".accept", "form.choose", nil)
		}
	}
	if f.Shared {
		return
	}
	v.text(at+".purpose", f.Purpose, 1, 60)
	v.oneOf(at+".trust", f.Trust, Trusts)
}

var catchAll = regexp.MustCompile(`(其他|其它|相关|有关|等|必要|所需)(的)?(申请|证明|补充)?(材料|资料|证件|文件|证明)`)

// CatchAll reports whether a material is named so that nobody can tell what to bring: 其他材料, 相关证明. Guides may not
// hold such lines (优化营商环境条例 as carried out in Beijing, Shanghai, 安阳条例 13).
func CatchAll(label string) bool { return catchAll.MatchString(label) }

func (v *validator) limits(at string, f Field) {
	wrong := func(text string) bool {
		_, ok := Bound(text, "2026-01-01")
		return text != "" && !ok
	}
	if wrong(f.After) {
		v.fault(at+".not_before", "form.bound", nil)
	}
	if wrong(f.Before) {
		v.fault(at+".not_after", "form.bound", nil)
	}
}
