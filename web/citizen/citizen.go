// Package citizen is the look of the citizen pages: layout, components, one style sheet and one small script.
//
// Pages are drawn by platform/web with these templates; parts fill the component types (Cells, Steps, Form, …) and call
// their templates by name: {{template "steps" .Data.Progress}}. Everything works without script, by keyboard and by
// screen reader; elder mode enlarges text to 18 px and more and touch targets to 60 px; colour never stands alone. The
// style sheet is WeUI's, cut down to what the pages use, under our own tokens; `npm run build` makes it. Without that a
// placeholder keeps pages readable, and Manifest says so.
//
// The package imports the standard library only.
package citizen

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed dist
var dist embed.FS

// Prefix is where the style sheet and the script are served.
const Prefix = "/assets/"

// Manifest names the built files as pages link them.
type Manifest struct {
	Style       string // "/assets/citizen.3f9a2c1d07.css"
	Script      string
	Placeholder bool // `npm run build` has not run
}

// Templates returns the layouts and components: *.html.
func Templates() fs.FS { return sub(templates, "templates") }

// Assets returns the files to be served under Prefix.
func Assets() fs.FS { return sub(dist, "dist") }

// Built reads which files there are. Its error means that the build was broken half-way.
func Built() (Manifest, error) {
	text, err := fs.ReadFile(dist, "dist/manifest.json")
	if err != nil {
		return Manifest{Style: Prefix + "placeholder.css", Script: Prefix + "placeholder.js", Placeholder: true}, nil
	}
	var names struct {
		Style  string `json:"style"`
		Script string `json:"script"`
	}
	if err := json.Unmarshal(text, &names); err != nil {
		return Manifest{}, fmt.Errorf("citizen: manifest: %w", err)
	}
	for _, name := range []string{names.Style, names.Script} {
		if _, err := fs.Stat(dist, "dist/"+name); err != nil {
			return Manifest{}, fmt.Errorf("citizen: manifest names a missing file: %w", err)
		}
	}
	return Manifest{Style: Prefix + names.Style, Script: Prefix + names.Script}, nil
}

func sub(files embed.FS, folder string) fs.FS {
	s, err := fs.Sub(files, folder)
	if err != nil {
		panic("citizen: the embedded folder " + folder + " is missing: " + err.Error())
	}
	return s
}
