package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"weizheng/platform/errs"
)

// Decode reads a submitted form into the struct that in points to. Fields are named by their form tag, else their json
// tag; a struct inside is "outer.inner"; strings are trimmed, lists take every value of their name, a check box is true
// when it is there. Names that the struct does not have are ignored. Values that are no number where one is asked for
// are reported all at once.
func Decode(r *http.Request, in any) (url.Values, error) {
	if err := parseForm(r); err != nil {
		return nil, err
	}
	var faults []errs.Field
	decodeStruct(r.PostForm, "", reflect.ValueOf(in).Elem(), &faults)
	return r.PostForm, errs.InvalidFields(faults)
}

// formMemory is how much of an upload stays in memory; the rest waits in a temporary file.
const formMemory = 1 << 20

func parseForm(r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(formMemory)
	} else {
		err = r.ParseForm()
	}
	if err == nil {
		return nil
	}
	if big, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(big.Limit)
	}
	return errs.New(errs.Invalid, "invalid").Because(err)
}

func decodeStruct(values url.Values, prefix string, v reflect.Value, faults *[]errs.Field) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			decodeStruct(values, prefix, v.Field(i), faults)
			continue
		}
		name := formName(f)
		if name == "" {
			continue
		}
		if f.Type.Kind() == reflect.Struct {
			decodeStruct(values, prefix+name+".", v.Field(i), faults)
			continue
		}
		if key := decodeField(values, prefix+name, v.Field(i)); key != "" {
			*faults = append(*faults, errs.Field{Field: prefix + name, Key: key})
		}
	}
}

func formName(f reflect.StructField) string {
	for _, tag := range []string{"form", "json"} {
		if name, _, _ := strings.Cut(f.Tag.Get(tag), ","); name == "-" {
			return ""
		} else if name != "" {
			return name
		}
	}
	return ""
}

// decodeField sets one field and returns the key of what is wrong with it, or "".
func decodeField(values url.Values, name string, v reflect.Value) string {
	given, ok := values[name]
	if !ok {
		return ""
	}
	if v.Kind() == reflect.Slice {
		list := reflect.MakeSlice(v.Type(), 0, len(given))
		for _, text := range given {
			item := reflect.New(v.Type().Elem()).Elem()
			if strings.TrimSpace(text) == "" {
				continue
			}
			if key := setText(item, text); key != "" {
				return key
			}
			list = reflect.Append(list, item)
		}
		v.Set(list)
		return ""
	}
	return setText(v, given[0])
}

func setText(v reflect.Value, text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(text != "" && text != "0" && text != "false")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if text == "" {
			return ""
		}
		n, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return "shape.integer"
		}
		v.SetInt(n)
	case reflect.Float64:
		if text == "" {
			return ""
		}
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return "shape.number"
		}
		v.SetFloat(n)
	}
	return ""
}
