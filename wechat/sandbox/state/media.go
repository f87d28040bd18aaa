package state

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Media is a file: of a citizen's phone (Account 0), or a temporary one of an account.
type Media struct {
	ID        string
	Account   int64
	Type      string // image, voice, video, thumb
	Name      string
	MIME      string
	Size      int64
	File      string // name in the media folder: the digest of the content
	Note      string // what a voice says
	MadeAt    int64  // civil
	ExpiresAt int64  // civil; 0: never
}

const mediaColumns = "id, account, type, name, mime, size, file, note, made_at, expires_at"

func scanMedia(scan db.Scan) (Media, error) {
	var m Media
	err := scan(&m.ID, &m.Account, &m.Type, &m.Name, &m.MIME, &m.Size, &m.File, &m.Note, &m.MadeAt, &m.ExpiresAt)
	return m, err
}

// AddMedia stores content and its index row, and fills in id, size, file and time.
func (s *Store) AddMedia(ctx context.Context, m Media, content []byte) (Media, error) {
	sum := sha256.Sum256(content)
	m.File, m.Size, m.MadeAt = hex.EncodeToString(sum[:]), int64(len(content)), s.Civil()
	if err := s.writeFile(m.File, content); err != nil {
		return m, err
	}
	return m, s.db.Write(ctx, func(tx *db.Tx) (err error) {
		m, err = s.insertMedia(ctx, tx, m)
		return err
	})
}

// ShareMedia gives an account its own media id of a citizen's file, as sending it does.
func (s *Store) ShareMedia(ctx context.Context, tx *db.Tx, m Media, account, expiresAt int64) (Media, error) {
	m.Account, m.MadeAt, m.ExpiresAt = account, s.Civil(), expiresAt
	return s.insertMedia(ctx, tx, m)
}

func (s *Store) insertMedia(ctx context.Context, tx *db.Tx, m Media) (Media, error) {
	m.ID = RandomText(64)
	if m.Account == 0 {
		m.ID = "up" + randomHex(24)
	}
	_, err := tx.Exec(ctx, "insert into media ("+mediaColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", m.ID,
		m.Account, m.Type, m.Name, m.MIME, m.Size, m.File, m.Note, m.MadeAt, m.ExpiresAt)
	return m, err
}

// writeFile writes a whole file or none; the name is the content's digest, so an existing one is the same.
func (s *Store) writeFile(name string, content []byte) error {
	path := s.mediaPath(name)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return errs.Wrap(err, "store media")
	}
	_, err = f.Write(content)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // it is only a leftover
	}
	return errs.Wrap(err, "store media")
}

func (s *Store) mediaPath(name string) string { return filepath.Join(s.dir, "media", name) }

// FindMedia finds a file by id, in whatever account; an expired one is not found.
func (s *Store) FindMedia(ctx context.Context, q db.Queryer, id string) (Media, error) {
	m, err := db.One(ctx, q, scanMedia, "select "+mediaColumns+" from media where id=$1 and (expires_at=0 or expires_at>$2)",
		id, s.Civil())
	return m, none(err, ErrNoMedia)
}

// ShownMedia finds a file by id even when it has expired: a chat still shows its picture then.
func (s *Store) ShownMedia(ctx context.Context, id string) (Media, error) {
	m, err := db.One(ctx, s.db, scanMedia, "select "+mediaColumns+" from media where id=$1", id)
	return m, none(err, ErrNoMedia)
}

// Content reads a file whole; the largest are some megabytes.
func (s *Store) Content(m Media) ([]byte, error) { return os.ReadFile(s.mediaPath(m.File)) }
