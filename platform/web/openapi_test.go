package web

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
)

type listOut struct {
	Items []ticketOut       `json:"items" doc:"工单"`
	Tags  []string          `json:"tags"`
	More  map[string][]int  `json:"more"`
	Page  *struct{ N int }  `json:"page,omitempty"`
	Map   map[string]string `json:"map"`
}

func described() []Route {
	return []Route{ticketRoute(), shapedRoute(),
		JSON(Open, "GET", "/api/v1/tickets", "ticket.read", nil, "列出工单", func(context.Context, *struct {
			Limit int `query:"limit" doc:"最多几条"`
		}) (*listOut, error) {
			return &listOut{}, nil
		}),
		JSON(Console, "GET", "/console/api/own", Anyone, nil, "自己的形状", func(context.Context, *struct{}) (*struct {
			Link string `header:"Link"`
			Body listOut
		}, error) {
			return &struct {
				Link string `header:"Link"`
				Body listOut
			}{Link: "<x>"}, nil
		}),
	}
}

// tree walks a decoded JSON document.
func tree(v any, path ...string) any {
	for _, p := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[p]
	}
	return v
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	first, again := open(t, described()).OpenAPI(), open(t, described()).OpenAPI()
	if !bytes.Equal(first, again) {
		t.Error("two builds describe the same routes differently")
	}
	var doc any
	if err := json.Unmarshal(first, &doc); err != nil {
		t.Fatal(err)
	}
	get := tree(doc, "paths", "/console/api/tickets/{id}", "get")
	for _, row := range []struct {
		label string
		got   any
		want  any
	}{
		{"version", tree(doc, "openapi"), "3.1.0"},
		{"id", tree(get, "operationId"), "get-tickets-by-id"},
		{"permission", tree(get, "x-permission"), "ticket.read"},
		{"answer", tree(get, "responses", "200", "content", "application/json", "schema", "$ref"), "#/components/schemas/TicketOut"},
		{"error", tree(get, "responses", "default", "content", "application/problem+json", "schema", "$ref"), "#/components/schemas/Problem"},
		{"none answers 204", tree(doc, "paths", "/console/api/logout", "post", "responses", "204", "description"), "No Content"},
		{"lists are lists", tree(doc, "components", "schemas", "ListOut", "properties", "items", "type"), "array"},
		{"lists in maps too", tree(doc, "components", "schemas", "ListOut", "properties", "more", "additionalProperties", "type"), "array"},
		{"problem's faults", tree(doc, "components", "schemas", "Problem", "properties", "errors", "type"), "array"},
	} {
		if row.got != row.want {
			t.Errorf("%s: %v, want %v", row.label, row.got, row.want)
		}
	}
	for _, never := range []string{"ErrorModel", "ErrorDetail", "$schema", "/healthz", "/console/api/hints"} {
		if strings.Contains(string(first), never) {
			t.Errorf("the description tells of %s", never)
		}
	}
}

func TestOpenDocumentTellsNothingOfTheConsole(t *testing.T) {
	t.Parallel()
	b := open(t, described()).browser(t)
	for _, path := range []string{"/api/openapi.json", "/api/docs"} {
		w := b.do("GET", path, "")
		body := w.Body.String()
		if w.Code != 200 || !strings.Contains(body, "/api/v1/tickets") || !strings.Contains(body, "列出工单") {
			t.Errorf("%s: %d lacks the open API", path, w.Code)
		}
		for _, never := range []string{"/console/", "shapedOut", "<script", "http://", "https://"} {
			if strings.Contains(body, never) {
				t.Errorf("%s holds %s", path, never)
			}
		}
	}
}

func TestListsAreNeverNull(t *testing.T) {
	t.Parallel()
	w := open(t, described()).browser(t).do("GET", "/console/api/own", "")
	if w.Header().Get("Link") != "<x>" || !strings.Contains(w.Body.String(), `"items":[]`) || !strings.Contains(w.Body.String(), `"tags":[]`) {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
}

func TestSchemaNames(t *testing.T) {
	t.Parallel()
	type nameless struct{ Body struct{ A int } }
	one := func() Route {
		type sameIn struct{ Body struct{ A int } }
		return JSON(Console, "POST", "/console/api/one", Anyone, nil, "", func(context.Context, *sameIn) (*json.SyntaxError, error) { return nil, nil })
	}
	two := func() Route {
		type sameIn struct{ Body struct{ B int } }
		return JSON(Console, "POST", "/console/api/two", Anyone, nil, "", func(context.Context, *sameIn) (*nameless, error) { return nil, nil })
	}
	doc := string(open(t, []Route{one(), two()}).OpenAPI())
	for _, name := range []string{"JsonSyntaxError", "OneSameInBody", "TwoSameInBody"} {
		if !strings.Contains(doc, `"`+name+`"`) {
			t.Errorf("no schema %s", name)
		}
	}
}
