package part

import (
	"context"
	"io"
	"time"

	"weizheng/platform/db"
)

// Sweep finds what fell due: it runs each second on one replica and at every move of the civil clock. What falls due in
// civil time is a row with an index; Run takes what is due at now and returns how many it handled.
type Sweep struct {
	Name string
	Run  func(ctx context.Context, now time.Time) (int, error)
}

// Guard is a named condition that flow definitions refer to.
type Guard struct {
	Name, Text string
	Check      func(ctx context.Context, tx *db.Tx, matter int64, params map[string]string) (bool, error)
}

// Effect is a named consequence that flow definitions refer to; it runs in the action's transaction.
type Effect struct {
	Name, Text string
	Run        func(ctx context.Context, tx *db.Tx, matter int64, params map[string]string) error
}

// Command is a subcommand of the binary that works on an opened house: `weizheng audit verify`.
type Command struct {
	Use   string // "audit verify"
	Short string
	Run   func(ctx context.Context, out io.Writer, args []string) error
}
