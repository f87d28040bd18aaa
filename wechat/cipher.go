package wechat

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
)

const (
	keyChars    = 43   // an EncodingAESKey; with the "=" it lacks it is the base64 of 32 bytes
	padBlock    = 32   // WeChat pads to 32 although AES has blocks of 16
	randomBytes = 16   // the random prefix of every plaintext
	lengthBytes = 4    // the big-endian length after it
	maxAppID    = 1024 // far above any appid; bounds what Encrypt accepts
)

// AESKey is a decoded EncodingAESKey, ready for use; safe for concurrent use. It does not print.
type AESKey struct {
	block cipher.Block
	iv    [aes.BlockSize]byte
}

// NewAESKey decodes an EncodingAESKey of 43 characters. The last character may carry bits that base64 does not use:
// WeChat hands out such keys, so decoding is lenient about them.
func NewAESKey(encoded string) (*AESKey, error) {
	if len(encoded) != keyChars {
		return nil, ErrKey.Because(errors.New("EncodingAESKey must have 43 characters"))
	}
	raw, err := base64.StdEncoding.DecodeString(encoded + "=")
	if err != nil || len(raw) != 32 {
		return nil, ErrKey.Because(errors.New("EncodingAESKey is not base64"))
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, ErrKey.Because(err)
	}
	k := &AESKey{block: block}
	copy(k.iv[:], raw)
	return k, nil
}

// String keeps key material out of logs.
func (*AESKey) String() string { return "wechat.AESKey" }

// GoString keeps key material out of %#v.
func (*AESKey) GoString() string { return "wechat.AESKey" }

// Encrypt returns the base64 text of AES-256-CBC over random ‖ length ‖ msg ‖ appid ‖ padding. random has 16 bytes and
// must be fresh for every message.
func (k *AESKey) Encrypt(random, msg []byte, appid string) (string, error) {
	if len(random) != randomBytes {
		return "", errors.New("wechat: encryption needs 16 random bytes")
	}
	if len(msg) > MaxBody || len(appid) > maxAppID {
		return "", ErrFormat.Because(errors.New("message too long to encrypt"))
	}
	size := randomBytes + lengthBytes + len(msg) + len(appid)
	pad := padBlock - size%padBlock
	buf := make([]byte, 0, size+pad)
	buf = append(buf, random...)
	buf = binary.BigEndian.AppendUint32(buf, uint32(len(msg)))
	buf = append(buf, msg...)
	buf = append(buf, appid...)
	for range pad {
		buf = append(buf, byte(pad))
	}
	cipher.NewCBCEncrypter(k.block, k.iv[:]).CryptBlocks(buf, buf)
	return base64.StdEncoding.EncodeToString(buf), nil
}

// Decrypt reverses Encrypt and checks everything it can: padding (1…32, every byte), length, and that the message was
// meant for appid. Errors are ErrFormat (no base64, no whole blocks), ErrKey (another key) and ErrAppID.
func (k *AESKey) Decrypt(encrypted, appid string) ([]byte, error) {
	sealed, err := decodeEncrypted(encrypted)
	if err != nil {
		return nil, err
	}
	return k.decrypt(sealed, sealed, appid)
}

func decodeEncrypted(encrypted string) ([]byte, error) {
	sealed, err := base64.StdEncoding.DecodeString(encrypted)
	if err != nil {
		return nil, ErrFormat.Because(errors.New("Encrypt is not base64"))
	}
	if len(sealed) == 0 || len(sealed)%padBlock != 0 {
		return nil, ErrFormat.Because(errors.New("Encrypt is not whole blocks"))
	}
	return sealed, nil
}

// decrypt writes the plaintext into dst, which is as long as sealed and may be sealed itself.
func (k *AESKey) decrypt(dst, sealed []byte, appid string) ([]byte, error) {
	cipher.NewCBCDecrypter(k.block, k.iv[:]).CryptBlocks(dst, sealed)
	body, ok := unpad(dst)
	if !ok || len(body) < randomBytes+lengthBytes {
		return nil, ErrKey
	}
	n := int64(binary.BigEndian.Uint32(body[randomBytes:]))
	rest := body[randomBytes+lengthBytes:]
	if n > int64(len(rest)) {
		return nil, ErrKey
	}
	if subtle.ConstantTimeCompare(rest[n:], []byte(appid)) != 1 {
		return nil, ErrAppID
	}
	return rest[:n:n], nil
}

// unpad removes PKCS#7 padding for blocks of 32; every padding byte must be right.
func unpad(b []byte) ([]byte, bool) {
	pad := int(b[len(b)-1])
	if pad < 1 || pad > padBlock || pad > len(b) {
		return nil, false
	}
	cut := len(b) - pad
	for _, c := range b[cut:] {
		if int(c) != pad {
			return nil, false
		}
	}
	return b[:cut], true
}
