package web

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed text.zh.json
var ownTexts []byte

// Texts is the catalogue of messages: key → Chinese text with {name} parameters. Only keys travel inside the house; the
// edge looks them up here. It never changes after NewTexts.
type Texts struct{ byKey map[string]string }

// NewTexts reads the parts' text.zh.json files, each one object of key → text. A key that two files give different texts
// is an error that names it.
func NewTexts(files ...json.RawMessage) (*Texts, error) {
	t := &Texts{byKey: map[string]string{}}
	for _, file := range append([]json.RawMessage{ownTexts}, files...) {
		if len(file) == 0 {
			continue
		}
		var texts map[string]string
		if err := json.Unmarshal(file, &texts); err != nil {
			return nil, fmt.Errorf("web: text file is no object of texts: %w", err)
		}
		for key, text := range texts {
			if old, ok := t.byKey[key]; ok && old != text {
				return nil, fmt.Errorf("web: text %q is given twice: %q and %q", key, old, text)
			}
			t.byKey[key] = text
		}
	}
	return t, nil
}

// Has reports whether there is a text for key.
func (t *Texts) Has(key string) bool { _, ok := t.byKey[key]; return ok }

// Say returns the text of key with its parameters put in; an unknown key is returned as it is, so that a missing text
// is seen rather than hidden.
func (t *Texts) Say(key string, params map[string]any) string {
	text, ok := t.byKey[key]
	if !ok {
		return key
	}
	if len(params) == 0 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, 2*len(params))
	for name, value := range params {
		pairs = append(pairs, "{"+name+"}", fmt.Sprint(value))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
