// Package errs is the error of the house: a kind, a message key that is safe to show, and a private cause.
//
// The kind decides the HTTP status, whether a retry makes sense and how loudly it is logged. The key is looked up in a
// part's text.zh.json at the edge; prose never travels. The cause is for the log only and never crosses the wire.
package errs

import (
	"errors"
	"fmt"
	"maps"
)

// Kind classifies an error. The zero value is Internal: an error nobody classified is ours.
type Kind uint8

// The kinds, each with what its reader should do.
const (
	Internal        Kind = iota // a defect or an unknown failure; logged, shown as a request id
	Invalid                     // the input is wrong; Fields say where; nothing was changed
	Unauthenticated             // who are you: log in again
	Denied                      // you may not; audited
	NotFound                    // no such thing, or none you may know of
	Conflict                    // somebody else changed it, or it exists already; read again
	Exhausted                   // an allowance or limit is used up until a known time
	Busy                        // overloaded; the same call may succeed in a moment
	Unavailable                 // something outside (database, WeChat, disk) is away
	Refused                     // something outside said no for good
)

var kindNames = [...]string{
	"internal", "invalid", "unauthenticated", "denied", "not_found", "conflict", "exhausted", "busy", "unavailable", "refused",
}

// String returns the kind's name as logs and metrics spell it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Retry reports whether the same call may succeed later without anybody changing anything.
func (k Kind) Retry() bool { return k == Busy || k == Unavailable }

// Field is one fault of an input: which field, which message key, with what parameters.
type Field struct {
	Field  string         `json:"field"`
	Key    string         `json:"key"`
	Params map[string]any `json:"params,omitempty"`
}

// Error is an error with a kind. It is immutable: With and Because return copies.
type Error struct {
	kind   Kind
	key    string
	params map[string]any
	fields []Field
	cause  error
}

// New makes an error of a kind with a message key such as "ticket.closed".
func New(kind Kind, key string) *Error { return &Error{kind: kind, key: key} }

// InvalidFields is the answer of a Validate that found something; nil when fields is empty.
func InvalidFields(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{kind: Invalid, key: "invalid", fields: fields}
}

// With returns a copy that carries a parameter for the message.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.params = maps.Clone(e.params)
	if c.params == nil {
		c.params = map[string]any{}
	}
	c.params[name] = value
	return &c
}

// Because returns a copy with a private cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Error is for logs: kind, key and cause.
func (e *Error) Error() string {
	s := e.kind.String() + " " + e.key
	for _, f := range e.fields {
		s += " " + f.Field + ":" + f.Key
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns the private cause.
func (e *Error) Unwrap() error { return e.cause }

// Is makes errors.Is(err, errs.New(kind, key)) true for the same kind and key.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.kind == e.kind && t.key == e.key
}

// Kind returns the error's kind.
func (e *Error) Kind() Kind { return e.kind }

// Key returns the message key.
func (e *Error) Key() string { return e.key }

// Params returns the message's parameters; do not change the map.
func (e *Error) Params() map[string]any { return e.params }

// Fields returns the faults of the input; do not change the slice.
func (e *Error) Fields() []Field { return e.fields }

// As finds the *Error in a chain; an unclassified error becomes Internal with key "internal".
func As(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{kind: Internal, key: "internal", cause: err}
}

// KindOf returns the kind of the first *Error in the chain, else Internal. KindOf(nil) is meaningless.
func KindOf(err error) Kind { return As(err).kind }

// Is reports whether err is of the kind.
func Is(err error, kind Kind) bool { return err != nil && As(err).kind == kind }

// Wrap adds what was being done, keeping the kind: Wrap(err, "load ticket %d", id). Wrap(nil, …) is nil.
func Wrap(err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(doing+": %w", append(args, err)...)
}
