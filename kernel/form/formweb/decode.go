package formweb

import (
	"net/url"
	"strconv"
	"strings"

	"weizheng/kernel/form"
)

// decode reads a posted sheet into values; what they mean is form.Shape's to say.
func decode(f form.Form, posted url.Values) form.Values {
	return decodeLevel(f.Fields, "", posted)
}

func decodeLevel(fields []form.Field, prefix string, posted url.Values) form.Values {
	out := form.Values{}
	for _, field := range fields {
		if v := decodeField(field, prefix+field.Name, posted); v != nil {
			out[field.Name] = v
		}
	}
	return out
}

func decodeField(f form.Field, name string, posted url.Values) any {
	switch f.Kind {
	case form.Group:
		var rows []form.Values
		for i := 0; posted.Has(name+"."+strconv.Itoa(i)) && i < mostRows; i++ {
			rows = append(rows, decodeLevel(f.Fields, name+"."+strconv.Itoa(i)+".", posted))
		}
		if rows == nil {
			return nil
		}
		return rows
	case form.Date:
		if f.Period {
			return form.Span{From: posted.Get(name + ".from"), To: posted.Get(name + ".to")}
		}
	case form.Place:
		return decodePlace(name, posted)
	case form.Choice:
		return decodeChoice(f, posted[name], posted.Get(name+".own"))
	case form.File:
		return posted[name]
	}
	return posted.Get(name)
}

// mostRows bounds what a page may post for a group; Validate allows fewer.
const mostRows = 60

func decodeChoice(f form.Field, chosen []string, own string) any {
	list := make([]string, 0, len(chosen))
	for _, v := range chosen {
		if v == "=" {
			v += own
		}
		list = append(list, v)
	}
	if f.Multiple {
		return list
	}
	return strings.Join(list[:min(len(list), 1)], "")
}

// decodePlace takes the deepest place that still lies below the ones chosen above it: without script, what was chosen
// below an earlier choice is posted along.
func decodePlace(name string, posted url.Values) string {
	code := posted.Get(name + ".0")
	for i := 1; i < 5; i++ {
		next := posted.Get(name + "." + strconv.Itoa(i))
		if next == "" || !form.Within(next, code) {
			break
		}
		code = next
	}
	return code
}
