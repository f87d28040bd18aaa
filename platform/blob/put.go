package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
)

// Put writes a hidden file beside the place, makes it durable and renames it; see Store.
func (f *Folder) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	if err := ready(ctx, key); err != nil {
		return 0, err
	}
	dir := path.Dir(key)
	if err := f.makeDirs(dir); err != nil {
		return 0, err
	}
	// Keys have no hidden parts, so this name is nobody's. A crash may leave it: Sweep removes it.
	hidden := path.Join(dir, ".put-"+rand.Text())
	n, err := f.write(ctx, hidden, r)
	if err == nil {
		err = fault(f.root.Rename(hidden, key))
	}
	if err != nil {
		// The first error is the one that counts; a full disk may even refuse nothing here.
		_ = f.root.Remove(hidden)
		return 0, err
	}
	return n, f.sync(dir)
}

func (f *Folder) write(ctx context.Context, name string, r io.Reader) (int64, error) {
	file, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fault(err)
	}
	src := &source{ctx: ctx, r: r}
	n, err := io.Copy(file, src)
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if src.err != nil {
		return 0, src.err
	}
	return n, fault(err)
}

// makeDirs makes the folders of a key, each durable in the one above it.
func (f *Folder) makeDirs(dir string) error {
	if dir == "." {
		return nil
	}
	if _, err := f.root.Stat(dir); err == nil {
		return nil
	}
	above := path.Dir(dir)
	if err := f.makeDirs(above); err != nil {
		return err
	}
	if err := f.root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fault(err)
	}
	return f.sync(above)
}
