package db

import (
	"bytes"
	"io/fs"
	"strings"
	"time"
)

// expand shows a folder of migrations as one engine reads it: type words replaced, and of the files named
// x.sqlite.sql and x.postgres.sql only its own. It serves fs.Glob and fs.ReadFile at the root, which is all that goose
// asks for.
func expand(fsys fs.FS, d Dialect) fs.FS {
	return expanded{fsys: fsys, words: strings.NewReplacer(d.words()...), dialect: d}
}

type expanded struct {
	fsys    fs.FS
	words   *strings.Replacer
	dialect Dialect
}

// Open gives a file with its words replaced; folders are as they are.
func (e expanded) Open(name string) (fs.File, error) {
	f, err := e.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(e.fsys, name)
	if err != nil {
		return nil, err
	}
	text = []byte(e.words.Replace(string(text)))
	return &textFile{Reader: bytes.NewReader(text), name: info.Name(), size: int64(len(text))}, nil
}

// ReadDir leaves out the other engine's files.
func (e expanded) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(e.fsys, name)
	if err != nil {
		return nil, err
	}
	kept := all[:0]
	for _, entry := range all {
		if e.mine(entry.Name()) {
			kept = append(kept, entry)
		}
	}
	return kept, nil
}

func (e expanded) mine(name string) bool {
	other := ".postgres.sql"
	if e.dialect == Postgres {
		other = ".sqlite.sql"
	}
	return !strings.HasSuffix(name, other)
}

// textFile is a file in memory.
type textFile struct {
	*bytes.Reader
	name string
	size int64
}

func (f *textFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *textFile) Close() error               { return nil }
func (f *textFile) Name() string               { return f.name }
func (f *textFile) Size() int64                { return f.size }
func (f *textFile) Mode() fs.FileMode          { return 0o444 }
func (f *textFile) ModTime() time.Time         { return time.Time{} }
func (f *textFile) IsDir() bool                { return false }
func (f *textFile) Sys() any                   { return nil }
