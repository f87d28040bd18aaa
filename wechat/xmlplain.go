package wechat

import (
	"bytes"
	"strings"
)

// scanPlain reads the XML that WeChat really sends, in one pass and nearly without allocation: elements without
// attributes, each holding either elements or one piece of text, in CDATA or bare without references. It answers ok=false
// for everything else, good or bad, and leaves the judgement to encoding/xml: what it reads, it reads as parseXML does.
//
// body has passed plainBytes.
func scanPlain(body []byte) (doc *document, ok bool) {
	s := plainScanner{text: string(body), doc: document{elements: make([]element, 0, 12)}}
	s.doc.text = s.text
	for s.at < len(s.text) {
		switch {
		case s.text[s.at] != '<':
			ok = s.bare()
		case hasAt(s.text, s.at+1, "/"):
			ok = s.finish()
		case hasAt(s.text, s.at+1, openCDATA):
			ok = s.cdata()
		default:
			ok = s.start()
		}
		if !ok {
			return nil, false
		}
	}
	return &s.doc, s.depth == 0 && len(s.doc.elements) > 0
}

const (
	openCDATA  = "![CDATA["
	closeCDATA = "]]>"
)

type plainScanner struct {
	text  string
	at    int
	doc   document
	open  [maxDepth]int32 // indices of the elements not yet closed
	depth int
}

// start reads <name>.
func (s *plainScanner) start() bool {
	name, ok := s.name(s.at + 1)
	n := len(s.doc.elements)
	switch {
	case !ok || s.depth == maxDepth || n == maxElements:
		return false
	case s.depth == 0 && (n > 0 || name != "xml"):
		return false
	case s.depth > 0:
		parent := &s.doc.elements[s.open[s.depth-1]]
		if parent.to != parent.from {
			return false // text before the first child
		}
		parent.hasElement = true
	}
	s.at += len(name) + 2
	s.doc.elements = append(s.doc.elements, element{name: name, from: int32(s.at), to: int32(s.at)})
	s.open[s.depth] = int32(n)
	s.depth++
	return true
}

// finish reads </name> of the element that is open.
func (s *plainScanner) finish() bool {
	if s.depth == 0 {
		return false
	}
	e := &s.doc.elements[s.open[s.depth-1]]
	if name, ok := s.name(s.at + 2); !ok || name != e.name {
		return false
	}
	s.at += len(e.name) + 3
	s.depth--
	e.end = int32(len(s.doc.elements))
	return true
}

// name reads a name of ASCII letters, digits and underscores, and the > after it.
func (s *plainScanner) name(from int) (string, bool) {
	i := from
	for i < len(s.text) && isNameByte(s.text[i], i == from) {
		i++
	}
	if i == from || !hasAt(s.text, i, ">") {
		return "", false
	}
	return s.text[from:i], true
}

func isNameByte(c byte, first bool) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || !first && c >= '0' && c <= '9'
}

// cdata reads a section, which must be all the text of its element.
func (s *plainScanner) cdata() bool {
	from := s.at + 1 + len(openCDATA)
	length := strings.Index(s.text[from:], closeCDATA)
	if length < 0 {
		return false
	}
	s.at = from + length + len(closeCDATA)
	return s.leaf(from, from+length)
}

// bare reads text up to the next tag. Space between elements is layout.
func (s *plainScanner) bare() bool {
	from, layout := s.at, true
	for ; s.at < len(s.text) && s.text[s.at] != '<'; s.at++ {
		switch c := s.text[s.at]; {
		case c == '&' || c == ']':
			return false
		case c != ' ' && c != '\n' && c != '\t':
			layout = false
		}
	}
	if layout && (s.depth == 0 || s.doc.elements[s.open[s.depth-1]].hasElement || hasAt(s.text, s.at, "<") && s.opens(s.at+1)) {
		return true
	}
	return s.leaf(from, s.at)
}

// opens reports whether an element's start follows.
func (s *plainScanner) opens(at int) bool { return at < len(s.text) && isNameByte(s.text[at], true) }

// leaf gives the open element its text.
func (s *plainScanner) leaf(from, to int) bool {
	if s.depth == 0 {
		return false
	}
	e := &s.doc.elements[s.open[s.depth-1]]
	if e.hasElement || e.to != e.from {
		return false
	}
	e.from, e.to = int32(from), int32(to)
	return true
}

func hasAt(s string, at int, want string) bool {
	return at+len(want) <= len(s) && s[at:at+len(want)] == want
}

// plainBytes reports whether body holds neither control characters but tab and line feed, nor the two code points that
// XML forbids (U+FFFE and U+FFFF begin with EF BF).
func plainBytes(body []byte) bool {
	for _, c := range body {
		if c < 0x20 && c != '\n' && c != '\t' {
			return false
		}
	}
	return !bytes.Contains(body, []byte{0xEF, 0xBF})
}
