package org

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"weizheng/platform/errs"
)

// Argon2id at the second recommended setting of OWASP's cheat sheet: 19 MiB, two passes, one lane; some 40 ms here.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
	saltSize    = 16
	hashSize    = 32
)

// hashPassword returns a PHC string: $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>.
func hashPassword(password string) string {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	hash := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, hashSize)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(hash))
}

var errHashFormat = errors.New("org: not a password hash that we made")

// matchPassword compares in constant time. stale says that the hash was made with other parameters than today's.
func matchPassword(phc, password string) (ok, stale bool, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return false, false, errHashFormat
	}
	var memory, passes uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil {
		return false, false, errHashFormat
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(want) != hashSize || memory > 1<<20 || passes == 0 || passes > 20 || lanes == 0 {
		return false, false, errHashFormat
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, hashSize)
	stale = memory != argonMemory || passes != argonTime || lanes != argonLanes
	return subtle.ConstantTimeCompare(got, want) == 1, stale, nil
}

// hashed runs f when one of the two places for hashing is free; it waits as long as ctx allows.
func (s *Service) hashed(ctx context.Context, f func()) error {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
		f()
		return nil
	case <-ctx.Done():
		return errs.New(errs.Busy, "busy").Because(ctx.Err())
	}
}

// hash makes the PHC string of a new password.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	var phc string
	err := s.hashed(ctx, func() { phc = hashPassword(password) })
	return phc, err
}

// match compares a password with a hash; "" is compared with a hash that nothing matches, so that it takes as long.
func (s *Service) match(ctx context.Context, phc, password string) (ok, stale bool, err error) {
	known := phc != ""
	if !known {
		phc = s.dummy()
	}
	if werr := s.hashed(ctx, func() { ok, stale, err = matchPassword(phc, password) }); werr != nil {
		return false, false, werr
	}
	return ok && known, stale, err
}

// passwordLimit bounds a password in bytes: Argon2 takes any, a request should not.
const passwordLimit = 256

// weak are beginnings that pass every rule of kinds and are tried first by everybody.
var weak = []string{"password", "passw0rd", "p@ssw0rd", "admin", "root", "qwer", "1qaz", "abc123", "weizheng", "wechat", "zaq1", "test"}

// CheckPassword returns the faults of a new password: at least size characters of three of the four kinds (GB/T 22239,
// 8.1.4.1), no name in it, none of the first guesses. Chinese characters count as a kind of their own.
func CheckPassword(password, login string, size int64) error {
	var f faults
	params := map[string]any{"min": size, "max": passwordLimit}
	add := func(key string) { f = append(f, errs.Field{Field: "password", Key: key, Params: params}) }
	if !utf8.ValidString(password) || len(password) > passwordLimit || strings.ContainsFunc(password, unicode.IsControl) {
		add("org.password_characters")
		return errs.InvalidFields(f)
	}
	if int64(utf8.RuneCountInString(password)) < size {
		add("org.password_short")
	}
	if kindsOf(password) < 3 {
		add("org.password_kinds")
	}
	lower := strings.ToLower(password)
	if login != "" && strings.Contains(lower, login) {
		add("org.password_login")
	}
	for _, w := range weak {
		if strings.HasPrefix(lower, w) {
			add("org.password_common")
			break
		}
	}
	return errs.InvalidFields(f)
}

func kindsOf(s string) int {
	var lower, upper, digit, sign, other int
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z':
			lower = 1
		case r >= 'A' && r <= 'Z':
			upper = 1
		case r >= '0' && r <= '9':
			digit = 1
		case r < 0x80:
			sign = 1
		default:
			other = 1
		}
	}
	return lower + upper + digit + sign + other
}
