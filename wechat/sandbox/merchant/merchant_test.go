package merchant_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/fault"
	"weizheng/wechat/sandbox/merchant"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

// carrier is a network to one merchant's server.
type carrier func(*http.Request) (*http.Response, error)

func (f carrier) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// house is a state with a merchant's server above it.
type house struct {
	*testing.T
	store *state.Store
	pay   *merchant.Server
	shop  *state.Account
}

// start opens what is in the folder; end closes it.
func start(t *testing.T, dir string, net carrier) (h *house, end func()) {
	t.Helper()
	ctx := t.Context()
	store, err := state.Open(ctx, state.Config{Dir: dir, Log: slog.New(slog.DiscardHandler), Wall: clock.Wall{}, Seed: "merchant"})
	if err != nil {
		t.Fatal(err)
	}
	h = &house{T: t, store: store}
	h.shop, err = store.CreateAccount(ctx, state.Account{ID: "shop", Name: "青云政务", Kind: wechat.Service, Verified: true})
	if errs.Is(err, errs.Conflict) {
		h.shop, err = store.Account("shop")
	}
	if err != nil {
		t.Fatal(err)
	}
	h.pay = merchant.New(merchant.Config{Store: store, Wire: &wire.Log{}, Faults: &fault.List{}, Log: slog.New(slog.DiscardHandler),
		Wall: clock.Wall{}, Base: "http://127.0.0.1:8090", Transport: net})
	h.pay.Start(ctx)
	return h, func() {
		h.pay.Stop()
		if err := store.Close(context.WithoutCancel(ctx)); err != nil {
			t.Error(err)
		}
	}
}

// TestNoticesSurvive: a notice that was on its way when the process ended is sent by the next one.
func TestNoticesSurvive(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	under := make(chan struct{}, 1)
	h, end := start(t, dir, func(r *http.Request) (*http.Response, error) {
		under <- struct{}{}
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	made, err := h.pay.Open(ctx, h.shop)
	if err != nil {
		t.Fatal(err)
	}
	zhang, err := h.store.CreateCitizen(ctx, state.Citizen{ID: "zhang", Name: "张三"})
	if err != nil {
		t.Fatal(err)
	}
	now := h.store.Civil()
	if err := h.store.Write(ctx, func(tx *db.Tx) error {
		c, err := h.store.Meet(ctx, tx, h.shop, zhang)
		if err != nil {
			return err
		}
		return h.store.AddOrder(ctx, tx, state.Order{Account: h.shop.N, OutNo: "order-1", Prepay: "wx1", OpenID: c.OpenID, Description: "登记费",
			NotifyURL: "https://shop.example/notify", Total: 100, State: state.OrderOpen, MadeAt: now, PrepayUntil: now + 3_600_000})
	}); err != nil {
		t.Fatal(err)
	}
	if err := h.pay.Pay(ctx, zhang, "wx1", true); err != nil {
		t.Fatal(err)
	}
	if err := h.pay.Pay(ctx, zhang, "wx1", true); !errs.Is(err, errs.Refused) {
		t.Errorf("paying twice: %v", err)
	}
	<-under
	end()

	told := make(chan string, 10)
	h, end = start(t, dir, func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		told <- string(body)
		return &http.Response{StatusCode: 204, Body: http.NoBody, Request: r}, err
	})
	defer end()
	limited, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := h.pay.Idle(limited); err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 || !strings.Contains(<-told, "TRANSACTION.SUCCESS") {
		t.Errorf("%d more notices after the start", len(told))
	}
	again, err := h.pay.Open(ctx, h.shop)
	if err != nil || again.APIv3Key != made.APIv3Key || again.PrivateKey != made.PrivateKey || again.MchID != made.MchID {
		t.Errorf("the merchant is another one: %v", err)
	}
}

func TestWhoGetsAMerchant(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h, end := start(t, t.TempDir(), func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })
	defer end()
	poor, err := h.store.CreateAccount(ctx, state.Account{ID: "poor", Name: "未认证"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.pay.Open(ctx, poor); !errs.Is(err, errs.Conflict) {
		t.Errorf("an account that is not verified: %v", err)
	}
	if _, err := h.pay.Rotate(ctx, h.shop); !errs.Is(err, errs.NotFound) {
		t.Errorf("changing what is not there: %v", err)
	}
	if _, err := h.pay.Open(ctx, h.shop); err != nil {
		t.Fatal(err)
	}
	word, negative := "sometimes", int64(-1)
	for label, c := range map[string]merchant.Change{"another way to verify": {VerifyBy: &word}, "a time before now": {RefundMS: &negative}} {
		if _, err := h.pay.Change(ctx, h.shop, c); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", label, err)
		}
	}
	var serials []string
	for range 3 {
		m, err := h.pay.Rotate(ctx, h.shop)
		if err != nil {
			t.Fatal(err)
		}
		serials = append(serials, m.Platform[len(m.Platform)-1].Serial)
		if len(m.Platform) != 2 || len(serials) > 1 && m.Platform[0].Serial != serials[len(serials)-2] {
			t.Errorf("certificates after a change: %d", len(m.Platform))
		}
	}
	word = state.ByPublicKey
	if m, err := h.pay.Change(ctx, h.shop, merchant.Change{VerifyBy: &word}); err != nil || len(m.Platform) != 0 {
		t.Errorf("by public key alone: %v", err)
	}
	if _, err := h.pay.Rotate(ctx, h.shop); !errs.Is(err, errs.Conflict) {
		t.Errorf("a new certificate where there are none: %v", err)
	}
}
