package matter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"weizheng/kernel/flow"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// snapshot keeps a definition as it is now and returns its id; the same text has the same id for ever.
func (s *Service) snapshot(ctx context.Context, tx *db.Tx, d *flow.Definition, version int64) (int64, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return 0, err
	}
	sum := sha256.Sum256(text)
	digest := hex.EncodeToString(sum[:])
	id, err := db.One(ctx, tx, db.Value[int64], `select id from matter_flow where digest = $1`, digest)
	if errs.Is(err, errs.NotFound) {
		id, err = db.One(ctx, tx, db.Value[int64], `insert into matter_flow (digest, key, version, definition) values ($1, $2, $3, $4)
			on conflict (digest) do update set key = excluded.key returning id`, digest, d.Key, version, string(text))
	}
	return id, errs.Wrap(err, "keep the definition %s", d.Key)
}

// definition returns the one that a matter runs under.
func (s *Service) definition(ctx context.Context, q db.Queryer, id int64) (*flow.Definition, error) {
	s.mu.RLock()
	d := s.flows[id]
	s.mu.RUnlock()
	if d != nil {
		return d, nil
	}
	text, err := db.One(ctx, q, db.Value[string], `select definition from matter_flow where id = $1`, id)
	if err != nil {
		return nil, errs.Wrap(err, "load definition %d", id)
	}
	d = &flow.Definition{}
	if err := json.Unmarshal([]byte(text), d); err != nil {
		return nil, errs.Wrap(err, "read definition %d", id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flows[id] = d
	return d, nil
}
