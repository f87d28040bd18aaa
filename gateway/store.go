package gateway

import (
	"context"
	"encoding/json"

	"weizheng/part"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

const (
	stateAnswered = "answered"
	statePending  = "pending"

	aadMessage = "inbound.message"
	aadAnswer  = "inbound.answer"
)

// inbound is a row of the log.
type inbound struct {
	id         int64
	account    int64
	slug       string
	dedupe     string
	person     string
	kind       string
	receivedAt int64
	civilAt    int64
	sealed     []byte
	answer     []byte
	source     string
	trace      string
	state      string
}

// insert appends a row; a row with the same key is errs.Conflict. It returns the row's id when it is asked for, which
// makes the statement dearer.
func insert(ctx context.Context, tx *db.Tx, r inbound, wantID bool) (id int64, err error) {
	const text = `insert into inbound
		(account_id, dedupe, person, kind, received_at, civil_at, sealed, answer, source, trace, state)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11) on conflict (account_id, dedupe) do nothing`
	args := []any{r.account, r.dedupe, r.person, r.kind, r.receivedAt, r.civilAt, r.sealed, r.answer, r.source, r.trace, r.state}
	if wantID {
		err = tx.QueryRow(ctx, text+` returning id`, args...).Scan(&id)
		if errs.Is(err, errs.NotFound) {
			return 0, errDuplicate
		}
		return id, err
	}
	n, err := tx.Exec(ctx, text, args...)
	if err == nil && n == 0 {
		return 0, errDuplicate
	}
	return 0, err
}

var errDuplicate = errs.New(errs.Conflict, "gateway.duplicate")

func answerOf(ctx context.Context, q db.Queryer, account int64, dedupe string) (sealed []byte, source string, err error) {
	err = q.QueryRow(ctx, `select answer, source from inbound where account_id=$1 and dedupe=$2`, account, dedupe).
		Scan(&sealed, &source)
	return sealed, source, err
}

const inboundColumns = `id, account_id, dedupe, person, kind, received_at, civil_at, sealed, answer, source, trace, state`

func scanInbound(scan db.Scan) (r inbound, err error) {
	err = scan(&r.id, &r.account, &r.dedupe, &r.person, &r.kind, &r.receivedAt, &r.civilAt, &r.sealed, &r.answer,
		&r.source, &r.trace, &r.state)
	return r, err
}

// unread returns the oldest rows that no subscriber has seen. A row that commits out of the order of its id is found
// by a later call, because the mark is on the row, not a position.
func unread(ctx context.Context, q db.Queryer, limit int) ([]inbound, error) {
	return db.All(ctx, q, scanInbound,
		`select `+inboundColumns+` from inbound where read_at is null order by id limit $1`, limit)
}

// storedAnswer is the JSON form of an answer in the log.
type storedAnswer struct {
	Reply json.RawMessage   `json:"reply,omitempty"`
	More  []json.RawMessage `json:"more,omitempty"`
}

func (g *Gateway) sealAnswer(a part.Answer) ([]byte, error) {
	if a.Reply == nil && len(a.More) == 0 {
		return nil, nil
	}
	plain, err := encodeAnswer(a)
	if err != nil {
		return nil, errs.Wrap(err, "encode answer")
	}
	sealed, err := g.Sealer.Seal(plain, aadAnswer)
	return sealed, errs.Wrap(err, "seal answer")
}

// encodeAnswer writes a storedAnswer by hand: a reply is JSON already, and encoding/json would read it all once more.
func encodeAnswer(a part.Answer) ([]byte, error) {
	b := make([]byte, 0, 512)
	b = append(b, '{')
	if a.Reply != nil {
		raw, err := wechat.MarshalReply(a.Reply)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `"reply":`...), raw...)
	}
	for i, m := range a.More {
		raw, err := wechat.MarshalReply(m)
		if err != nil {
			return nil, err
		}
		switch {
		case i > 0:
			b = append(b, ',')
		case a.Reply != nil:
			b = append(b, `,"more":[`...)
		default:
			b = append(b, `"more":[`...)
		}
		b = append(b, raw...)
	}
	if len(a.More) > 0 {
		b = append(b, ']')
	}
	return append(b, '}'), nil
}

func (g *Gateway) openAnswer(sealed []byte) (part.Answer, error) {
	var a part.Answer
	if len(sealed) == 0 {
		return a, nil
	}
	plain, err := g.Sealer.Open(sealed, aadAnswer)
	if err != nil {
		return a, errs.Wrap(err, "open answer")
	}
	var s storedAnswer
	if err := json.Unmarshal(plain, &s); err != nil {
		return a, errs.Wrap(err, "decode answer")
	}
	a, err = s.answer()
	return a, errs.Wrap(err, "decode answer")
}

func (s storedAnswer) answer() (a part.Answer, err error) {
	if len(s.Reply) > 0 {
		if a.Reply, err = wechat.UnmarshalReply(s.Reply); err != nil {
			return part.Answer{}, err
		}
	}
	for _, raw := range s.More {
		m, err := wechat.UnmarshalReply(raw)
		if err != nil {
			return part.Answer{}, err
		}
		a.More = append(a.More, m)
	}
	return a, nil
}

// Unread counts the callbacks that no subscriber has seen yet.
func (g *Gateway) Unread(ctx context.Context) (int64, error) {
	n, err := db.One(ctx, g.DB, db.Value[int64], `select count(*) from inbound where read_at is null`)
	return n, errs.Wrap(err, "count the unread callbacks")
}
