package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
)

// RunConfig is what Run needs.
type RunConfig struct {
	Listen string // "127.0.0.1:8090"
	Data   string
	Seed   string
	Log    *slog.Logger
	Out    io.Writer // told where to look
}

// stopBudget is how long calls under way may take after the end was asked for.
const stopBudget = 5 * time.Second

// Run is a sandbox alone, with a clock of its own, until ctx ends. It warns when it listens beyond this machine.
func Run(ctx context.Context, c RunConfig) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return errs.Wrap(err, "listen on %s", c.Listen)
	}
	addr, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return errors.Join(errors.New("sandbox: not a TCP listener"), listener.Close())
	}
	if !addr.IP.IsLoopback() {
		c.Log.WarnContext(ctx, "the sandbox can be reached from other machines; it protects nothing", "listen", c.Listen)
	}
	base := fmt.Sprintf("http://127.0.0.1:%d", addr.Port)
	s, err := Open(ctx, Config{Data: c.Data, Log: c.Log, Wall: clock.Wall{}, Base: base, Seed: c.Seed})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := s.Start(ctx); err != nil {
		return errors.Join(err, s.Close(ctx), listener.Close())
	}
	if _, err := fmt.Fprintf(c.Out, "沙箱已启动：%s/  接口覆盖表：%s/coverage\n", base, base); err != nil {
		c.Log.DebugContext(ctx, "nobody reads", "error", err)
	}
	return errors.Join(s.serve(ctx, listener), s.Close(ctx))
}

// serve answers on the listener until ctx ends.
func (s *Sandbox) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog:    slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return ctx }, // streams end with it
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return errs.Wrap(err, "serve the sandbox")
	case <-ctx.Done():
	}
	budget, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopBudget)
	defer cancel()
	return server.Shutdown(budget)
}
