package pay

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/downloader"

	"weizheng/platform/clock"
)

const (
	signatureType = "WECHATPAY2-SHA256-RSA2048"
	tolerance     = 5 * time.Minute
	askAgain      = time.Minute    // between two downloads of certificates that strangers can cause by naming serial numbers
	renewAfter    = 12 * time.Hour // so that a certificate that WeChat takes back is not believed for long
)

// trust knows by what WeChat Pay signs. It checks answers (as the SDK's validator) and notices alike.
type trust struct {
	wall   clock.Clock
	keyID  string
	public *rsa.PublicKey // nil: certificates only
	v3key  string
	client *core.Client

	mu     sync.Mutex // held while certificates are downloaded: who waits needs them too
	certs  map[string]*x509.Certificate
	newest string
	asked  time.Time
	failed error // of the last download
}

func newTrust(cfg Config, public *rsa.PublicKey, client *core.Client) *trust {
	return &trust{wall: cfg.Wall, keyID: cfg.PublicKeyID, public: public, v3key: cfg.APIv3Key, client: client}
}

// errSignature is the cause of every refusal; what exactly was wrong is in its text, without any value from outside.
type errSignature string

// Error is for logs.
func (e errSignature) Error() string { return string(e) }

// Validate implements auth.Validator.
func (t *trust) Validate(ctx context.Context, res *http.Response) error {
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if err := res.Body.Close(); err != nil {
		return err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return t.check(ctx, res.Header, body)
}

// GetAcceptSerial implements auth.Validator: what WeChat is asked to sign with.
func (t *trust) GetAcceptSerial(ctx context.Context) (string, error) {
	if t.public != nil {
		return t.keyID, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.certs == nil || t.wall.Now().Sub(t.asked) > renewAfter {
		if err := t.download(ctx); err != nil && t.certs == nil {
			return "", err
		}
	}
	return t.newest, nil
}

// check wants the platform's signature of a body, at most five minutes old.
func (t *trust) check(ctx context.Context, h http.Header, body []byte) error {
	if kind := h.Get("Wechatpay-Signature-Type"); kind != "" && kind != signatureType {
		return errSignature("signature of an unknown type")
	}
	var said [4]string
	for i, name := range [...]string{"Wechatpay-Serial", "Wechatpay-Signature", "Wechatpay-Timestamp", "Wechatpay-Nonce"} {
		values := h.Values(name)
		if len(values) != 1 || strings.TrimSpace(values[0]) == "" {
			return errSignature("header " + name + " is not there once")
		}
		said[i] = values[0]
	}
	at, err := strconv.ParseInt(said[2], 10, 64)
	if err != nil || t.wall.Now().Sub(time.Unix(at, 0)).Abs() >= tolerance {
		return errSignature("timestamp is not within five minutes of now")
	}
	signature, err := base64.StdEncoding.DecodeString(said[1])
	if err != nil {
		return errSignature("signature is not base64")
	}
	key, err := t.key(ctx, said[0])
	if err != nil {
		return err
	}
	sum := sha256.New()
	for _, part := range [][]byte{[]byte(said[2]), []byte(said[3]), body} {
		sum.Write(part)
		sum.Write([]byte{'\n'})
	}
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum.Sum(nil), signature) != nil {
		return errSignature("signature does not fit")
	}
	return nil
}

var errNoSerial = errSignature("serial number is of no key or certificate of the platform")

// key finds the platform's key by its id or its certificate's serial number; an unknown number has the certificates
// downloaded, at most once a minute.
func (t *trust) key(ctx context.Context, serial string) (*rsa.PublicKey, error) {
	if t.public != nil && serial == t.keyID {
		return t.public, nil
	}
	if strings.HasPrefix(serial, keyIDPrefix) {
		return nil, errNoSerial
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.wall.Now()
	if age := now.Sub(t.asked); age > renewAfter || t.certs[serial] == nil && age > askAgain {
		// What was known stays known when WeChat cannot be asked just now.
		_ = t.download(ctx)
	}
	cert := t.certs[serial]
	switch {
	case cert == nil && t.failed != nil:
		return nil, t.failed
	case cert == nil || now.After(cert.NotAfter):
		return nil, errNoSerial
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, errNoSerial
	}
	return key, nil
}

// download fetches the certificates; t.mu is held. They need no signature: only WeChat and the merchant have the APIv3
// key under which they come. A fresh downloader each time, since an old one believes only certificates that it knows.
func (t *trust) download(ctx context.Context) error {
	if !t.asked.IsZero() && t.failed != nil && t.wall.Now().Sub(t.asked) < time.Second {
		return t.failed // no storm of calls while WeChat refuses
	}
	d, err := downloader.NewCertificateDownloaderWithClient(ctx, t.client, t.v3key)
	if ctx.Err() != nil {
		return ctx.Err() // says nothing about the certificates
	}
	t.asked, t.failed = t.wall.Now(), nil
	if err != nil {
		t.failed = certificatesAway(err)
		return t.failed
	}
	t.certs, t.newest = d.GetAll(ctx), d.GetNewestSerial(ctx)
	return nil
}

// certificatesAway keeps of a failed download what is harmless: the SDK's texts quote addresses and bodies.
func certificatesAway(err error) error {
	if api, ok := errors.AsType[*core.APIError](err); ok {
		return &awayError{api}
	}
	return &awayError{}
}

// awayError says that the platform's certificates could not be had.
type awayError struct{ api *core.APIError }

// Error is for logs.
func (e *awayError) Error() string {
	if e.api != nil {
		return "platform certificates: HTTP " + strconv.Itoa(e.api.StatusCode) + " code " + safeCode(e.api.Code)
	}
	return "platform certificates: no answer, or not under this APIv3 key"
}
