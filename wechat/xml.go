package wechat

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits on what is parsed. Real callbacks are at most five deep and, with eight articles in a mass send's report, about
// a hundred elements long.
const (
	maxDepth    = 8
	maxElements = 1000
)

// document is a parsed XML body: its elements in document order. Element 0 is the root.
type document struct {
	elements []element
	text     string // the text of all leaves, one after the other
}

type element struct {
	name       string
	from, to   int32 // the element's text in document.text, if it is a leaf
	end        int32 // index after its last descendant
	hasElement bool
}

// parseXML reads one <xml> element and nothing else. It refuses directives (DOCTYPE), entities other than the five of
// XML, data after the root, invalid UTF-8, and documents too deep or too long. The error says where, never what.
func parseXML(body []byte) (*document, error) {
	if plainBytes(body) && utf8.Valid(body) {
		if doc, ok := scanPlain(body); ok {
			return doc, nil
		}
	}
	return parseAny(body)
}

// parseAny is parseXML for whatever XML it may be.
func parseAny(body []byte) (*document, error) {
	body = legalise(body)
	p := parser{
		dec:  xml.NewDecoder(bytes.NewReader(body)),
		doc:  document{elements: make([]element, 0, 24)},
		text: make([]byte, 0, len(body)/2),
	}
	for {
		// RawToken: names are matched here, and nobody needs namespaces resolved.
		token, err := p.dec.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, p.broken("syntax")
		}
		if err := p.take(token); err != nil {
			return nil, err
		}
	}
	if len(p.open) > 0 || len(p.doc.elements) == 0 {
		return nil, p.broken("unfinished")
	}
	p.doc.text = string(p.text)
	return &p.doc, nil
}

type parser struct {
	dec  *xml.Decoder
	doc  document
	text []byte
	open []int32 // indices of the elements not yet closed
	deep [maxDepth]int32
}

func (p *parser) broken(what string) error {
	return ErrFormat.Because(fmt.Errorf("XML: %s at byte %d", what, p.dec.InputOffset()))
}

func (p *parser) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return p.start(t.Name)
	case xml.EndElement:
		return p.finish(t.Name)
	case xml.CharData:
		if len(p.open) > 0 {
			if !p.doc.elements[p.open[len(p.open)-1]].hasElement {
				p.text = append(p.text, t...)
			}
		} else if len(bytes.TrimSpace(t)) > 0 {
			return p.broken("text outside the root")
		}
	case xml.Directive:
		return p.broken("directive")
	case xml.ProcInst:
		if t.Target != "xml" || len(p.doc.elements) > 0 {
			return p.broken("processing instruction")
		}
	}
	return nil
}

func (p *parser) start(name xml.Name) error {
	n := len(p.doc.elements)
	switch {
	case len(p.open) == 0 && n > 0:
		return p.broken("second root")
	case len(p.open) == 0 && (name.Local != "xml" || name.Space != ""):
		return p.broken("root is not xml")
	case len(p.open) == maxDepth:
		return p.broken("too deep")
	case n == maxElements:
		return p.broken("too many elements")
	}
	if p.open == nil {
		p.open = p.deep[:0]
	} else if len(p.open) > 0 {
		parent := &p.doc.elements[p.open[len(p.open)-1]]
		if !parent.hasElement {
			p.text, parent.hasElement = p.text[:parent.from], true // what stood before the first child was layout
		}
	}
	p.doc.elements = append(p.doc.elements, element{name: joinName(name), from: int32(len(p.text))})
	p.open = append(p.open, int32(n))
	return nil
}

func (p *parser) finish(name xml.Name) error {
	if len(p.open) == 0 {
		return p.broken("end without start")
	}
	e := &p.doc.elements[p.open[len(p.open)-1]]
	if e.name != joinName(name) {
		return p.broken("end of another element")
	}
	p.open = p.open[:len(p.open)-1]
	e.to, e.end = int32(len(p.text)), int32(len(p.doc.elements))
	return nil
}

func joinName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// reader binds a document's elements to fields and remembers the first fault.
type reader struct {
	*document
	err error
}

// repeated are the only elements that may stand more than once under one parent.
func repeated(name string) bool { return name == "item" || name == "List" || name == "fail_idx" }

// each calls take for every child of element i. take answers false for a name it does not know; one that it knows may
// stand only once.
func (r *reader) each(i int, take func(name string, child int) (known bool)) {
	var few [16]string
	seen := few[:0]
	for c := i + 1; c < int(r.elements[i].end) && r.err == nil; c = int(r.elements[c].end) {
		name := r.elements[c].name
		if !take(name, c) || repeated(name) {
			continue
		}
		for _, s := range seen {
			if s == name {
				r.fail("twice", name)
			}
		}
		seen = append(seen, name)
	}
}

func (r *reader) fail(what, name string) {
	if r.err == nil {
		r.err = ErrFormat.Because(errors.New("XML: " + name + " " + what))
	}
}

// str is the text of a simple element, as it is.
func (r *reader) str(i int) string {
	e := &r.elements[i]
	if e.hasElement {
		r.fail("is not simple", e.name)
		return ""
	}
	return r.text[e.from:e.to]
}

// word is the text of a simple element without the space around it.
func (r *reader) word(i int) string { return strings.TrimSpace(r.str(i)) }

// num is a whole number; an empty element is 0.
func (r *reader) num(i int) int64 {
	s := r.word(i)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		r.fail("is not a number", r.elements[i].name)
	}
	return n
}

func (r *reader) count(i int) int { return int(r.num(i)) }

// real is a decimal number; an empty element is 0.
func (r *reader) real(i int) float64 {
	s := r.word(i)
	if s == "" {
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		r.fail("is not a number", r.elements[i].name)
		return 0
	}
	return f
}

// illegal are the code points that XML 1.0 forbids even escaped; people paste them into messages all the same.
func illegal(c rune) bool {
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c == 0xFFFE || c == 0xFFFF
}

// legalise replaces characters that XML forbids by U+FFFD, so that a control character in a citizen's message does not
// make WeChat report the account as out of order. It returns body itself if there is nothing to do.
func legalise(body []byte) []byte {
	if bytes.IndexFunc(body, illegal) < 0 {
		return body
	}
	out := make([]byte, 0, len(body)+8)
	for len(body) > 0 {
		c, n := utf8.DecodeRune(body)
		if illegal(c) {
			out = utf8.AppendRune(out, utf8.RuneError)
		} else {
			out = append(out, body[:n]...)
		}
		body = body[n:]
	}
	return out
}
