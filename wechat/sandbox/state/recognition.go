package state

import (
	"context"

	"weizheng/platform/db"
)

// SetRecognition says as what a subject of a kind is recognised: JSON, or "" for nothing. The subject "" is the next call's.
func (s *Store) SetRecognition(ctx context.Context, kind, subject, says string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into recognition (kind, subject, says) values ($1, $2, $3)
			on conflict (kind, subject) do update set says=excluded.says`, kind, subject, says)
		return err
	})
}

// Recognise finds as what a subject is recognised: what was said of it, else what was said of the next call, which is
// then used up. ok is false when nothing was said.
func (s *Store) Recognise(ctx context.Context, kind, subject string) (says string, ok bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		ok = false
		for _, of := range []string{subject, ""} {
			list, err := db.All(ctx, tx, db.Value[string], "select says from recognition where kind=$1 and subject=$2", kind, of)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				continue
			}
			says, ok = list[0], true
			if of != "" {
				return nil
			}
			_, err = tx.Exec(ctx, "delete from recognition where kind=$1 and subject=''", kind)
			return err
		}
		return nil
	})
	return says, ok, err
}

// KeepDictation keeps what a voice says for life ms of wall time.
func (s *Store) KeepDictation(ctx context.Context, account int64, voice, says string, life int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "delete from dictation where until_at<=$1", s.Wall()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into dictation (account, voice_id, says, until_at) values ($1, $2, $3, $4)
			on conflict (account, voice_id) do update set says=excluded.says, until_at=excluded.until_at`, account, voice, says, s.Wall()+life)
		return err
	})
}

// Dictation finds what a voice says; ok is false when it is too late.
func (s *Store) Dictation(ctx context.Context, account int64, voice string) (says string, ok bool, err error) {
	list, err := db.All(ctx, s.db, db.Value[string], "select says from dictation where account=$1 and voice_id=$2 and until_at>$3", account,
		voice, s.Wall())
	if err != nil || len(list) == 0 {
		return "", false, err
	}
	return list[0], true, nil
}
