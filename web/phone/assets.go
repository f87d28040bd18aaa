// Package phone carries the sandbox's phone: the page in which a person plays a citizen, chats
// with Official Accounts and opens their web pages, with the wire and the faults beside it.
//
// It promises that Assets always holds an index.html: the built phone, or, in a binary compiled
// without Node, a page that says so and how to build it. The sandbox serves it at its root.
package phone

import (
	"embed"
	"io/fs"
)

// built is where Vite writes; the placeholder one level up stays untouched by a build.
const built = "dist/built"

//go:embed all:dist
var dist embed.FS

// Assets returns the files to serve at "/": index.html and, when built, assets/ with hashed names
// (safe to cache for ever; index.html is not).
func Assets() fs.FS {
	root := built
	if Placeholder() {
		root = "dist"
	}
	sub, err := fs.Sub(dist, root)
	if err != nil { // only an invalid path is an error here, and both are constants
		panic(err)
	}
	return sub
}

// Placeholder reports whether this binary was compiled without the built phone.
func Placeholder() bool {
	_, err := fs.Stat(dist, built+"/index.html")
	return err != nil
}
