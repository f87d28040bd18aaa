package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 60 * time.Second // a phone in a lift still gets its picture through
	writeTimeout      = 90 * time.Second // streams set a deadline of their own per event
	idleTimeout       = 120 * time.Second
	maxHeader         = 32 << 10
	flushEvery        = 30 * time.Second
	sweepEvery        = 10 * time.Minute
)

// listeners are the sockets of a started server.
type listeners struct {
	mu      sync.Mutex
	servers []*http.Server
	public  net.Addr
	console net.Addr
	cancel  context.CancelFunc
	running sync.WaitGroup
	failed  chan error
}

// Start opens the listeners and serves until Stop. It returns when the addresses are open; a listener that breaks later
// is told on Failed. ctx is the parent of every request's context.
func (s *Server) Start(ctx context.Context) error {
	l := &s.listeners
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.servers != nil {
		return errors.New("web: started twice")
	}
	ctx, l.cancel = context.WithCancel(ctx)
	l.failed = make(chan error, 2)
	var err error
	if l.public, err = s.listen(ctx, s.config.Listen, s.Handler()); err != nil {
		l.cancel()
		return err
	}
	if s.config.ConsoleListen != "" {
		if l.console, err = s.listen(ctx, s.config.ConsoleListen, s.ConsoleHandler()); err != nil {
			l.cancel()
			return errors.Join(err, l.servers[0].Close())
		}
	}
	if s.config.Hub != nil {
		s.config.Hub.Start()
	}
	if s.sessions != nil {
		l.running.Go(func() { s.tend(ctx) })
	}
	return nil
}

func (s *Server) listen(ctx context.Context, address string, h http.Handler) (net.Addr, error) {
	var config net.ListenConfig
	socket, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("web: listen on %s: %w", address, err)
	}
	door := newCrowd(socket, maxConnections, s.config.Wall)
	server := &http.Server{Handler: h, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ConnState:   door.watch,
		ErrorLog:    slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)}
	s.listeners.servers = append(s.listeners.servers, server)
	s.listeners.running.Go(func() {
		if s.config.TLSCert != "" {
			err = server.ServeTLS(door, s.config.TLSCert, s.config.TLSKey)
		} else {
			err = server.Serve(door)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			s.listeners.failed <- fmt.Errorf("web: serve %s: %w", address, err)
		}
	})
	return socket.Addr(), nil
}

// Addr returns the open address of the main listener after Start.
func (s *Server) Addr() net.Addr { return s.listeners.public }

// ConsoleAddr returns the open address of the console's own listener, or nil.
func (s *Server) ConsoleAddr() net.Addr { return s.listeners.console }

// Failed brings the error of a listener that broke while serving.
func (s *Server) Failed() <-chan error { return s.listeners.failed }

// Stop says "not ready", ends streams, waits for requests under way as long as ctx allows, then cuts them off.
func (s *Server) Stop(ctx context.Context) error {
	l := &s.listeners
	l.mu.Lock()
	defer l.mu.Unlock()
	s.stopping.Store(true)
	if s.config.Hub != nil {
		s.config.Hub.Stop()
	}
	var faults []error
	for _, server := range l.servers {
		if err := server.Shutdown(ctx); err != nil {
			faults = append(faults, fmt.Errorf("web: requests were cut off: %w", err), server.Close())
		}
	}
	if l.cancel != nil {
		l.cancel()
	}
	l.running.Wait()
	if s.sessions != nil {
		faults = append(faults, s.sessions.Flush(context.WithoutCancel(ctx)))
	}
	return errors.Join(faults...)
}

// tend keeps the session table current and small.
func (s *Server) tend(ctx context.Context) {
	flush, sweep := time.NewTicker(flushEvery), time.NewTicker(sweepEvery)
	defer flush.Stop()
	defer sweep.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-flush.C:
			err = s.sessions.Flush(ctx)
		case <-sweep.C:
			err = s.sessions.Sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "sessions not tended", "error", err.Error())
		}
	}
}
