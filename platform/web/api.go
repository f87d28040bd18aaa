package web

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"weizheng/platform/errs"
)

// failure carries a handler's error through huma, which asks an error for its status; the transformer then turns it
// into a Problem.
type failure struct{ err error }

func (f *failure) Error() string             { return f.err.Error() }
func (f *failure) Unwrap() error             { return f.err }
func (f *failure) GetStatus() int            { return Status(f.err) }
func (f *failure) ContentType(string) string { return "application/problem+json; charset=utf-8" }

// answer is huma's form of an Out that is the body itself.
type answer[Out any] struct{ Body *Out }

// register gives fn to huma in the form that fits its Out.
func register[In, Out any](api huma.API, op huma.Operation, fn func(context.Context, *In) (*Out, error)) {
	out := reflect.TypeFor[Out]()
	if out == reflect.TypeFor[None]() {
		huma.Register(api, op, func(ctx context.Context, in *In) (*struct{}, error) {
			if _, err := fn(ctx, in); err != nil {
				return nil, &failure{err}
			}
			return nil, nil
		})
		return
	}
	call := func(ctx context.Context, in *In) (*Out, error) {
		v, err := fn(ctx, in)
		if err == nil && v == nil {
			err = errs.New(errs.Internal, "internal").Because(errors.New("the handler returned neither a value nor an error"))
		}
		if err != nil {
			return nil, &failure{err}
		}
		fillLists(reflect.ValueOf(v))
		return v, nil
	}
	if out.Kind() == reflect.Struct {
		if _, own := out.FieldByName("Body"); own {
			huma.Register(api, op, call)
			return
		}
	}
	huma.Register(api, op, func(ctx context.Context, in *In) (*answer[Out], error) {
		v, err := call(ctx, in)
		if err != nil {
			return nil, err
		}
		return &answer[Out]{v}, nil
	})
}

// fillLists makes nil slices empty, so that a client may always iterate.
func fillLists(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fillLists(v.Elem())
		}
	case reflect.Struct:
		for _, f := range v.Fields() {
			if f.CanSet() {
				fillLists(f)
			}
		}
	case reflect.Slice:
		if v.IsNil() && v.CanSet() && v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
			return
		}
		if !holdsLists(v.Type().Elem()) {
			return
		}
		for i := range v.Len() {
			fillLists(v.Index(i))
		}
	}
}

// holdsLists spares a walk over lists of plain values.
func holdsLists(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Struct, reflect.Slice:
		return true
	}
	return false
}

// adapter lets huma register into our own table of handlers instead of a mux, so that the guard stands before them.
type adapter struct{ handlers map[string]http.Handler }

func (a *adapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	a.handlers[op.Method+" "+op.Path] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler(humago.NewContext(op, r, w))
	})
}

// ServeHTTP completes huma.Adapter; requests come through the mux.
func (a *adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

const schemaPrefix = "#/components/schemas/"

// newAPI makes an empty API description whose errors are ours. transform may be nil where nothing is served.
func newAPI(title, version string, a huma.Adapter, names *schemaNames, transform huma.Transformer) huma.API {
	c := huma.DefaultConfig(title, version)
	c.DocsPath, c.OpenAPIPath, c.SchemasPath = "", "", "" // they load scripts from abroad; /api/docs is our own page
	c.CreateHooks = nil                                   // would add $schema to every answer
	c.Components.Schemas = huma.NewMapRegistry(schemaPrefix, names.of)
	if transform != nil {
		c.Transformers = []huma.Transformer{transform}
	}
	return huma.NewAPI(c, a)
}

// schemaNames names types in the description: two parts may both have an Item, and both a LoginIn with a nameless Body.
type schemaNames struct{ tag string } // of the route being described

func (n *schemaNames) of(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	word := n.tag
	if t.Name() != "" {
		word = t.PkgPath()[strings.LastIndexByte(t.PkgPath(), '/')+1:]
		if word != "web" {
			word = strings.TrimSuffix(word, "web") // ticketweb.Item is the ticket's Item, platform/web.Problem just a Problem
		} else {
			word = ""
		}
	}
	if word == "" || strings.HasPrefix(strings.ToLower(name), word) {
		return name
	}
	return strings.ToUpper(word[:1]) + word[1:] + name
}

// operation describes a typed route.
func operation(rt Route) huma.Operation {
	op := huma.Operation{
		OperationID: operationID(rt), Method: rt.Method, Path: rt.Path, Summary: rt.Summary,
		Tags:         []string{tagOf(rt.Path)},
		MaxBodyBytes: rt.maxBody(),
		Extensions:   map[string]any{"x-permission": rt.Permission},
	}
	if rt.Permission != Anyone {
		scheme := "session"
		if rt.Face == Open {
			scheme = "key"
		}
		op.Security = []map[string][]string{{scheme: {}}}
	}
	return op
}

// operationID is stable for a method and path: "get-tickets-by-id".
func operationID(rt Route) string {
	words := []string{strings.ToLower(rt.Method)}
	for seg := range strings.SplitSeq(resource(rt.Path), "/") {
		if seg == "" {
			continue
		}
		if strings.HasPrefix(seg, "{") {
			words = append(words, "by")
		}
		words = append(words, strings.Trim(seg, "{}."))
	}
	id := strings.ReplaceAll(strings.Join(words, "-"), "_", "-")
	if rt.Face == Open {
		return "open-" + id
	}
	return id
}

func tagOf(path string) string {
	tag, _, _ := strings.Cut(strings.TrimPrefix(resource(path), "/"), "/")
	return tag
}

// resource is a path without the base of its API.
func resource(path string) string {
	for _, base := range []string{"/console/api", "/api/v1"} {
		if rest, ok := strings.CutPrefix(path, base); ok {
			return rest
		}
	}
	return path
}
