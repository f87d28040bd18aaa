package web

import (
	"context"
	"net/http"
	"strconv"

	"weizheng/platform/access"
	"weizheng/platform/errs"
)

// Auth says who is behind a session or a key. A nil function means that the face has no such thing, and routes
// of it that need one are refused at start. Each returns errs.Unauthenticated when the session is worth nothing any more
// (the person left, the key was withdrawn); the request then goes on as nobody's.
type Auth struct {
	Staff   func(ctx context.Context, s Session) (access.Actor, error)
	Citizen func(ctx context.Context, s Session, account string) (access.Actor, error) // account: the slug of address and session
	Phone   func(ctx context.Context, s Session) (access.Actor, error)                 // of the Staff face
	Key     func(ctx context.Context, key string) (access.Actor, error)                // a bearer token of the Open face
}

func (a Auth) knows(face Face) bool {
	switch face {
	case Console:
		return a.Staff != nil
	case Citizen:
		return a.Citizen != nil
	case Staff:
		return a.Phone != nil
	case Open:
		return a.Key != nil
	}
	return false
}

// guard stands before a route's handler: see the package comment for the order.
func (s *Server) guard(rt *Route, next http.Handler) http.Handler {
	rule := faceRules[rt.Face]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r.Context())
		v.route = rt
		s.dress(w.Header(), rt.Face, v)
		if err := s.enter(w, r, rt, rule); err != nil {
			s.fail(w, r, err)
			return
		}
		ctx := r.Context()
		if limit := rt.timeout(); limit > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, limit)
			defer cancel()
			r = r.WithContext(ctx)
		}
		ctx, err := s.identify(w, r, rt, rule)
		if err == nil {
			r = r.WithContext(ctx)
			err = s.allow(ctx, r, rt, rule)
		}
		if err != nil {
			s.turnAway(w, r, rt, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// enter checks what needs no database: origin, address, size.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, rt *Route, rule faceRule) error {
	if rule.cross {
		if err := s.cross.Check(r); err != nil {
			return errs.New(errs.Denied, "web.cross_site").Because(err)
		}
	}
	if !rt.static && (rule.byAddress != "" || rt.Limit != "") {
		address := bucketOf(visitOf(r.Context()).address)
		for _, limit := range []Limit{rule.byAddress, rt.Limit} {
			if wait, ok := s.limits.take(limit, address); !ok {
				return tooOften(wait)
			}
		}
	}
	size := rt.maxBody()
	if r.ContentLength > size {
		return tooLarge(size)
	}
	if r.Body != nil {
		r.Body = http.MaxBytesReader(w, r.Body, size)
	}
	return nil
}

// identify finds out who asks and puts them into the context; nobody is access.Anonymous.
func (s *Server) identify(w http.ResponseWriter, r *http.Request, rt *Route, rule faceRule) (context.Context, error) {
	v := visitOf(r.Context())
	ctx := r.Context()
	actor := access.Actor{Kind: access.Anonymous}
	var err error
	switch {
	case rt.static:
	case rule.session != "" && s.sessions != nil && s.auth.knows(rt.Face):
		ctx, actor, err = s.bySession(w, r, rule.session)
	case rt.Face == Open && s.auth.Key != nil:
		if key := bearer(r); key != "" {
			actor, err = s.auth.Key(ctx, key)
		}
	}
	if errs.Is(err, errs.Unauthenticated) {
		actor, err = access.Actor{Kind: access.Anonymous}, nil
	}
	if err != nil {
		return nil, err
	}
	v.actor = actor
	return access.With(ctx, actor), nil
}

func (s *Server) bySession(w http.ResponseWriter, r *http.Request, kind SessionKind) (context.Context, access.Actor, error) {
	nobody := access.Actor{Kind: access.Anonymous}
	v := visitOf(r.Context())
	ctx, err := s.sessions.load(w, r, kind, v.address.String(), v.route.timeout() < 0)
	if err != nil {
		return nil, nobody, err
	}
	c, err := carried(ctx, kind)
	if err != nil || c.session == nil {
		return ctx, nobody, err
	}
	v.session = c.session
	if c.session.Subject == 0 {
		return ctx, nobody, nil
	}
	var actor access.Actor
	switch kind {
	case StaffSession:
		actor, err = s.auth.Staff(ctx, *c.session)
	case PhoneSession:
		actor, err = s.auth.Phone(ctx, *c.session)
	default:
		actor, err = s.auth.Citizen(ctx, *c.session, c.session.Account)
	}
	return ctx, actorSession(actor, *c.session), err
}

func bearer(r *http.Request) string {
	const prefix = "Bearer "
	h := r.Header.Get("Authorization")
	if len(h) > len(prefix) && (h[:len(prefix)] == prefix) {
		return h[len(prefix):]
	}
	return ""
}

// allow checks permission and scope, then the actor's own limit.
func (s *Server) allow(ctx context.Context, r *http.Request, rt *Route, rule faceRule) error {
	actor := access.From(ctx)
	if rt.Permission != Anyone {
		if err := s.permit(ctx, r, rt, actor); err != nil {
			return err
		}
	}
	if actor.Kind == access.Anonymous {
		return nil
	}
	if wait, ok := s.limits.take(rule.byActor, actorBucket(actor)); !ok {
		return tooOften(wait)
	}
	return nil
}

func (s *Server) permit(ctx context.Context, r *http.Request, rt *Route, actor access.Actor) error {
	if actor.Kind == access.Anonymous || actor.Kind == access.System {
		return errs.New(errs.Unauthenticated, "unauthenticated")
	}
	if rt.Permission != Self && !actor.Has(rt.Permission) {
		s.deny(ctx, rt, actor, access.Object{})
		return errs.New(errs.Denied, "denied")
	}
	if isAnywhere(rt.Scope) {
		return nil
	}
	object, err := rt.Scope(ctx, r)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Denied) {
		s.deny(ctx, rt, actor, object)
		return errs.New(errs.NotFound, "not_found") // one answer, whatever the reason: existence must not leak
	}
	if err != nil {
		return err
	}
	if rt.Permission != Self && !actor.Can(rt.Permission, object) {
		s.deny(ctx, rt, actor, object)
		return errs.New(errs.NotFound, "not_found")
	}
	return nil
}

func (s *Server) deny(ctx context.Context, rt *Route, actor access.Actor, object access.Object) {
	s.metrics.denied(rt)
	if s.denied != nil {
		s.denied(ctx, actor, *rt, object)
	}
}

// turnAway answers a request that was not let in. Who opens a page on a phone without a session is led to the login.
func (s *Server) turnAway(w http.ResponseWriter, r *http.Request, rt *Route, err error) {
	if (rt.Face == Citizen || rt.Face == Staff) && s.signIn != nil && r.Method == http.MethodGet && errs.Is(err, errs.Unauthenticated) && wantsPage(r) {
		s.signIn(w, r)
		return
	}
	if errs.Is(err, errs.Unauthenticated) && rt.Face == Open {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	s.fail(w, r, err)
}

func actorBucket(a access.Actor) string {
	if a.Session != "" {
		return a.Session
	}
	return a.Kind.String() + ":" + strconv.FormatInt(a.ID, 10)
}
