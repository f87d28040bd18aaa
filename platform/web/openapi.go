package web

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// documents are the finished API descriptions.
type documents struct {
	all, open []byte
	page      docsPage
}

func newDocuments(all, open huma.API) (documents, error) {
	var d documents
	for _, api := range []huma.API{all, open} {
		finish(api.OpenAPI())
	}
	var err error
	if d.all, err = marshal(all.OpenAPI()); err != nil {
		return d, err
	}
	if d.open, err = marshal(open.OpenAPI()); err != nil {
		return d, err
	}
	d.page = pageOf(open.OpenAPI())
	return d, nil
}

// marshal keeps a stable order: encoding/json sorts the keys of maps, and the rest are structs.
func marshal(doc *huma.OpenAPI) ([]byte, error) {
	compact, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("web: describe the API: %w", err)
	}
	var tree any
	if err := json.Unmarshal(compact, &tree); err != nil {
		return nil, err
	}
	pretty, err := json.MarshalIndent(tree, "", "  ")
	return append(pretty, '\n'), err
}

// finish puts our error in the place of huma's, names the ways to prove who one is, and promises lists that are never
// null.
func finish(doc *huma.OpenAPI) {
	schemas := doc.Components.Schemas
	problem := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	named := schemas.Map()
	for name, s := range named {
		if strings.HasPrefix(schemas.TypeFromRef(schemaPrefix+name).PkgPath(), "github.com/danielgtaylor/huma") {
			delete(named, name)
			continue
		}
		unlist(s)
	}
	for _, item := range doc.Paths {
		for _, op := range operations(item) {
			finishOperation(op, problem)
		}
	}
	doc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: cookieName(StaffSession, "", false)},
		"key":     {Type: "http", Scheme: "bearer"},
	}
}

func finishOperation(op *huma.Operation, problem *huma.Schema) {
	for _, p := range op.Parameters {
		unlist(p.Schema)
	}
	if op.RequestBody != nil {
		for _, m := range op.RequestBody.Content {
			unlist(m.Schema)
		}
	}
	for code, response := range op.Responses {
		if strings.HasPrefix(code, "2") {
			for _, m := range response.Content {
				unlist(m.Schema)
			}
		}
	}
	op.Responses["default"] = &huma.Response{Description: "没有办成，原因见内容",
		Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}}
}

// unlist says that a list is a list and not null. It also holds for what clients send.
func unlist(s *huma.Schema) {
	if s == nil {
		return
	}
	if s.Type == huma.TypeArray {
		s.Nullable = false
	}
	unlist(s.Items)
	for _, p := range s.Properties {
		unlist(p)
	}
	if extra, ok := s.AdditionalProperties.(*huma.Schema); ok {
		unlist(extra)
	}
}

func operations(item *huma.PathItem) map[string]*huma.Operation {
	all := map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete}
	for method, op := range all {
		if op == nil {
			delete(all, method)
		}
	}
	return all
}

//go:embed docs.html
var docsSource string

var docsTemplate = template.Must(template.New("docs").Parse(docsSource))

// docsPage is the open API as a person reads it.
type docsPage struct {
	Title, Version string
	Groups         []docsGroup
}

type docsGroup struct {
	Name       string
	Operations []docsOperation
}

type docsOperation struct {
	ID, Method, Path, Summary, Permission string
	Parameters                            []docsParameter
	Body, Answer                          string // JSON Schema
}

type docsParameter struct {
	Name, In, Doc string
	Required      bool
}

func pageOf(doc *huma.OpenAPI) docsPage {
	groups := map[string][]docsOperation{}
	for path, item := range doc.Paths {
		for method, op := range operations(item) {
			d := docsOperation{ID: op.OperationID, Method: method, Path: path, Summary: op.Summary,
				Body: bodySchema(doc, op), Answer: answerSchema(doc, op)}
			d.Permission, _ = op.Extensions["x-permission"].(string)
			for _, p := range op.Parameters {
				d.Parameters = append(d.Parameters, docsParameter{p.Name, p.In, p.Description, p.Required})
			}
			groups[op.Tags[0]] = append(groups[op.Tags[0]], d)
		}
	}
	page := docsPage{Title: doc.Info.Title, Version: doc.Info.Version}
	for name, ops := range groups {
		slices.SortFunc(ops, func(a, b docsOperation) int {
			return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
		})
		page.Groups = append(page.Groups, docsGroup{name, ops})
	}
	slices.SortFunc(page.Groups, func(a, b docsGroup) int { return cmp.Compare(a.Name, b.Name) })
	return page
}

func bodySchema(doc *huma.OpenAPI, op *huma.Operation) string {
	if op.RequestBody == nil {
		return ""
	}
	return schemaText(doc, op.RequestBody.Content)
}

func answerSchema(doc *huma.OpenAPI, op *huma.Operation) string {
	for code, response := range op.Responses {
		if strings.HasPrefix(code, "2") {
			return schemaText(doc, response.Content)
		}
	}
	return ""
}

func schemaText(doc *huma.OpenAPI, content map[string]*huma.MediaType) string {
	media := content["application/json"]
	if media == nil || media.Schema == nil {
		return ""
	}
	s := media.Schema
	if s.Ref != "" {
		s = doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return ""
	}
	return string(text)
}

// docs shows the open API without any script, so that it works on networks that reach nothing else.
func (s *Server) docs(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
	if err := docsTemplate.Execute(w, s.documents.page); err != nil {
		s.log.WarnContext(r.Context(), "API page not sent", "error", err.Error())
	}
}

func (s *Server) openapi(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/openapi+json")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(s.documents.open)
}
