package citizen

import (
	"context"
	"crypto/subtle"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Wrong codes that are borne within guessSpan. A browser's owner mistypes a few times; an address may be a mobile carrier's
// and stand for thousands; an account's bound what many addresses together can try: with ten codes alive, 100 guesses hit
// one with a probability of a thousandth.
const (
	guessesBrowser = 5
	guessesAddress = 60
	guessesAccount = 100
	guessSpan      = 15 * time.Minute
)

// Typed is a code that somebody typed into a page.
type Typed struct {
	Account int64
	Code    string
	Browser string     // what this browser keeps since it was shown the form
	Address netip.Addr // of the client
	Citizen int64      // who is logged in already, through another account; 0: nobody
}

// Redeem turns a code into the citizen who got it in the chat, once. Who is logged in already through the identity account
// is joined with them, when they are nobody in this account so far: that they hold the code is the binding. Errors:
//
//	errs.Conflict "citizen.code_browser"   the page was left open too long, or its cookie is gone
//	errs.Exhausted "citizen.code_tries"  too many wrong codes from this browser, address or account: wait
//	errs.Invalid at "code"               no such code, used, or over
func (s *Service) Redeem(ctx context.Context, in Typed) (citizen int64, err error) {
	if in.Browser == "" {
		return 0, errs.New(errs.Conflict, "citizen.code_browser")
	}
	code, ok := sixDigits(in.Code)
	if !ok {
		return 0, errWrongCode()
	}
	found := false
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		citizen, found = 0, false
		guessers := s.guessers(in)
		if err := s.patient(ctx, tx, guessers); err != nil {
			return err
		}
		follower, err := s.useCode(ctx, tx, in.Account, code)
		if errs.Is(err, errs.NotFound) {
			return s.countWrong(ctx, tx, guessers) // committed: that it was wrong is what counts
		}
		if err != nil {
			return err
		}
		found = true
		citizen, err = s.bind(ctx, tx, follower, in)
		return err
	})
	if err == nil && !found {
		err = errWrongCode()
	}
	return citizen, errs.Wrap(err, "redeem a code of account %d", in.Account)
}

func errWrongCode() error {
	return errs.InvalidFields([]errs.Field{{Field: "code", Key: "citizen.code_wrong"}})
}

// sixDigits reads what people type: full-width digits and spaces between them.
func sixDigits(typed string) (string, bool) {
	code := strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '　':
			return -1
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return r
	}, typed)
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
		return "", false
	}
	return code, true
}

// guesser is one of those by whom wrong codes are counted.
type guesser struct {
	who  string
	most int64
}

func (s *Service) guessers(in Typed) []guesser {
	index := func(who string) string { return s.Ring.Index("citizen.guess", who) }
	list := []guesser{
		{index("account:" + strconv.FormatInt(in.Account, 10)), guessesAccount},
		{index("browser:" + in.Browser), guessesBrowser},
	}
	if in.Address.IsValid() {
		bits := 32
		if in.Address.Is6() && !in.Address.Is4In6() {
			bits = 64 // one line has that many
		}
		if p, err := in.Address.Unmap().Prefix(bits); err == nil {
			list = append(list, guesser{index("address:" + p.String()), guessesAddress})
		}
	}
	return list
}

// patient refuses whoever has guessed too often of late.
func (s *Service) patient(ctx context.Context, tx *db.Tx, list []guesser) error {
	since := clock.Millis(s.Wall.Now().Add(-guessSpan))
	for _, g := range list {
		wrong, err := db.One(ctx, tx, db.Value[int64], `select wrong from citizen_guess where who = $1 and since > $2`, g.who, since)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err == nil && wrong >= g.most {
			return errs.New(errs.Exhausted, "citizen.code_tries").With("minutes", int(guessSpan.Minutes()))
		}
	}
	return nil
}

// countWrong counts in one order for all transactions, the account first, so that two of them cannot deadlock.
func (s *Service) countWrong(ctx context.Context, tx *db.Tx, list []guesser) error {
	now := s.Wall.Now()
	over := clock.Millis(now.Add(-guessSpan))
	for _, g := range list {
		_, err := tx.Exec(ctx, `insert into citizen_guess (who, wrong, since) values ($1, 1, $2) on conflict (who) do update set
			wrong = case when citizen_guess.since <= $3 then 1 else citizen_guess.wrong + 1 end,
			since = case when citizen_guess.since <= $3 then excluded.since else citizen_guess.since end`, g.who, clock.Millis(now), over)
		if err != nil {
			return err
		}
	}
	return nil
}

// ForgetGuesses removes counts that are over; the sweep calls it.
func (s *Service) ForgetGuesses(ctx context.Context) (int, error) {
	n, err := db.One(ctx, s.DB, db.Value[int64], `select count(*) from citizen_guess where since <= $1`, clock.Millis(s.Wall.Now().Add(-guessSpan)))
	if err != nil || n == 0 {
		return 0, errs.Wrap(err, "look for old guesses")
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err = tx.Exec(ctx, `delete from citizen_guess where since <= $1`, clock.Millis(s.Wall.Now().Add(-guessSpan)))
		return err
	})
	return int(n), errs.Wrap(err, "forget old guesses")
}

// useCode uses a code up and returns whose it was.
func (s *Service) useCode(ctx context.Context, tx *db.Tx, account int64, code string) (follower int64, err error) {
	type row struct {
		follower int64
		digest   string
	}
	digest := s.codeDigest(account, code)
	r, err := db.One(ctx, tx, func(scan db.Scan) (r row, err error) {
		err = scan(&r.follower, &r.digest)
		return r, err
	}, `select follower_id, digest from citizen_code where account_id = $1 and digest = $2 and expires_at >= $3`+tx.Dialect().ForUpdate(),
		account, digest, clock.Millis(s.Wall.Now()))
	if err != nil {
		return 0, err
	}
	if subtle.ConstantTimeCompare([]byte(r.digest), []byte(digest)) != 1 {
		return 0, errUnknown
	}
	err = db.ExpectOne(tx.Exec(ctx, `update citizen_code set digest = '' where follower_id = $1 and digest = $2`, r.follower, digest))
	if errs.Is(err, errs.Conflict) {
		err = errUnknown // another browser was faster
	}
	return r.follower, err
}

// bind returns the citizen that a follower is, joined with who is logged in already if that is to be.
func (s *Service) bind(ctx context.Context, tx *db.Tx, follower int64, in Typed) (int64, error) {
	f, err := s.Get(ctx, tx, follower)
	if err != nil || in.Citizen == 0 || in.Citizen == f.Citizen {
		return f.Citizen, err
	}
	if _, err := s.In(ctx, tx, in.Citizen, in.Account); !errs.Is(err, errs.NotFound) {
		return f.Citizen, err // they are somebody else here already: only log in
	}
	if err := s.Join(ctx, tx, f.Citizen, in.Citizen); err != nil {
		return 0, err
	}
	if f, err = s.Get(ctx, tx, follower); err != nil {
		return 0, err
	}
	return f.Citizen, s.record(ctx, tx, "join", f, map[string]any{"citizen": f.Citizen, "by": "code"})
}
