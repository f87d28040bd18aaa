package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/alexedwards/scs/v2"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// sessionStore is scs's store on our table. scs gives it the token's SHA-256, never the token.
type sessionStore struct {
	sessions *Sessions
	kind     SessionKind
}

var _ scs.CtxStore = (*sessionStore)(nil)

const sessionColumns = "token_hash, id, kind, account, subject_id, created_at, seen_at, expires_at, address, agent, data"

type sessionRow struct {
	Session
	hash string
	data string
}

func scanSession(scan db.Scan) (sessionRow, error) {
	var r sessionRow
	err := scan(&r.hash, &r.ID, &r.Kind, &r.Account, &r.Subject, &r.CreatedAt, &r.SeenAt, &r.ExpiresAt, &r.Address, &r.Agent, &r.data)
	return r, err
}

// FindCtx finds a session that is neither expired nor idle too long, and marks it as seen.
func (st *sessionStore) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	c, ok := ctx.Value(carrierKey{}).(*carrier)
	if !ok {
		return nil, false, errNoSession
	}
	row, err := db.One(ctx, st.sessions.db, scanSession,
		"select "+sessionColumns+" from web_session where token_hash = $1 and kind = $2 and account = $3", hash, string(st.kind), c.account)
	if errs.Is(err, errs.NotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, errs.Wrap(err, "find session")
	}
	row.SeenAt = max(row.SeenAt, st.sessions.seen.at(hash))
	if !st.sessions.alive(ctx, row) {
		return nil, false, nil
	}
	now := clock.Millis(st.sessions.wall.Now())
	if !c.idle {
		st.sessions.seen.touch(hash, now, row.SeenAt)
		row.SeenAt = now
	}
	_, values, err := textCodec{}.Decode([]byte(row.data))
	if err != nil {
		return nil, false, errs.Wrap(err, "read session %s", row.ID)
	}
	c.carry(row.Session, values)
	return []byte(row.data), true, nil
}

// carry hands the row to the request that asked for it.
func (c *carrier) carry(session Session, values map[string]any) {
	session.Data = map[string]string{}
	for key, value := range values {
		if text, ok := value.(string); ok {
			session.Data[key] = text
		}
	}
	c.subject, c.session = session.Subject, &session
}

// CommitCtx writes a session. One that exists keeps its beginning.
func (st *sessionStore) CommitCtx(ctx context.Context, hash string, data []byte, expires time.Time) error {
	c, ok := ctx.Value(carrierKey{}).(*carrier)
	if !ok {
		return errNoSession
	}
	now := clock.Millis(st.sessions.wall.Now())
	session := Session{ID: sessionID(hash), Kind: st.kind, Account: c.account, Subject: c.subject, CreatedAt: now, SeenAt: now,
		ExpiresAt: clock.Millis(expires), Address: c.address, Agent: c.agent}
	err := st.sessions.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into web_session (`+sessionColumns+`)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			on conflict (token_hash) do update set
				subject_id = excluded.subject_id, seen_at = excluded.seen_at, expires_at = excluded.expires_at, data = excluded.data`,
			hash, session.ID, string(st.kind), c.account, session.Subject, now, now, session.ExpiresAt, c.address, c.agent, string(data))
		return err
	})
	if err != nil {
		return errs.Wrap(err, "write session")
	}
	if c.session != nil {
		session.CreatedAt, session.Address, session.Agent = c.session.CreatedAt, c.session.Address, c.session.Agent
	}
	_, values, err := textCodec{}.Decode(data)
	if err != nil {
		return err
	}
	c.carry(session, values)
	return nil
}

// DeleteCtx ends a session; one that is not there has ended already.
func (st *sessionStore) DeleteCtx(ctx context.Context, hash string) error {
	st.sessions.seen.forget(hash)
	err := st.sessions.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "delete from web_session where token_hash = $1", hash)
		return err
	})
	return errs.Wrap(err, "end session")
}

var errWithoutContext = errors.New("web: the session store is only used with a context")

// Find, Commit and Delete complete scs.Store; scs prefers the methods with a context and never calls these.
func (st *sessionStore) Find(string) ([]byte, bool, error)      { return nil, false, errWithoutContext }
func (st *sessionStore) Commit(string, []byte, time.Time) error { return errWithoutContext }
func (st *sessionStore) Delete(string) error                    { return errWithoutContext }

// sessionID derives the id that people may see: it finds the row but opens nothing.
func sessionID(hash string) string {
	sum := sha256.Sum256([]byte("session id " + hash))
	return hex.EncodeToString(sum[:8])
}

// textCodec keeps a session's values as JSON text: readable by people and by either engine.
type textCodec struct{}

type codedSession struct {
	Deadline int64          `json:"deadline"`
	Values   map[string]any `json:"values"`
}

func (textCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	return json.Marshal(codedSession{clock.Millis(deadline), values})
}

func (textCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	c := codedSession{Values: map[string]any{}}
	if err := json.Unmarshal(b, &c); err != nil {
		return time.Time{}, nil, err
	}
	return clock.FromMillis(c.Deadline), c.Values, nil
}
