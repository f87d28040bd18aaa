package citizen

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// A one-time code proves in a web page who one is in the chat: accounts without web authorisation cannot ask WeChat. It has
// six digits, so what protects it is that it lives shortly, works once, and that wrong ones are counted, see Redeem.
const (
	CodeLife = 5 * time.Minute

	codeRange  = 1_000_000
	codesAsked = 5 // in codeSpan, by one follower: each is one more number that a guess may hit
	codeSpan   = 15 * time.Minute
)

const codePurpose = "citizen.code"

func (s *Service) codeDigest(account int64, code string) string {
	return s.Ring.Index(codePurpose, strconv.FormatInt(account, 10)+":"+code)
}

// DrawCode draws a code; IssueCode makes it good for somebody.
func DrawCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(codeRange))
	if err != nil {
		return "", errs.Wrap(err, "draw a code")
	}
	return fmt.Sprintf("%06d", n.Int64()), nil
}

// CodeWait is how long somebody has to wait before they may ask for another code; 0 when they may now.
func (s *Service) CodeWait(ctx context.Context, account int64, person string) (time.Duration, error) {
	type row struct{ asked, since int64 }
	r, err := db.One(ctx, s.DB, func(scan db.Scan) (r row, err error) {
		err = scan(&r.asked, &r.since)
		return r, err
	}, `select k.asked, k.asked_since from citizen_code k join follower f on f.id = k.follower_id
		where f.account_id = $1 and f.person = $2`, account, person)
	if errs.Is(err, errs.NotFound) {
		return 0, nil
	}
	left := clock.FromMillis(r.since).Add(codeSpan).Sub(s.Wall.Now())
	if err != nil || r.asked < codesAsked || left <= 0 {
		return 0, errs.Wrap(err, "codes of somebody in account %d", account)
	}
	return left, nil
}

// IssueCode makes a code good for whoever the openid is in an account, in the transaction that records the answer which
// tells it; an earlier code of theirs is good no more. at is when they asked (civil). A code that somebody else holds just
// now is errs.Conflict: another has to be drawn.
func (s *Service) IssueCode(ctx context.Context, tx *db.Tx, account int64, openid, code string, at time.Time) error {
	r, err := s.Ensure(ctx, tx, account, openid, at)
	if err != nil {
		return err
	}
	now, digest := s.Wall.Now(), s.codeDigest(account, code)
	// A code that ran out does not keep its number.
	_, err = tx.Exec(ctx, `update citizen_code set digest = '' where account_id = $1 and digest = $2 and expires_at < $3`,
		account, digest, clock.Millis(now))
	if err != nil {
		return errs.Wrap(err, "issue a code in account %d", account)
	}
	_, err = tx.Exec(ctx, `insert into citizen_code (follower_id, account_id, digest, expires_at, asked, asked_since) values ($1,$2,$3,$4,1,$5)
		on conflict (follower_id) do update set digest = excluded.digest, expires_at = excluded.expires_at,
			asked = case when citizen_code.asked_since < $6 then 1 else citizen_code.asked + 1 end,
			asked_since = case when citizen_code.asked_since < $6 then excluded.asked_since else citizen_code.asked_since end`,
		r.ID, account, digest, clock.Millis(now.Add(CodeLife)), clock.Millis(now), clock.Millis(now.Add(-codeSpan)))
	return errs.Wrap(err, "issue a code in account %d", account)
}
