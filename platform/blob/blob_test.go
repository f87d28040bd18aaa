package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"golang.org/x/sys/unix"

	"weizheng/platform/blob"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

func open(t *testing.T, dir string) *blob.Folder {
	t.Helper()
	f, err := blob.OpenFolder(dir, clock.Wall{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func read(t *testing.T, s blob.Store, key string) string {
	t.Helper()
	f, size, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil || int64(len(text)) != size {
		t.Fatalf("read %d of %d bytes: %v", len(text), size, err)
	}
	return string(text)
}

func TestPutOpenDelete(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	f := open(t, dir)
	for _, text := range []string{"one", "another, longer", ""} {
		n, err := f.Put(t.Context(), "2026/11/a.txt", strings.NewReader(text))
		if err != nil || n != int64(len(text)) {
			t.Fatal(n, err)
		}
		if got := read(t, f, "2026/11/a.txt"); got != text {
			t.Fatalf("read %q, want %q", got, text)
		}
	}
	for path, want := range map[string]os.FileMode{"": 0o700, "2026": 0o700, "2026/11/a.txt": 0o600} {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q has mode %v (%v), want %v", path, info.Mode(), err, want)
		}
	}
	for range 2 {
		if err := f.Delete(t.Context(), "2026/11/a.txt"); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := f.Open(t.Context(), "2026/11/a.txt"); !errors.Is(err, errs.New(errs.NotFound, "blob.none")) {
		t.Fatalf("open a deleted file: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".put", "*"))
	if err != nil || len(left) != 0 {
		t.Fatalf("left unfinished: %v, %v", left, err)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := open(t, filepath.Join(dir, "files"))
	if _, err := f.Put(t.Context(), "file", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dir, filepath.Join(dir, "files", "out")); err != nil {
		t.Fatal(err)
	}
	bad := []string{
		"", "/", "a/", "/a", "a//b", ".", "..", "../secret", "a/../../secret", ".put/x", "a/.b", "a\\b", "a b", "名", "a\x00",
		strings.Repeat("a", 201), strings.Repeat("a/", 256) + "a",
	}
	for _, key := range bad {
		_, _, e1 := f.Open(t.Context(), key)
		_, e2 := f.Put(t.Context(), key, strings.NewReader(""))
		for _, err := range []error{e1, e2, f.Delete(t.Context(), key)} {
			if !errors.Is(err, errs.New(errs.Invalid, "blob.key")) {
				t.Errorf("key %q: %v", key, err)
			}
		}
	}
	// A link inside the folder leads nowhere, and a file is no folder.
	if _, _, err := f.Open(t.Context(), "out/secret"); err == nil {
		t.Error("a symbolic link led out of the store")
	}
	if _, err := f.Put(t.Context(), "out/new", strings.NewReader("x")); err == nil {
		t.Error("a symbolic link led out of the store")
	}
	if _, err := f.Put(t.Context(), "file/below", strings.NewReader("x")); !errs.Is(err, errs.Invalid) {
		t.Errorf("put below a file: %v", err)
	}
	if _, _, err := f.Open(t.Context(), "file/below"); !errs.Is(err, errs.NotFound) {
		t.Errorf("open below a file: %v", err)
	}
}

func TestFailedPutChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := open(t, dir)
	if _, err := f.Put(t.Context(), "a", strings.NewReader("old")); err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	broken := errors.New("the sender went away")
	rows := []struct {
		label string
		ctx   context.Context
		r     io.Reader
		want  error
	}{
		{"the reader fails", t.Context(), io.MultiReader(strings.NewReader("new"), iotest.ErrReader(broken)), broken},
		{"too large", t.Context(), blob.Limit(strings.NewReader("new"), 2), errs.New(errs.Invalid, "blob.large")},
		{"too large by one byte at a time", t.Context(), blob.Limit(iotest.OneByteReader(strings.NewReader("new")), 2), errs.New(errs.Invalid, "blob.large")},
		{"the caller leaves while reading", gone, io.MultiReader(strings.NewReader("new"), readerFunc(func([]byte) (int, error) {
			cancel()
			return 1, nil
		}), strings.NewReader("more")), context.Canceled},
	}
	for _, r := range rows {
		if _, err := f.Put(r.ctx, "a", r.r); !errors.Is(err, r.want) {
			t.Errorf("%s: %v, want %v", r.label, err, r.want)
		}
		if got := read(t, f, "a"); got != "old" {
			t.Errorf("%s: the file is now %q", r.label, got)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, ".put", "*"))
	if err != nil || len(left) != 0 {
		t.Fatalf("left unfinished: %v, %v", left, err)
	}
	n, err := f.Put(t.Context(), "a", blob.Limit(strings.NewReader("new"), 3))
	if err != nil || n != 3 {
		t.Fatalf("exactly the limit: %d, %v", n, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// A small file system in memory is the honest way to a full disk; it takes the right to mount.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("cannot mount a small file system here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	f := open(t, dir)
	if _, err := f.Put(t.Context(), "small", strings.NewReader("fits")); err != nil {
		t.Fatal(err)
	}
	big := bytes.Repeat([]byte("x"), 512<<10)
	if _, err := f.Put(t.Context(), "big", bytes.NewReader(big)); !errors.Is(err, errs.New(errs.Unavailable, "blob.full")) {
		t.Fatalf("a full disk: %v", err)
	}
	if _, _, err := f.Open(t.Context(), "big"); !errs.Is(err, errs.NotFound) {
		t.Fatalf("half a file is there: %v", err)
	}
	if _, err := f.Put(t.Context(), "big", bytes.NewReader(big[:128<<10])); err != nil {
		t.Fatalf("after a full disk: %v", err)
	}
	if got := read(t, f, "small"); got != "fits" {
		t.Fatalf("the small file is now %q", got)
	}
}

func TestSweepsAbandonedFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, ".put"), 0o700); err != nil {
		t.Fatal(err)
	}
	now := clock.Wall{}.Now()
	for name, age := range map[string]time.Duration{"young": time.Hour, "old": 25 * time.Hour} {
		file := filepath.Join(dir, ".put", name)
		if err := os.WriteFile(file, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	open(t, dir)
	left, err := os.ReadDir(filepath.Join(dir, ".put"))
	if err != nil || len(left) != 1 || left[0].Name() != "young" {
		t.Fatalf("left: %v, %v", left, err)
	}
}
