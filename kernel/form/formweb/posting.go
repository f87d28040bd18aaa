package formweb

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"weizheng/kernel/form"
	"weizheng/platform/errs"
)

// posting is one sending of the page.
type posting struct {
	f      *Faces
	r      *http.Request
	t      Task
	values form.Values
	posted url.Values
}

func (p *posting) keep() error {
	_, err := p.f.Forms.SaveDraft(p.r.Context(), form.Me(p.r.Context()), p.t.Sheet, p.t.Form, p.t.Slot, p.values)
	return err
}

// back leads to the page again, at a question.
func (p *posting) back(query, at string) string {
	location := p.r.URL.Path
	if query != "" {
		location += "?" + query
	}
	if at != "" {
		location += "#f-" + at
	}
	return location
}

func (p *posting) act(m Mount) (string, error) {
	do, rest, _ := strings.Cut(p.posted.Get("_do"), ":")
	// Files that came along with any button are kept: without script people pick first and press what they see.
	query, at, err := p.upload()
	if err != nil {
		return "", err
	}
	if do == "sign" {
		if query, at, err = p.sign(rest); err != nil {
			return "", err
		}
	}
	switch do {
	case "more", "less":
		at = p.grow(do, rest)
	case "drop":
		name, code, _ := strings.Cut(rest, ":")
		p.drop(name, code)
		at = name
	case "keep", "upload":
		if at == "" {
			at = rest
		}
	}
	if do == "" && query == "" {
		return p.submit(m)
	}
	return p.back(query, at), p.keep()
}

// submit sends the form. When it is refused, what was typed is kept: faults that Judge finds are shown by the page that the
// draft is on, others at once.
func (p *posting) submit(m Mount) (string, error) {
	location, err := m.Submit(p.r, p.t, p.posted.Get("_token"), p.values)
	if err == nil && (!strings.HasPrefix(location, "/") || strings.HasPrefix(location, "//")) {
		err = errs.New(errs.Internal, "internal").Because(errors.New("a form must lead to an address of our own"))
	}
	if err == nil {
		return location, nil
	}
	if kept := p.keep(); kept != nil || !errs.Is(err, errs.Invalid) {
		return "", err
	}
	_, faults, judged := p.f.Forms.Judge(p.r.Context(), form.Me(p.r.Context()), p.t.Form, p.values)
	if judged == nil && len(faults) > 0 {
		return p.back("check=1", ""), nil
	}
	return "", err
}

// field finds the field of a path and the values that hold it: "photo", "kin.0.photo".
func (p *posting) field(at string) (form.Field, form.Values, bool) {
	fields, values := p.t.Form.Fields, p.values
	steps := strings.Split(at, ".")
	for i := 0; i < len(steps); i++ {
		k := slices.IndexFunc(fields, func(f form.Field) bool { return f.Name == steps[i] })
		if k < 0 {
			return form.Field{}, nil, false
		}
		if i == len(steps)-1 {
			return fields[k], values, true
		}
		rows, _ := values[steps[i]].([]form.Values)
		i++
		n, err := strconv.Atoi(steps[i])
		if err != nil || n < 0 || n >= len(rows) {
			return form.Field{}, nil, false
		}
		fields, values = fields[k].Fields, rows[n]
	}
	return form.Field{}, nil, false
}

// upload keeps the files that came; query tells of one that was refused.
func (p *posting) upload() (query, at string, err error) {
	if p.r.MultipartForm == nil {
		return "", "", nil
	}
	ctx := p.r.Context()
	for input, files := range p.r.MultipartForm.File {
		name, ok := strings.CutSuffix(input, ".new")
		field, values, known := p.field(name)
		if !ok || !known || field.Kind != form.File && field.Kind != form.Signature {
			continue
		}
		_, most := field.Counts()
		for _, header := range files {
			held, _ := values[field.Name].([]string)
			if header.Size == 0 && header.Filename == "" || field.Kind == form.File && len(held) >= most {
				continue
			}
			body, err := header.Open()
			if err != nil {
				return "", "", errs.Wrap(err, "read an upload")
			}
			kept, err := p.f.Forms.Upload(ctx, form.Me(ctx), p.t.Sheet, field, header.Filename, body)
			_ = body.Close() // it was only read
			at = name
			if fields := errs.As(err).Fields(); err != nil && len(fields) == 1 {
				query = url.Values{"bad": {name}, "why": {fields[0].Key}}.Encode()
				continue
			}
			if err != nil {
				return "", "", err
			}
			p.hold(field, values, kept.Code)
		}
	}
	return query, at, nil
}

func (p *posting) hold(f form.Field, values form.Values, code string) {
	if f.Kind == form.Signature {
		values[f.Name] = code
		return
	}
	held, _ := values[f.Name].([]string)
	values[f.Name] = append(held, code)
}

// mostDrawn bounds a drawn signature, as base64.
const mostDrawn = 400 << 10

// sign keeps a signature that was drawn on the page.
func (p *posting) sign(name string) (query, at string, err error) {
	field, values, known := p.field(name)
	drawn, ok := strings.CutPrefix(p.posted.Get(name+".drawn"), "data:image/png;base64,")
	if !known || field.Kind != form.Signature || !ok || len(drawn) > mostDrawn {
		return url.Values{"bad": {name}, "why": {"form.sign"}}.Encode(), name, nil
	}
	ctx := p.r.Context()
	kept, err := p.f.Forms.Upload(ctx, form.Me(ctx), p.t.Sheet, field, "signature.png", base64.NewDecoder(base64.StdEncoding, strings.NewReader(drawn)))
	if errs.Is(err, errs.Invalid) {
		return url.Values{"bad": {name}, "why": {"form.sign"}}.Encode(), name, nil
	}
	if err == nil {
		values[field.Name] = kept.Code
	}
	return "", name, err
}

func (p *posting) drop(name, code string) {
	field, values, known := p.field(name)
	if !known {
		return
	}
	if field.Kind == form.Signature {
		delete(values, field.Name)
		return
	}
	held, _ := values[field.Name].([]string)
	values[field.Name] = slices.DeleteFunc(held, func(c string) bool { return c == code })
}

// grow adds a row to a group, or takes one out, and says where to look then.
func (p *posting) grow(do, name string) string {
	row := -1
	if i := strings.LastIndexByte(name, '.'); do == "less" && i > 0 {
		n, err := strconv.Atoi(name[i+1:])
		if err != nil {
			return ""
		}
		name, row = name[:i], n
	}
	field, values, known := p.field(name)
	if !known || field.Kind != form.Group {
		return ""
	}
	rows, _ := values[field.Name].([]form.Values)
	_, most := field.Counts()
	switch {
	case do == "more" && len(rows) < most:
		rows = append(rows, form.Values{})
		name += "." + strconv.Itoa(len(rows)-1)
	case row >= 0 && row < len(rows):
		rows = slices.Delete(rows, row, row+1)
	}
	values[field.Name] = rows
	return name
}
