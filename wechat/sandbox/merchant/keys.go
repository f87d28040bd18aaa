package merchant

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"

	"weizheng/wechat/sandbox/state"
)

const (
	keyBits   = 2048
	certYears = 5
)

// keys is a merchant with its keys read.
type keys struct {
	*state.Merchant
	own      *rsa.PublicKey // what the merchant signs with
	platform *rsa.PrivateKey
	signing  *rsa.PrivateKey // of the newest platform certificate; nil without certificates
	aead     cipher.AEAD
}

// read reads a merchant's keys.
func read(m *state.Merchant) (*keys, error) {
	k := &keys{Merchant: m}
	own, err := privateKey(m.PrivateKey)
	if err != nil {
		return nil, err
	}
	k.own = &own.PublicKey
	if k.platform, err = privateKey(m.PlatformKey); err != nil {
		return nil, err
	}
	if n := len(m.Platform); n > 0 {
		if k.signing, err = privateKey(m.Platform[n-1].PrivateKey); err != nil {
			return nil, err
		}
	}
	block, err := aes.NewCipher([]byte(m.APIv3Key))
	if err != nil {
		return nil, err
	}
	k.aead, err = cipher.NewGCM(block)
	return k, err
}

// voice is with what the platform signs: the public key where the merchant has nothing else or names it, else the newest
// certificate.
func (k *keys) voice(asked string) (serial string, key *rsa.PrivateKey) {
	if k.signing == nil || asked == k.PublicKeyID {
		return k.PublicKeyID, k.platform
	}
	return k.Platform[len(k.Platform)-1].Serial, k.signing
}

// sealed is an AEAD_AES_256_GCM ciphertext as certificates and notices carry it.
type sealed struct {
	OriginalType   string `json:"original_type,omitempty"`
	Algorithm      string `json:"algorithm"`
	Ciphertext     string `json:"ciphertext"`
	AssociatedData string `json:"associated_data"`
	Nonce          string `json:"nonce"`
}

func (k *keys) seal(plain []byte, associated string) sealed {
	nonce := state.RandomSecret(k.aead.NonceSize())
	return sealed{Algorithm: "AEAD_AES_256_GCM", AssociatedData: associated, Nonce: nonce,
		Ciphertext: base64.StdEncoding.EncodeToString(k.aead.Seal(nil, []byte(nonce), plain, []byte(associated)))}
}

func signed(key *rsa.PrivateKey, message string) (string, error) {
	sum := sha256.Sum256([]byte(message))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	return base64.StdEncoding.EncodeToString(sig), err
}

func verified(key *rsa.PublicKey, message, signature string) bool {
	sig, err := base64.StdEncoding.DecodeString(signature)
	sum := sha256.Sum256([]byte(message))
	return err == nil && rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], sig) == nil
}

// pair is a private key with a certificate of its own signature.
type pair struct {
	serial, key, certificate string
}

// makePair makes one that is good for five years from now.
func makePair(subject pkix.Name, now time.Time) (pair, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return pair{}, err
	}
	number := make([]byte, 20)
	rand.Read(number)
	number[0] = number[0]&0x3f | 0x40 // always 40 hex digits, never negative
	template := x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(number), Subject: subject, NotBefore: now.Add(-time.Minute), NotAfter: now.AddDate(certYears, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		return pair{}, err
	}
	text, err := privatePEM(key)
	return pair{fmt.Sprintf("%X", number), text, encode("CERTIFICATE", der)}, err
}

func privatePEM(key *rsa.PrivateKey) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return encode("PRIVATE KEY", der), err
}

func encode(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

var errKey = errors.New("merchant: not an RSA private key")

func privateKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errKey
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	if rsaKey, ok := key.(*rsa.PrivateKey); ok {
		return rsaKey, nil
	}
	return nil, errKey
}
