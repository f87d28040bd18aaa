package flow

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Limits of a definition's YAML: the largest shipped one has 12 kB and 9 levels.
const (
	maxYAML  = 256 << 10
	maxLevel = 32
)

// Parse reads a definition from YAML. Nothing is guessed: a key that is not known, one that stands twice, a value of the
// wrong sort and an alias are problems with their line; then there is no definition. A definition without problems here
// is well formed, not yet sound: that is Validate's.
func Parse(text []byte) (*Definition, []Problem) {
	if len(text) > maxYAML {
		return nil, []Problem{{Severity: Error, Key: "flow.yaml.too_long", Params: map[string]any{"max": maxYAML >> 10}}}
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		return nil, []Problem{broken(err)}
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, []Problem{{Line: more.Line, Severity: Error, Key: "flow.yaml.one_document"}}
	}
	r := reader{}
	r.value(doc.Content[0], reflect.TypeFor[Definition](), "", 0)
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	var d Definition
	if err := doc.Decode(&d); err != nil {
		return nil, []Problem{broken(err)}
	}
	return &d, nil
}

// Format writes a definition as YAML that Parse reads back.
func Format(d *Definition) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(d); err != nil {
		return nil, err
	}
	return b.Bytes(), enc.Close()
}

var lineOf = regexp.MustCompile(`line (\d+)`)

// broken is text that is no YAML; the parser tells the line in its words only.
func broken(err error) Problem {
	p := Problem{Severity: Error, Key: "flow.yaml.broken"}
	if errors.Is(err, io.EOF) {
		p.Key = "flow.yaml.empty"
	}
	if m := lineOf.FindStringSubmatch(err.Error()); m != nil {
		p.Line, _ = strconv.Atoi(m[1])
	}
	return p
}

// reader compares a YAML tree with a Go type: strictness with lines, which the decoder has only as English text.
type reader struct{ problems []Problem }

func (r *reader) fault(n *yaml.Node, path, key string, params map[string]any) {
	r.problems = append(r.problems, Problem{Path: path, Line: n.Line, Severity: Error, Key: key, Params: params})
}

func (r *reader) value(n *yaml.Node, t reflect.Type, path string, level int) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case level > maxLevel:
		r.fault(n, path, "flow.yaml.too_deep", nil)
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.fault(n, path, "flow.yaml.alias", nil)
	case t.Kind() == reflect.Struct && n.Kind == yaml.MappingNode:
		r.fields(n, t, path, level)
	case t.Kind() == reflect.Map && n.Kind == yaml.MappingNode:
		r.pairs(n, func(key string, v *yaml.Node) { r.value(v, t.Elem(), join(path, key), level+1) }, path)
	case t.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode:
		for i, v := range n.Content {
			r.value(v, t.Elem(), join(path, nameOf(v, i)), level+1)
		}
	case scalar(n, t.Kind()):
	default:
		r.fault(n, path, "flow.yaml.sort."+sortOf(t.Kind()), nil)
	}
}

func (r *reader) fields(n *yaml.Node, t reflect.Type, path string, level int) {
	known := map[string]reflect.Type{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		known[name] = f.Type
	}
	r.pairs(n, func(key string, v *yaml.Node) {
		if of, ok := known[key]; ok {
			r.value(v, of, join(path, key), level+1)
		} else {
			r.problems = append(r.problems, Problem{Path: join(path, key), Line: v.Line, Severity: Error,
				Key: "flow.yaml.unknown_key", Params: map[string]any{"key": key}})
		}
	}, path)
}

// pairs hands out the pairs of a mapping; a key that stands twice is a fault.
func (r *reader) pairs(n *yaml.Node, each func(key string, v *yaml.Node), path string) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		switch {
		case k.Kind != yaml.ScalarNode || k.Tag == "!!merge":
			r.fault(k, path, "flow.yaml.alias", nil)
		case seen[k.Value]:
			r.fault(k, join(path, k.Value), "flow.yaml.twice", map[string]any{"key": k.Value})
		default:
			seen[k.Value] = true
			each(k.Value, n.Content[i+1])
		}
	}
}

// scalar reports whether a scalar fits a kind. Words in quotes are words; what YAML reads as a number or a truth value
// where a word belongs must be quoted, so that nobody's key "no" becomes false.
func scalar(n *yaml.Node, k reflect.Kind) bool {
	if n.Kind != yaml.ScalarNode {
		return false
	}
	switch k {
	case reflect.String:
		return n.Tag == "!!str"
	case reflect.Bool:
		return n.Tag == "!!bool"
	case reflect.Int, reflect.Int64:
		_, err := strconv.ParseInt(n.Value, 10, 64)
		return n.Tag == "!!int" && err == nil
	}
	return false
}

// sortOf names what a value should have been: the last word of a message key.
func sortOf(k reflect.Kind) string {
	switch k {
	case reflect.Struct, reflect.Map:
		return "map"
	case reflect.Slice:
		return "list"
	case reflect.Bool:
		return "bool"
	case reflect.Int, reflect.Int64:
		return "number"
	}
	return "word"
}

// nameOf is how a path speaks of an item of a list: by its name where it has one.
func nameOf(n *yaml.Node, i int) string {
	if n.Kind == yaml.MappingNode {
		for j := 0; j+1 < len(n.Content); j += 2 {
			if n.Content[j].Value == "name" && n.Content[j+1].Kind == yaml.ScalarNode {
				return n.Content[j+1].Value
			}
		}
	}
	return strconv.Itoa(i)
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
