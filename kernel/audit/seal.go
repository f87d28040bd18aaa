package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// batchSize bounds one transaction of the sealer: 2,000 rows take some 20 ms, which nobody waiting to write notices.
const batchSize = 2000

// batch is one link of the chain.
type batch struct {
	number, first, last, entries int64
	ids                          string
	previous, digest             string
	keyID, mac                   string
	sealedAt, purgedAt           int64
}

// Seal puts up to 2,000 unsealed rows into a new batch and returns how many. Two replicas may call it at once: each row
// is sealed once. Whoever loses the race for a batch number gets 0 and tries again in the next round.
func (s *Service) Seal(ctx context.Context) (int, error) {
	var sealed batch
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		sealed = batch{}
		before, err := head(ctx, tx)
		if err != nil {
			return err
		}
		b := batch{number: before.number + 1, previous: before.digest, sealedAt: clock.Millis(s.wall.Now())}
		rows, err := claim(ctx, tx, b.number, batchSize)
		if err != nil || len(rows) == 0 {
			return err
		}
		b.take(rows)
		b.keyID, b.mac = s.sign(batchPurpose, b.bytes())
		sealed = b
		return insertBatch(ctx, tx, b)
	})
	if errs.Is(err, errs.Conflict) {
		return 0, nil
	}
	if err != nil {
		return 0, errs.Wrap(err, "seal audit rows")
	}
	if sealed.entries > 0 {
		// The anchor outside the database, see the package comment.
		s.log.InfoContext(ctx, "audit sealed", "batch", sealed.number, "entries", sealed.entries, "digest", sealed.digest)
	}
	return int(sealed.entries), nil
}

// take fills the batch with its rows and computes the digest.
func (b *batch) take(rows []Row) {
	slices.SortFunc(rows, func(a, c Row) int { return int(a.ID - c.ID) })
	b.entries = int64(len(rows))
	b.first, b.last = rows[0].ID, rows[len(rows)-1].ID
	b.ids = formatIDs(rows)
	b.digest = b.chain(rows)
}

// chain digests the batch before, this batch's list of ids, and each row's id with its MAC.
func (b *batch) chain(rows []Row) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d\n%s\n", b.previous, b.number, b.ids)
	for _, r := range rows {
		fmt.Fprintf(h, "%d %s %s\n", r.ID, r.keyID, r.mac)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// bytes is what the batch's MAC covers.
func (b *batch) bytes() []byte {
	return fmt.Appendf(nil, "%d %d %d %d %s %s %s %d", b.number, b.first, b.last, b.entries, b.ids, b.previous, b.digest, b.sealedAt)
}

// formatIDs writes sorted ids as ranges: "3-17,19".
func formatIDs(rows []Row) string {
	var b strings.Builder
	for i := 0; i < len(rows); {
		j := i
		for j+1 < len(rows) && rows[j+1].ID == rows[j].ID+1 {
			j++
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(rows[i].ID, 10))
		if j > i {
			b.WriteByte('-')
			b.WriteString(strconv.FormatInt(rows[j].ID, 10))
		}
		i = j + 1
	}
	return b.String()
}

// parseIDs is the reverse of formatIDs; limit guards against a forged list.
func parseIDs(s string, limit int) ([]int64, bool) {
	var out []int64
	for part := range strings.SplitSeq(s, ",") {
		from, to, ranged := strings.Cut(part, "-")
		a, err := strconv.ParseInt(from, 10, 64)
		if err != nil {
			return nil, false
		}
		z := a
		if ranged {
			if z, err = strconv.ParseInt(to, 10, 64); err != nil {
				return nil, false
			}
		}
		if z < a || z-a >= int64(limit) || len(out)+int(z-a) >= limit {
			return nil, false
		}
		for ; a <= z; a++ {
			out = append(out, a)
		}
	}
	return out, true
}
