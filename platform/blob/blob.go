// Package blob keeps files: bytes under a key, in a folder of this machine by default.
//
// Promises:
//
//   - What Put returned nil for survives a power cut; what it failed for is not there, and what was there before is
//     unchanged. A reader sees a whole file, the old or the new one, never a part.
//   - A key is a path such as "2026/11/ab12.jpg" and cannot lead out of the store. Keys that come from outside have no
//     place here: the owner makes them.
//   - Contents are not looked at and not encrypted: seal them before. Files have mode 0600, folders 0700.
//   - Errors have a kind: NotFound "blob.none", Invalid "blob.key", Invalid "blob.large", Unavailable "blob.full" (no
//     space; the next Put may succeed) and Unavailable "blob.away".
package blob

import (
	"context"
	"errors"
	"io"
	"strings"

	"weizheng/platform/errs"
)

// Store keeps files under keys. It is safe for concurrent use.
type Store interface {
	// Put stores everything r gives, up to its end, replacing what was there, and returns the number of bytes. An error
	// of r is returned as it is. Limit r with Limit.
	Put(ctx context.Context, key string, r io.Reader) (int64, error)
	// Open returns the file and its size; the caller closes it. Files can be read from any place (ranges).
	Open(ctx context.Context, key string) (File, int64, error)
	// Delete removes the file; a missing one is no error.
	Delete(ctx context.Context, key string) error
}

// File is a stored file being read.
type File interface {
	io.Reader
	io.Seeker
	io.Closer
}

var (
	errNone  = errs.New(errs.NotFound, "blob.none")
	errKey   = errs.New(errs.Invalid, "blob.key")
	errLarge = errs.New(errs.Invalid, "blob.large")
	errFull  = errs.New(errs.Unavailable, "blob.full")
	errAway  = errs.New(errs.Unavailable, "blob.away")
)

// Limit lets n bytes of r pass and then fails with Invalid "blob.large", unlike io.LimitReader, which would cut.
func Limit(r io.Reader, n int64) io.Reader { return &limited{r: r, left: n, limit: n} }

type limited struct {
	r           io.Reader
	left, limit int64
}

// Read reads on, and one byte beyond the limit to see whether there is one.
func (l *limited) Read(p []byte) (int, error) {
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if int64(n) > l.left {
		n, err = int(l.left), errLarge.With("limit", l.limit)
	}
	l.left -= int64(n)
	return n, err
}

const (
	// keyLimit keeps a key and its folder within the 1024 bytes that object stores allow and the 4096 of a path.
	keyLimit = 512
	// partLimit keeps a part and our suffix within the 255 bytes of a file name.
	partLimit = 200
)

// Check reports whether key may name a file: parts of ASCII letters, digits, ".", "_" and "-", divided by "/"; no part
// is empty or begins with a dot. The error is Invalid "blob.key".
func Check(key string) error {
	if len(key) > keyLimit {
		return errKey.Because(errors.New("too long"))
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part[0] == '.' || len(part) > partLimit {
			return errKey.Because(errors.New("an empty, hidden or too long part"))
		}
		for i := range len(part) {
			if !plain(part[i]) {
				return errKey.Because(errors.New("a character that is not allowed"))
			}
		}
	}
	return nil
}

func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '_' || c == '-'
}
