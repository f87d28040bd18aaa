package web

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"weizheng/platform/errs"
)

// shapeRule recognises one of huma's messages and gives it a key of ours. The pattern is made from huma's own format
// string, so that an upgrade of the library that words it anew changes both.
type shapeRule struct {
	pattern *regexp.Regexp
	key     string
	params  []string
}

func shape(format, key string, params ...string) shapeRule {
	p := regexp.QuoteMeta(format)
	for _, verb := range []string{"%v", "%d", "%s"} {
		p = strings.ReplaceAll(p, verb, "(.*)")
	}
	return shapeRule{regexp.MustCompile("^" + p + "$"), key, params}
}

var shapeRules = []shapeRule{
	shape(validation.MsgExpectedRequiredProperty, "shape.required", "name"),
	shape(validation.MsgExpectedDependentRequiredProperty, "shape.required", "name", ""),
	shape("required %s parameter is missing", "shape.required", ""),
	shape(validation.MsgUnexpectedProperty, "shape.unexpected"),
	shape("unknown query parameter", "shape.unexpected"),
	shape(validation.MsgExpectedBoolean, "shape.boolean"),
	shape(validation.MsgExpectedNumber, "shape.number"),
	shape(validation.MsgExpectedInteger, "shape.integer"),
	shape("invalid integer", "shape.integer"),
	shape("invalid float", "shape.number"),
	shape("invalid boolean", "shape.boolean"),
	shape(validation.MsgExpectedString, "shape.string"),
	shape(validation.MsgExpectedArray, "shape.array"),
	shape(validation.MsgExpectedObject, "shape.object"),
	shape(validation.MsgExpectedBase64String, "shape.base64"),
	shape(validation.MsgExpectedOneOf, "shape.one_of", "options"),
	shape(validation.MsgExpectedMinimumNumber, "shape.min", "min"),
	shape(validation.MsgExpectedExclusiveMinimumNumber, "shape.above", "min"),
	shape(validation.MsgExpectedMaximumNumber, "shape.max", "max"),
	shape(validation.MsgExpectedExclusiveMaximumNumber, "shape.below", "max"),
	shape(validation.MsgExpectedNumberBeMultipleOf, "shape.multiple", "of"),
	shape(validation.MsgExpectedMinLength, "shape.min_length", "min"),
	shape(validation.MsgExpectedMaxLength, "shape.max_length", "max"),
	shape(validation.MsgExpectedMatchPattern, "shape.pattern", "pattern"),
	shape(validation.MsgExpectedBePattern, "shape.pattern", "pattern"),
	shape(validation.MsgExpectedMinItems, "shape.min_items", "min"),
	shape(validation.MsgExpectedMaxItems, "shape.max_items", "max"),
	shape(validation.MsgExpectedArrayItemsUnique, "shape.unique"),
	shape(validation.MsgExpectedRFC3339Date, "shape.date"),
	shape(validation.MsgExpectedRFC3339DateTime, "shape.time"),
	shape(validation.MsgExpectedRFC3339Time, "shape.time"),
	shape(validation.MsgExpectedDuration, "shape.time", ""),
	shape(validation.MsgExpectedRFC5322Email, "shape.email", ""),
	shape(validation.MsgExpectedRFC3986URI, "shape.address", ""),
	shape(validation.MsgExpectedRFCIPAddr, "shape.address"),
	shape("expected at most one value, but received multiple values", "shape.repeated"),
}

// transform turns what huma would write as an error into a Problem; answers pass.
func (s *Server) transform(ctx huma.Context, _ string, v any) (any, error) {
	var err error
	switch e := v.(type) {
	case *failure:
		err = e.err
	case *huma.ErrorModel:
		err = shapeError(e)
	default:
		return v, nil
	}
	header := http.Header{}
	retryHeader(header, err)
	for name := range header {
		ctx.SetHeader(name, header.Get(name))
	}
	p := s.problem(ctx.Context(), err)
	if e, ok := v.(*huma.ErrorModel); ok {
		p.Status = e.Status // huma has decided already
	}
	return p, nil
}

// shapeError translates huma's error. Values are not echoed: they may be personal.
func shapeError(m *huma.ErrorModel) error {
	switch m.Status {
	case http.StatusRequestEntityTooLarge:
		return errs.New(errs.Invalid, "web.too_large").With("limit", sizeText(limitIn(m.Detail)))
	case http.StatusUnsupportedMediaType:
		return errs.New(errs.Invalid, "web.media_type")
	case http.StatusRequestTimeout:
		return errs.New(errs.Invalid, "web.slow")
	case http.StatusBadRequest:
		if len(m.Errors) == 0 {
			return errs.New(errs.Invalid, "web.body_missing")
		}
		return errs.New(errs.Invalid, "web.malformed")
	case http.StatusUnprocessableEntity:
		var fields []errs.Field
		for _, d := range m.Errors {
			fields = append(fields, shapeField(d))
		}
		return errs.InvalidFields(fields)
	}
	return errs.New(errs.Internal, "internal").Because(m)
}

var digits = regexp.MustCompile(`\d+`)

func limitIn(detail string) int64 {
	var n int64
	for _, c := range digits.FindString(detail) {
		n = n*10 + int64(c-'0')
	}
	return n
}

func shapeField(d *huma.ErrorDetail) errs.Field {
	f := errs.Field{Field: fieldName(d.Location), Key: "shape.wrong"}
	for _, rule := range shapeRules {
		m := rule.pattern.FindStringSubmatch(d.Message)
		if m == nil {
			continue
		}
		f.Key = rule.key
		for i, name := range rule.params {
			switch name {
			case "":
			case "name": // huma reports a missing property at its parent
				f.Field = strings.TrimPrefix(f.Field+"."+m[i+1], ".")
			default:
				if f.Params == nil {
					f.Params = map[string]any{}
				}
				f.Params[name] = m[i+1]
			}
		}
		break
	}
	return f
}

// fieldName drops the place ("body.", "query.") so that fields are named as in platform/errs.
func fieldName(location string) string {
	for _, place := range []string{"body", "query", "path", "header", "form", "formData"} {
		if location == place {
			return ""
		}
		if rest, ok := strings.CutPrefix(location, place+"."); ok {
			return rest
		}
	}
	return location
}
