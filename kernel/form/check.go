package form

import (
	"strconv"

	"weizheng/platform/errs"
)

// Area is one node of the tree of places.
type Area struct {
	Code   string `json:"code"` // 12 digits, GB/T 2260 and its extension
	Parent string `json:"parent"`
	Name   string `json:"name"`
	Level  int    `json:"level"` // 1 province … 5 community
}

// Kept is a file that was uploaded for a field.
type Kept struct {
	Code  string
	Field string // the field it was uploaded for
	Name  string
	Type  string // media type, found by looking at it
	Size  int64
}

// Env is what Check needs to know beyond the values. A missing function knows nothing, so that nothing passes.
type Env struct {
	Today string // civil day, "2026-11-20"
	Area  func(code string) (Area, bool)
	File  func(code string) (Kept, bool)
}

// Check judges values: the clean ones hold what is shown and well formed, the faults everything that is wrong, in the
// order of the form. Only values without faults may be used.
func (f Form) Check(in map[string]any, env Env) (Values, []errs.Field) {
	shaped := f.Shape(in)
	j := &judge{env: env, seen: f.Visible(shaped)}
	clean := j.level("", f.Fields, shaped)
	return clean, j.faults
}

type judge struct {
	env    Env
	seen   map[string]bool
	faults []errs.Field
}

func (j *judge) fault(path, key string, params map[string]any) {
	j.faults = append(j.faults, errs.Field{Field: path, Key: key, Params: params})
}

func (j *judge) level(prefix string, fields []Field, values Values) Values {
	clean := Values{}
	for _, field := range fields {
		path := prefix + field.Name
		required, shown := j.seen[path]
		if !shown || !field.Asks() {
			continue
		}
		value := values[field.Name]
		if value == nil {
			if required {
				j.fault(path, missing(field), nil)
			}
			continue
		}
		if field.Kind == Group {
			value = j.rows(path, field, value)
		} else {
			j.value(path, field, value)
		}
		clean[field.Name] = value
	}
	return clean
}

// missing says what to do with a field that must be answered.
func missing(f Field) string {
	switch f.Kind {
	case Choice, Place:
		return "form.choose"
	case File:
		return "form.upload"
	case Signature:
		return "form.sign"
	case Group:
		return "form.add_row"
	}
	return "shape.required"
}

func (j *judge) rows(path string, f Field, value any) any {
	rows, _ := value.([]Values)
	j.count(path, f, len(rows), "form.rows_few", "form.rows_many")
	clean := make([]Values, 0, len(rows))
	for i, row := range rows {
		at := path + "." + strconv.Itoa(i)
		if len(row) == 0 {
			j.fault(at, "form.row_empty", map[string]any{"row": i + 1})
			clean = append(clean, Values{})
			continue
		}
		clean = append(clean, j.level(at+".", f.Fields, row))
	}
	return clean
}

func (j *judge) count(path string, f Field, n int, few, many string) {
	least, most := f.Counts()
	if n < least {
		j.fault(path, few, map[string]any{"min": least})
	}
	if n > most {
		j.fault(path, many, map[string]any{"max": most})
	}
}

func (j *judge) value(path string, f Field, value any) {
	switch f.Kind {
	case Number, Money:
		j.number(path, f, value)
	case Date:
		j.date(path, f, value)
	case Choice:
		j.choice(path, f, value)
	case File:
		j.files(path, f, value)
	case Place:
		j.place(path, f, value)
	default:
		text, _ := value.(string)
		j.text(path, f, text)
	}
}

// The most characters of a text whose field does not say: a line, or a page.
const (
	mostLine  = 100
	mostLines = 2000
)
