package flow

import (
	"context"
	"maps"
	"strings"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// CreateIn begins a flow: with a definition of its own, or as a copy of another flow's draft (From). The key and the title
// stand over what the definition says.
type CreateIn struct {
	Key    string
	Title  string
	UnitID int64
	From   int64
	Draft  *Definition
}

// Create begins a flow with a draft; no matter can be opened with it before it is published.
func (s *Service) Create(ctx context.Context, in CreateIn) (Sheet, error) {
	in.Key, in.Title = strings.TrimSpace(in.Key), strings.TrimSpace(in.Title)
	var faults []errs.Field
	if !keyShape.MatchString(in.Key) {
		faults = append(faults, errs.Field{Field: "key", Key: "flow.check.key"})
	}
	if n := len([]rune(in.Title)); n == 0 || n > maxTitle {
		faults = append(faults, errs.Field{Field: "title", Key: "flow.check.title", Params: map[string]any{"max": maxTitle}})
	}
	if err := errs.InvalidFields(faults); err != nil {
		return Sheet{}, err
	}
	var f Sheet
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		draft := beginning()
		switch {
		case in.Draft != nil:
			draft = *in.Draft
		case in.From != 0:
			from, err := get(ctx, tx, in.From)
			if err != nil {
				return err
			}
			draft = from.Draft
		}
		draft.Key, draft.Title = in.Key, in.Title
		if draft.Kind == "" {
			draft.Kind = in.Key
		}
		id, err := s.insert(ctx, tx, draft, in.UnitID)
		if errs.Is(err, errs.Conflict) {
			return errs.InvalidFields([]errs.Field{{Field: "key", Key: "flow.key_taken"}})
		}
		if err != nil {
			return err
		}
		if f, err = get(ctx, tx, id); err != nil {
			return err
		}
		return s.record(ctx, tx, "create", f, map[string]any{"key": in.Key})
	})
	return f, errs.Wrap(err, "create flow %q", in.Key)
}

// beginning is the least that makes sense: somebody hands in, somebody else decides.
func beginning() Definition {
	return Definition{
		States: []State{
			{Name: "start", Title: "登记", Acts: []Selector{ByOpener}},
			{Name: "done", Title: "办结", End: true, Outcome: Completed},
		},
		Actions: []Action{{Name: "finish", Title: "办结", From: []string{"start"}, To: "done"}},
		Layout:  map[string]Point{"start": {X: 80, Y: 160}, "done": {X: 360, Y: 160}},
	}
}

// insert writes a flow; Conflict "db.duplicate" when the key is taken.
func (s *Service) insert(ctx context.Context, tx *db.Tx, d Definition, unit int64) (int64, error) {
	if err := small(d); err != nil {
		return 0, err
	}
	text, _, err := encode(d)
	if err != nil {
		return 0, err
	}
	var at any
	if unit != 0 {
		at = unit
	}
	ids, err := db.All(ctx, tx, db.Value[int64], `insert into flow (key, unit_id, kind, title, draft, edited_by, created_at, updated_at)
		values ($1,$2,$3,$4,$5,$6,$7,$7) on conflict (key) do nothing returning id`,
		d.Key, at, d.Kind, d.Title, text, access.From(ctx).ID, clock.Millis(s.Wall.Now()))
	if err != nil {
		return 0, err
	}
	if len(ids) == 0 {
		return 0, errs.New(errs.Conflict, "db.duplicate")
	}
	return ids[0], nil
}

// small bounds what a draft may hold; whether it makes sense is Validate's to say.
func small(d Definition) error {
	text, _, err := encode(d)
	if err != nil {
		return err
	}
	v := validator{d: &d}
	if len(text) > maxYAML || v.tooMany() {
		return errs.New(errs.Invalid, "flow.yaml.too_long").With("max", maxYAML>>10)
	}
	return nil
}

// Save keeps a draft. It may be unfinished. Its key stays the flow's own. version is what the editor saw, else Conflict
// "db.stale".
func (s *Service) Save(ctx context.Context, id, version int64, draft Definition) (Sheet, error) {
	var f Sheet
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		if f, err = s.save(ctx, tx, old, version, draft); err != nil {
			return err
		}
		return s.record(ctx, tx, "save", f, map[string]any{"states": len(draft.States), "actions": len(draft.Actions)})
	})
	return f, errs.Wrap(err, "save flow %d", id)
}

func (s *Service) save(ctx context.Context, tx *db.Tx, old Sheet, version int64, draft Definition) (Sheet, error) {
	draft.Key = old.Key
	if err := small(draft); err != nil {
		return Sheet{}, err
	}
	text, _, err := encode(draft)
	if err != nil {
		return Sheet{}, err
	}
	n, err := tx.Exec(ctx, `update flow set draft = $3, title = $4, kind = $5, edited_by = $6, updated_at = $7, version = version + 1 where id = $1 and version = $2`,
		old.ID, version, text, draft.Title, draft.Kind, access.From(ctx).ID, clock.Millis(s.Wall.Now()))
	if err := db.ExpectOne(n, err); err != nil {
		return Sheet{}, err
	}
	return get(ctx, tx, old.ID)
}

// Restore makes a version the draft: to go back, or to take over what a release offers.
func (s *Service) Restore(ctx context.Context, id, version, number int64) (Sheet, error) {
	var f Sheet
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		e, err := edition(ctx, tx, id, number)
		if err != nil {
			return err
		}
		if f, err = s.save(ctx, tx, old, version, e.Definition); err != nil {
			return err
		}
		return s.record(ctx, tx, "restore", f, map[string]any{"number": number})
	})
	return f, errs.Wrap(err, "restore version %d of flow %d", number, id)
}

// Check lists the problems of a flow's draft, or of another definition in its place.
func (s *Service) Check(ctx context.Context, d *Definition) ([]Problem, error) {
	known, err := s.Known(ctx, d.Form)
	if err != nil {
		return nil, errs.Wrap(err, "what flow %q may name", d.Key)
	}
	if known.Flows != nil { // one may open itself as a sub-matter, also before it is kept
		known.Flows = maps.Clone(known.Flows)
		known.Flows[d.Key] = true
	}
	return Validate(d, known), nil
}
