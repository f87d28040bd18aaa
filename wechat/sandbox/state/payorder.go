package state

import (
	"context"
	"encoding/json"
	"fmt"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// The states of an order (trade_state).
const (
	OrderOpen     = "NOTPAY"
	OrderPaid     = "SUCCESS"
	OrderRefunded = "REFUND" // wholly or in part
	OrderClosed   = "CLOSED"
)

// Order is something that a merchant wants to be paid for. Times are civil milliseconds.
type Order struct {
	N           int64  `json:"-"`
	Account     int64  `json:"-"`
	OutNo       string `json:"out_trade_no"`
	Prepay      string `json:"prepay_id"`
	Transaction string `json:"transaction_id"`
	OpenID      string `json:"openid"`
	Description string `json:"description"`
	Attach      string `json:"attach"`
	GoodsTag    string `json:"goods_tag"`
	NotifyURL   string `json:"notify_url"`
	Total       int64  `json:"total"`    // fen
	Refunding   int64  `json:"refunded"` // fen, asked back so far and not refused
	State       string `json:"state"`
	MadeAt      int64  `json:"made_at"`
	PrepayUntil int64  `json:"prepay_until_at"`
	ExpireAt    int64  `json:"expire_at"` // time_expire; 0: none was given
	PaidAt      int64  `json:"paid_at"`
}

// Open reports whether the order can still be paid at a civil instant.
func (o Order) Open(now int64) bool { return o.StateAt(now) == OrderOpen }

// StateAt is the state with what time does to it: an order that was not paid in time is closed.
func (o Order) StateAt(now int64) string {
	if o.State == OrderOpen && o.ExpireAt > 0 && now >= o.ExpireAt {
		return OrderClosed
	}
	return o.State
}

// ErrNoOrder says that a merchant has no such order.
var ErrNoOrder = errs.New(errs.NotFound, "sandbox.unknown_order")

const orderColumns = "n, account, doc"

func scanOrder(scan db.Scan) (Order, error) {
	var o Order
	var n, account int64
	var doc []byte
	if err := scan(&n, &account, &doc); err != nil {
		return o, err
	}
	err := json.Unmarshal(doc, &o)
	o.N, o.Account = n, account
	return o, err
}

// OrderByOutNo finds a merchant's order by its out_trade_no, ErrNoOrder without one.
func (s *Store) OrderByOutNo(ctx context.Context, q db.Queryer, account int64, no string) (Order, error) {
	o, err := db.One(ctx, q, scanOrder, "select "+orderColumns+" from pay_order where account=$1 and out_no=$2", account, no)
	return o, none(err, ErrNoOrder)
}

// OrderByTransaction finds a merchant's paid order.
func (s *Store) OrderByTransaction(ctx context.Context, q db.Queryer, account int64, id string) (Order, error) {
	o, err := db.One(ctx, q, scanOrder, "select "+orderColumns+" from pay_order where paid_as=$1 and paid_as<>'' and account=$2", id, account)
	return o, none(err, ErrNoOrder)
}

// OrderByPrepay finds an order by its prepay_id.
func (s *Store) OrderByPrepay(ctx context.Context, q db.Queryer, id string) (Order, error) {
	o, err := db.One(ctx, q, scanOrder, "select "+orderColumns+" from pay_order where prepay=$1", id)
	return o, none(err, ErrNoOrder)
}

// OrderN finds an order by its number.
func (s *Store) OrderN(ctx context.Context, q db.Queryer, n int64) (Order, error) {
	o, err := db.One(ctx, q, scanOrder, "select "+orderColumns+" from pay_order where n=$1", n)
	return o, none(err, ErrNoOrder)
}

// PaidOrders lists what a merchant was paid in [from, to), the oldest first.
func (s *Store) PaidOrders(ctx context.Context, account, from, to int64) ([]Order, error) {
	return db.All(ctx, s.db, scanOrder, "select "+orderColumns+` from pay_order where account=$1 and paid_at>=$2 and paid_at<$3
		order by paid_at, n`, account, from, to)
}

// Orders lists up to limit orders of a merchant, the newest first.
func (s *Store) Orders(ctx context.Context, account int64, limit int) ([]Order, error) {
	return db.All(ctx, s.db, scanOrder, "select "+orderColumns+" from pay_order where account=$1 order by n desc limit $2", account, limit)
}

// AddOrder keeps a new order.
func (s *Store) AddOrder(ctx context.Context, tx *db.Tx, o Order) error {
	doc, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "insert into pay_order (account, out_no, prepay, paid_as, paid_at, doc) values ($1, $2, $3, $4, $5, $6)",
		o.Account, o.OutNo, o.Prepay, o.Transaction, o.PaidAt, string(doc))
	return err
}

// SaveOrder keeps what became of an order.
func (s *Store) SaveOrder(ctx context.Context, tx *db.Tx, o Order) error {
	doc, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return db.ExpectOne(tx.Exec(ctx, "update pay_order set paid_as=$1, paid_at=$2, doc=$3 where n=$4", o.Transaction, o.PaidAt, string(doc), o.N))
}

// NewPrepayID makes up a prepay_id: 36 characters with the civil time in front.
func (s *Store) NewPrepayID() string { return "wx" + s.stamp("20060102150405") + randomHex(20) }

// NewTransactionID makes up the 28 digits of a payment.
func (s *Store) NewTransactionID() string {
	return "4200" + fmt.Sprintf("%06d", randomNumber()%1_000_000) + s.stamp("20060102") + randomDigits(10)
}

// NewRefundID makes up the 29 digits of a refund.
func (s *Store) NewRefundID() string { return "503" + s.stamp("20060102") + randomDigits(18) }

func (s *Store) stamp(layout string) string {
	return clock.FromMillis(s.Civil()).In(clock.Zone).Format(layout)
}

func randomDigits(n int) string {
	b := randomBytes(n)
	for i := range b {
		b[i] = '0' + b[i]%10
	}
	return string(b)
}
