package act_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"weizheng/platform/clock"
	"weizheng/wechat/sandbox/act"
	"weizheng/wechat/sandbox/state"
)

// till is a cashier with one open order.
type till struct{ paid bool }

func (t *till) Bill(_ context.Context, a *state.Account, c state.Citizen, asked act.Asked) (act.Bill, error) {
	if asked.PrepayID != "wx1" || t.paid {
		return act.Bill{}, errors.New("no such order")
	}
	return act.Bill{PrepayID: asked.PrepayID, Payee: a.Name, Description: "for " + c.Name, Total: 2050}, nil
}

func (t *till) Pay(_ context.Context, _ state.Citizen, _ string, enough bool) error {
	if !enough {
		return act.ErrShort
	}
	t.paid = true
	return nil
}

func TestPaying(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store, err := state.Open(ctx, state.Config{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler), Wall: clock.Wall{}, Seed: "pay"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close(context.WithoutCancel(ctx)) })
	a, err := store.CreateAccount(ctx, state.Account{ID: "shop", Name: "青云政务", Kind: "service", Mode: "plain"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.CreateCitizen(ctx, state.Citizen{ID: "zhang", Name: "张三"}); err != nil {
		t.Fatal(err)
	}
	asked := act.Asked{Citizen: "zhang", AppID: a.AppID, Package: "prepay_id=wx1"}

	poor := &act.Acts{Store: store, Wall: clock.Wall{}}
	if _, err := poor.Bill(ctx, asked); !errors.Is(err, act.ErrNoMerchant) {
		t.Errorf("without a cashier: %v", err)
	}
	if err := poor.Pay(ctx, "zhang", "wx1", true); !errors.Is(err, act.ErrNoMerchant) {
		t.Errorf("paying without a cashier: %v", err)
	}

	rich := &act.Acts{Store: store, Wall: clock.Wall{}, Cashier: &till{}}
	for label, change := range map[string]func(*act.Asked){
		"an account of nobody's":  func(a *act.Asked) { a.AppID = "wx0" },
		"a citizen of nobody's":   func(a *act.Asked) { a.Citizen = "none" },
		"no order in the package": func(a *act.Asked) { a.Package = "order=1" },
		"an empty order":          func(a *act.Asked) { a.Package = "prepay_id=" },
		"an order of nobody's":    func(a *act.Asked) { a.Package = "prepay_id=wx2" },
	} {
		wrong := asked
		change(&wrong)
		if b, err := rich.Bill(ctx, wrong); err == nil {
			t.Errorf("%s: %v", label, b)
		}
	}
	bill, err := rich.Bill(ctx, asked)
	if want := (act.Bill{PrepayID: "wx1", Payee: "青云政务", Description: "for 张三", Total: 2050}); err != nil || bill != want {
		t.Errorf("the bill: %v %v", bill, err)
	}
	if err := rich.Pay(ctx, "zhang", "wx1", false); !errors.Is(err, act.ErrShort) {
		t.Errorf("without money: %v", err)
	}
	if err := rich.Pay(ctx, "zhang", "wx1", true); err != nil {
		t.Errorf("paying: %v", err)
	}
}
