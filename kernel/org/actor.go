package org

import (
	"context"
	"sync"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// actorLife is how long a replica may go by what it remembers of a person, even if it hears nothing: a right that was
// taken away ends within a second. Usually a notification ends it sooner.
const actorLife = 900 * time.Millisecond

// Pending is what a person has to do before they hold any right.
type Pending string

// The things to do.
const (
	ChangePassword Pending = "password"
	SetFactor      Pending = "second_factor"
)

type cachedActor struct {
	actor   access.Actor
	pending []Pending
	until   time.Time
}

type actorCache struct {
	mu      sync.Mutex
	entries map[int64]cachedActor
	changes int64 // counts what was forgotten, so that a reading begun before is not kept after
}

func (c *actorCache) get(id int64, now time.Time) (cachedActor, int64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[id]
	return e, c.changes, ok && now.Before(e.until)
}

func (c *actorCache) put(id int64, e cachedActor, changes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes == changes {
		c.entries[id] = e
	}
}

func (c *actorCache) forget(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	if id == 0 {
		clear(c.entries)
		return
	}
	delete(c.entries, id)
}

var errGone = errs.New(errs.Unauthenticated, "unauthenticated")

// Actor returns a person as access sees them, with what they may do. Unauthenticated when the account is disabled, has
// expired or does not exist. Who has something Pending holds nothing.
func (s *Service) Actor(ctx context.Context, staff int64) (access.Actor, error) {
	e, err := s.actor(ctx, staff)
	return e.actor, err
}

// Pending returns what a person still has to do before they hold any right.
func (s *Service) Pending(ctx context.Context, staff int64) ([]Pending, error) {
	e, err := s.actor(ctx, staff)
	return e.pending, err
}

// Authenticate is the staff's part of web.Auth.
func (s *Service) Authenticate(ctx context.Context, session web.Session) (access.Actor, error) {
	return s.Actor(ctx, session.Subject)
}

func (s *Service) actor(ctx context.Context, staff int64) (cachedActor, error) {
	now := s.Wall.Now()
	e, changes, ok := s.actors.get(staff, now)
	if ok {
		return e, nil
	}
	e, err := s.loadActor(ctx, staff, now)
	if err != nil {
		return cachedActor{}, err
	}
	s.actors.put(staff, e, changes)
	return e, nil
}

func (s *Service) loadActor(ctx context.Context, staff int64, now time.Time) (cachedActor, error) {
	p, err := s.Staff(ctx, staff)
	if errs.Is(err, errs.NotFound) {
		return cachedActor{}, errGone
	}
	if err != nil {
		return cachedActor{}, err
	}
	if p.State(clock.Millis(now)) != Active {
		return cachedActor{}, errGone
	}
	e := cachedActor{
		actor:   access.Actor{Kind: access.Staff, ID: p.ID, Name: p.Name, Unit: p.Unit},
		pending: s.pending(ctx, p, clock.Millis(now)),
		until:   now.Add(actorLife),
	}
	if len(e.pending) > 0 {
		return e, nil
	}
	grants, err := s.Grants(ctx, staff)
	if err != nil {
		return cachedActor{}, err
	}
	e.actor.Grants = expand(grants, s.Permissions(), clock.Millis(now))
	return e, nil
}

func (s *Service) pending(ctx context.Context, p Staff, now int64) []Pending {
	var out []Pending
	days := s.number(ctx, SettingPasswordDays)
	if p.MustChange || (days > 0 && now-p.PasswordAt > days*24*time.Hour.Milliseconds()) {
		out = append(out, ChangePassword)
	}
	if !p.SecondFactor && s.Settings.Bool(ctx, SettingSecondFactor, everywhere) {
		out = append(out, SetFactor)
	}
	return out
}

// expand turns grants of roles into grants of permissions. The root's subtree is everything, also what has no unit.
func expand(grants []Grant, declared []string, now int64) []access.Grant {
	var out []access.Grant
	seen := map[access.Grant]bool{}
	for _, g := range grants {
		if !g.alive(now) {
			continue
		}
		for _, p := range g.Role.resolve(declared) {
			a := access.Grant{Permission: p, Unit: reachOf(g.Unit), Account: g.Account}
			if !seen[a] {
				seen[a] = true
				out = append(out, a)
			}
		}
	}
	return out
}
