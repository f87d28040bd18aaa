package reminder

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strconv"
	"time"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// doorLife is how long somebody may take on WeChat's page; its code lives five minutes.
const doorLife = 10 * time.Minute

// Begun is where to send the browser.
type Begun struct {
	URL   string
	Nonce string // the browser keeps it; Enter wants it back
}

// String keeps state and nonce out of logs.
func (Begun) String() string { return "reminder.Begun" }

// Knock starts web authorisation for a link. nonce is what the browser already keeps, or "". Refused
// "reminder.no_authoriser" where the account cannot authorise: then the second factor opens (EnterByCode).
func (s *Service) Knock(ctx context.Context, l Link, nonce string, tries int64) (Begun, error) {
	b, err := bindingByID(ctx, s.DB, l.Binding)
	if err != nil {
		return Begun{}, err
	}
	a, err := s.Accounts.Known(ctx, b.Account)
	if err != nil {
		return Begun{}, err
	}
	if !a.CanAuthorise() {
		return Begun{}, errs.New(errs.Refused, "reminder.no_authoriser")
	}
	c, err := s.Accounts.Client(ctx, b.Account)
	if err != nil {
		return Begun{}, err
	}
	if nonce == "" {
		nonce = rand.Text()
	}
	state := rand.Text()
	address, err := c.OAuthURL(s.address("/s/oauth"), client.ScopeBase, state)
	if err != nil {
		return Begun{}, errs.Wrap(err, "address of web authorisation")
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into reminder_door (state, binding_id, matter_id, nonce, tries, expires_at) values ($1,$2,$3,$4,$5,$6)`,
			digest(state), l.Binding, l.Matter, digest(nonce), tries, clock.Millis(s.Wall.Now().Add(doorLife)))
		return err
	})
	return Begun{URL: address, Nonce: nonce}, errs.Wrap(err, "begin web authorisation of staff")
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Entered is who came in, and what for.
type Entered struct {
	Link
	Again bool // WeChat's code was used or old: knock once more
}

// Data is what the session of the phone keeps.
func (e Entered) Data() map[string]string {
	return map[string]string{sessionBinding: strconv.FormatInt(e.Binding, 10)}
}

const sessionBinding = "binding"

type door struct {
	binding, matter int64
	nonce           string
	tries           int64
}

// Enter ends web authorisation: state and nonce must belong together and are used up, and the openid must be the one that
// the link's binding is of. What can go wrong:
//
//	errs.Denied "reminder.door_state"   the state is unknown, used, too old, or another browser's
//	errs.Denied "reminder.link_old"     the binding ended meanwhile
//	errs.Denied "reminder.link_other"   somebody else opened the link; audited
//	errs.Denied "reminder.snapshot"     WeChat made the openid up
func (s *Service) Enter(ctx context.Context, code, state, nonce string) (Entered, error) {
	d, err := s.useDoor(ctx, state, nonce)
	if err != nil {
		return Entered{}, err
	}
	b, err := bindingByID(ctx, s.DB, d.binding)
	if errs.Is(err, errs.NotFound) {
		return Entered{}, errOldLink
	}
	if err != nil {
		return Entered{}, err
	}
	in := Entered{Link: Link{Binding: b.ID, Staff: b.Staff, Matter: d.matter}}
	c, err := s.Accounts.Client(ctx, b.Account)
	if err != nil {
		return Entered{}, err
	}
	token, err := c.OAuthToken(ctx, code)
	if client.ActionOf(err) == wechat.ActRestartOAuth && d.tries == 0 {
		in.Again = true
		return in, nil
	}
	if err != nil {
		return Entered{}, errs.Wrap(err, "exchange the code of web authorisation")
	}
	if token.Snapshot {
		return Entered{}, errs.New(errs.Denied, "reminder.snapshot")
	}
	ids, err := s.Citizens.IDs(ctx, s.DB, b.Account, []string{s.Citizens.Person(b.Account, token.OpenID)})
	if err != nil {
		return Entered{}, err
	}
	for _, id := range ids {
		if id == b.Follower {
			return in, s.entered(ctx, b, "")
		}
	}
	return Entered{}, s.entered(ctx, b, "openid")
}

// useDoor takes the row away, whether or not it fits: a state is tried once.
func (s *Service) useDoor(ctx context.Context, state, nonce string) (door, error) {
	errState := errs.New(errs.Denied, "reminder.door_state")
	if state == "" || nonce == "" || len(state) > 128 {
		return door{}, errState
	}
	var d door
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		d, err = db.One(ctx, tx, func(scan db.Scan) (d door, err error) {
			return d, scan(&d.binding, &d.matter, &d.nonce, &d.tries)
		}, `delete from reminder_door where state = $1 and expires_at >= $2 returning binding_id, matter_id, nonce, tries`, digest(state), s.wall())
		return err
	})
	same := subtle.ConstantTimeCompare([]byte(d.nonce), []byte(digest(nonce))) == 1
	if errs.Is(err, errs.NotFound) || err == nil && !same {
		return door{}, errState
	}
	return d, errs.Wrap(err, "use the state of web authorisation")
}

// AsksWeChat reports whether a link is opened by web authorisation: its account can.
func (s *Service) AsksWeChat(ctx context.Context, l Link) (bool, error) {
	b, err := bindingByID(ctx, s.DB, l.Binding)
	if err != nil {
		return false, err
	}
	a, err := s.Accounts.Known(ctx, b.Account)
	return a.CanAuthorise(), err
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// EnterByCode opens a link of an account that cannot ask WeChat, by the second factor of its owner. Wrong codes count like
// those of a login. Errors: NotFound "reminder.link_bad" where WeChat can be asked, Invalid at "code", Exhausted
// "org.locked", Refused "reminder.no_factor".
func (s *Service) EnterByCode(ctx context.Context, l Link, code, address string) (Entered, error) {
	if asks, err := s.AsksWeChat(ctx, l); err != nil || asks {
		return Entered{}, orElse(err, errBadLink)
	}
	p, err := s.Staff.Staff(ctx, l.Staff)
	if err != nil {
		return Entered{}, err
	}
	if !p.SecondFactor {
		return Entered{}, errs.New(errs.Refused, "reminder.no_factor")
	}
	if _, err := s.Staff.LoginCode(ctx, l.Staff, code, address); err != nil {
		if errs.Is(err, errs.Unauthenticated) {
			return Entered{}, errs.InvalidFields([]errs.Field{{Field: "code", Key: "reminder.code_wrong"}})
		}
		return Entered{}, err
	}
	return Entered{Link: l}, nil
}

// entered audits who came in by a link, or who tried.
func (s *Service) entered(ctx context.Context, b Binding, wrong string) error {
	p, err := s.Staff.Staff(ctx, b.Staff)
	if err != nil {
		return err
	}
	e := audit.Entry{Verb: "enter", Object: "phone", ID: b.Staff, Unit: p.Unit, Account: b.Account, Detail: map[string]any{"binding": b.ID}}
	if wrong != "" {
		e.Outcome, e.Detail["wrong"] = audit.Denied, wrong
	}
	if err := s.DB.Write(ctx, func(tx *db.Tx) error { return s.Audit.Record(ctx, tx, e) }); err != nil {
		return errs.Wrap(err, "audit who came in")
	}
	if wrong != "" {
		return errNotHere
	}
	return nil
}

// Authenticate is the phone's part of web.Auth: the binding that opened the session must still be.
func (s *Service) Authenticate(ctx context.Context, session web.Session) (access.Actor, error) {
	id, err := strconv.ParseInt(session.Data[sessionBinding], 10, 64)
	if err != nil {
		return access.Actor{}, errs.New(errs.Unauthenticated, "unauthenticated")
	}
	if err := s.holds(ctx, id, session.Subject); err != nil {
		if errs.Is(err, errs.Denied) {
			err = errs.New(errs.Unauthenticated, "unauthenticated")
		}
		return access.Actor{}, err
	}
	return s.Staff.Actor(ctx, session.Subject)
}
