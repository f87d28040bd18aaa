package state

import (
	"context"
	"fmt"
	"strconv"

	"weizheng/platform/db"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// QR is a code with a scene. Kind is WeChat's action name; "" is the account's own code without a scene.
type QR struct {
	N         int64
	Ticket    string
	Account   int64
	Kind      string
	SceneID   int64
	SceneStr  string
	URL       string // what the code says
	ExpiresAt int64  // civil; 0: never
}

// Scene is the scene as events spell it.
func (q QR) Scene() string {
	if q.SceneStr != "" {
		return q.SceneStr
	}
	if q.SceneID != 0 {
		return itoa(q.SceneID)
	}
	return ""
}

// Permanent reports whether a code never expires.
func (q QR) Permanent() bool { return q.ExpiresAt == 0 }

// qrURL begins what WeChat's own codes say.
const qrURL = "http://weixin.qq.com/q/"

// AddQR makes a code's ticket and address and stores it. A permanent code of the same scene is given again, as WeChat
// does; made is false then.
func (s *Store) AddQR(ctx context.Context, tx *db.Tx, q QR) (got QR, made bool, err error) {
	if q.Permanent() {
		list, err := db.All(ctx, tx, scanQR, "select "+qrColumns+` from qr where account=$1 and kind=$2 and scene_id=$3
			and scene_str=$4`, q.Account, q.Kind, q.SceneID, q.SceneStr)
		if err != nil {
			return q, false, err
		}
		if len(list) > 0 {
			return list[0], false, nil
		}
	}
	if q.N, err = nextSerial(ctx, tx, "qr"); err != nil {
		return q, false, err
	}
	q.stamp()
	_, err = tx.Exec(ctx, "insert into qr ("+qrColumns+", made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)", q.N, q.Ticket,
		q.Account, q.Kind, q.SceneID, q.SceneStr, q.URL, q.ExpiresAt, s.Civil())
	if a := s.AccountN(q.Account); err == nil && a != nil {
		tx.AfterCommit(func() { s.Hint(Hint{Topic: "code", Account: a.ID}) })
	}
	return q, true, err
}

// stamp gives a code its ticket and its address. Both begin with the code's number, so that a hundred thousand of them are
// stored side by side, and are secret after it.
func (q *QR) stamp() {
	place := fmt.Sprintf("%08x", q.N)
	q.Ticket, q.URL = "gQ"+place+RandomText(84)+"==", qrURL+"02"+place+RandomText(14)
}

const qrColumns = "n, ticket, account, kind, scene_id, scene_str, url, expires_at"

func scanQR(scan db.Scan) (QR, error) {
	var q QR
	err := scan(&q.N, &q.Ticket, &q.Account, &q.Kind, &q.SceneID, &q.SceneStr, &q.URL, &q.ExpiresAt)
	return q, err
}

// FindQR finds a code by its ticket or by what it says; ok is false when there is none.
func (s *Store) FindQR(ctx context.Context, ticketOrURL string) (q QR, ok bool, err error) {
	list, err := db.All(ctx, s.db, scanQR, "select "+qrColumns+" from qr where ticket=$1 or url=$1", ticketOrURL)
	if err != nil || len(list) == 0 {
		return QR{}, false, err
	}
	return list[0], true, nil
}

// QRs lists the newest codes with a scene, of one account or, for 0, of all.
func (s *Store) QRs(ctx context.Context, account int64, limit int) ([]QR, error) {
	if account == 0 {
		return db.All(ctx, s.db, scanQR, "select "+qrColumns+" from qr order by n desc limit $1", limit)
	}
	return db.All(ctx, s.db, scanQR, "select "+qrColumns+" from qr where account=$1 order by n desc limit $2", account, limit)
}

// PermanentQRs counts an account's permanent codes.
func (s *Store) PermanentQRs(ctx context.Context, q db.Queryer, account int64) (int64, error) {
	return db.One(ctx, q, db.Value[int64], "select count(*) from qr where account=$1 and expires_at=0", account)
}

// OwnQR is what the account's own code says; it has no scene and is not stored.
func (s *Store) OwnQR(a *Account) string { return qrURL + "00" + letters(s.derive("own qr", a.ID), 22) }

// AccountOfOwnQR finds the account whose own code says url; nil when none.
func (s *Store) AccountOfOwnQR(url string) *Account {
	for _, a := range s.Accounts() {
		if s.OwnQR(a) == url {
			return a
		}
	}
	return nil
}
