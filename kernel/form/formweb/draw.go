package formweb

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"weizheng/kernel/form"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	look "weizheng/web/citizen"
)

// drawing turns a form with answers into a look.Sheet.
type drawing struct {
	*Faces
	ctx    context.Context
	who    form.Owner
	files  string // address of a person's own file, its code is appended; "" links none
	seen   map[string]bool
	faults map[string]string
	drawn  map[string]bool // questions that show their fault
	list   []look.Fault
	failed error
}

// draw draws a form. Faults of fields that are not drawn come back in the sheet's Top.
func (d *drawing) draw(f form.Form, values form.Values, faults []errs.Field) (look.Sheet, error) {
	d.seen, d.faults, d.drawn = f.Visible(values), map[string]string{}, map[string]bool{}
	for _, fault := range faults {
		if _, more := d.faults[fault.Field]; !more { // one line under a question is what fits
			d.faults[fault.Field] = d.texts.Say(fault.Key, fault.Params)
		}
	}
	sheet := look.Sheet{Submit: f.Submit, Promise: f.Promise, Upload: uploads(f)}
	if sheet.Submit == "" {
		sheet.Submit = "提交"
	}
	sheet.Questions = d.level(f.Fields, "", values)
	sheet.Faults = d.list
	for _, fault := range faults {
		if !d.drawn[fault.Field] {
			d.drawn[fault.Field] = true
			sheet.Top = append(sheet.Top, d.faults[fault.Field])
		}
	}
	return sheet, d.failed
}

func uploads(f form.Form) bool {
	found := false
	f.Walk(func(_ string, field form.Field) {
		found = found || field.Kind == form.File && !field.Shared || field.Kind == form.Signature
	})
	return found
}

func (d *drawing) level(fields []form.Field, prefix string, values form.Values) []look.Question {
	questions := make([]look.Question, 0, len(fields))
	for _, field := range fields {
		questions = append(questions, d.question(field, prefix+field.Name, values[field.Name]))
	}
	return questions
}

// fault is what is wrong with a question, noted for the list on top.
func (d *drawing) fault(path, label string) string {
	text, bad := d.faults[path]
	if bad && !d.drawn[path] {
		d.drawn[path] = true
		d.list = append(d.list, look.Fault{Name: path, Label: label, Text: text})
	}
	return text
}

func (d *drawing) question(f form.Field, path string, value any) look.Question {
	required, shown := d.seen[path]
	q := look.Question{Hidden: !shown, Field: look.Field{
		Name: path, Label: f.Label, Hint: hint(f), Required: required, Sometimes: f.Need != nil && !f.Required, Private: true,
	}}
	if shown {
		q.Error = d.fault(path, f.Label)
	}
	q.Value = typed(value)
	switch f.Kind {
	case form.Heading, form.Note:
		q.Kind = string(f.Kind)
	case form.Choice:
		d.choice(&q, f, value)
	case form.Place:
		d.place(&q, f, q.Value)
	case form.File, form.Signature:
		d.upload(&q, f, value)
	case form.Group:
		d.group(&q, f, path, value)
	case form.Date:
		q.Kind = look.KindDate
		if f.Period {
			q.Kind = look.KindPeriod
			span, _ := value.(form.Span)
			q.From, q.To = span.From, span.To
		}
	default:
		d.line(&q, f)
	}
	return q
}

// hint is the help and the example under a question.
func hint(f form.Field) string {
	parts := []string{}
	if f.Help != "" {
		parts = append(parts, f.Help)
	}
	if f.Example != "" {
		parts = append(parts, "例："+f.Example)
	}
	return strings.Join(parts, " ")
}

// typed writes a value as it is typed.
func typed(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int64:
		sign := ""
		if v < 0 {
			sign, v = "-", -v
		}
		return fmt.Sprintf("%s%d.%02d", sign, v/100, v%100)
	}
	return ""
}

func (d *drawing) line(q *look.Question, f form.Field) {
	kinds := map[form.Kind]string{form.Text: look.KindText, form.Number: look.KindNumber, form.Money: look.KindNumber, form.Phone: look.KindPhone,
		form.Identity: look.KindID, form.Credit: look.KindID, form.Plate: look.KindText}
	q.Kind = kinds[f.Kind]
	unit := f.Unit
	switch f.Kind {
	case form.Text:
		q.Max = f.MostText()
		switch {
		case f.Lines:
			q.Kind = look.KindArea
		case f.Rule == "name":
			q.Autocomplete = "name"
		}
	case form.Money:
		unit = "元"
	}
	if unit != "" {
		q.Label += "（" + unit + "）"
	}
}

// saved says when a draft was kept.
func (d *drawing) saved(draft form.Draft) string {
	if draft.ID == 0 {
		return ""
	}
	return savedText(draft.SavedAt.In(clock.Zone).Format("15:04"))
}

func savedText(at string) string {
	return "已自动保存 " + at + "，离开后再来可以接着填"
}
