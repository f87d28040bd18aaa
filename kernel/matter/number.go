package matter

import (
	"context"
	"fmt"
	"strings"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// codeLength gives 30^8 codes (6·10¹¹) to each number.
const codeLength = 8

// maxSeries is how many kinds two digits tell apart.
const maxSeries = 99

// nextNumber draws the number of a matter that is opened at a civil instant: its day (YYYYMMDD), two digits for the kind,
// a sequence of at least four digits that begins anew for each kind and day, and a check digit. The caller's transaction
// keeps others of the same kind waiting until it ends, so that no number is left out.
func nextNumber(ctx context.Context, tx *db.Tx, kind string, at time.Time) (string, error) {
	series, err := seriesOf(ctx, tx, kind)
	if err != nil {
		return "", err
	}
	n, err := db.One(ctx, tx, db.Value[int64], `insert into matter_sequence (kind, day, last) values ($1, $2, 1)
		on conflict (kind, day) do update set last = matter_sequence.last + 1 returning last`, kind, clock.Day(at))
	if err != nil {
		return "", errs.Wrap(err, "count the %s matters of a day", kind)
	}
	digits := strings.ReplaceAll(clock.Day(at), "-", "") + fmt.Sprintf("%02d%04d", series, n)
	return digits + string(checkDigit(digits)), nil
}

// seriesOf returns the two digits of a kind, and gives a new kind the next ones.
func seriesOf(ctx context.Context, tx *db.Tx, kind string) (int64, error) {
	n, err := db.One(ctx, tx, db.Value[int64], `select series from matter_series where kind = $1`, kind)
	if !errs.Is(err, errs.NotFound) {
		return n, err
	}
	n, err = db.One(ctx, tx, db.Value[int64], `insert into matter_series (kind, series)
		select $1, coalesce(max(series), 0) + 1 from matter_series returning series`, kind)
	if err == nil && n > maxSeries {
		return 0, errs.New(errs.Exhausted, "matter.kinds")
	}
	return n, errs.Wrap(err, "number the kind %s", kind)
}

// checkDigit is the hybrid system MOD 11,10 of ISO 7064: it finds every single wrong digit and nearly every swap of two
// neighbours.
func checkDigit(digits string) byte {
	p := 10
	for i := range len(digits) {
		s := (p + int(digits[i]-'0')) % 10
		if s == 0 {
			s = 10
		}
		p = s * 2 % 11
	}
	return byte('0' + (11-p)%10)
}

// shortest and longest number: 8 of the day, 2 of the kind, 4 or more of the sequence, 1 of the check.
const (
	shortestNumber = 15
	longestNumber  = 20
)

// CleanNumber brings a number as people type it (spaces, dashes, full-width digits) into the form that is stored, and
// reports whether it can be one: length, digits and check digit.
func CleanNumber(typed string) (string, bool) {
	n := clean(typed)
	if len(n) < shortestNumber || len(n) > longestNumber || strings.Trim(n, "0123456789") != "" {
		return "", false
	}
	return n, checkDigit(n[:len(n)-1]) == n[len(n)-1]
}

// cleanCode does the same for a public code, whose alphabet has no look-alikes to be mended.
func cleanCode(typed string) string { return strings.ToUpper(clean(typed)) }

func clean(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == ' ' || r == '-' || r == '　' || r == '－' || r == '\u00a0':
			return -1
		}
		return r
	}, typed)
}

func newCode() string { return crypt.RandomCode(codeLength) }
