package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// The states of a refund (status).
const (
	RefundRunning  = "PROCESSING"
	RefundDone     = "SUCCESS"
	RefundClosed   = "CLOSED"
	RefundAbnormal = "ABNORMAL"
)

// DueRefund is the kind of what is due when a refund ends; OutcomeRefund that of what becomes of the next ones.
const (
	DueRefund     = "refund"
	OutcomeRefund = "refund"
)

// Refund is money that a merchant gives back. Times are civil milliseconds.
type Refund struct {
	N         int64  `json:"-"`
	Account   int64  `json:"-"`
	Order     int64  `json:"-"`
	OutNo     string `json:"out_refund_no"`
	ID        string `json:"refund_id"`
	Amount    int64  `json:"amount"` // fen
	Reason    string `json:"reason"`
	NotifyURL string `json:"notify_url"`
	State     string `json:"state"`
	Outcome   string `json:"outcome"` // what it will come to
	MadeAt    int64  `json:"made_at"`
	DoneAt    int64  `json:"done_at"`
}

// ErrNoRefund says that a merchant has made no such refund.
var ErrNoRefund = errs.New(errs.NotFound, "sandbox.unknown_refund")

const refundColumns = "n, account, trade, doc"

func scanRefund(scan db.Scan) (Refund, error) {
	var r Refund
	var n, account, order int64
	var doc []byte
	if err := scan(&n, &account, &order, &doc); err != nil {
		return r, err
	}
	err := json.Unmarshal(doc, &r)
	r.N, r.Account, r.Order = n, account, order
	return r, err
}

// RefundByOutNo finds a merchant's refund by its out_refund_no, ErrNoRefund without one.
func (s *Store) RefundByOutNo(ctx context.Context, q db.Queryer, account int64, no string) (Refund, error) {
	r, err := db.One(ctx, q, scanRefund, "select "+refundColumns+" from pay_refund where account=$1 and out_no=$2", account, no)
	return r, none(err, ErrNoRefund)
}

// RefundsOf lists the refunds of an order in their order.
func (s *Store) RefundsOf(ctx context.Context, q db.Queryer, order int64) ([]Refund, error) {
	return db.All(ctx, q, scanRefund, "select "+refundColumns+" from pay_refund where trade=$1 order by n", order)
}

// RefundsMade lists what a merchant began to give back in [from, to), the oldest first.
func (s *Store) RefundsMade(ctx context.Context, account, from, to int64) ([]Refund, error) {
	return db.All(ctx, s.db, scanRefund, "select "+refundColumns+` from pay_refund where account=$1 and made_at>=$2 and made_at<$3
		order by made_at, n`, account, from, to)
}

// AddRefund keeps a new refund.
func (s *Store) AddRefund(ctx context.Context, tx *db.Tx, r Refund) error {
	doc, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "insert into pay_refund (account, trade, out_no, made_at, doc) values ($1, $2, $3, $4, $5)",
		r.Account, r.Order, r.OutNo, r.MadeAt, string(doc))
	return err
}

// SaveRefund keeps what became of a refund.
func (s *Store) SaveRefund(ctx context.Context, tx *db.Tx, r Refund) error {
	doc, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return db.ExpectOne(tx.Exec(ctx, "update pay_refund set doc=$1 where n=$2", string(doc), r.N))
}
