package pay_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"weizheng/platform/errs"
	"weizheng/wechat/pay"
)

// right is a complete configuration.
func right(t *testing.T) pay.Config {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	text := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return pay.Config{AppID: "wx1", MchID: "1600000000", Serial: strings.Repeat("A", 40), APIv3Key: strings.Repeat("k", 32),
		PrivateKey: text("PRIVATE KEY", private), PublicKeyID: "PUB_KEY_ID_1", PublicKey: text("PUBLIC KEY", public)}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	good := right(t)
	if _, err := pay.New(t.Context(), good); err != nil {
		t.Fatalf("a right one: %v", err)
	}
	rows := map[string]func(*pay.Config){
		"appid":         func(c *pay.Config) { c.AppID = "" },
		"mchid":         func(c *pay.Config) { c.MchID = "" },
		"serial":        func(c *pay.Config) { c.Serial = "" },
		"private_key":   func(c *pay.Config) { c.PrivateKey = c.PublicKey },
		"api_v3_key":    func(c *pay.Config) { c.APIv3Key = "short" },
		"public_key":    func(c *pay.Config) { c.PublicKey = "no key" },
		"public_key_id": func(c *pay.Config) { c.PublicKeyID = strings.Repeat("A", 40) },
		"base":          func(c *pay.Config) { c.Base = "api.mch.weixin.qq.com" },
	}
	for field, spoil := range rows {
		bad := good
		spoil(&bad)
		_, err := pay.New(t.Context(), bad)
		fields := errs.As(err).Fields()
		if !errs.Is(err, errs.Invalid) || len(fields) != 1 || fields[0].Field != field {
			t.Errorf("%s: %v %v", field, err, fields)
		}
	}
	half := good
	half.PublicKey = ""
	if _, err := pay.New(t.Context(), half); !errs.Is(err, errs.Invalid) {
		t.Errorf("an id without its key: %v", err)
	}
}

func TestKeysStayInside(t *testing.T) {
	t.Parallel()
	cfg := right(t)
	c, err := pay.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprintf("%v %+v %#v", cfg, cfg, cfg), fmt.Sprintf("%v %+v %#v", c, c, c)} {
		if strings.Contains(shown, cfg.APIv3Key) || strings.Contains(shown, "PRIVATE") {
			t.Errorf("shows keys: %s", shown)
		}
	}
}

// away is a network that quotes what it was given, as transports do.
type away struct{}

func (away) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, errors.New("cannot reach " + r.URL.String() + " with " + r.Header.Get("Authorization"))
}

func TestSilenceQuotesNothing(t *testing.T) {
	t.Parallel()
	cfg := right(t)
	cfg.HTTP = away{}
	c, err := pay.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Query(t.Context(), "order-of-somebody")
	if !errs.Is(err, errs.Unavailable) || strings.Contains(err.Error(), "order-of") || strings.Contains(err.Error(), "signature") {
		t.Errorf("%v", err)
	}
}
