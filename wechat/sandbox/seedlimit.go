package sandbox

import "context"

// SeedUsed makes calls of a path count as made: today ones on the present civil day, minute ones in the present minute.
func (s *Sandbox) SeedUsed(account, path string, today int64, minute int) error {
	a, err := s.store.Account(account)
	if err != nil {
		return err
	}
	s.store.SeedUsed(a.N, path, today)
	s.api.SeedMinute(a.N, path, minute)
	return nil
}

// SeedTag gives a tag of an account's to all its followers.
func (s *Sandbox) SeedTag(ctx context.Context, account string, tag int64) error {
	a, err := s.store.Account(account)
	if err != nil {
		return err
	}
	return s.store.SeedTagging(ctx, a.N, tag)
}

// SeedMaterials makes n permanent pictures or voices of the same content, without counting calls.
func (s *Sandbox) SeedMaterials(ctx context.Context, account, typ, mime string, content []byte, n int) error {
	a, err := s.store.Account(account)
	if err != nil {
		return err
	}
	return s.store.SeedMaterials(ctx, a.N, typ, mime, content, n)
}

// SeedCodes makes the permanent codes of the scenes 1…n, without counting calls.
func (s *Sandbox) SeedCodes(ctx context.Context, account string, n int) error {
	a, err := s.store.Account(account)
	if err != nil {
		return err
	}
	return s.store.SeedCodes(ctx, a.N, n)
}
