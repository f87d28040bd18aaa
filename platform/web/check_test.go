package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"weizheng/platform/access"
	"weizheng/platform/clock"
)

func nothing(http.ResponseWriter, *http.Request) {}

func anObject(context.Context, *http.Request) (access.Object, error) { return access.Object{}, nil }

func TestNewRefusesUnguardedRoutes(t *testing.T) {
	t.Parallel()
	good := Raw(Console, "GET", "/console/api/tickets/{id}", "ticket.read", anObject, nothing)
	rows := []struct {
		label  string
		routes []Route
		wants  string // in the error; "" is accepted
	}{
		{"guarded", []Route{good}, ""},
		{"list without scope", []Route{Raw(Console, "GET", "/console/api/tickets", "ticket.read", nil, nothing)}, ""},
		{"public page with an id", []Route{Raw(Public, "GET", "/a/{id}", Anyone, nil, nothing)}, ""},
		{"a citizen's account is no id", []Route{Raw(Citizen, "GET", "/c/{account}/mine", Self, nil, nothing)}, ""},
		{"a link that anybody may follow needs no scope", []Route{Raw(Staff, "GET", "/s/l/{link}", Anyone, nil, nothing)}, ""},
		{"an id on the phone needs one", []Route{Raw(Staff, "GET", "/s/matter/{matter}", Self, nil, nothing)}, "there is no Scope"},
		{"no permission", []Route{Raw(Console, "GET", "/console/api/x", "", nil, nothing)}, `"GET /console/api/x": no permission`},
		{"id without scope", []Route{Raw(Console, "GET", "/console/api/tickets/{id}", "ticket.read", nil, nothing)}, "{id} and there is no Scope"},
		{"id anywhere", []Route{Raw(Console, "GET", "/console/api/tickets/{id}", "ticket.read", Anywhere, nothing)}, "its Scope is Anywhere"},
		{"own id without scope", []Route{Raw(Citizen, "GET", "/c/{account}/tickets/{id}", Self, nil, nothing)}, "no Scope"},
		{"rest of a path without scope", []Route{Raw(Console, "GET", "/console/api/files/{path...}", "ticket.read", nil, nothing)}, "{path}"},
		{"an account is an id in the console", []Route{Raw(Console, "GET", "/console/api/accounts/{account}", "ticket.read", nil, nothing)}, "{account}"},
		{"unknown permission", []Route{Raw(Console, "GET", "/console/api/x", "ticket.raed", nil, nothing)}, `unknown permission "ticket.raed"`},
		{"twice", []Route{good, good}, "declared twice"},
		{"overlap", []Route{Raw(Public, "GET", "/a/{x}/b", Anyone, nil, nothing), Raw(Public, "GET", "/a/b/{y}", Anyone, nil, nothing)}, "/a/b/{y}"},
		{"no face", []Route{{Method: "GET", Path: "/x", Permission: Anyone, serve: http.HandlerFunc(nothing)}}, "no face"},
		{"no handler", []Route{{Face: Public, Method: "GET", Path: "/x", Permission: Anyone}}, "no handler"},
		{"citizens hold no permissions", []Route{Raw(Citizen, "GET", "/c/{account}/x", "ticket.read", nil, nothing)}, "citizens hold no permissions"},
		{"public cannot ask who", []Route{Raw(Public, "GET", "/x", Self, nil, nothing)}, "no sessions"},
		{"typed page", []Route{JSON(Citizen, "GET", "/c/x", Anyone, nil, "", func(context.Context, *struct{}) (*None, error) { return nil, nil })}, "typed routes"},
		{"relative path", []Route{Raw(Public, "GET", "x", Anyone, nil, nothing)}, "begin with /"},
	}
	for _, row := range rows {
		t.Run(row.label, func(t *testing.T) {
			t.Parallel()
			texts, err := NewTexts()
			if err != nil {
				t.Fatal(err)
			}
			_, err = New(Config{Routes: row.routes, Permissions: []string{"ticket.read"}, Texts: texts, Wall: clock.Wall{}, Log: silent(),
				Auth: Auth{Staff: (&house{}).staff, Citizen: citizenActor, Phone: (&house{}).phone, Key: keyActor}})
			switch {
			case row.wants == "" && err != nil:
				t.Errorf("refused: %v", err)
			case row.wants != "" && (err == nil || !strings.Contains(err.Error(), row.wants)):
				t.Errorf("got %v, want an error with %q", err, row.wants)
			}
		})
	}
}

func TestNewNamesEveryFault(t *testing.T) {
	t.Parallel()
	texts, _ := NewTexts()
	_, err := New(Config{Texts: texts, Wall: clock.Wall{}, Log: silent(), Routes: []Route{
		Raw(Console, "GET", "/one", "", nil, nothing), Raw(Console, "GET", "/two", "x.y", nil, nothing)}})
	if err == nil || !strings.Contains(err.Error(), "/one") || !strings.Contains(err.Error(), "/two") {
		t.Errorf("got %v, want both routes named", err)
	}
}
