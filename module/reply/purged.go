package reply

import (
	"context"
	"strconv"
	"strings"

	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Purged lets go of reviews that are removed because their keeping is over. The wordings stay, with who decided and why.
func Purged(ctx context.Context, tx *db.Tx, matters []int64) error {
	marks, args := make([]string, len(matters)), make([]any, len(matters))
	for i, id := range matters {
		marks[i], args[i] = "$"+strconv.Itoa(i+1), id
	}
	_, err := tx.Exec(ctx, `update reply_version set matter_id = null where matter_id in (`+strings.Join(marks, ",")+`)`, args...)
	return errs.Wrap(err, "let go of %d reviews", len(matters))
}
