package matter

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"weizheng/kernel/audit"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Revealed is what somebody was shown of the people in a matter.
type Revealed struct {
	Contact Contact
	Hidden  []Hidden
	Values  map[string]any // of the fields that are shown masked, as they stand
}

// Hidden is one number that was taken out of what was said.
type Hidden struct {
	Event int64
	Place string // where in the event: "reason", "values.card"
	Ref   string // what stands there instead
	Value string
}

// String keeps it out of logs.
func (Revealed) String() string { return "matter.Revealed(hidden)" }

// GoString does the same for %#v.
func (r Revealed) GoString() string { return r.String() }

// Reveal shows contact and hidden numbers to somebody who says why; that, and the reason, is audited before they see it
// (PIPL art. 51). After the person was erased there is nothing to show.
func (s *Service) Reveal(ctx context.Context, id int64, reason string) (out Revealed, err error) {
	if n := utf8.RuneCountInString(strings.TrimSpace(reason)); n < 2 || n > itemLimit {
		return out, errs.InvalidFields([]errs.Field{{Field: "reason", Key: "matter.reason", Params: map[string]any{"least": 2, "most": itemLimit}}})
	}
	m, err := s.openFor(ctx, id)
	if err != nil {
		return out, err
	}
	path, err := s.path(ctx, m.Unit)
	if err != nil {
		return out, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Audit.Record(ctx, tx, audit.Entry{Verb: "reveal", Object: "matter", ID: m.ID, Unit: path, Account: m.Account, Detail: map[string]any{"reason": reason}})
	})
	if err != nil {
		return out, errs.Wrap(err, "audit a reveal of matter %d", id)
	}
	if out.Contact, err = s.Contact(ctx, m); err != nil {
		return Revealed{}, err
	}
	out.Hidden, out.Values, err = s.hiddenOf(ctx, &m)
	return out, errs.Wrap(err, "reveal matter %d", id)
}

// hiddenOf opens what was taken out of what was said, and what the fields hold that are shown masked.
func (s *Service) hiddenOf(ctx context.Context, m *Matter) ([]Hidden, map[string]any, error) {
	b, err := s.box(m)
	if err != nil {
		return nil, nil, err
	}
	p, err := s.kept(ctx, s.DB, m.FlowID)
	if err != nil {
		return nil, nil, err
	}
	list, err := events(ctx, s.DB, m, b)
	if err != nil {
		return nil, nil, err
	}
	sheet, err := s.sheet(ctx, s.DB, m, p, list)
	if err != nil {
		return nil, nil, err
	}
	values := map[string]any{}
	for _, name := range sheet.Masked {
		if !slices.Contains(sheet.Erased, name) {
			values[name] = sheet.real[name]
		}
	}
	secrets, err := s.secrets(ctx, s.DB, m, list)
	if err != nil {
		return nil, nil, err
	}
	var out []Hidden
	for i := range list {
		found := secrets[list[i].ID]
		for _, place := range slices.Sorted(maps.Keys(found)) {
			for _, n := range found[place] {
				if n.Kind != kindField { // a whole field: among the values
					out = append(out, Hidden{list[i].ID, place, n.Ref, n.Value})
				}
			}
		}
	}
	return out, values, nil
}
