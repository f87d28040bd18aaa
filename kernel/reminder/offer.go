package reminder

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat/client"
)

// OfferState is how far a binding has come.
type OfferState string

// The states.
const (
	Open    OfferState = "open"    // nobody scanned the code yet
	Scanned OfferState = "scanned" // a phone did; it is asked whether it is theirs
	Told    OfferState = "told"    // it said yes and was told the digits
	Void    OfferState = "void"    // two phones scanned it, or wrong digits were typed too often
)

const (
	// offerLife is how long somebody may take from the code on the screen to the digits typed.
	offerLife = 5 * time.Minute
	// digitTries is how many wrong digits void an offer: one in three thousand guesses is right.
	digitTries = 3

	scenePrefix = "bind-"
	sceneSize   = 16
	wordSize    = 6
)

// Offer is a binding on its way. Instants are wall ms.
type Offer struct {
	Staff     int64
	Account   int64
	State     OfferState
	Follower  int64
	ExpiresAt int64

	digits string
	tries  int64
}

const offerColumns = `o.staff_id, o.account_id, o.state, coalesce(o.follower_id, 0), o.expires_at, o.digits, o.tries`

func scanOffer(scan db.Scan) (o Offer, err error) {
	return o, scan(&o.Staff, &o.Account, &o.State, &o.Follower, &o.ExpiresAt, &o.digits, &o.tries)
}

// Drawn is what the console shows: the code's content, "" where the account may make none, and the word to type instead.
type Drawn struct {
	URL       string
	Word      string
	ExpiresAt int64
}

// String keeps the word out of logs.
func (Drawn) String() string { return "reminder.Drawn" }

// Begin makes an offer for the actor; an earlier one of theirs is worth nothing any more. Errors: those of Way, and WeChat's
// own when it makes no code.
func (s *Service) Begin(ctx context.Context) (Drawn, error) {
	w, err := s.Way(ctx)
	if err != nil {
		return Drawn{}, err
	}
	scene, word := scenePrefix+crypt.RandomCode(sceneSize), crypt.RandomCode(wordSize)
	d := Drawn{Word: word, ExpiresAt: s.wall() + offerLife.Milliseconds()}
	if w.Codes {
		if d.URL, err = s.code(ctx, w.Account.ID, scene); err != nil {
			return Drawn{}, err
		}
	}
	me := access.From(ctx).ID
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `delete from reminder_offer where staff_id = $1 or expires_at < $2`, me, s.wall()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into reminder_offer (staff_id, account_id, scene, word, state, expires_at) values ($1,$2,$3,$4,'open',$5)`,
			me, w.Account.ID, s.Ring.Index("reminder.scene", scene), s.Ring.Index("reminder.word", word), d.ExpiresAt)
		return err
	})
	return d, errs.Wrap(err, "offer a binding")
}

func (s *Service) code(ctx context.Context, account int64, scene string) (string, error) {
	c, err := s.Accounts.Client(ctx, account)
	if err != nil {
		return "", err
	}
	t, err := c.CreateQR(ctx, client.QR{Action: client.QRStrScene, Scene: scene, Life: offerLife})
	return t.URL, errs.Wrap(err, "make a code for a binding")
}

var errNoOffer = errs.New(errs.NotFound, "reminder.no_offer")

// Offered returns the actor's offer as it stands; NotFound "reminder.no_offer" when there is none or it is over.
func (s *Service) Offered(ctx context.Context) (Offer, error) {
	return s.offerOf(ctx, s.DB, access.From(ctx).ID, "")
}

func (s *Service) offerOf(ctx context.Context, q db.Queryer, staff int64, lock string) (Offer, error) {
	return s.offer(ctx, q, `o.staff_id = $2`, lock, staff)
}

// offer finds a living offer.
func (s *Service) offer(ctx context.Context, q db.Queryer, where, lock string, args ...any) (Offer, error) {
	o, err := db.One(ctx, q, scanOffer, `select `+offerColumns+` from reminder_offer o where o.expires_at > $1 and `+where+lock,
		append([]any{s.wall()}, args...)...)
	if errs.Is(err, errs.NotFound) {
		err = errNoOffer
	}
	return o, errs.Wrap(err, "find an offer")
}

// Withdraw ends the actor's offer.
func (s *Service) Withdraw(ctx context.Context) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error { return dropOffer(ctx, tx, access.From(ctx).ID) })
	return errs.Wrap(err, "withdraw an offer")
}

func dropOffer(ctx context.Context, tx *db.Tx, staff int64) error {
	_, err := tx.Exec(ctx, `delete from reminder_offer where staff_id = $1`, staff)
	return err
}

var errDigits = errs.InvalidFields([]errs.Field{{Field: "digits", Key: "reminder.digits_wrong"}})

// Confirm binds the phone that was told these digits to the actor. Errors: NotFound "reminder.no_offer", Invalid at "digits",
// Conflict "reminder.void" after too many wrong ones, Conflict "reminder.taken" when the phone became somebody else's.
func (s *Service) Confirm(ctx context.Context, digits string) (Binding, error) {
	var b Binding
	var refused error
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		b, refused = Binding{}, nil
		o, err := s.offerOf(ctx, tx, access.From(ctx).ID, tx.Dialect().ForUpdate())
		if err != nil {
			return err
		}
		if o.State == Void {
			return errs.New(errs.Conflict, "reminder.void")
		}
		right := o.State == Told && subtle.ConstantTimeCompare([]byte(s.digitsOf(o.Staff, strings.TrimSpace(digits))), []byte(o.digits)) == 1
		if !right {
			refused = errDigits // committed: that it was wrong is what counts
			return s.missed(ctx, tx, o)
		}
		b, err = s.bind(ctx, tx, o)
		return err
	})
	if err == nil {
		err = refused
	}
	return b, errs.Wrap(err, "confirm a binding")
}

func (s *Service) missed(ctx context.Context, tx *db.Tx, o Offer) error {
	state := o.State
	if o.tries+1 >= digitTries {
		state = Void
	}
	_, err := tx.Exec(ctx, `update reminder_offer set tries = tries + 1, state = $2 where staff_id = $1`, o.Staff, string(state))
	return err
}

// digitsOf is how digits are kept: they are worth something for one offer only.
func (s *Service) digitsOf(staff int64, digits string) string {
	return s.Ring.Index("reminder.digits", strconv.FormatInt(staff, 10)+":"+digits)
}

// drawDigits draws the four digits that a phone is told.
func drawDigits() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(10_000))
	if err != nil {
		return "", errs.Wrap(err, "draw digits")
	}
	return fmt.Sprintf("%04d", n.Int64()), nil
}
