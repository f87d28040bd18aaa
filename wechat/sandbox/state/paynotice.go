package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
)

// DuePayNotice is the kind of what is due when a payment notice is to be sent again.
const DuePayNotice = "pay notice"

// PayNotice is what WeChat Pay has to tell a merchant, until it is taken or given up.
type PayNotice struct {
	N        int64           `json:"-"`
	Account  int64           `json:"-"`
	ID       string          `json:"id"` // the same in every try
	URL      string          `json:"url"`
	Event    string          `json:"event"`   // TRANSACTION.SUCCESS, REFUND.…
	Summary  string          `json:"summary"` // Chinese
	Original string          `json:"original"`
	Resource json.RawMessage `json:"resource"` // before it is encrypted
	MadeAt   int64           `json:"made_at"`  // civil
	Tries    int             `json:"tries"`
}

func scanPayNotice(scan db.Scan) (PayNotice, error) {
	var n PayNotice
	var id, account int64
	var doc []byte
	if err := scan(&id, &account, &doc); err != nil {
		return n, err
	}
	err := json.Unmarshal(doc, &n)
	n.N, n.Account = id, account
	return n, err
}

// AddPayNotice keeps a notice that is to be sent at once.
func (s *Store) AddPayNotice(ctx context.Context, tx *db.Tx, n PayNotice) error {
	n.ID, n.MadeAt = newUUID(), s.Civil()
	doc, err := json.Marshal(n)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "insert into pay_notice (account, due, doc) values ($1, $2, $3)", n.Account, true, string(doc))
	return err
}

// DuePayNotices lists up to limit notices that are to be sent now.
func (s *Store) DuePayNotices(ctx context.Context, limit int) ([]PayNotice, error) {
	return db.All(ctx, s.db, scanPayNotice, "select n, account, doc from pay_notice where due order by n limit $1", limit)
}

// WakePayNotice makes a waiting notice due.
func (s *Store) WakePayNotice(ctx context.Context, tx *db.Tx, n int64) error {
	_, err := tx.Exec(ctx, "update pay_notice set due=$1 where n=$2", true, n)
	return err
}

// RestPayNotice lets a notice wait until the civil instant.
func (s *Store) RestPayNotice(ctx context.Context, n PayNotice, until int64) error {
	doc, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "update pay_notice set due=$1, doc=$2 where n=$3", false, string(doc), n.N); err != nil {
			return err
		}
		return s.AddLater(ctx, tx, until, DuePayNotice, n.N)
	})
}

// EndPayNotice forgets a notice.
func (s *Store) EndPayNotice(ctx context.Context, n int64) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "delete from pay_notice where n=$1", n)
		return err
	})
}

// newUUID is as the ids of notices look.
func newUUID() string {
	h := randomHex(32)
	return h[:8] + "-" + h[8:12] + "-5" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}
