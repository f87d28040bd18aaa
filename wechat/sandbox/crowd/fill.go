package crowd

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
)

// How long somebody goes on with a form.
const (
	maxPages = 12 // sendings, also those that only bring the next level of a choice
	mending  = 3  // sendings of the whole form, after faults were shown
)

// filling is somebody's work on one form.
type filling struct {
	p        *scene
	given    map[string]string // by the inputs' names; they come before everything else
	wrong    bool              // something wrong goes in at first
	careless bool              // and is not mended
	sent     int               // times that the whole form was sent
	filled   int               // inputs that were written or chosen
	pages    int
}

// fill looks for a page with a form, fills it in as a person without scripts does, and sends it; what comes back with faults is
// mended.
func (p *scene) fill(ctx context.Context, step Step) (Seen, error) {
	list, err := p.addresses(ctx, step.URL)
	if err != nil {
		return Seen{}, err
	}
	seen := Seen{Outcome: Skipped}
	for _, address := range list {
		var s sheet
		if seen, s, err = p.visit(ctx, address); err != nil || seen.Outcome == Lost || seen.Outcome == Answered && len(s.forms) > 0 {
			if err != nil || seen.Outcome == Lost {
				return seen, err
			}
			return p.fillIn(ctx, step, address, s), nil
		}
		if seen.Outcome == Answered {
			seen.Outcome = Skipped // a page without a form
		}
	}
	return seen, nil
}

func (p *scene) fillIn(ctx context.Context, step Step, address string, s sheet) Seen {
	w := &filling{p: p, given: step.Values, pages: 1}
	w.wrong = p.rng.IntN(100) < *p.crowd.order.Wrong
	w.careless = p.rng.IntN(5) == 0
	if step.Wrong != nil {
		w.wrong, w.careless = *step.Wrong, *step.Wrong
	}
	seen := w.through(ctx, s)
	seen.Did = fmt.Sprintf("%s（填 %d 项，%d 页）", address, w.filled, w.pages)
	seen.Pages, seen.SentBack = w.pages, max(w.sent-1, 0)
	if seen.Outcome == Returned {
		seen.SentBack = w.sent
	}
	if seen.Outcome == Lost && ctx.Err() == nil {
		seen.Outcome = Unavailable
	}
	return seen
}

// through goes on from page to page until the form was taken, or given up.
func (w *filling) through(ctx context.Context, s sheet) Seen {
	f := best(s.forms)
	for w.pages < maxPages {
		button, final := w.complete(f)
		answer, err := w.p.crowd.home.browser.submit(ctx, s.url, f, button)
		w.pages++
		switch {
		case err != nil:
			return Seen{Outcome: Lost, Saw: err.Error()}
		case answer.outcome() != Answered:
			return Seen{Outcome: answer.outcome(), Saw: answer.title}
		}
		next := again(answer.forms, f)
		if final {
			w.sent++
		}
		if final && next == nil {
			return Seen{Outcome: Answered, Kind: "page", Saw: answer.title}
		}
		if next == nil || final && (w.sent >= mending || w.wrong && w.careless) {
			return Seen{Outcome: Returned, Kind: "page", Saw: answer.title}
		}
		s, f = answer, next
	}
	return Seen{Outcome: Returned, Kind: "page", Saw: s.title}
}

// again is the form that came back, found by its action; nil when it is not there any more.
func again(forms []*form, f *form) *form {
	for _, o := range forms {
		if o.action == f.action && o.post == f.post {
			return o
		}
	}
	return nil
}

// complete fills in what is blank or found wrong, and says which button is pressed then, and whether it sends the whole form.
func (w *filling) complete(f *form) (button *control, final bool) {
	more := 0 // the block in which another level may follow
	for _, c := range f.controls {
		if !c.fillable() {
			continue
		}
		value, told := w.given[c.name]
		if told && w.sent == 0 {
			w.write(f, c, value)
			continue
		}
		if !f.blank(c) && !c.wrong || told && !c.wrong || !w.wants(f, c) {
			continue
		}
		w.write(f, c, w.invent(f, c))
		if c.tag == "select" && f.further(c.block) != nil {
			more = c.block
		}
	}
	if more != 0 {
		return f.further(more), false
	}
	if w.wrong && w.sent == 0 {
		w.spoil(f)
	}
	return f.final(), true
}

// wants tells whether somebody fills a blank in: always what must be, mostly what may be.
func (w *filling) wants(f *form, c *control) bool {
	if c.choice() && f.controls[slices.IndexFunc(f.controls, func(o *control) bool { return o.name == c.name && o.kind == c.kind })] != c {
		return false // decided at the first of them
	}
	return c.required || c.wrong || w.sent > 0 || w.p.rng.IntN(10) < 7
}

func (w *filling) write(f *form, c *control, value string) {
	w.filled++
	switch {
	case c.kind == "file":
		c.file = true
	case c.choice():
		for _, o := range f.controls {
			if o.name == c.name && o.kind == c.kind {
				o.ticked = o.value == value
			}
		}
	default:
		c.value = value
	}
}

// invent is what somebody writes or chooses.
func (w *filling) invent(f *form, c *control) string {
	rng := w.p.rng
	switch {
	case c.kind == "file":
		return ""
	case c.tag == "select":
		return oneOf(rng, slices.DeleteFunc(slices.Clone(c.options), func(v string) bool { return v == "" }))
	case c.choice():
		var values []string
		for _, o := range f.controls {
			if o.name == c.name && o.kind == c.kind {
				values = append(values, o.value)
			}
		}
		return oneOf(rng, values)
	}
	return madeUp(c, rng, w.p.citizen.Name, w.sent > 0)
}

func oneOf(rng *rand.Rand, values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[rng.IntN(len(values))]
}

// spoil makes one of the written answers wrong: cut short, or left out.
func (w *filling) spoil(f *form) {
	var written []*control
	for _, c := range f.controls {
		if c.fillable() && c.required && c.value != "" && (c.tag == "textarea" || c.tag == "input" && !c.choice() && c.kind != "file") {
			written = append(written, c)
		}
	}
	if len(written) == 0 {
		return
	}
	c := written[w.p.rng.IntN(len(written))]
	if r := []rune(c.value); len(r) > 3 && w.p.rng.IntN(2) == 0 {
		c.value = string(r[:3])
	} else {
		c.value = ""
	}
}
