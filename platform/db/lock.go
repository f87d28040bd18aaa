package db

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"weizheng/platform/errs"
)

// Lock keeps other processes out of a data folder with an SQLite file in it until unlock is called or the process ends,
// however it ends. A folder that is locked already is Conflict "db.locked". The folder is made (0700) if it is missing.
func Lock(dir string) (unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, errs.New(errs.Unavailable, "db.away").Because(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errs.New(errs.Unavailable, "db.away").Because(err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = errs.New(errs.Conflict, "db.locked").With("dir", dir)
		}
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil // the file stays: removing it would let two processes lock two different files of one name
}
