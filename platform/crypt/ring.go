package crypt

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/emmansun/gmsm/sm3"
)

// Profile names a family of algorithms.
type Profile string

// The profiles; a ring keeps the one of each key.
const (
	International Profile = "intl" // AES-256-GCM, HMAC-SHA256
	National      Profile = "gm"   // SM4-GCM, HMAC-SM3
)

// Errors of opening; errors.Is.
var (
	ErrUnknownKey = errors.New("crypt: sealed with a key that is not in the ring")
	ErrForged     = errors.New("crypt: does not open: wrong purpose, damaged or forged")
	ErrFormat     = errors.New("crypt: not an envelope")
)

// secretSize is the length of every master secret in bytes; what seals is derived from it.
const secretSize = 32

// key is one generation of the ring.
type key struct {
	id      string
	profile Profile
	secret  []byte
	sealer  sealer
	macs    *macs
}

// Ring is an immutable set of keys of which one is current. It is safe for concurrent use.
type Ring struct {
	current string
	keys    map[string]key
	index   key // never rotated by Rotate: rows are found by it
}

// NewRing makes a ring of the international profile with one key; random is crypto/rand.Reader but in tests.
func NewRing(random io.Reader) (*Ring, error) { return NewRingOf(random, International) }

// NewRingOf is NewRing for a profile, which the blind index then keeps for good.
func NewRingOf(random io.Reader, p Profile) (*Ring, error) {
	secret, err := draw(random)
	if err != nil {
		return nil, err
	}
	index, err := newKey("index", p, secret)
	if err != nil {
		return nil, err
	}
	return (&Ring{keys: map[string]key{}, index: index}).Rotate(random, p)
}

// Rotate returns a ring with a new current key of profile p; everything sealed before still opens.
func (r *Ring) Rotate(random io.Reader, p Profile) (*Ring, error) {
	secret, err := draw(random)
	if err != nil {
		return nil, err
	}
	id := fmt.Sprintf("k%d", len(r.keys)+1)
	for n := len(r.keys) + 2; r.keys[id].id != ""; n++ {
		id = fmt.Sprintf("k%d", n)
	}
	k, err := newKey(id, p, secret)
	if err != nil {
		return nil, err
	}
	next := &Ring{current: id, keys: maps.Clone(r.keys), index: r.index}
	next.keys[id] = k
	return next, nil
}

// Without returns a ring that lacks an old key, once nothing is sealed with it any more; the current key stays.
func (r *Ring) Without(id string) (*Ring, error) {
	if id == r.current {
		return nil, errors.New("crypt: the current key cannot be removed")
	}
	next := &Ring{current: r.current, keys: maps.Clone(r.keys), index: r.index}
	delete(next.keys, id)
	return next, nil
}

// Current returns the id of the key that seals.
func (r *Ring) Current() string { return r.current }

// KeyIDs returns the ids of all keys in order.
func (r *Ring) KeyIDs() []string { return slices.Sorted(maps.Keys(r.keys)) }

func draw(random io.Reader) ([]byte, error) {
	b := make([]byte, secretSize)
	if _, err := io.ReadFull(random, b); err != nil {
		return nil, fmt.Errorf("crypt: draw a key: %w", err)
	}
	return b, nil
}

func newKey(id string, p Profile, secret []byte) (key, error) {
	if len(secret) != secretSize {
		return key{}, fmt.Errorf("crypt: key %s has %d bytes, not %d", id, len(secret), secretSize)
	}
	s, err := newSealer(p, secret, "seal")
	if err != nil {
		return key{}, err
	}
	return key{id: id, profile: p, secret: secret, sealer: s, macs: &macs{pools: map[string]*sync.Pool{}}}, nil
}

// digest returns the profile's hash.
func (p Profile) digest() func() hash.Hash {
	if p == National {
		return sm3.New
	}
	return sha256.New
}

// derive returns n bytes for one use of a master secret, so that no two uses share key material.
func derive(p Profile, secret []byte, use string, n int) ([]byte, error) {
	b, err := hkdf.Key(p.digest(), secret, nil, "weizheng "+use, n)
	if err != nil {
		return nil, fmt.Errorf("crypt: derive %s: %w", use, err)
	}
	return b, nil
}

// macs keeps the keyed hashes of a key's uses: deriving a subkey costs more than a short message's digest. The uses are
// words of the program, so there are few; should there ever be many, the later ones are derived each time.
type macs struct {
	mu    sync.RWMutex
	pools map[string]*sync.Pool // of hash.Hash
}

const macsKept = 64

func (k key) hashes(use string) *sync.Pool {
	k.macs.mu.RLock()
	pool := k.macs.pools[use]
	k.macs.mu.RUnlock()
	if pool != nil {
		return pool
	}
	sub, err := derive(k.profile, k.secret, use, secretSize)
	if err != nil { // 32 bytes are within every hash's limit
		panic(err)
	}
	pool = &sync.Pool{New: func() any { return hmac.New(k.profile.digest(), sub) }}
	k.macs.mu.Lock()
	defer k.macs.mu.Unlock()
	if len(k.macs.pools) < macsKept {
		k.macs.pools[use] = pool
	}
	return pool
}

func (k key) mac(use string, parts ...[]byte) []byte {
	pool := k.hashes(use)
	h := pool.Get().(hash.Hash)
	defer pool.Put(h)
	h.Reset()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// Index returns the blind index of a value as 64 hex digits: equal values of one purpose (such as "staff.phone") have
// equal indexes, and nobody without the ring can tell a value from one. The caller normalises the value before.
func (r *Ring) Index(purpose, value string) string {
	return hex.EncodeToString(r.index.mac("index "+purpose, []byte(value)))
}

// MAC authenticates a message for a purpose with the current key and returns that key's id beside it.
func (r *Ring) MAC(purpose string, message []byte) (keyID string, mac []byte) {
	return r.current, r.keys[r.current].mac("mac "+purpose, message)
}

// CheckMAC reports in constant time whether mac was made by MAC with the named key.
func (r *Ring) CheckMAC(keyID, purpose string, message, mac []byte) bool {
	k, ok := r.keys[keyID]
	return ok && hmac.Equal(mac, k.mac("mac "+purpose, message))
}
