package web

import "time"

// Face is the sort of people or programs that a route serves. It decides session, cross-origin check, headers, limits
// and the form of errors.
type Face uint8

// The faces.
const (
	Console  Face = iota + 1 // staff at a desk: staff session, JSON, /console/
	Staff                    // staff on the way: phone session, pages under /s/
	Citizen                  // citizens: citizen session, pages under /c/{account}/
	Open                     // programs: API key, JSON under /api/v1/
	Public                   // anybody: no session, portal and files
	Callback                 // WeChat's servers: no session, no cross-origin check, no limit by sender
	Ops                      // operations: health and metrics
)

// faceRule is what a face decides for its routes.
type faceRule struct {
	name      string
	session   SessionKind   // which cookie is read; "" for none
	document  bool          // errors are pages for a browser that asks for HTML
	cross     bool          // cross-origin check on changing methods
	maxBody   int64         // bytes, when the route does not say
	timeout   time.Duration // for the handler, when the route does not say; 0: the handler's own affair
	byAddress Limit         // bucket per client address; "" for none
	byActor   Limit         // bucket per session, link or key; "" for none
	private   bool          // answers must not be cached by anybody
}

var faceRules = map[Face]faceRule{
	Console: {name: "console", session: StaffSession, cross: true, maxBody: 1 << 20, timeout: 30 * time.Second,
		byAddress: LimitConsoleAddress, byActor: LimitStaff, private: true},
	Staff: {name: "staff", session: PhoneSession, document: true, cross: true, maxBody: 256 << 10, timeout: 15 * time.Second,
		byAddress: LimitAddress, byActor: LimitStaff, private: true},
	Citizen: {name: "citizen", session: CitizenSession, document: true, cross: true, maxBody: 256 << 10,
		timeout: 15 * time.Second, byAddress: LimitAddress, byActor: LimitCitizen, private: true},
	Open: {name: "open", cross: true, maxBody: 1 << 20, timeout: 30 * time.Second,
		byAddress: LimitAddress, byActor: LimitKey, private: true},
	Public: {name: "public", document: true, cross: true, maxBody: 64 << 10, timeout: 15 * time.Second,
		byAddress: LimitAddress},
	Callback: {name: "callback", maxBody: 1 << 20}, // its handler keeps WeChat's 5 s itself, part by part
	Ops:      {name: "ops", cross: true, maxBody: 4 << 10, timeout: 5 * time.Second, private: true},
}

// String returns the face's name as logs and metrics spell it.
func (f Face) String() string { return faceRules[f].name }
