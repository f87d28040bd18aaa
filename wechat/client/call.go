package client

import (
	"context"
	"math/rand/v2"
	"time"

	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/wechat"
)

const (
	maxTries   = 3
	firstPause = 200 * time.Millisecond // before the second try; doubled for the third; ± half of it by chance
)

// errInWrite is our own defect: a network call would hold the database's only writer for seconds.
var errInWrite = errs.New(errs.Internal, "wechat.in_write")

// call makes a request until it succeeds, fails for good, or has used its tries. A dead token is replaced once, for every
// endpoint, as WeChat did nothing with it; other failures are tried again only where the endpoint is idempotent.
func (w *wire) call(ctx context.Context, r request) (answer, error) {
	if db.InWrite(ctx) {
		return answer{}, errInWrite
	}
	ep, ok := wechat.EndpointOf(r.path)
	if !ok {
		return answer{}, errs.New(errs.Internal, "wechat.endpoint").With("path", r.path)
	}
	renewed := false
	for try := 1; ; try++ {
		token, err := w.token(ctx, ep)
		if err != nil {
			return answer{}, err
		}
		a, failed := w.send(ctx, ep, r, token)
		if failed == nil {
			return a, nil
		}
		if failed.action == wechat.ActRefreshToken && !renewed && r.rewind() {
			if err := w.cfg.Tokens.Drop(ctx, token); err != nil {
				return answer{}, err
			}
			renewed = true
			try--
			continue
		}
		if !failed.again || !ep.Idempotent || try == maxTries || !r.rewind() || !pause(ctx, try) {
			return answer{}, failed
		}
	}
}

// do is call for answers in JSON, with a deadline if the caller has none.
func (w *wire) do(ctx context.Context, r request) error {
	ctx, cancel := w.patient(ctx, 1)
	defer cancel()
	_, err := w.call(ctx, r)
	return err
}

// patient gives ctx a deadline of n times Config.Timeout if it has none.
func (w *wire) patient(ctx context.Context, n time.Duration) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, n*w.cfg.Timeout)
}

func (w *wire) token(ctx context.Context, ep wechat.Endpoint) (string, error) {
	if ep.Auth != wechat.AuthToken {
		return "", nil
	}
	if w.cfg.Tokens == nil {
		return "", errs.New(errs.Refused, "wechat.no_token")
	}
	return w.cfg.Tokens.Token(ctx)
}

// pause waits before the next try; false when the context ends first.
func pause(ctx context.Context, try int) bool {
	d := firstPause << (try - 1)
	d = d/2 + rand.N(d)
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// rewind makes an upload's body readable again; other requests are built anew anyway.
func (r request) rewind() bool { return r.upload == nil || r.upload.rewind() }
