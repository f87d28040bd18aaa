package crypt

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"github.com/emmansun/gmsm/sm4"
)

// An envelope is "v1:<key id>:<algorithm>:" followed by nonce and ciphertext, raw in the binary form and base64url in
// the text form. The head is readable so that a job can find what an old key sealed, and authenticated with the rest.
const (
	version = "v1"
	algAES  = "aes"
	algSM4  = "sm4"
)

// sealer is one derived key ready for use. Nonces are random: 96 bits stay safe for 2^32 envelopes a key (NIST SP
// 800-38D), which at a million rows a day is eleven years; rotate yearly.
type sealer struct {
	alg  string
	aead cipher.AEAD
}

func newSealer(p Profile, secret []byte, use string) (sealer, error) {
	alg, size, block := algAES, 32, aes.NewCipher
	switch p {
	case International:
	case National:
		alg, size, block = algSM4, 16, sm4.NewCipher
	default:
		return sealer{}, fmt.Errorf("crypt: unknown profile %q", p)
	}
	sub, err := derive(p, secret, use, size)
	if err != nil {
		return sealer{}, err
	}
	b, err := block(sub)
	if err != nil {
		return sealer{}, fmt.Errorf("crypt: %s: %w", alg, err)
	}
	aead, err := cipher.NewGCM(b)
	if err != nil {
		return sealer{}, fmt.Errorf("crypt: %s: %w", alg, err)
	}
	return sealer{alg, aead}, nil
}

// seal returns the whole envelope and the length of its head.
func (s sealer) seal(id string, plain []byte, aad string) (envelope []byte, head int) {
	head = len(version) + len(id) + len(s.alg) + 3
	nonce := s.aead.NonceSize()
	envelope = make([]byte, 0, head+nonce+len(plain)+s.aead.Overhead())
	for _, part := range []string{version, id, s.alg} {
		envelope = append(append(envelope, part...), ':')
	}
	bound := append(append(make([]byte, 0, head+len(aad)), envelope...), aad...)
	envelope = envelope[:head+nonce]
	rand.Read(envelope[head:]) // never fails since Go 1.24
	return s.aead.Seal(envelope, envelope[head:], plain, bound), head
}

// textForm is an envelope in the text form.
func textForm(envelope []byte, head int) string {
	return string(envelope[:head]) + base64.RawURLEncoding.EncodeToString(envelope[head:])
}

func (s sealer) open(head string, body []byte, aad string) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(body) < n+s.aead.Overhead() {
		return nil, ErrFormat
	}
	plain, err := s.aead.Open(nil, body[:n], body[n:], []byte(head+aad))
	if err != nil {
		return nil, ErrForged
	}
	return plain, nil
}

// split cuts an envelope after its head and returns the key id and algorithm the head names.
func split(sealed []byte) (head, id, alg string, body []byte, err error) {
	parts := bytes.SplitN(sealed, []byte(":"), 4)
	if len(parts) != 4 || string(parts[0]) != version {
		return "", "", "", nil, ErrFormat
	}
	n := len(sealed) - len(parts[3])
	return string(sealed[:n]), string(parts[1]), string(parts[2]), parts[3], nil
}

// Seal encrypts plain with the current key. aad is the purpose the envelope is bound to, such as "staff.phone:17"
// (table, column, row): the same words are needed to open it.
func (r *Ring) Seal(plain []byte, aad string) ([]byte, error) {
	envelope, _ := r.keys[r.current].sealer.seal(r.current, plain, aad)
	return envelope, nil
}

// Open decrypts what Seal made with any key of the ring. Errors: ErrFormat, ErrUnknownKey, ErrForged.
func (r *Ring) Open(sealed []byte, aad string) ([]byte, error) {
	head, id, alg, body, err := split(sealed)
	if err != nil {
		return nil, err
	}
	k, ok := r.keys[id]
	if !ok || k.sealer.alg != alg {
		return nil, ErrUnknownKey
	}
	return k.sealer.open(head, body, aad)
}

// Stale reports whether an envelope, in either form, should be sealed anew because its key is not the current one.
func (r *Ring) Stale(sealed []byte) bool {
	_, id, _, _, err := split(sealed)
	return err == nil && id != r.current
}

// SealText is Seal in the text form, for TEXT columns and JSON.
func (r *Ring) SealText(plain, aad string) (string, error) {
	return textForm(r.keys[r.current].sealer.seal(r.current, []byte(plain), aad)), nil
}

// OpenText is Open for the text form.
func (r *Ring) OpenText(sealed, aad string) (string, error) {
	b, err := binary(sealed)
	if err != nil {
		return "", err
	}
	plain, err := r.Open(b, aad)
	return string(plain), err
}

// binary turns the text form of an envelope into the binary one.
func binary(sealed string) ([]byte, error) {
	head, _, _, body, err := split([]byte(sealed))
	if err != nil {
		return nil, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(string(body))
	if err != nil {
		return nil, ErrFormat
	}
	return append([]byte(head), raw...), nil
}
