package state

import (
	"context"

	"weizheng/platform/db"
)

// Delivery is a callback that is not finished.
type Delivery struct {
	N, Account, Citizen int64
	Component           int64 // the third-party platform to which it goes; 0: to the account's own address. A notice has no account
	OpenID              string
	Item                int64  // the citizen's item it carries; 0 for an event
	Cue                 string // what it is: the message type, or the event
	XML                 string // the clear message, the same for every try
	Tries               int
}

const deliveryColumns = "n, account, citizen, component, openid, item, cue, xml, tries"

func scanDelivery(scan db.Scan) (Delivery, error) {
	var d Delivery
	err := scan(&d.N, &d.Account, &d.Citizen, &d.Component, &d.OpenID, &d.Item, &d.Cue, &d.XML, &d.Tries)
	return d, err
}

// AddDelivery records that a callback has to be made.
func (s *Store) AddDelivery(ctx context.Context, tx *db.Tx, d Delivery) (Delivery, error) {
	err := tx.QueryRow(ctx, `insert into delivery (account, citizen, component, openid, item, cue, xml, tries, made_at)
		values ($1, $2, $3, $4, $5, $6, $7, 0, $8) returning n`, d.Account, d.Citizen, d.Component, d.OpenID, d.Item, d.Cue,
		d.XML, s.Wall()).Scan(&d.N)
	return d, err
}

// Pending lists the unfinished callbacks, oldest first.
func (s *Store) Pending(ctx context.Context) ([]Delivery, error) {
	return db.All(ctx, s.db, scanDelivery, "select "+deliveryColumns+" from delivery order by n")
}

// CountTry records that a try has begun, so that a restart does not begin anew.
func (s *Store) CountTry(ctx context.Context, d Delivery) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "update delivery set tries=$1 where n=$2", d.Tries, d.N); err != nil {
			return err
		}
		return s.setItemState(ctx, tx, d, DeliveryPending)
	})
}

// Finish removes the delivery and notes its outcome at the item.
func (s *Store) Finish(ctx context.Context, tx *db.Tx, d Delivery, state string) error {
	if _, err := tx.Exec(ctx, "delete from delivery where n=$1", d.N); err != nil {
		return err
	}
	return s.setItemState(ctx, tx, d, state)
}

func (s *Store) setItemState(ctx context.Context, tx *db.Tx, d Delivery, state string) error {
	if d.Item == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, "update item set state=$1, tries=$2 where n=$3", state, d.Tries, d.Item)
	s.hintChat(ctx, tx, d.Account, d.Citizen)
	return err
}
