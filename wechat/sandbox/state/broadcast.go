package state

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// DueMass is the kind of row that ends a mass message; its document is the message's number.
const DueMass = "mass"

// The states of a mass message. WeChat docs: message_mass_get.
const (
	MassSending = "SENDING"
	MassSent    = "SEND_SUCCESS"
	MassFailed  = "SEND_FAIL"
	MassDeleted = "DELETE"
)

// ErrNoMass is about a mass message that there is not.
var ErrNoMass = errs.New(errs.NotFound, "sandbox.unknown_mass")

// Broadcast is a message to many.
type Broadcast struct {
	N, Account            int64
	MsgID, MsgDataID      int64
	ClientID              string // clientmsgid, or the digest of what was asked for
	ToAll                 bool
	Type                  string // msgtype
	MediaID               string // what it sends, if that is one thing
	Job                   MassJob
	State                 string
	Total, Filtered, Sent int64
	Day                   string
	MadeAt, TriedAt       int64 // civil
	ArrivedAt             int64 // civil; 0: not yet
	ItemType              string
	Body                  map[string]any
	recipients            bitset // only when it is made
}

// MassJob is what the end of a mass message needs to know.
type MassJob struct {
	Articles      []Article `json:"articles,omitempty"`
	DraftedAt     int64     `json:"drafted_at,omitempty"`
	Result        string    `json:"result,omitempty"`
	Reprint       []int     `json:"reprint,omitempty"`
	IgnoreReprint bool      `json:"ignore_reprint,omitempty"`
}

const broadcastColumns = `n, account, msg_id, msg_data_id, client_id, to_all, type, media_id, doc, state, total, filtered, sent, day,
	made_at, tried_at, arrived_at, item_type, body`

func scanBroadcast(scan db.Scan) (Broadcast, error) {
	var b Broadcast
	var doc, body []byte
	if err := scan(&b.N, &b.Account, &b.MsgID, &b.MsgDataID, &b.ClientID, &b.ToAll, &b.Type, &b.MediaID, &doc, &b.State, &b.Total,
		&b.Filtered, &b.Sent, &b.Day, &b.MadeAt, &b.TriedAt, &b.ArrivedAt, &b.ItemType, &body); err != nil {
		return b, err
	}
	if err := json.Unmarshal(doc, &b.Job); err != nil {
		return b, err
	}
	return b, json.Unmarshal(body, &b.Body)
}

// perMinute are the recipients a minute by speed. WeChat docs: message_mass_speed_get.
var perMinute = [...]int64{800_000, 600_000, 450_000, 300_000, 100_000}

// PerMinute is how many recipients a speed reaches in a minute.
func PerMinute(speed int) int64 { return perMinute[speed] }

// StartMass sends a message on its way, and gives it its ids; d is the draft that it takes, or nil.
func (s *Store) StartMass(ctx context.Context, tx *db.Tx, b Broadcast, d *Draft) (Broadcast, error) {
	o, err := s.takeOutcome(ctx, tx, b.Account, GoalMass)
	if err != nil {
		return b, err
	}
	b.Job.Result, b.Job.Reprint = o.Result, o.Reprint
	if d != nil {
		if err := s.RemoveDraft(ctx, tx, *d); err != nil {
			return b, err
		}
		b.Job.Articles, b.Job.DraftedAt = d.Articles, d.MadeAt
		if b.MsgDataID, err = s.NextMsgDataID(ctx, tx); err != nil {
			return b, err
		}
	}
	if b, err = s.insertBroadcast(ctx, tx, b); err != nil {
		return b, err
	}
	speed, err := s.MassSpeed(ctx, tx, b.Account)
	if err != nil {
		return b, err
	}
	takes := max(1000, b.Filtered*60_000/PerMinute(speed))
	if o.AfterMS > 0 {
		takes = o.AfterMS
	}
	return b, s.AddLater(ctx, tx, s.Civil()+takes, DueMass, b.N)
}

func (s *Store) insertBroadcast(ctx context.Context, tx *db.Tx, b Broadcast) (Broadcast, error) {
	n, err := nextSerial(ctx, tx, "mass")
	if err != nil {
		return b, err
	}
	b.MsgID = 3_147_483_646 + n // as large as WeChat's are, beyond 31 bits
	b.State, b.Day, b.MadeAt, b.TriedAt = MassSending, s.Today(), s.Civil(), s.Civil()
	doc, err := json.Marshal(b.Job)
	if err != nil {
		return b, err
	}
	body, err := json.Marshal(b.Body)
	if err != nil {
		return b, err
	}
	first, recipients := b.recipients.trim()
	err = tx.QueryRow(ctx, `insert into broadcast (account, msg_id, msg_data_id, client_id, to_all, type, media_id, doc, state, total,
		filtered, sent, day, made_at, tried_at, arrival, arrived_at, wall_at, item_type, body, first_byte, recipients)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, $13, 0, 0, 0, $14, $15, $16, $17) returning n`, b.Account, b.MsgID,
		b.MsgDataID, b.ClientID, b.ToAll, b.Type, b.MediaID, string(doc), b.State, b.Total, b.Filtered, b.Day, b.MadeAt, b.ItemType,
		string(body), first, recipients).Scan(&b.N)
	return b, err
}

// NextPreview is a msg_id for a preview, which nobody can ask about.
func (s *Store) NextPreview(ctx context.Context, tx *db.Tx) (int64, error) {
	return nextSerial(ctx, tx, "preview")
}

// EndMass notes how a message ended: with Body it has arrived, and stands in the chats of its recipients from now on.
func (s *Store) EndMass(ctx context.Context, tx *db.Tx, b Broadcast) error {
	if b.State != MassSent {
		_, err := tx.Exec(ctx, "update broadcast set state=$1 where n=$2", b.State, b.N)
		return err
	}
	arrival, err := nextSerial(ctx, tx, "arrival/"+itoa(b.Account))
	if err != nil {
		return err
	}
	body, err := json.Marshal(b.Body)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update broadcast set state=$1, sent=filtered, arrival=$2, arrived_at=$3, wall_at=$4, item_type=$5, body=$6
		where n=$7`, b.State, arrival, s.Civil(), s.Wall(), b.ItemType, string(body), b.N); err != nil {
		return err
	}
	tx.AfterCommit(func() {
		s.arrived(b.Account, arrival)
		if a := s.AccountN(b.Account); a != nil {
			s.Hint(Hint{Topic: "chat", Account: a.ID})
		}
	})
	return nil
}

// Mass finds a message by its msg_id; ErrNoMass.
func (s *Store) Mass(ctx context.Context, q db.Queryer, account, msgID int64) (Broadcast, error) {
	b, err := db.One(ctx, q, scanBroadcast, "select "+broadcastColumns+" from broadcast where account=$1 and msg_id=$2", account, msgID)
	return b, none(err, ErrNoMass)
}

// MassN finds a message by its number.
func (s *Store) MassN(ctx context.Context, q db.Queryer, n int64) (Broadcast, error) {
	b, err := db.One(ctx, q, scanBroadcast, "select "+broadcastColumns+" from broadcast where n=$1", n)
	return b, none(err, ErrNoMass)
}

// MassByData finds the message that sent the articles with a msg_data_id; ErrNoMass.
func (s *Store) MassByData(ctx context.Context, q db.Queryer, account, msgDataID int64) (Broadcast, error) {
	b, err := db.One(ctx, q, scanBroadcast, "select "+broadcastColumns+" from broadcast where account=$1 and msg_data_id=$2", account, msgDataID)
	return b, none(err, ErrNoMass)
}

// MassList lists an account's mass messages, the newest first.
func (s *Store) MassList(ctx context.Context, account int64, limit int) ([]Broadcast, error) {
	return db.All(ctx, s.db, scanBroadcast, "select "+broadcastColumns+" from broadcast where account=$1 order by n desc limit $2", account, limit)
}

// MassAgain finds the message that was sent with a client id since the civil instant, and notes the try; found is false
// when there is none.
func (s *Store) MassAgain(ctx context.Context, tx *db.Tx, account int64, clientID string, since int64) (b Broadcast, found bool, err error) {
	list, err := db.All(ctx, tx, scanBroadcast, "select "+broadcastColumns+` from broadcast where account=$1 and client_id=$2
		and made_at>$3 order by n desc limit 1`, account, clientID, since)
	if err != nil || len(list) == 0 {
		return Broadcast{}, false, err
	}
	_, err = tx.Exec(ctx, "update broadcast set tried_at=$1 where n=$2", s.Civil(), list[0].N)
	return list[0], true, err
}

// MassOfMedia is the civil instant at which a file was last sent; 0: never.
func (s *Store) MassOfMedia(ctx context.Context, account int64, mediaID string) (int64, error) {
	if mediaID == "" {
		return 0, nil
	}
	return db.One(ctx, s.db, db.Value[int64], "select coalesce(max(made_at), 0) from broadcast where account=$1 and media_id=$2", account, mediaID)
}

// MassUsed counts what was sent on days that begin with the prefix ("2026-11-20", "2026-11"): all messages, or those to
// everybody. What failed counts not.
func (s *Store) MassUsed(ctx context.Context, q db.Queryer, account int64, prefix string, toAll bool) (int64, error) {
	return db.One(ctx, q, db.Value[int64], `select count(*) from broadcast where account=$1 and day>=$2 and day<=$2 || '~'
		and state<>'SEND_FAIL' and (to_all or not $3)`, account, prefix, toAll)
}

// DeleteMass notes that messages were deleted: this one, and others that sent the same thing.
func (s *Store) DeleteMass(ctx context.Context, tx *db.Tx, b Broadcast) error {
	if _, err := tx.Exec(ctx, "update broadcast set state=$1 where n=$2 or account=$3 and media_id=$4 and media_id<>'' and state='SEND_SUCCESS'",
		MassDeleted, b.N, b.Account, b.MediaID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "delete from media where id=$1 and account=$2 and type=$3", b.MediaID, b.Account, MassVideo)
	return err
}

// MassSpeed is how fast an account's messages go, 0 to 4, the fastest first.
func (s *Store) MassSpeed(ctx context.Context, q db.Queryer, account int64) (int, error) {
	list, err := db.All(ctx, q, db.Value[int], "select speed from mass_speed where account=$1", account)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}

// SetMassSpeed changes it for messages to come.
func (s *Store) SetMassSpeed(ctx context.Context, account int64, speed int) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into mass_speed (account, speed) values ($1, $2) on conflict (account)
			do update set speed=excluded.speed`, account, speed)
		return err
	})
}
