package act

import (
	"context"
	"strings"

	"weizheng/platform/errs"
	"weizheng/wechat/sandbox/state"
)

// Asked is what a page gives to chooseWXPay or getBrandWCPayRequest, and who shows the page.
type Asked struct {
	Citizen   string `json:"citizen"`
	AppID     string `json:"appid"`
	Timestamp string `json:"timestamp"`
	Nonce     string `json:"nonce"`
	Package   string `json:"package"` // prepay_id=…
	SignType  string `json:"sign_type"`
	PaySign   string `json:"pay_sign"`
	PrepayID  string `json:"-"` // out of the package
}

// Bill is what the phone shows before somebody pays.
type Bill struct {
	PrepayID    string `json:"prepay_id"`
	Payee       string `json:"payee"` // the merchant's name
	Description string `json:"description"`
	Total       int64  `json:"total"` // fen
}

// Cashier is the merchants' side of paying.
type Cashier interface {
	// Bill checks what a page asked to be paid: that the order is there, open, and of this citizen, and that the
	// merchant's signature is right. A refusal carries in "why" what the phone is to say.
	Bill(ctx context.Context, a *state.Account, c state.Citizen, asked Asked) (Bill, error)
	// Pay pays an order as the citizen; the payment notice follows. With enough false the citizen's means do not
	// suffice: the order stays open, and the error is ErrShort.
	Pay(ctx context.Context, c state.Citizen, prepayID string, enough bool) error
}

// Why a phone cannot pay.
var (
	ErrNoMerchant = errs.New(errs.Conflict, "sandbox.no_merchant")
	ErrShort      = errs.New(errs.Conflict, "sandbox.short")
)

// Bill shows the citizen what a page wants to be paid.
func (x *Acts) Bill(ctx context.Context, asked Asked) (Bill, error) {
	c, err := x.Store.Citizen(ctx, asked.Citizen)
	if err != nil {
		return Bill{}, err
	}
	a := x.Store.AccountByAppID(asked.AppID)
	if a == nil {
		return Bill{}, state.ErrNoAccount
	}
	id, ok := strings.CutPrefix(asked.Package, "prepay_id=")
	if !ok || id == "" {
		return Bill{}, invalid("package", "required")
	}
	if x.Cashier == nil {
		return Bill{}, ErrNoMerchant
	}
	asked.PrepayID = id
	return x.Cashier.Bill(ctx, a, c, asked)
}

// Pay pays what a bill said; enough false plays a card without money.
func (x *Acts) Pay(ctx context.Context, citizen, prepayID string, enough bool) error {
	c, err := x.Store.Citizen(ctx, citizen)
	if err != nil {
		return err
	}
	if x.Cashier == nil {
		return ErrNoMerchant
	}
	return x.Cashier.Pay(ctx, c, prepayID, enough)
}
