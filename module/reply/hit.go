package reply

import (
	"context"
	"strconv"
	"strings"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Source names a rule as the inbound log does: "reply:12", "reply:7:default". The default rule is marked, because it
// only says that nothing fitted.
func (r Rule) Source() string {
	s := "reply:" + strconv.FormatInt(r.ID, 10)
	if r.Trigger == TriggerDefault {
		s += ":default"
	}
	return s
}

// RuleOf reads the rule's id from a source; ok is false when somebody else answered.
func RuleOf(source string) (id int64, ok bool) {
	digits, ok := strings.CutPrefix(source, "reply:")
	if !ok {
		return 0, false
	}
	digits = strings.TrimSuffix(digits, ":default")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil
}

// Hits is how often rules answered in a batch, and when last (civil ms).
type Hits map[int64]struct{ Count, At int64 }

// Add counts one answer.
func (h Hits) Add(id, at int64) {
	e := h[id]
	h[id] = struct{ Count, At int64 }{e.Count + 1, max(e.At, at)}
}

// CountHits adds a batch's hits in the batch's transaction.
func (s *Service) CountHits(ctx context.Context, tx *db.Tx, hits Hits) error {
	for id, h := range hits {
		_, err := tx.Exec(ctx, `update reply_rule set hits = hits + $2, last_hit_at = case when last_hit_at < $3 then $3 else last_hit_at end
			where id=$1`, id, h.Count, h.At)
		if err != nil {
			return errs.Wrap(err, "count hits of rule %d", id)
		}
	}
	return nil
}
