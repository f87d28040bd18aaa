package matter

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// sealRecord is a record as it is kept: of a sealed matter encrypted whole, of another with the numbers of people beside
// it, encrypted with the key that their erasure deletes.
func (s *Service) sealRecord(ctx context.Context, tx *db.Tx, c *change) (payload, beside string, err error) {
	text, err := json.Marshal(&c.record)
	if err != nil {
		return "", "", err
	}
	if payload, err = c.box.close(payloadSeal, string(text)); err != nil {
		return "", "", err
	}
	if len(c.hide) == 0 {
		return payload, "", nil
	}
	key, err := s.personal(ctx, tx, c.m.ID)
	if err != nil {
		return "", "", err
	}
	found, err := json.Marshal(c.hide)
	if err != nil {
		return "", "", err
	}
	beside, err = key.SealText(string(found), hiddenSeal+c.m.Number)
	return payload, beside, err
}

// Event is one event of a matter as it is kept. Instants are ms.
type Event struct {
	ID      int64
	Version int64 // of the matter after it
	Act     string
	By      Actor
	Behalf  int64
	At      int64 // civil
	Wall    int64

	payload, hidden string
	record          record
}

const eventColumns = `id, version, act, actor_kind, actor_id, behalf_id, civil_at, wall_at, payload, hidden`

func scanEvent(scan db.Scan) (e Event, err error) {
	return e, scan(&e.ID, &e.Version, &e.Act, &e.By.Kind, &e.By.ID, &e.Behalf, &e.At, &e.Wall, &e.payload, &e.hidden)
}

func lastEvent(ctx context.Context, q db.Queryer, matter int64) (Event, error) {
	e, err := db.One(ctx, q, scanEvent, `select `+eventColumns+` from matter_event where matter_id = $1 order by id desc limit 1`, matter)
	return e, errs.Wrap(err, "the last event of matter %d", matter)
}

// events reads all events of a matter in their order.
func events(ctx context.Context, q db.Queryer, m *Matter, b box) ([]Event, error) {
	list, err := db.All(ctx, q, scanEvent, `select `+eventColumns+` from matter_event where matter_id = $1 order by id`, m.ID)
	if err != nil {
		return nil, errs.Wrap(err, "events of matter %d", m.ID)
	}
	for i := range list {
		text, err := b.open(payloadSeal, list[i].payload)
		if err != nil {
			return nil, errs.Wrap(err, "open event %d", list[i].ID)
		}
		if err := json.Unmarshal([]byte(text), &list[i].record); err != nil {
			return nil, errs.Wrap(err, "read event %d", list[i].ID)
		}
	}
	return list, nil
}
