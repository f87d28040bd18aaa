package audit

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/log"
	"weizheng/platform/web"
)

// Outcomes of a deed.
const (
	Done   = "done"
	Denied = "denied" // not allowed to
	Failed = "failed" // tried and did not succeed, such as a wrong password
)

// Entry is one deed as its verb describes it; who did it and when is added by Record.
type Entry struct {
	Verb    string         // "publish"
	Object  string         // the noun: "menu"
	ID      int64          // the thing's id, 0 for none
	Unit    string         // path of the unit it belongs to; "" concerns the installation
	Account int64          // 0 for none
	Outcome string         // "" is Done
	Detail  map[string]any // surrogate ids, numbers, states; nothing personal
}

// Row is an entry as it is kept.
type Row struct {
	ID        int64
	At        int64 // ms
	ActorKind string
	ActorID   int64
	Session   string
	Request   string
	Address   string // the client's; of staff, keys and failed logins only
	Verb      string
	Object    string
	ObjectID  int64
	Unit      string
	Account   int64
	Outcome   string
	Detail    string // JSON object
	Batch     int64  // 0 while unsealed

	uid, keyID, mac string
}

// detailLimit bounds the details of one entry in bytes: an audit is no copy of the data.
const detailLimit = 8 << 10

var errDetail = errs.New(errs.Internal, "audit.detail")

// Record inserts an entry in the transaction of its deed. The actor is access.From(ctx). An error means that the deed
// must not happen either.
func (s *Service) Record(ctx context.Context, tx *db.Tx, e Entry) error {
	r, err := s.row(ctx, e)
	if err != nil {
		return err
	}
	return errs.Wrap(insertRow(ctx, tx, r), "audit %s %s", e.Object, e.Verb)
}

// Deny records, in a transaction of its own, that the actor of ctx was refused: route is the pattern they asked for, o
// what it belongs to. Its failure is logged, since the refusal holds anyway.
func (s *Service) Deny(ctx context.Context, permission, route string, o access.Object) {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		return s.Record(ctx, tx, Entry{Verb: "ask", Object: "route", Unit: o.Unit, Account: o.Account, Outcome: Denied,
			Detail: map[string]any{"permission": permission, "route": route}})
	})
	if err != nil {
		s.log.ErrorContext(ctx, "a refusal could not be audited", "route", route, "error", err)
	}
}

func (s *Service) row(ctx context.Context, e Entry) (Row, error) {
	detail := []byte("{}")
	if len(e.Detail) > 0 {
		var err error
		if detail, err = json.Marshal(e.Detail); err != nil {
			return Row{}, errDetail.Because(err)
		}
	}
	if len(detail) > detailLimit {
		return Row{}, errDetail.Because(errors.New("details of " + e.Object + " " + e.Verb + " are too long"))
	}
	if e.Verb == "" || e.Object == "" {
		return Row{}, errDetail.Because(errors.New("an entry without verb or object"))
	}
	if e.Outcome == "" {
		e.Outcome = Done
	}
	who := access.From(ctx)
	r := Row{At: clock.Millis(s.wall.Now()), ActorKind: who.Kind.String(), ActorID: who.ID, Session: who.Session,
		Request: log.Request(ctx), Address: address(ctx, who, e), Verb: e.Verb, Object: e.Object, ObjectID: e.ID, Unit: e.Unit, Account: e.Account,
		Outcome: e.Outcome, Detail: string(detail), uid: crypt.RandomCode(16)}
	r.keyID, r.mac = s.sign(entryPurpose, r.bytes())
	return r, nil
}

// address is where a deed came from. A citizen's address is personal and is not kept; nobody's is, but for a failed proof
// of identity.
func address(ctx context.Context, who access.Actor, e Entry) string {
	known := who.Kind == access.Staff || who.Kind == access.Key
	if ip := web.ClientIP(ctx); ip.IsValid() && (known || who.Kind == access.Anonymous && e.Outcome == Failed) {
		return ip.String()
	}
	return ""
}

// bytes is what a row's MAC covers: every column that means something, each with its length, so that nothing can be
// moved from one into the next. The id is given by the database later; uid stands for it.
func (r Row) bytes() []byte {
	var b strings.Builder
	for _, f := range []string{r.uid, strconv.FormatInt(r.At, 10), r.ActorKind, strconv.FormatInt(r.ActorID, 10), r.Session,
		r.Request, r.Address, r.Verb, r.Object, strconv.FormatInt(r.ObjectID, 10), r.Unit, strconv.FormatInt(r.Account, 10),
		r.Outcome, r.Detail} {
		b.WriteString(strconv.Itoa(len(f)))
		b.WriteByte(':')
		b.WriteString(f)
	}
	return []byte(b.String())
}
