package form

import "weizheng/platform/crypt"

// Masked writes a value of a 个人 or 敏感 field so that it is recognised and cannot be used; values of open fields and
// what is no text (files, rows) come back as they are. A row's fields are masked one by one.
func (f Field) Masked(value any) any {
	switch v := value.(type) {
	case []Values:
		rows := make([]Values, len(v))
		for i, row := range v {
			rows[i] = Values{}
			for _, child := range f.Fields {
				if one, ok := row[child.Name]; ok {
					rows[i][child.Name] = child.Masked(one)
				}
			}
		}
		return rows
	case string:
		if f.Sealed() {
			return f.maskText(v)
		}
	case float64, int64:
		if f.Sealed() {
			return "***"
		}
	case Span:
		if f.Sealed() {
			return Span{f.maskText(v.From), f.maskText(v.To)}
		}
	case []string:
		if f.Sealed() && f.Kind == Choice {
			return []string{"***"}
		}
	}
	return value
}

func (f Field) maskText(s string) string {
	switch f.Kind {
	case Identity:
		return crypt.MaskID(s)
	case Phone:
		return crypt.MaskPhone(s)
	case Plate:
		return crypt.MaskPlate(s)
	case Credit:
		return crypt.MaskCredit(s)
	case Signature:
		return s // a code, whose picture has a door of its own
	case Text:
		if f.Rule == "name" {
			return crypt.MaskName(s)
		}
		if f.Rule == "address" {
			return crypt.MaskAddress(s)
		}
		r := []rune(s)
		return string(r[:1]) + "***"
	}
	return "***"
}

// Masked writes all values as staff see them before they ask for more.
func (f Form) Masked(values Values) Values {
	out := Values{}
	for _, field := range f.Fields {
		if v, ok := values[field.Name]; ok {
			out[field.Name] = field.Masked(v)
		}
	}
	return out
}

// Split parts values into what is stored readable and what is sealed, by the classes of their fields.
func (f Form) Split(values Values) (open, sealed Values) {
	open, sealed = Values{}, Values{}
	for _, field := range f.Fields {
		v, ok := values[field.Name]
		switch {
		case !ok:
		case field.Sealed():
			sealed[field.Name] = v
		default:
			open[field.Name] = v
		}
	}
	return open, sealed
}

// Codes lists the codes of all files and signatures in values, rows included.
func (f Form) Codes(values Values) []string { return codes(f.Fields, values) }

func codes(fields []Field, values Values) []string {
	var out []string
	for _, field := range fields {
		switch v := values[field.Name].(type) {
		case []string:
			if field.Kind == File {
				out = append(out, v...)
			}
		case string:
			if field.Kind == Signature {
				out = append(out, v)
			}
		case []Values:
			for _, row := range v {
				out = append(out, codes(field.Fields, row)...)
			}
		}
	}
	return out
}
