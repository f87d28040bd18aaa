package formweb

import (
	"fmt"
	"strconv"
	"strings"

	"weizheng/kernel/form"
	"weizheng/platform/errs"
	look "weizheng/web/citizen"
)

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
