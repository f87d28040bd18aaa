package web

import (
	"context"

	"github.com/alexedwards/scs/v2"

	"weizheng/platform/access"
	"weizheng/platform/errs"
)

var errNoSession = errs.New(errs.Internal, "web.no_session")

// carried returns the carrier of ctx when the session of this kind was loaded for the request.
func carried(ctx context.Context, kind SessionKind) (*carrier, error) {
	c, ok := ctx.Value(carrierKey{}).(*carrier)
	if !ok || c.kind != kind {
		return nil, errNoSession
	}
	return c, nil
}

// Login makes the browser of this request the subject's, under a new token, forgetting whatever it was before. It works
// in handlers of the kind's own face and sets the cookie itself, so it comes before the answer is written.
func (s *Sessions) Login(ctx context.Context, kind SessionKind, subject int64, data map[string]string) (Session, error) {
	c, err := carried(ctx, kind)
	if err != nil {
		return Session{}, err
	}
	m := s.of(kind)
	if err := m.Clear(ctx); err != nil {
		return Session{}, err
	}
	if err := m.RenewToken(ctx); err != nil {
		return Session{}, err
	}
	c.subject, c.session = subject, nil
	for key, value := range data {
		m.Put(ctx, key, value)
	}
	m.SetDeadline(ctx, s.wall.Now().Add(s.times(ctx, kind).Life))
	if err := s.commit(ctx, m, c); err != nil {
		return Session{}, err
	}
	return *c.session, nil
}

// Logout ends the session of this request and removes its cookie.
func (s *Sessions) Logout(ctx context.Context, kind SessionKind) error {
	c, err := carried(ctx, kind)
	if err != nil {
		return err
	}
	m := s.of(kind)
	if err := m.Destroy(ctx); err != nil {
		return err
	}
	c.session = nil
	s.setCookie(c, "", 0)
	return nil
}

// Put remembers a value with this browser; one that is not logged in gets a session of subject 0 for an hour.
func (s *Sessions) Put(ctx context.Context, kind SessionKind, key, value string) error {
	c, err := carried(ctx, kind)
	if err != nil {
		return err
	}
	m := s.of(kind)
	m.Put(ctx, key, value)
	if c.session == nil {
		m.SetDeadline(ctx, s.wall.Now().Add(strangerLife))
	}
	return s.commit(ctx, m, c)
}

// Get returns a value remembered with this browser, or "".
func (s *Sessions) Get(ctx context.Context, kind SessionKind, key string) string {
	if _, err := carried(ctx, kind); err != nil {
		return ""
	}
	return s.of(kind).GetString(ctx, key)
}

// Pop returns a remembered value and forgets it.
func (s *Sessions) Pop(ctx context.Context, kind SessionKind, key string) (string, error) {
	c, err := carried(ctx, kind)
	if err != nil {
		return "", err
	}
	m := s.of(kind)
	if !m.Exists(ctx, key) {
		return "", nil
	}
	value := m.PopString(ctx, key)
	return value, s.commit(ctx, m, c)
}

// commit writes the session now, not when the answer is written: the handler learns whether it worked.
func (s *Sessions) commit(ctx context.Context, m *scs.SessionManager, c *carrier) error {
	token, expires, err := m.Commit(ctx)
	if err != nil {
		return err
	}
	s.setCookie(c, token, expires.Sub(s.wall.Now()))
	if v := visitOf(ctx); v != nil {
		v.session = c.session
	}
	return nil
}

// actorSession is the id that an actor carries.
func actorSession(a access.Actor, s Session) access.Actor {
	a.Session = s.ID
	return a
}
