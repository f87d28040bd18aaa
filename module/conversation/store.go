package conversation

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

const columns = `c.id, c.account_id, c.follower_id, c.person, c.state, c.claimed_by, c.claimed_until, c.starred,
	c.waiting_since, c.last_at, c.last_from, c.last_kind, c.last_text, c.version, u.path`

const from = ` from conversation c join account a on a.id = c.account_id join unit u on u.id = a.unit_id `

func scanConversation(scan db.Scan) (c Conversation, err error) {
	var until, waiting, last int64
	err = scan(&c.ID, &c.Account, &c.Follower, &c.Person, &c.State, &c.ClaimedBy, &until, &c.Starred, &waiting, &last,
		&c.LastFrom, &c.LastKind, &c.LastText, &c.Version, &c.Unit)
	c.ClaimedUntil, c.WaitingSince, c.LastAt = instant(until), instant(waiting), instant(last)
	return c, err
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return clock.FromMillis(ms)
}

func stored(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return clock.Millis(t)
}

// Get returns one conversation.
func (s *Service) Get(ctx context.Context, id int64) (Conversation, error) { return get(ctx, s.db, id) }

func get(ctx context.Context, q db.Queryer, id int64) (Conversation, error) {
	c, err := db.One(ctx, q, scanConversation, `select `+columns+from+`where c.id=$1`, id)
	return c, errs.Wrap(err, "conversation %d", id)
}

// lock reads a conversation for a change: on PostgreSQL its row stays locked until the transaction ends, so that a
// message that comes in meanwhile waits instead of making the change stale.
func lock(ctx context.Context, tx *db.Tx, id int64) (Conversation, error) {
	var found int64
	err := tx.QueryRow(ctx, `select id from conversation where id=$1`+tx.Dialect().ForUpdate(), id).Scan(&found)
	if err != nil {
		return Conversation{}, errs.Wrap(err, "conversation %d", id)
	}
	return get(ctx, tx, id)
}

// save writes what verbs may change, if nobody else did in between.
func save(ctx context.Context, tx *db.Tx, c *Conversation) error {
	err := db.ExpectOne(tx.Exec(ctx, `update conversation set state=$3, claimed_by=$4, claimed_until=$5, starred=$6,
		waiting_since=$7, last_at=$8, last_from=$9, last_kind=$10, last_text=$11, version=version+1
		where id=$1 and version=$2`,
		c.ID, c.Version, string(c.State), c.ClaimedBy, stored(c.ClaimedUntil), c.Starred, stored(c.WaitingSince),
		stored(c.LastAt), string(c.LastFrom), c.LastKind, c.LastText))
	if err == nil {
		c.Version++
	}
	return err
}

// Folder is which conversations a list shows.
type Folder string

// The folders of the inbox.
const (
	FolderOpen    Folder = "open"
	FolderMine    Folder = "mine"
	FolderWaiting Folder = "waiting"
	FolderClosed  Folder = "closed"
)

// Filter narrows the inbox. Before is the last row of the page before: its time (ms) and id.
type Filter struct {
	Account  int64
	Folder   Folder
	Staff    int64 // whose, for FolderMine
	Starred  bool
	BeforeAt int64
	BeforeID int64
	Limit    int
}

// List returns conversations within the reach: the waiting ones longest first, others newest first; Limit+1 at most.
func (s *Service) List(ctx context.Context, reach access.Reach, f Filter) ([]Conversation, error) {
	where, args := reach.Where("u.path", "c.account_id", 1)
	add := func(cond string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			cond = replaceOnce(cond, fmt.Sprintf("$%d", len(args)))
		}
		where += " and " + cond
	}
	order := "c.last_at desc, c.id desc"
	switch f.Folder {
	case FolderMine:
		add("c.claimed_by = ?", f.Staff)
	case FolderWaiting:
		add("c.waiting_since > 0")
		order = "c.waiting_since, c.id"
	case FolderClosed:
		add("c.state = ?", string(Closed))
	default:
		add("c.state = ?", string(Open))
	}
	if f.Account != 0 {
		add("c.account_id = ?", f.Account)
	}
	if f.Starred {
		add("c.starred")
	}
	if f.BeforeID != 0 && f.Folder == FolderWaiting {
		add("(c.waiting_since, c.id) > (?, ?)", f.BeforeAt, f.BeforeID)
	} else if f.BeforeID != 0 {
		add("(c.last_at, c.id) < (?, ?)", f.BeforeAt, f.BeforeID)
	}
	args = append(args, f.Limit+1)
	list, err := db.All(ctx, s.db, scanConversation,
		`select `+columns+from+`where `+where+` order by `+order+fmt.Sprintf(` limit $%d`, len(args)), args...)
	return list, errs.Wrap(err, "list conversations")
}

// replaceOnce puts the number of an argument for the next question mark.
func replaceOnce(cond, number string) string {
	for i := range len(cond) {
		if cond[i] == '?' {
			return cond[:i] + number + cond[i+1:]
		}
	}
	return cond
}

// Waiting counts the followers who wait, within the reach.
func (s *Service) Waiting(ctx context.Context, reach access.Reach) (int, error) {
	where, args := reach.Where("u.path", "c.account_id", 1)
	var n int
	err := s.db.QueryRow(ctx, `select count(*)`+from+`where c.waiting_since > 0 and `+where, args...).Scan(&n)
	return n, errs.Wrap(err, "count who waits")
}

const lineColumns = `id, conversation_id, author, staff_id, kind, text, hidden is not null, detail, at, state, problem,
	inbound_id, outbound_id`

func scanLine(scan db.Scan) (l Line, err error) {
	var detail string
	var at int64
	err = scan(&l.ID, &l.Conversation, &l.Author, &l.StaffID, &l.Kind, &l.Text, &l.Hidden, &detail, &at, &l.State,
		&l.Problem, &l.InboundID, &l.OutboundID)
	if err != nil {
		return l, err
	}
	l.At = clock.FromMillis(at)
	return l, json.Unmarshal([]byte(detail), &l.Detail)
}

// Lines returns a conversation's lines before an id (0: from the newest), newest first, Limit+1 at most.
func (s *Service) Lines(ctx context.Context, conversation, before int64, limit int) ([]Line, error) {
	where, args := `conversation_id=$1`, []any{conversation, limit + 1}
	if before > 0 {
		where, args = where+` and id < $3`, append(args, before)
	}
	lines, err := db.All(ctx, s.db, scanLine,
		`select `+lineColumns+` from conversation_line where `+where+` order by id desc limit $2`, args...)
	return lines, errs.Wrap(err, "lines of conversation %d", conversation)
}

// draft is a line about to be written.
type draft struct {
	Line
	hidden []byte
	idem   string
	waited int64 // ms; 0 in lines that answer nobody
}

func insertLine(ctx context.Context, tx *db.Tx, l draft, now int64) (id int64, err error) {
	detail, err := json.Marshal(l.Detail)
	if err != nil {
		return 0, errs.Wrap(err, "encode line")
	}
	var idem any
	if l.idem != "" {
		idem = l.idem
	}
	err = tx.QueryRow(ctx, `insert into conversation_line (conversation_id, author, staff_id, kind, text, hidden, detail, at,
		inbound_id, outbound_id, state, problem, idem, waited, created_at)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'',$12,$13,$14) returning id`,
		l.Conversation, string(l.Author), l.StaffID, l.Kind, l.Text, l.hidden, string(detail), clock.Millis(l.At),
		l.InboundID, l.OutboundID, string(l.State), idem, l.waited, now).Scan(&id)
	return id, err
}
