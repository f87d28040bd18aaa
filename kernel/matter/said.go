package matter

import (
	"context"

	"weizheng/kernel/flow"
	"weizheng/platform/db"
)

// Said returns the reason that was given with the last thing done to a matter, inside the transaction that does it: an
// effect tells its own noun why. "" when none was given.
func (s *Service) Said(ctx context.Context, tx *db.Tx, id int64) (string, error) {
	m, err := load(ctx, tx, id, "")
	if err != nil {
		return "", err
	}
	b, err := s.box(&m)
	if err != nil {
		return "", err
	}
	list, err := events(ctx, tx, &m, b)
	if err != nil || len(list) == 0 {
		return "", err
	}
	for _, e := range list[len(list)-1].record.Events {
		if e.Kind == flow.EventDid {
			return e.Reason, nil
		}
	}
	return "", nil
}
