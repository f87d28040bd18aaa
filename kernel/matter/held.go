package matter

import (
	"context"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// OfCitizen lists the matters of a citizen, the newest first; before is the last id of the page before, 0 for the first.
func (s *Service) OfCitizen(ctx context.Context, citizen, before int64, limit int) ([]Matter, error) {
	if before <= 0 {
		before = never
	}
	list, err := db.All(ctx, s.DB, scanHead, `select `+matterColumns+` from matter m where m.citizen_id = $1 and m.id < $2
		order by m.id desc limit $3`, citizen, before, min(max(limit, 1), pageLimit))
	if err != nil {
		return nil, errs.Wrap(err, "matters of citizen %d", citizen)
	}
	return list, s.openTitles(list)
}

// EraseCitizen makes what the matters of a citizen hold of them unreadable: the contact, the personal fields with their files,
// and the numbers that were taken out of what was said. The matters stay as long as their retention wants. A second time does nothing.
func (s *Service) EraseCitizen(ctx context.Context, tx *db.Tx, citizen int64) error {
	if err := s.discard(ctx, tx, `personal and matter_id in (select id from matter where citizen_id = $1)`, citizen); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `delete from matter_contact where matter_id in (select id from matter where citizen_id = $1)`, citizen)
	return errs.Wrap(err, "erase what matters hold of citizen %d", citizen)
}
