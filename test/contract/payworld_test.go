package contract

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/wechat/pay"
)

const (
	shopHost = "shop.example"
	notifyAt = "https://" + shopHost + "/pay/notify"
)

// told is one notice as it came in.
type told struct {
	header http.Header
	body   []byte
}

// shop is a merchant's server that keeps what it is told.
type shop struct {
	mu     sync.Mutex
	got    []told
	status int    // 0 is 204
	body   string // of the answer
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, told{r.Header.Clone(), body})
	if s.status == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.WriteHeader(s.status)
	_, _ = io.WriteString(w, s.body)
}

func (s *shop) answers(status int, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.body = status, body
}

func (s *shop) take() []told {
	s.mu.Lock()
	defer s.mu.Unlock()
	got := s.got
	s.got = nil
	return got
}

// till is a world in which the main account has a merchant.
type till struct {
	*world
	shop     *shop
	merchant object
	key      *rsa.PrivateKey
}

// newTill begins now: the SDK dates its requests by the real time.
func newTill(t *testing.T) *till {
	t.Helper()
	w := &till{world: newWorldAt(t, clock.Wall{}.Now()), shop: &shop{}}
	w.net.set(shopHost, w.shop)
	w.moveCivil(clock.StartOfDay(w.civil.Now()).Add(36 * time.Hour).Sub(w.civil.Now())) // noon: what follows is on one day
	w.follow(main, "zhang", "li")
	w.open()
	return w
}

// open makes the merchant, or reads it anew.
func (w *till) open() {
	w.Helper()
	w.merchant, _ = w.play("POST", "/accounts/"+main+"/merchant", nil)["merchant"].(object)
	block, _ := pem.Decode([]byte(w.text("private_key")))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		w.Fatal(err)
	}
	w.key = key.(*rsa.PrivateKey)
}

func (w *till) text(name string) string {
	w.Helper()
	s, ok := w.merchant[name].(string)
	if !ok || s == "" {
		w.Fatalf("the merchant has no %s", name)
	}
	return s
}

// config is that of a client which checks platform certificates, or the public key.
func (w *till) payConfig(byKey bool) pay.Config {
	w.Helper()
	cfg := pay.Config{AppID: w.text("appid"), MchID: w.text("mchid"), Serial: w.text("serial"), PrivateKey: w.text("private_key"),
		APIv3Key: w.text("api_v3_key"), Base: "http://" + boxHost, HTTP: w.net, Wall: w.wall}
	if byKey {
		cfg.PublicKeyID, cfg.PublicKey = w.text("public_key_id"), w.text("public_key")
	}
	return cfg
}

func (w *till) payer(cfg pay.Config) *pay.Client {
	w.Helper()
	c, err := pay.New(w.ctx, cfg)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// order is one of 20.50 yuan by 张三.
func (w *till) order(no string) pay.Order {
	return pay.Order{OutTradeNo: no, Description: "不动产登记费", Total: 2050, OpenID: w.openid(main, "zhang"), NotifyURL: notifyAt, Attach: "a,b"}
}

// onPage is what a page gives to the phone.
func onPage(citizen string, s pay.Sheet) object {
	return object{"citizen": citizen, "appid": s.AppID, "timestamp": s.TimeStamp, "nonce": s.NonceStr, "package": s.Package,
		"sign_type": s.SignType, "pay_sign": s.PaySign}
}

// paid orders, shows the sheet and pays.
func (w *till) paid(c *pay.Client, no string) {
	w.Helper()
	prepay, err := c.Prepay(w.ctx, w.order(no))
	if err != nil {
		w.Fatalf("prepay: %v", err)
	}
	w.tap(c, prepay)
}

// tap shows the sheet and pays.
func (w *till) tap(c *pay.Client, prepay string) object {
	w.Helper()
	sheet, err := c.Sheet(w.ctx, prepay)
	if err != nil {
		w.Fatal(err)
	}
	bill, _ := w.play("POST", "/pay/bill", onPage("zhang", sheet))["bill"].(object)
	w.play("POST", "/pay", object{"citizen": "zhang", "prepay_id": bill["prepay_id"], "means": "balance"})
	w.settle()
	return bill
}

// heard takes the notices and wants exactly one, which the client believes.
func (w *till) heard(c *pay.Client) pay.Notice {
	w.Helper()
	w.settle()
	got := w.shop.take()
	if len(got) != 1 {
		w.Fatalf("%d notices", len(got))
	}
	n, err := c.ParseNotice(w.ctx, got[0].header, got[0].body)
	if err != nil {
		w.Fatalf("notice: %v", err)
	}
	return n
}

func (w *till) signature(message string) string {
	w.Helper()
	sum := sha256.Sum256([]byte(message))
	sig, err := rsa.SignPKCS1v15(rand.Reader, w.key, crypto.SHA256, sum[:])
	if err != nil {
		w.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(sig)
}

// signed is a request as a stranger's script would sign it.
type signed struct {
	method, path, body string

	mchid, serial, nonce string // "" is the right one
	age                  time.Duration
	tamper               func(h http.Header, body string) string // after signing; returns the body that is sent
}

// send answers status, code and body.
func (w *till) send(s signed) (int, string, object) {
	w.Helper()
	for field, right := range map[*string]string{&s.mchid: w.text("mchid"), &s.serial: w.text("serial"), &s.nonce: "0123456789abcdef0123456789abcdef"} {
		if *field == "" {
			*field = right
		}
	}
	at := strconv.FormatInt(w.wall.Now().Add(-s.age).Unix(), 10)
	h := http.Header{"Accept": {"application/json"}, "User-Agent": {"contract"}, "Content-Type": {"application/json"}}
	h.Set("Authorization", fmt.Sprintf(`WECHATPAY2-SHA256-RSA2048 mchid="%s",nonce_str="%s",timestamp="%s",serial_no="%s",signature="%s"`,
		s.mchid, s.nonce, at, s.serial, w.signature(s.method+"\n"+s.path+"\n"+at+"\n"+s.nonce+"\n"+s.body+"\n")))
	body := s.body
	if s.tamper != nil {
		body = s.tamper(h, body)
	}
	res, content := w.exchange(s.method, "http://"+boxHost+s.path, bytes.NewReader([]byte(body)), h)
	if len(content) == 0 {
		return res.StatusCode, "", nil
	}
	answer := w.asObject(content)
	code, _ := answer["code"].(string)
	return res.StatusCode, code, answer
}
