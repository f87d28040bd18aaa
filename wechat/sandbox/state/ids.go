package state

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// derive makes the bytes behind an id that must be the same for the same seed.
func (s *Store) derive(purpose string, of ...string) [32]byte {
	mac := hmac.New(sha256.New, s.seed[:])
	mac.Write([]byte(purpose))
	for _, part := range of {
		mac.Write([]byte{0})
		mac.Write([]byte(part))
	}
	var sum [32]byte
	mac.Sum(sum[:0])
	return sum
}

func letters(sum [32]byte, n int) string { return base64.RawURLEncoding.EncodeToString(sum[:])[:n] }

// OpenID is the id by which an account knows a citizen: 28 characters, the first six common to the account, as WeChat's.
func (s *Store) OpenID(account, citizen string) string {
	return "o" + letters(s.derive("account", account), 5) + letters(s.derive("openid", account, citizen), 22)
}

// UnionID is common to the accounts of one principal; "" without one.
func (s *Store) UnionID(principal, citizen string) string {
	if principal == "" {
		return ""
	}
	return "o" + letters(s.derive("principal", principal), 5) + letters(s.derive("unionid", principal, citizen), 22)
}

// FalseID is the openid or unionid that a snapshot page hands out: of nobody, and another one for each day.
func (s *Store) FalseID(account, citizen, day string) string {
	return "o" + letters(s.derive("account", account), 5) + letters(s.derive("snapshot", account, citizen, day), 22)
}

func (s *Store) appID(account string) string {
	sum := s.derive("appid", account)
	return "wx" + hex.EncodeToString(sum[:8])
}

func (s *Store) originalID(account string) string {
	sum := s.derive("original", account)
	return "gh_" + hex.EncodeToString(sum[:6])
}

// randomBytes fills n fresh random bytes.
func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: crypto/rand crashes the program instead
	return b
}

func randomHex(n int) string { return hex.EncodeToString(randomBytes(n / 2)) }

// RandomText returns n characters of base64url.
func RandomText(n int) string {
	return base64.RawURLEncoding.EncodeToString(randomBytes(n*3/4 + 1))[:n]
}

// randomAlnum returns n characters A–Z, a–z, 0–9.
func randomAlnum(n int) string {
	var b strings.Builder
	for b.Len() < n {
		for _, c := range RandomText(n) {
			if c != '-' && c != '_' && b.Len() < n {
				b.WriteRune(c)
			}
		}
	}
	return b.String()
}

// NextMsgID returns a message id: 64 bits, unique, increasing, with the wall time in its upper bits as WeChat's have.
func (s *Store) NextMsgID() int64 {
	floor := s.Wall() << 21
	for {
		last := s.lastMsg.Load()
		next := max(last+1, floor)
		if s.lastMsg.CompareAndSwap(last, next) {
			return next
		}
	}
}

// randomNumber returns a positive number below 2^31.
func randomNumber() int64 { return int64(binary.BigEndian.Uint32(randomBytes(4))>>1) + 1 }
