// Package console holds the built staff console: the files that `npm run build` leaves in dist, carried in the binary.
//
// It promises that `go build` and `go test` work in a fresh clone without Node: when dist is empty, Assets is a single
// Chinese page that says how to build the real one, and Placeholder reports it so that serve and doctor can say so.
package console

import (
	"embed"
	"io/fs"
)

// The .gitkeep in dist is what makes the pattern match in a fresh clone; a build brings its own copy from public.
//
//go:embed all:dist
var built embed.FS

//go:embed placeholder/index.html
var placeholder embed.FS

// Assets returns the files to serve under /console/, index.html at the root. Hashed files stand under assets/ and may
// be cached for ever; text files have a .gz sibling. Any other path belongs to the router of the page: answer it with
// index.html.
func Assets() fs.FS {
	if Placeholder() {
		return sub(placeholder, "placeholder")
	}
	return sub(built, "dist")
}

// Placeholder reports whether the console was not built into this binary.
func Placeholder() bool {
	_, err := fs.Stat(built, "dist/index.html")
	return err != nil
}

func sub(files embed.FS, dir string) fs.FS {
	s, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // only an invalid literal path can fail
	}
	return s
}
