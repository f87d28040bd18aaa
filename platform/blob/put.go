package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"
)

// unfinished is the folder of files being written. Keys have no hidden parts, so the name is nobody's.
const unfinished = ".put"

// abandoned is the age at which an unfinished file belongs to a process that is gone: uploads are cut off long before.
const abandoned = 24 * time.Hour

// Put writes an unfinished file, makes it durable and renames it; see Store.
func (f *Folder) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	if err := ready(ctx, key); err != nil {
		return 0, err
	}
	dir := path.Dir(key)
	if err := f.makeDirs(dir); err != nil {
		return 0, taken(err)
	}
	hidden := path.Join(unfinished, rand.Text())
	n, err := f.write(ctx, hidden, r)
	if err == nil {
		err = taken(fault(f.root.Rename(hidden, key)))
	}
	if err != nil {
		// The first error is the one that counts.
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

// taken says what a file system means that finds a file where the key wants a folder, or the reverse.
func taken(err error) error {
	if errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.EISDIR) || errors.Is(err, fs.ErrExist) {
		return errKey.Because(err)
	}
	return err
}

// sweep removes what crashes left unfinished.
func (f *Folder) sweep(now time.Time) error {
	if err := f.makeDirs(unfinished); err != nil {
		return err
	}
	list, err := fs.ReadDir(f.root.FS(), unfinished)
	if err != nil {
		return fault(err)
	}
	for _, entry := range list {
		info, err := entry.Info()
		if err != nil || now.Sub(info.ModTime()) < abandoned {
			continue // finished meanwhile, or young
		}
		if err := f.root.Remove(path.Join(unfinished, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fault(err)
		}
	}
	return nil
}
