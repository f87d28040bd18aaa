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
	slices.Sort(parts)
	h := sha1.New()
	for _, p := range parts {
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// SignJS returns the signature that wx.config wants for the page at address. The fragment is cut off, as the page's own
// URL is signed without it; everything else goes in raw. WeChat docs: JS-SDK, appendix 1.
func SignJS(ticket, nonce, timestamp, address string) string {
	address, _, _ = strings.Cut(address, "#")
	sum := sha1.Sum([]byte("jsapi_ticket=" + ticket + "&noncestr=" + nonce + "&timestamp=" + timestamp + "&url=" + address))
	return hex.EncodeToString(sum[:])
}

// sameSignature compares in constant time; an empty one never matches.
func sameSignature(got, want string) bool {
	return len(got) == len(want) && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}
