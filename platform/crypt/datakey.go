package crypt

import (
	"crypto/rand"
	"fmt"
)

// dataKeyAAD binds a wrapped data key to being one; dataKeyID stands in the envelopes that it seals.
const (
	dataKeyAAD = "crypt data key"
	dataKeyID  = "d"
)

// DataKey seals what belongs to one person or one file. Only its wrapped form is stored; whoever deletes that has
// erased everything the key ever sealed. The zero DataKey neither seals nor opens.
type DataKey struct{ sealer sealer }

// NewDataKey draws a key of the current profile and returns it beside its wrapped form.
func (r *Ring) NewDataKey() (wrapped []byte, k DataKey, err error) {
	secret := make([]byte, secretSize)
	rand.Read(secret)
	p := r.keys[r.current].profile
	if k, err = newDataKey(p, secret); err != nil {
		return nil, DataKey{}, err
	}
	wrapped, err = r.Seal(append([]byte(p+":"), secret...), dataKeyAAD)
	return wrapped, k, err
}

// UnwrapDataKey opens a wrapped key; a ring that rotated still opens the old ones.
func (r *Ring) UnwrapDataKey(wrapped []byte) (DataKey, error) {
	plain, err := r.Open(wrapped, dataKeyAAD)
	if err != nil {
		return DataKey{}, fmt.Errorf("unwrap a data key: %w", err)
	}
	if len(plain) <= secretSize {
		return DataKey{}, ErrFormat
	}
	cut := len(plain) - secretSize
	return newDataKey(Profile(plain[:cut-1]), plain[cut:])
}

// RewrapDataKey wraps the same key with the ring's current key; what it sealed stays as it is.
func (r *Ring) RewrapDataKey(wrapped []byte) ([]byte, error) {
	plain, err := r.Open(wrapped, dataKeyAAD)
	if err != nil {
		return nil, fmt.Errorf("unwrap a data key: %w", err)
	}
	return r.Seal(plain, dataKeyAAD)
}

func newDataKey(p Profile, secret []byte) (DataKey, error) {
	s, err := newSealer(p, secret, "data")
	return DataKey{s}, err
}

// Seal encrypts plain for the purpose aad; see Ring.Seal.
func (k DataKey) Seal(plain []byte, aad string) ([]byte, error) {
	if k.sealer.aead == nil {
		return nil, ErrUnknownKey
	}
	envelope, _ := k.sealer.seal(dataKeyID, plain, aad)
	return envelope, nil
}

// Open decrypts what Seal made. Errors: ErrFormat, ErrUnknownKey, ErrForged.
func (k DataKey) Open(sealed []byte, aad string) ([]byte, error) {
	if k.sealer.aead == nil {
		return nil, ErrUnknownKey
	}
	head, id, alg, body, err := split(sealed)
	if err != nil {
		return nil, err
	}
	if id != dataKeyID || alg != k.sealer.alg {
		return nil, ErrUnknownKey
	}
	return k.sealer.open(head, body, aad)
}

// SealText is Seal in the text form.
func (k DataKey) SealText(plain, aad string) (string, error) {
	if k.sealer.aead == nil {
		return "", ErrUnknownKey
	}
	return textForm(k.sealer.seal(dataKeyID, []byte(plain), aad)), nil
}

// OpenText is Open for the text form.
func (k DataKey) OpenText(sealed, aad string) (string, error) {
	b, err := binary(sealed)
	if err != nil {
		return "", err
	}
	plain, err := k.Open(b, aad)
	return string(plain), err
}
