package flow

import "slices"

// Problem is a fault of a definition: where, how bad, and the key of its Chinese text (text.zh.json of flowweb).
type Problem struct {
	Path     string         `json:"path"`           // "actions.accept.to", "clocks.total.stops"
	Line     int            `json:"line,omitempty"` // in the YAML, where it was parsed from one
	Severity Severity       `json:"severity" enum:"error,warning"`
	Key      string         `json:"key"`
	Params   map[string]any `json:"params,omitempty"`
}

// Severity says whether a definition with the problem may go live.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // must not go live
	Warning Severity = "warning" // should be looked at
)

// Sound reports whether none of the problems is an error.
func Sound(problems []Problem) bool {
	return !slices.ContainsFunc(problems, func(p Problem) bool { return p.Severity == Error })
}
