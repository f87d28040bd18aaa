package account

import (
	"weizheng/platform/errs"
)

// The purposes that secrets are sealed for; the slug, which never changes, binds each to its account.
const (
	secretPurpose = "account.secret:"
	tokenPurpose  = "account.token:"
	keyPurpose    = "account.key:"
)

// sealed encrypts a secret of an account; the empty string is no secret.
func (s *Service) sealed(purpose, slug, plain string) ([]byte, error) {
	if plain == "" {
		return nil, nil
	}
	b, err := s.Ring.Seal([]byte(plain), purpose+slug)
	return b, errs.Wrap(err, "seal %s%s", purpose, slug)
}

func (s *Service) unsealed(purpose, slug string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	b, err := s.Ring.Open(sealed, purpose+slug)
	return string(b), errs.Wrap(err, "open %s%s", purpose, slug)
}

// credentials are the secrets of one account in clear; they stay inside this package.
type credentials struct {
	secret    string
	token     string
	key       string
	keyBefore string
}

// String keeps secrets out of a log that prints the struct.
func (credentials) String() string { return "account.credentials(hidden)" }

// GoString does the same for %#v.
func (c credentials) GoString() string { return c.String() }

// keys returns the EncodingAESKeys, the current one first.
func (c credentials) keys() []string {
	var list []string
	for _, k := range []string{c.key, c.keyBefore} {
		if k != "" {
			list = append(list, k)
		}
	}
	return list
}

func (s *Service) open(r row) (credentials, error) {
	var c credentials
	for _, one := range []struct {
		purpose string
		sealed  []byte
		into    *string
	}{
		{secretPurpose, r.secret, &c.secret},
		{tokenPurpose, r.token, &c.token},
		{keyPurpose, r.key, &c.key},
		{keyPurpose, r.keyBefore, &c.keyBefore},
	} {
		plain, err := s.unsealed(one.purpose, r.Slug, one.sealed)
		if err != nil {
			return credentials{}, err
		}
		*one.into = plain
	}
	return c, nil
}
