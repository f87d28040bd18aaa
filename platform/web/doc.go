// Package web is everything of weizheng that speaks HTTP: routes, sessions, permission checks, limits, problems, hints,
// assets and pages. It knows no word of the domain.
//
// # Routes
//
// A part declares its routes as values with JSON or Raw; New mounts them. A route names its face, its permission and, if
// its path holds an id, a Scope that says which unit and account the id belongs to. New refuses a route without them, so
// there is no way to serve something unguarded by forgetting.
//
// # What happens to a request, in this order
//
//  1. overload: more than Config.MaxInFlight at once are answered 503 with Retry-After;
//  2. request id, client address (forwarded headers count from trusted proxies only), security headers, access log;
//  3. cross-origin check for every method that changes something (all faces but Callback);
//  4. limits per address, body limit, time limit;
//  5. session or key → actor in the context (access.From); a forged or ended session is nobody, and counted;
//  6. permission and scope, limits per actor;
//  7. the handler, whose error becomes an RFC 9457 problem, or a page where a page was asked for.
//
// # Unknown and forbidden
//
// Who holds the permission nowhere is told so (403) before the id is looked at. Who holds it somewhere, but not for this
// id, gets the same 404 as for an id that does not exist: existence must not leak. Both are reported to Config.Denied.
//
// # Handlers
//
// Handlers get decoded input and return a value or an error of platform/errs; nobody writes a status by hand. A changing
// request is never a GET.
package web
