package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// Folder is a Store in a folder of this machine.
type Folder struct{ root *os.Root }

var _ Store = (*Folder)(nil)

// OpenFolder opens a folder as a store, making it (0700) if it is missing. Nothing that happens inside, symbolic links
// included, leads out of it. Files that were left unfinished more than a day ago are removed.
func OpenFolder(dir string, wall clock.Clock) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fault(err)
	}
	f := &Folder{root: root}
	if err := f.sweep(wall.Now()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Close gives the folder back.
func (f *Folder) Close() error { return fault(f.root.Close()) }

// Open returns the file; see Store.
func (f *Folder) Open(ctx context.Context, key string) (File, int64, error) {
	if err := ready(ctx, key); err != nil {
		return nil, 0, err
	}
	file, err := f.root.Open(key)
	if err != nil {
		return nil, 0, fault(err)
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, 0, errors.Join(fault(err), file.Close())
	}
	return file, info.Size(), nil
}

// Delete removes the file; see Store.
func (f *Folder) Delete(ctx context.Context, key string) error {
	if err := ready(ctx, key); err != nil {
		return err
	}
	err := f.root.Remove(key)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ENOTEMPTY) {
		return nil // no such file; a key that is a folder of others is none either
	}
	if err != nil {
		return fault(err)
	}
	return f.sync(path.Dir(key))
}

// ready refuses bad keys and callers that are gone.
func ready(ctx context.Context, key string) error {
	if err := Check(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return errs.New(errs.Busy, "blob.late").Because(err)
	}
	return nil
}

// sync makes the names in a folder durable.
func (f *Folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return fault(err)
	}
	return fault(errors.Join(d.Sync(), d.Close()))
}

// fault gives an error of the file system its kind.
func fault(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return errFull.Because(err)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return errNone.Because(err)
	}
	return errAway.Because(err)
}

// source remembers the reader's own error, to tell it from the disk's.
type source struct {
	ctx context.Context
	r   io.Reader
	err error
}

// Read reads on unless the caller is gone.
func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		s.err = errs.New(errs.Busy, "blob.late").Because(err)
		return 0, s.err
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
