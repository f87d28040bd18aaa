package state

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// ErrFull is refused because an account has as much of it as it may.
var ErrFull = errs.New(errs.Exhausted, "sandbox.full")

// Material is a file that an account keeps.
type Material struct {
	N int64
	Media
	Title, Introduction string // of videos
}

const materialColumns = "p.n, p.title, p.introduction, m.id, m.account, m.type, m.name, m.mime, m.size, m.file, m.note, p.made_at, m.expires_at"

func scanMaterial(scan db.Scan) (Material, error) {
	var m Material
	err := scan(&m.N, &m.Title, &m.Introduction, &m.ID, &m.Account, &m.Type, &m.Name, &m.MIME, &m.Size, &m.File, &m.Note,
		&m.MadeAt, &m.ExpiresAt)
	return m, err
}

// AddMaterial keeps a file for ever, and fills in id, size and time. ErrFull when there are limit of its kinds already.
func (s *Store) AddMaterial(ctx context.Context, m Material, content []byte, kinds []string, limit int64) (Material, error) {
	sum := sha256.Sum256(content)
	m.File, m.Size, m.MadeAt = hex.EncodeToString(sum[:]), int64(len(content)), s.Civil()
	if err := s.writeFile(m.File, content); err != nil {
		return m, err
	}
	return m, s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := s.CountMaterials(ctx, tx, m.Account, kinds...)
		if err != nil {
			return err
		}
		if n >= limit {
			return ErrFull
		}
		if m.Media, err = s.insertMedia(ctx, tx, m.Media); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "insert into material (account, media, type, title, introduction, made_at) values ($1, $2, $3, $4, $5, $6)",
			m.Account, m.ID, m.Type, m.Title, m.Introduction, m.MadeAt)
		return err
	})
}

// CountMaterials is how many materials of these types an account has.
func (s *Store) CountMaterials(ctx context.Context, q db.Queryer, account int64, types ...string) (int64, error) {
	in, args := placeholders(types, 2)
	return db.One(ctx, q, db.Value[int64], "select count(*) from material where account=$1 and type in ("+in+")",
		append([]any{account}, args...)...)
}

// Material finds a permanent material of an account; ErrNoMedia when it has none of that id.
func (s *Store) Material(ctx context.Context, q db.Queryer, account int64, id string) (Material, error) {
	m, err := db.One(ctx, q, scanMaterial, "select "+materialColumns+` from material p join media m on m.id=p.media
		where p.media=$1 and p.account=$2`, id, account)
	return m, none(err, ErrNoMedia)
}

// Materials lists an account's materials of a type, the newest first.
func (s *Store) Materials(ctx context.Context, account int64, typ string, offset, limit int) ([]Material, error) {
	return db.All(ctx, s.db, scanMaterial, "select "+materialColumns+` from material p join media m on m.id=p.media
		where p.account=$1 and p.type=$2 order by p.n desc limit $3 offset $4`, account, typ, limit, offset)
}

// DeleteMaterial forgets a material. A picture is still shown where it was used: it stays as one of an article's text.
func (s *Store) DeleteMaterial(ctx context.Context, tx *db.Tx, m Material) error {
	if _, err := tx.Exec(ctx, "delete from material where n=$1", m.N); err != nil {
		return err
	}
	typ, expires := ArticlePicture, int64(0)
	if m.Type != "image" && m.Type != "thumb" {
		typ, expires = m.Type, s.Civil()
	}
	_, err := tx.Exec(ctx, "update media set type=$1, expires_at=$2 where id=$3", typ, expires, m.ID)
	return err
}

// MaterialUsed reports whether the menu or an automatic reply of the account needs a material.
func (s *Store) MaterialUsed(ctx context.Context, q db.Queryer, account int64, id string) (bool, error) {
	docs, err := db.All(ctx, q, db.Value[string], `select doc from menu where account=$1
		union all select doc from conditional_menu where account=$1 union all select doc from autoreply where account=$1`, account)
	for _, doc := range docs {
		if strings.Contains(doc, `"`+id+`"`) {
			return true, err
		}
	}
	return false, err
}

// SeedMaterials makes n permanent pictures of the same content.
func (s *Store) SeedMaterials(ctx context.Context, account int64, typ, mime string, content []byte, n int) error {
	sum := sha256.Sum256(content)
	file := hex.EncodeToString(sum[:])
	if err := s.writeFile(file, content); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		last, err := nextSerials(ctx, tx, "seed/material", n)
		if err != nil {
			return err
		}
		first := last - int64(n) // the one before
		// Statements of their own, not rowsOf, for the reason SeedCodes gives.
		if _, err := tx.Exec(ctx, `with recursive s(i) as (select 1 union all select i+1 from s where i<$1)
			insert into media (`+mediaColumns+`) select 'seed' || printf('%060d', $2+i), $3, $4, 'seed', $5, $6, $7, '', $8, 0 from s`,
			n, first, account, typ, mime, len(content), file, s.Civil()); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into material (account, media, type, title, introduction, made_at)
			select account, id, type, '', '', made_at from media where id>'seed' || printf('%060d', $1) and id<='seed' || printf('%060d', $2)`,
			first, first+int64(n))
		return err
	})
}
