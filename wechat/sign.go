package wechat

import (
	"crypto/sha1"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"strings"
)

// SignPlain returns the `signature` of a callback: hex(sha1(concat(sort(token, timestamp, nonce)))).
// It does not cover the body. WeChat docs: Getting_Started, message push.
func SignPlain(token, timestamp, nonce string) string {
	return signSorted(token, timestamp, nonce)
}

// SignMsg returns the `msg_signature` of an encrypted callback or reply. Encrypt is the base64 text exactly as it stands
// in the XML. WeChat docs: Message_encryption_and_decryption, Technical_Plan.
func SignMsg(token, timestamp, nonce, encrypt string) string {
	return signSorted(token, timestamp, nonce, encrypt)
}

func signSorted(parts ...string) string {
	sum := sumSorted(parts)
	return string(sum[:])
}

// signature is a SHA-1 in hex.
type signature [2 * sha1.Size]byte

func sumSorted(parts []string) (s signature) {
	slices.Sort(parts)
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	var few [1 << 10]byte // room for a callback of daily life
	all := few[:0]
	if size > len(few) {
		all = make([]byte, 0, size)
	}
	for _, p := range parts {
		all = append(all, p...)
	}
	sum := sha1.Sum(all)
	hex.Encode(s[:], sum[:])
	return s
}

// SignJS returns the signature that wx.config wants for the page at address. The fragment is cut off, as the page's own
// URL is signed without it; everything else goes in raw. WeChat docs: JS-SDK, appendix 1.
func SignJS(ticket, nonce, timestamp, address string) string {
	address, _, _ = strings.Cut(address, "#")
	sum := sha1.Sum([]byte("jsapi_ticket=" + ticket + "&noncestr=" + nonce + "&timestamp=" + timestamp + "&url=" + address))
	return hex.EncodeToString(sum[:])
}

// signed reports in constant time whether got is the signature over parts; an empty one never is.
func signed(got string, parts ...string) bool {
	var have signature
	if len(got) != len(have) {
		return false
	}
	copy(have[:], got)
	want := sumSorted(parts)
	return subtle.ConstantTimeCompare(have[:], want[:]) == 1
}
