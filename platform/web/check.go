package web

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

var wildcard = regexp.MustCompile(`\{([^{}.$]+)(\.\.\.)?\}`)

// checkRoutes refuses what could be served unguarded. Every fault is named with its route.
func checkRoutes(routes []Route, permissions []string, auth Auth) error {
	var faults []error
	seen := map[string]bool{}
	for _, rt := range routes {
		if err := checkRoute(rt, permissions, auth); err != nil {
			faults = append(faults, fmt.Errorf("web: route %q: %w", rt.Pattern(), err))
		}
		if seen[rt.Pattern()] {
			faults = append(faults, fmt.Errorf("web: route %q: declared twice", rt.Pattern()))
		}
		seen[rt.Pattern()] = true
	}
	return errors.Join(faults...)
}

func checkRoute(rt Route, permissions []string, auth Auth) error {
	if _, ok := faceRules[rt.Face]; !ok {
		return errors.New("no face")
	}
	if !strings.HasPrefix(rt.Path, "/") {
		return errors.New("path does not begin with /")
	}
	if rt.serve == nil && rt.typed == nil {
		return errors.New("no handler")
	}
	if rt.typed != nil && rt.Face != Console && rt.Face != Open {
		return fmt.Errorf("typed routes belong to the console or the open API, not to %s", rt.Face)
	}
	if rt.typed != nil && rt.Method == "" {
		return errors.New("a typed route needs a method")
	}
	if err := checkPermission(rt, permissions, auth); err != nil {
		return err
	}
	return checkScope(rt)
}

func checkPermission(rt Route, permissions []string, auth Auth) error {
	switch rt.Permission {
	case "":
		return errors.New("no permission")
	case Anyone:
		return nil
	}
	if !auth.knows(rt.Face) {
		return fmt.Errorf("face %s has no sessions, so only Anyone can be let in", rt.Face)
	}
	if rt.Permission == Self {
		return nil
	}
	if rt.Face == Citizen {
		return errors.New("citizens hold no permissions: Self or Anyone")
	}
	if !slices.Contains(permissions, rt.Permission) {
		return fmt.Errorf("unknown permission %q", rt.Permission)
	}
	return nil
}

func checkScope(rt Route) error {
	if rt.Permission == Anyone {
		return nil
	}
	id := idOf(rt)
	if id == "" {
		return nil
	}
	if rt.Scope == nil {
		return fmt.Errorf("path holds {%s} and there is no Scope", id)
	}
	if isAnywhere(rt.Scope) {
		return fmt.Errorf("path holds {%s} and its Scope is Anywhere", id)
	}
	return nil
}

// idOf returns the first wildcard that names a thing. An account's slug in a citizen's address is resolved with the
// session and names nothing that could be guessed.
func idOf(rt Route) string {
	for _, m := range wildcard.FindAllStringSubmatch(rt.Path, -1) {
		if rt.Face == Citizen && m[1] == "account" {
			continue
		}
		return m[1]
	}
	return ""
}

func isAnywhere(s Scope) bool {
	return s == nil || reflect.ValueOf(s).Pointer() == reflect.ValueOf(Anywhere).Pointer()
}
