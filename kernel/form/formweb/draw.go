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

// shownAsList is how many options still stand as buttons; more fold into a list.
const shownAsList = 9

func (d *drawing) choice(q *look.Question, f form.Field, value any) {
	for _, o := range f.Options {
		q.Options = append(q.Options, look.Option{Value: o.Value, Text: o.Label, Desc: o.Help})
	}
	chosen, several := value.([]string)
	if !several {
		one, _ := value.(string)
		chosen = []string{one}
	}
	if f.Other {
		q.Own = true
		q.Options = append(q.Options, look.Option{Value: "=", Text: "其他"})
		for i, v := range chosen {
			if own, ok := strings.CutPrefix(v, "="); ok {
				chosen[i], q.OwnSay = "=", own
			}
		}
	}
	switch {
	case f.Multiple:
		q.Kind, q.Values, q.Value = look.KindChecks, chosen, ""
	case len(q.Options) > shownAsList:
		q.Kind, q.Value = look.KindSelect, chosen[0]
	default:
		q.Kind, q.Value = look.KindRadio, chosen[0]
	}
}

// levelWords are what the lists of places ask for.
var levelWords = [...]string{"", "选省份", "选城市", "选区县", "选街道、乡镇", "选社区、村"}

func (d *drawing) place(q *look.Question, f form.Field, code string) {
	q.Kind = look.KindPlace
	if d.failed != nil {
		return
	}
	way, err := d.Forms.Way(d.ctx, code)
	if err != nil {
		d.failed = err
		return
	}
	for i, a := range way { // the field's own root is not asked
		if a.Code == f.Root {
			way = way[i+1:]
			break
		}
	}
	above := f.Root
	for i := range 5 {
		options, err := d.Forms.Areas(d.ctx, above)
		if err != nil {
			d.failed = err
			return
		}
		if len(options) == 0 || options[0].Level > f.Depth && i > 0 {
			return
		}
		l := look.Level{Name: q.Name + "." + strconv.Itoa(i), Label: levelWords[options[0].Level]}
		for _, a := range options {
			l.Options = append(l.Options, look.Option{Value: a.Code, Text: a.Name})
		}
		if i < len(way) {
			l.Value = way[i].Code
		}
		q.Levels = append(q.Levels, l)
		if i >= len(way) {
			return
		}
		above = l.Value
	}
}

// trustSays is what a trust level means for who gives the file.
var trustSays = map[string]string{
	"A": "由发证机关提供，不用原件", "B": "窗口核验过一次，以后不用再交", "C": "办理时请带原件核对", "D": "由您自己制作，请保证内容真实",
}

func (d *drawing) upload(q *look.Question, f form.Field, value any) {
	q.Kind = look.KindFiles
	if f.Shared {
		q.Kind = look.KindShared
		return
	}
	codes, _ := value.([]string)
	_, most := f.Counts()
	if f.Kind == form.Signature {
		q.Kind, most = look.KindSignature, 1
		if code, ok := value.(string); ok {
			codes = []string{code}
		}
	}
	for _, code := range codes {
		file, err := d.Forms.Own(d.ctx, d.who, code)
		if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Unauthenticated) {
			continue // Check says so
		}
		if err != nil {
			d.failed = err
			return
		}
		up := look.Upload{Code: code, Name: file.Name, Note: sizeText(file.Size), URL: d.files + code, Picture: strings.HasPrefix(file.Type, "image/")}
		if f.Kind == form.Signature {
			up.Name, up.Note = "您的签名", look.Moment(file.CreatedAt, d.Civil.Now())
		}
		q.Files = append(q.Files, up)
	}
	q.Room, q.Multiple, q.Accept = len(q.Files) < most, most > 1, accept(f)
	if f.Purpose != "" {
		q.Purpose = "仅用于" + f.Purpose + "。" + trustSays[f.Trust] + "。"
	}
}

func accept(f form.Field) string {
	var types []string
	for _, t := range []string{"image/jpeg", "image/png", "application/pdf"} {
		if f.Takes(t) {
			types = append(types, t)
		}
	}
	return strings.Join(types, ",")
}

func sizeText(bytes int64) string {
	if bytes >= 1<<20 {
		return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%d KB", max(bytes>>10, 1))
}

func (d *drawing) group(q *look.Question, f form.Field, path string, value any) {
	q.Kind = look.KindGroup
	rows, _ := value.([]form.Values)
	least, most := f.Counts()
	for len(rows) < least {
		rows = append(rows, form.Values{})
	}
	for i, row := range rows {
		at := path + "." + strconv.Itoa(i)
		title := fmt.Sprintf("第 %d 行", i+1)
		q.Rows = append(q.Rows, look.Row{Name: at, Title: title, Error: d.fault(at, f.Label+title), Questions: d.level(f.Fields, at+".", row)})
	}
	q.Grows = len(rows) < most
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
