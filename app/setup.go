package app

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"weizheng/kernel/org"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// setup keeps a house closed until its three administrators have used their links: only the console's pages, the
// activation of a link and the health of the process are served, everything else is 503. Once opened, a house stays open:
// that an administrator lost a phone must not shut out the citizens at the next start. The gap is a finding then.
type setup struct{ closed atomic.Bool }

var errSetup = errs.New(errs.Unavailable, "house.setup")

// setupEvery is how often a closed house looks whether the administrators are all there.
const setupEvery = 2 * time.Second

func (s *setup) begin(ctx context.Context, h *House, out io.Writer) error {
	missing, err := h.notOpened(ctx)
	if err != nil || len(missing) == 0 {
		return err
	}
	s.closed.Store(true)
	say(out, "还有管理员没有启用账号：%v。现在只开放启用链接，三位都启用后自动开放全部服务。\n", missing)
	go s.watch(ctx, h, out)
	return nil
}

func (s *setup) watch(ctx context.Context, h *House, out io.Writer) {
	ticker := time.NewTicker(setupEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if missing, err := h.notOpened(ctx); err == nil && len(missing) == 0 {
			s.closed.Store(false)
			say(out, "三位管理员都已启用，全部服务已开放。\n")
			return
		}
	}
}

// notOpened returns the duties that keep a house closed; the first time that there are none it notes that it is open.
func (h *House) notOpened(ctx context.Context) ([]org.Duty, error) {
	opened, err := db.One(ctx, h.DB, db.Value[int64], `select count(*) from house_opened`)
	if err != nil || opened > 0 {
		return nil, errs.Wrap(err, "look whether the house was opened")
	}
	missing, err := h.Org.Ready(ctx)
	if err != nil || len(missing) > 0 {
		return missing, err
	}
	err = h.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into house_opened (id, opened_at) values (1, $1) on conflict (id) do nothing`,
			clock.Millis(h.wall.Now()))
		return err
	})
	return nil, errs.Wrap(err, "note that the house is open")
}

func (s *setup) admit(r *http.Request) error {
	if !s.closed.Load() {
		return nil
	}
	p := r.URL.Path
	switch {
	case p == "/healthz", strings.HasPrefix(p, "/console/api/activate"), p == "/console/api/session",
		strings.HasPrefix(p, "/console/") && !strings.HasPrefix(p, "/console/api/"):
		return nil
	}
	return errSetup
}
