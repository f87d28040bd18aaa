package expect

import (
	"regexp"
	"slices"
	"strings"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/wire"
)

// The states of an expectation.
const (
	Waiting = "waiting" // not yet
	Met     = "met"
	Missed  = "missed"
)

const (
	maxKept     = 1000
	maxCame     = 5         // what is kept of what came instead
	maxText     = 4 << 10   // bytes of a pattern
	usualWithin = 5_000     // ms; WeChat's own patience
	maxWithin   = 3_600_000 // ms: an hour
)

// Errors.
var (
	ErrNone = errs.New(errs.NotFound, "sandbox.unknown_expectation")
	ErrFull = errs.New(errs.Conflict, "sandbox.expectations_full")
)

// Expectation is one exchange that should come. Empty fields allow everything.
type Expectation struct {
	ID       int64  `json:"id"`
	Kind     string `json:"kind"` // callback, api
	Account  string `json:"account,omitempty"`
	Citizen  string `json:"citizen,omitempty"`
	Path     string `json:"path,omitempty"` // of an API call, without the query; with * at its end a beginning
	Request  Text   `json:"request"`
	Response Text   `json:"response"`
	Code     *int   `json:"code,omitempty"` // errcode of the API's answer
	WithinMS int64  `json:"within_ms"`

	State   string `json:"state"`
	MadeAt  int64  `json:"made_at"`            // wall
	AfterMS int64  `json:"after_ms,omitempty"` // of what met it: from made_at to the answer
	By      *Came  `json:"by,omitempty"`       // what met it
	Instead []Came `json:"instead,omitempty"`  // the newest of its kind, account and citizen that did not
	settled chan struct{}
}

// Text is what a clear body should say: a part of it, a pattern (RE2), or both.
type Text struct {
	Contains string `json:"contains,omitempty"`
	Matches  string `json:"matches,omitempty"`

	pattern *regexp.Regexp
}

// Came is what went over the wire; Why says what was not as expected.
type Came struct {
	Wire     int64  `json:"wire"` // id of the entry in the wire log
	Path     string `json:"path"`
	Status   int    `json:"status"`
	Code     int    `json:"code,omitempty"`
	Request  string `json:"request"`
	Response string `json:"response"`
	Error    string `json:"error,omitempty"`
	Why      string `json:"why,omitempty"`
}

func (t *Text) prepare(field string) (err error) {
	if len(t.Contains) > maxText || len(t.Matches) > maxText {
		return invalid(field, "length")
	}
	if t.pattern, err = regexp.Compile(t.Matches); err != nil {
		return invalid(field, "format")
	}
	return nil
}

func (t *Text) fits(body string) bool {
	return strings.Contains(body, t.Contains) && t.pattern.MatchString(body)
}

func (x *Expectation) prepare() error {
	if x.Kind != "callback" && x.Kind != "api" {
		return invalid("kind", "kind")
	}
	if x.Kind == "callback" && x.Path != "" || x.Path != "" && !strings.HasPrefix(x.Path, "/") {
		return invalid("path", "path")
	}
	if x.WithinMS == 0 {
		x.WithinMS = usualWithin
	}
	if x.WithinMS < 1 || x.WithinMS > maxWithin {
		return invalid("within_ms", "range")
	}
	if err := x.Request.prepare("request"); err != nil {
		return err
	}
	return x.Response.prepare("response")
}

// about reports whether an entry is of the kind, account and citizen that are meant.
func (x *Expectation) about(e wire.Entry) bool {
	return e.Dir == x.Kind && (x.Account == "" || e.Account == x.Account) && (x.Citizen == "" || e.Citizen == x.Citizen)
}

// differs says what in an entry is not as expected; "" when all is.
func (x *Expectation) differs(e wire.Entry) string {
	path, _, _ := strings.Cut(e.Path, "?")
	prefix, open := strings.CutSuffix(x.Path, "*")
	var wrong []string
	if x.Path != "" && path != x.Path && !(open && strings.HasPrefix(path, prefix)) {
		wrong = append(wrong, "path")
	}
	request, response := clear(e)
	if !x.Request.fits(request) {
		wrong = append(wrong, "request")
	}
	if !x.Response.fits(response) {
		wrong = append(wrong, "response")
	}
	if x.Code != nil && e.Code != *x.Code {
		wrong = append(wrong, "code")
	}
	if e.Error != "" && e.Dir == "callback" { // nobody saw an answer
		wrong = append(wrong, "error")
	}
	return strings.Join(slices.Compact(wrong), ", ")
}

func clear(e wire.Entry) (request, response string) {
	if request = e.RequestPlain; request == "" {
		request = e.Request
	}
	if response = e.ResponsePlain; response == "" {
		response = e.Response
	}
	return request, response
}

func cameOf(e wire.Entry, why string) Came {
	request, response := clear(e)
	return Came{Wire: e.ID, Path: e.Path, Status: e.Status, Code: e.Code, Request: request, Response: response, Error: e.Error, Why: why}
}

func invalid(field, key string) error {
	return errs.InvalidFields([]errs.Field{{Field: field, Key: key}})
}
