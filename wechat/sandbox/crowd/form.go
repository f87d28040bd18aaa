package crowd

import (
	"net/url"
	"slices"
	"strings"
)

// form is a form of a page as somebody without scripts has it before them.
type form struct {
	action    string
	post      bool
	multipart bool
	controls  []*control
}

// control is something of a form that can be filled in or pressed.
type control struct {
	tag, kind, name, id string
	value               string
	options             []string // of a select
	ticked              bool     // radio, checkbox
	file                bool     // a file was chosen
	label, hint         string
	accept, mode        string
	described           string // ids of what explains it
	block               int    // the fieldset around; 0 none
	required, wrong     bool
	hidden, noscript    bool // it, or something around it, is hidden; it is for browsers without scripts
	covert              bool // not for people: nobody gets to it
}

// hints gives each control what is said about it elsewhere.
func (f *form) hints(ids map[string]string) {
	for _, c := range f.controls {
		if text := ids["for "+c.id]; c.id != "" && text != "" {
			c.label = text
		}
		for id := range strings.FieldsSeq(c.described) {
			c.hint += ids[id]
		}
	}
}

// best is the form of some that people came for: the first that is sent by POST, or else the first.
func best(forms []*form) *form {
	if i := slices.IndexFunc(forms, func(f *form) bool { return f.post }); i >= 0 {
		return forms[i]
	}
	return forms[0]
}

func (c *control) button() bool {
	return c.tag == "button" && (c.kind == "" || c.kind == "submit") || c.tag == "input" && (c.kind == "submit" || c.kind == "image")
}

// fillable reports whether a person writes or chooses something here.
func (c *control) fillable() bool {
	return c.name != "" && !c.hidden && c.tag != "button" && c.kind != "hidden" && !slices.Contains([]string{"submit", "button", "reset", "image"}, c.kind)
}

func (c *control) choice() bool { return c.kind == "radio" || c.kind == "checkbox" }

// blank reports whether nothing is said here yet; of radios it takes those of the same name together.
func (f *form) blank(c *control) bool {
	switch {
	case c.kind == "file":
		return !c.file
	case c.choice():
		return !slices.ContainsFunc(f.controls, func(o *control) bool { return o.name == c.name && o.kind == c.kind && o.ticked })
	}
	return c.value == ""
}

// values are what is sent when the button is pressed.
func (f *form) values(pressed *control) url.Values {
	v := url.Values{}
	for _, c := range f.controls {
		switch {
		case c.name == "" || c.tag == "button" || c.button() || c.kind == "file" || c.kind == "reset" || c.kind == "button":
		case !c.choice():
			v.Add(c.name, c.value)
		case c.ticked && c.value == "" && c.kind == "checkbox":
			v.Add(c.name, "on")
		case c.ticked:
			v.Add(c.name, c.value)
		}
	}
	if pressed != nil && pressed.name != "" {
		v.Set(pressed.name, pressed.value)
	}
	return v
}

// files are the names of the inputs for which a file was chosen.
func (f *form) files() []string {
	var names []string
	for _, c := range f.controls {
		if c.kind == "file" && c.file {
			names = append(names, c.name)
		}
	}
	return names
}

// final is the button that sends the form: one without a name, else the last that people see.
func (f *form) final() *control {
	var last *control
	for _, c := range f.controls {
		if !c.button() || c.hidden || c.noscript || c.covert {
			continue
		}
		if c.name == "" {
			return c
		}
		last = c
	}
	return last
}

// further is the button for browsers without scripts beside a select, which brings the next level of a choice; nil without one.
func (f *form) further(block int) *control {
	for _, c := range f.controls {
		if block != 0 && c.block == block && c.button() && c.noscript {
			return c
		}
	}
	return nil
}
