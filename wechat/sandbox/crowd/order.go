package crowd

import (
	"fmt"
	"net/url"
	"slices"

	"weizheng/platform/errs"
)

// The kinds of act.
const (
	Follow = "follow"
	Ask    = "ask"
	Tap    = "tap"
	Open   = "open"
	Fill   = "fill"
	Rate   = "rate"
)

// Kinds are all kinds of act, in the order of reports.
var Kinds = []string{Follow, Ask, Tap, Open, Fill, Rate}

// The bounds of one crowd; ours.
const (
	maxCitizens = 100_000
	maxRate     = 5_000     // acts a second
	maxSeconds  = 24 * 3600 // a day
	maxActs     = 1_000_000
	maxWords    = 1_000
	maxSteps    = 100
)

// Order says what a crowd is to do. With a Script every citizen goes through its steps once; else the crowd acts Rate
// times a second for Seconds, its acts drawn by Mix.
type Order struct {
	Account  string         `json:"account"`
	Citizens int            `json:"citizens"`
	Seed     int64          `json:"seed"`
	Rate     float64        `json:"rate"`
	Seconds  int            `json:"seconds"` // with a script: within how long the citizens begin
	Mix      map[string]int `json:"mix,omitempty"`
	Words    []string       `json:"words,omitempty"` // what is asked; missing: a list of its own
	Pages    []string       `json:"pages,omitempty"` // what is opened and filled in besides what the menu leads to
	Script   []Step         `json:"script,omitempty"`
	Wrong    *int           `json:"wrong,omitempty"` // how many of a hundred forms have something wrong at first; missing: 30
}

// Step is one act of a script, AfterMS after the one before it has ended.
type Step struct {
	Act     string            `json:"act"`
	Words   string            `json:"words,omitempty"`  // of ask; missing: drawn
	Path    []int             `json:"path,omitempty"`   // of tap: the button's place; missing: drawn
	URL     string            `json:"url,omitempty"`    // of open and fill; missing: drawn
	Values  map[string]string `json:"values,omitempty"` // of fill, by the inputs' names; others are made up
	Wrong   *bool             `json:"wrong,omitempty"`  // of fill: whether something wrong is sent, which is then left so; missing: drawn
	AfterMS int64             `json:"after_ms,omitempty"`
}

// usual is what a crowd does that was not told.
var usual = map[string]int{Ask: 6, Tap: 2, Open: 1, Rate: 1}

// usualWrong is how many of a hundred forms have something wrong at first.
const usualWrong = 30

// check refuses what cannot be done and fills in what was left out.
func (o Order) check() (Order, error) {
	if o.Citizens == 0 {
		o.Citizens = 10
	}
	if o.Seconds == 0 {
		o.Seconds = 10
	}
	if len(o.Script) == 0 && o.Rate == 0 {
		o.Rate = 10
	}
	if o.Wrong == nil {
		o.Wrong = new(usualWrong)
	}
	switch {
	case o.Citizens < 1 || o.Citizens > maxCitizens:
		return o, invalid("citizens", "range")
	case o.Seed < 0:
		return o, invalid("seed", "range")
	case o.Seconds < 1 || o.Seconds > maxSeconds:
		return o, invalid("seconds", "range")
	case !(o.Rate >= 0 && o.Rate <= maxRate): // NaN is out of range too
		return o, invalid("rate", "range")
	case len(o.Script) > 0 && o.Rate != 0:
		return o, invalid("rate", "script")
	case o.Rate*float64(o.Seconds) > maxActs || len(o.Script)*o.Citizens > maxActs:
		return o, invalid("seconds", "too_many")
	case len(o.Words) > maxWords || slices.Contains(o.Words, ""):
		return o, invalid("words", "length")
	case len(o.Pages) > maxWords || slices.ContainsFunc(o.Pages, notPage):
		return o, invalid("pages", "url")
	case *o.Wrong < 0 || *o.Wrong > 100:
		return o, invalid("wrong", "range")
	case len(o.Script) > maxSteps:
		return o, invalid("script", "too_many")
	}
	if len(o.Words) == 0 {
		o.Words = questions
	}
	if err := o.checkMix(); err != nil {
		return o, err
	}
	if len(o.Mix) == 0 {
		o.Mix = usual
	}
	return o, o.checkScript()
}

func (o Order) checkMix() error {
	sum := 0
	for kind, weight := range o.Mix {
		if !slices.Contains(Kinds, kind) || weight < 0 || weight > maxWords {
			return invalid("mix."+kind, "act")
		}
		sum += weight
	}
	if len(o.Mix) > 0 && sum == 0 {
		return invalid("mix", "count")
	}
	return nil
}

// checkScript names the step, from 1, and what of it is wrong.
func (o Order) checkScript() error {
	for i, s := range o.Script {
		wrong := func(field, key string) error { return invalid(fmt.Sprintf("script.%d.%s", i+1, field), key) }
		switch {
		case !slices.Contains(Kinds, s.Act):
			return wrong("act", "act")
		case s.Words != "" && s.Act != Ask:
			return wrong("words", "not_of_act")
		case len(s.Path) > 0 && s.Act != Tap:
			return wrong("path", "not_of_act")
		case s.URL != "" && s.Act != Open && s.Act != Fill:
			return wrong("url", "not_of_act")
		case (len(s.Values) > 0 || s.Wrong != nil) && s.Act != Fill:
			return wrong("values", "not_of_act")
		case s.URL != "" && notPage(s.URL):
			return wrong("url", "url")
		case s.AfterMS < 0 || s.AfterMS > maxSeconds*1000:
			return wrong("after_ms", "range")
		case len(s.Path) > 2 || slices.ContainsFunc(s.Path, func(n int) bool { return n < 0 || n > 4 }):
			return wrong("path", "range")
		}
	}
	return nil
}

func notPage(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https"
}

func invalid(field, key string) error {
	return errs.InvalidFields([]errs.Field{{Field: field, Key: key}})
}
