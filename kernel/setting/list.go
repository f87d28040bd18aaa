package setting

import (
	"context"
	"strings"
)

// Item is one setting as it stands at a place.
type Item struct {
	Declaration
	Value     string // what holds
	From      Scope  // the sort of place the value comes from; "" is the default
	FromID    int64  // unit or account id of that place
	Own       bool   // whether the value was given at this very place
	Version   int64  // of the place's own value, 0 without one
	UpdatedAt int64  // of the value that holds, ms; 0 for the default
	UpdatedBy int64  // staff id
	Editable  bool   // whether a value may be given here at all
}

// List returns every declared setting as it stands at a place, in the order of the parts. prefix, if not empty, keeps
// one part's.
func (s *Service) List(ctx context.Context, at At, prefix string) []Item {
	_, declared := s.declared()
	var out []Item
	for _, d := range declared {
		if prefix != "" && !strings.HasPrefix(d.Name, prefix+".") {
			continue
		}
		value, r := s.resolve(ctx, d, at)
		it := Item{Declaration: d, Value: value, Editable: d.allows(at.sort())}
		if r != nil {
			it.From, it.FromID = place(r.key)
			it.UpdatedAt, it.UpdatedBy = r.updatedAt, r.updatedBy
		}
		if own, ok := s.current(ctx)[d.Name][at.key()]; ok {
			it.Own, it.Version = true, own.version
		}
		out = append(out, it)
	}
	return out
}

func place(k key) (Scope, int64) {
	switch {
	case k.account != 0:
		return ForAccount, k.account
	case k.unit != 0:
		return ForUnit, k.unit
	}
	return ForInstallation, 0
}
