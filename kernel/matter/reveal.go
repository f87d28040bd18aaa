package matter

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"weizheng/kernel/audit"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Revealed is what somebody was shown of the people in a matter.
type Revealed struct {
	Contact Contact
	Hidden  []Hidden
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
	out.Hidden, err = s.hiddenOf(ctx, &m)
	return out, errs.Wrap(err, "reveal matter %d", id)
}

func (s *Service) hiddenOf(ctx context.Context, m *Matter) ([]Hidden, error) {
	wrapped, err := db.One(ctx, s.DB, db.Value[[]byte], `select wrapped from matter_contact where matter_id = $1`, m.ID)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	key, err := s.Ring.UnwrapDataKey(wrapped)
	if err != nil {
		return nil, err
	}
	list, err := db.All(ctx, s.DB, scanEvent, `select `+eventColumns+` from matter_event where matter_id = $1 and hidden <> '' order by id`, m.ID)
	if err != nil {
		return nil, err
	}
	var out []Hidden
	for _, e := range list {
		text, err := key.OpenText(e.hidden, hiddenSeal+m.Number)
		if errors.Is(err, crypt.ErrForged) {
			continue // from before the person was erased: that key is gone
		}
		if err != nil {
			return nil, errs.Wrap(err, "open the numbers of event %d", e.ID)
		}
		found := map[string][]crypt.Found{}
		if err := json.Unmarshal([]byte(text), &found); err != nil {
			return nil, err
		}
		for place, numbers := range found {
			for _, n := range numbers {
				out = append(out, Hidden{e.ID, place, n.Ref, n.Value})
			}
		}
	}
	return out, nil
}
