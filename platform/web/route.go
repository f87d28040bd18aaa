package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"weizheng/platform/access"
)

// Permissions that are no permission: Anyone needs no session; Self needs one, and nothing else.
const (
	Anyone = "-"
	Self   = "self"
)

// Scope says what the ids in a request's path belong to. It reads r.PathValue, and may use access.From(ctx) and who
// owns the thing: for Self routes its error is the whole check. An unknown id is errs.NotFound.
type Scope func(ctx context.Context, r *http.Request) (access.Object, error)

// Anywhere is the Scope of routes without an id: holding the permission somewhere is enough to call, and the handler
// takes access.From(ctx).Reach(permission) as far as it goes. It is refused on a path with an id.
func Anywhere(context.Context, *http.Request) (access.Object, error) { return access.Object{}, nil }

// Route is one method and path with its guard. Make it with JSON or Raw.
type Route struct {
	Face       Face
	Method     string // "GET", …; "" is every method (Raw only)
	Path       string // a ServeMux path: "/console/api/tickets/{id}"
	Permission string // a key, Anyone or Self
	Scope      Scope
	Summary    string // one line for the API description

	MaxBody int64         // bytes; 0 is the face's default
	Timeout time.Duration // of the context; 0 is the face's default, negative is none (streams)
	Limit   Limit         // one more bucket per client address, such as LimitLogin

	static bool // everybody's files from memory: no session is read for them, and no limit counts them
	serve  http.Handler
	typed  func(huma.API, huma.Operation)
}

// JSON declares a typed route. In is a struct with huma's tags (`path`, `query`, `header`, and a field Body); its shape
// is checked before fn, and all faults are reported at once. Out is the answer's body; None answers 204. An Out that has
// a field Body is taken as huma's own form, with headers and status beside it. Lists in an answer are never null.
func JSON[In, Out any](face Face, method, path, permission string, scope Scope, summary string,
	fn func(ctx context.Context, in *In) (*Out, error)) Route {
	return Route{Face: face, Method: method, Path: path, Permission: permission, Scope: scope, Summary: summary,
		typed: func(api huma.API, op huma.Operation) { register(api, op, fn) }}
}

// None is the Out of a route that answers nothing: 204.
type None struct{}

// Raw declares a route with a plain handler: pages, files, streams, callbacks. Fail writes its errors.
func Raw(face Face, method, path, permission string, scope Scope, h http.HandlerFunc) Route {
	return Route{Face: face, Method: method, Path: path, Permission: permission, Scope: scope, serve: h}
}

// Sized returns the route with its own body limit in bytes.
func (rt Route) Sized(bytes int64) Route { rt.MaxBody = bytes; return rt }

// Lasting returns the route with its own time limit; negative is none.
func (rt Route) Lasting(d time.Duration) Route { rt.Timeout = d; return rt }

// Limited returns the route with one more limit per client address.
func (rt Route) Limited(l Limit) Route { rt.Limit = l; return rt }

// Pattern is the route as ServeMux spells it; logs, metrics and tests name routes by it.
func (rt Route) Pattern() string {
	if rt.Method == "" {
		return rt.Path
	}
	return rt.Method + " " + rt.Path
}

// Typed reports whether the route stands in the API description.
func (rt Route) Typed() bool { return rt.typed != nil }

func (rt Route) maxBody() int64 {
	if rt.MaxBody > 0 {
		return rt.MaxBody
	}
	return faceRules[rt.Face].maxBody
}

func (rt Route) timeout() time.Duration {
	if rt.Timeout != 0 {
		return rt.Timeout
	}
	return faceRules[rt.Face].timeout
}
