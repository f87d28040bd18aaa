package crypt

import (
	"crypto/rand"
	"encoding/base64"
)

// codeAlphabet leaves out 0 O 1 I L U: what people read aloud or copy from paper must not be mistaken, nor spell words.
const codeAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// RandomCode returns n characters for people: about 4.9 bits each, upper case, no look-alikes.
func RandomCode(n int) string {
	// Bytes at or above the last multiple of the alphabet's length are drawn again, else early letters came oftener.
	const limit = byte(256 / len(codeAlphabet) * len(codeAlphabet))
	out := make([]byte, 0, n)
	buf := make([]byte, n+n/2+8)
	for len(out) < n {
		rand.Read(buf)
		for _, b := range buf {
			if b < limit && len(out) < n {
				out = append(out, codeAlphabet[int(b)%len(codeAlphabet)])
			}
		}
	}
	return string(out)
}

// RandomToken returns 32 random bytes as 43 characters of base64url: sessions, links, form tokens.
func RandomToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}
