package app

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"weizheng/platform/errs"
)

// setup keeps a house closed until its three administrators have used their links: only the console's pages, the
// activation of a link and the health of the process are served, everything else is 503.
type setup struct{ closed atomic.Bool }

var errSetup = errs.New(errs.Unavailable, "house.setup")

// setupEvery is how often a closed house looks whether the administrators are all there.
const setupEvery = 2 * time.Second

func (s *setup) begin(ctx context.Context, h *House, out io.Writer) error {
	missing, err := h.Org.Ready(ctx)
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
		if missing, err := h.Org.Ready(ctx); err == nil && len(missing) == 0 {
			s.closed.Store(false)
			say(out, "三位管理员都已启用，全部服务已开放。\n")
			return
		}
	}
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
