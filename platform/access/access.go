// Package access says who acts and how far they may reach.
//
// An Actor carries grants; a grant is a permission over a subtree of units and, if it names one, a single account. A
// question about one thing is Can; a list takes the actor's Reach and puts it into its SQL, so that nothing outside is
// ever read, ranked or counted. The package decides nothing about where grants come from.
//
// It fails closed: an object without a unit belongs to the whole installation and only a grant over Everywhere covers
// it, and a sealed object needs Seal besides the permission asked for.
package access

import (
	"context"
	"strings"
)

// ActorKind is the sort of an actor.
type ActorKind uint8

// The kinds. The zero value is the house itself: jobs, sweeps and commands, which may do everything. A request from
// outside therefore always carries an actor: platform/web puts Anonymous where nobody is logged in.
const (
	System ActorKind = iota
	Staff
	Citizen
	Key
	Anonymous
)

var kindNames = [...]string{"system", "staff", "citizen", "key", "anonymous"}

// String returns the kind's name as audit rows spell it.
func (k ActorKind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "anonymous"
}

// Everywhere is the unit of a grant over the whole installation: the prefix of every unit path.
const Everywhere = "/"

// Seal is the permission that a sealed object asks for besides the one for the deed.
const Seal = "sealed.read"

// Actor is who acts. Unit is the path of the unit they work in; Session is the session's id, never its token.
type Actor struct {
	Kind    ActorKind
	ID      int64
	Name    string
	Unit    string
	Session string
	Grants  []Grant
}

// Grant is a permission such as "reply.edit" over a subtree. Unit is a path prefix such as "/1/4/"; Account 0 means
// every account there.
type Grant struct {
	Permission string
	Unit       string
	Account    int64
}

// Object is what a deed touches: the path of the unit it belongs to, the account if it has one, and whether it is
// sealed.
type Object struct {
	Unit    string
	Account int64
	Sealed  bool
}

type actorKey struct{}

// With returns a context in which a acts.
func With(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

// From returns who acts in ctx; nobody named means the house itself.
func From(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// Can reports whether a may do what permission names to o.
func (a Actor) Can(permission string, o Object) bool {
	if a.Kind == System {
		return true
	}
	if o.Sealed && !a.covers(Seal, o) {
		return false
	}
	return a.covers(permission, o)
}

// Has reports whether a holds the permission anywhere: enough for navigation, never for a deed.
func (a Actor) Has(permission string) bool {
	if a.Kind == System {
		return true
	}
	for _, g := range a.Grants {
		if g.Permission == permission {
			return true
		}
	}
	return false
}

func (a Actor) covers(permission string, o Object) bool {
	for _, g := range a.Grants {
		if g.Permission == permission && g.Covers(o) {
			return true
		}
	}
	return false
}

// Covers reports whether o lies in the grant's subtree and account, whatever the permission.
func (g Grant) Covers(o Object) bool {
	if g.Account != 0 && g.Account != o.Account {
		return false
	}
	return g.Unit == Everywhere || (within(g.Unit) && strings.HasPrefix(o.Unit, g.Unit))
}

// within reports whether a path is well formed enough to be compared as a prefix: "/4" would also cover "/41/".
func within(path string) bool {
	return len(path) > 1 && path[0] == '/' && path[len(path)-1] == '/'
}
