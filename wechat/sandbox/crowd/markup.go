package crowd

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// What a person without scripts sees of a page's forms is read here, from the markup as it comes: enough for pages that
// browsers understand, not a browser's tree.

var (
	markup    = regexp.MustCompile(`(?s)<!--.*?-->|<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>`)
	attribute = regexp.MustCompile(`(?s)([a-zA-Z][a-zA-Z0-9_:-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?`)
)

// leafTags have no content; mutedTags have content that is no markup.
var (
	leafTags  = []string{"input", "br", "img", "hr", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"}
	mutedTags = []string{"script", "style", "title"}
)

// attrs are a tag's attributes by their lower-case names.
type attrs map[string]string

func attributes(text string) attrs {
	list := attrs{}
	for _, m := range attribute.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(m[1])
		if _, twice := list[name]; !twice {
			list[name] = html.UnescapeString(m[2] + m[3] + m[4])
		}
	}
	return list
}

func (a attrs) has(name string) bool { _, ok := a[name]; return ok }

// open is an element that has not ended.
type open struct {
	tag string
	attrs
	at int // where its content begins
}

// reader goes through a page once.
type reader struct {
	page    string
	stack   []open
	muted   string // the tag whose content is no markup
	sheet   *sheet
	form    *form
	blocks  int // begun so far
	ids     map[string]string
	heading string // the last label, legend or heading that ended
}

// readSheet fills in a page's title and its forms.
func readSheet(s *sheet) {
	r := &reader{page: s.body, sheet: s, ids: map[string]string{}}
	for _, m := range markup.FindAllStringSubmatchIndex(s.body, -1) {
		if m[4] < 0 {
			continue // a comment
		}
		tag := strings.ToLower(s.body[m[4]:m[5]])
		if m[3] > m[2] {
			r.end(tag, m[0])
		} else if r.muted == "" {
			r.begin(open{tag, attributes(s.body[m[6]:m[7]]), m[1]})
		}
	}
	for _, f := range s.forms {
		f.hints(r.ids)
	}
}

func (r *reader) begin(o open) {
	switch o.tag {
	case "form":
		r.form = &form{action: o.attrs["action"], post: strings.EqualFold(o.attrs["method"], "post"),
			multipart: strings.EqualFold(o.attrs["enctype"], "multipart/form-data")}
		r.sheet.forms = append(r.sheet.forms, r.form)
	case "fieldset":
		r.blocks++
		o.attrs["block"] = strings.Repeat("x", r.blocks)
	case "input", "button", "select", "textarea":
		r.control(o)
	case "option":
		r.option(o)
	}
	if slices.Contains(mutedTags, o.tag) {
		r.muted = o.tag
	}
	if !slices.Contains(leafTags, o.tag) {
		r.stack = append(r.stack, o)
	}
}

// inside finds the nearest element around, or the zero value.
func (r *reader) inside(is func(open) bool) (open, bool) {
	for _, o := range slices.Backward(r.stack) {
		if is(o) {
			return o, true
		}
	}
	return open{}, false
}

func (r *reader) control(o open) {
	if r.form == nil || o.has("disabled") {
		return
	}
	_, hidden := r.inside(func(o open) bool { return o.has("hidden") })
	_, noscript := r.inside(func(o open) bool { return o.tag == "noscript" })
	set, grouped := r.inside(func(o open) bool { return o.tag == "fieldset" })
	_, ticked := o.attrs["checked"]
	c := &control{tag: o.tag, kind: strings.ToLower(o.attrs["type"]), name: o.attrs["name"], value: o.attrs["value"], ticked: ticked,
		label: r.heading, id: o.attrs["id"], accept: o.attrs["accept"], mode: o.attrs["inputmode"], described: o.attrs["aria-describedby"],
		hidden: hidden, noscript: noscript, block: len(set.attrs["block"]),
		wrong: o.attrs["aria-invalid"] == "true", required: o.has("required") || o.attrs["aria-required"] == "true",
		covert: o.attrs["aria-hidden"] == "true" || o.attrs["tabindex"] == "-1"}
	if grouped {
		c.required = c.required || set.attrs["aria-required"] == "true"
		c.wrong = c.wrong || set.attrs["aria-invalid"] == "true"
	}
	r.form.controls = append(r.form.controls, c)
}

func (r *reader) option(o open) {
	c := r.last("select")
	if c == nil {
		return
	}
	text := r.page[o.at:]
	if i := strings.IndexByte(text, '<'); i >= 0 {
		text = text[:i]
	}
	value := html.UnescapeString(strings.TrimSpace(text))
	if o.has("value") {
		value = o.attrs["value"]
	}
	c.options = append(c.options, value)
	if o.has("selected") || len(c.options) == 1 {
		c.value = value
	}
}

// last is the newest control, if it is of the tag.
func (r *reader) last(tag string) *control {
	if r.form == nil || len(r.form.controls) == 0 {
		return nil
	}
	if c := r.form.controls[len(r.form.controls)-1]; c.tag == tag {
		return c
	}
	return nil
}

// end closes the nearest element of the tag and what stands open inside.
func (r *reader) end(tag string, at int) {
	if r.muted != "" && r.muted != tag {
		return
	}
	r.muted = ""
	for i, o := range slices.Backward(r.stack) {
		if o.tag != tag {
			continue
		}
		r.ended(o, r.page[o.at:at])
		r.stack = r.stack[:i]
		return
	}
}

// ended takes from an element what it says.
func (r *reader) ended(o open, content string) {
	switch o.tag {
	case "title":
		r.sheet.title = plain(content)
	case "form":
		r.form = nil
	case "textarea":
		if c := r.last("textarea"); c != nil {
			c.value = html.UnescapeString(strings.TrimPrefix(content, "\n"))
		}
	case "button":
		if c := r.last("button"); c != nil {
			c.label = plain(content)
		}
	case "label", "legend", "h1", "h2", "h3", "th", "dt":
		r.heading = plain(content)
		if id := o.attrs["for"]; id != "" {
			r.ids["for "+id] = r.heading
		}
	}
	if id := o.attrs["id"]; id != "" {
		r.ids[id] = plain(content)
	}
}

// plain is the text of a piece of markup.
func plain(content string) string {
	return strings.Join(strings.Fields(html.UnescapeString(markup.ReplaceAllString(content, " "))), " ")
}
