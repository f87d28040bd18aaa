package matter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/kernel/form"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// paper is what a matter runs under for good: the definition, and the form of whose fields it speaks, both as they were
// when it was opened.
type paper struct {
	d     *flow.Definition
	form  *form.Form // nil: none; what identifies people is at least 个人 in it
	sheet int64      // id of the form
}

// paper finds the form of a definition that a matter is about to be opened under.
func (s *Service) paper(ctx context.Context, q db.Queryer, d *flow.Definition) (*paper, error) {
	p := &paper{d: d}
	if d.Form == "" {
		return p, nil
	}
	sheet, live, err := s.Forms.Live(ctx, q, d.Form)
	if errs.Is(err, errs.NotFound) {
		return nil, errs.New(errs.Conflict, "matter.no_form").With("form", d.Form)
	}
	p.form, p.sheet = guarded(&live), sheet.ID
	return p, err
}

// guarded is the form with the fields that identify people kept like 个人, whatever their class, unless somebody said that
// they are public: such numbers are taken out of everything else that is said as well.
func guarded(f *form.Form) *form.Form {
	out := *f
	out.Fields = guardFields(f.Fields)
	return &out
}

func guardFields(fields []form.Field) []form.Field {
	out := slices.Clone(fields)
	for i := range out {
		switch f := &out[i]; f.Kind {
		case form.Identity, form.Phone, form.Plate, form.Credit:
			if f.Class == "" || f.Class == form.Internal {
				f.Class = form.Personal
			}
		case form.Group:
			f.Fields = guardFields(f.Fields)
		}
	}
	return out
}

// snapshot keeps a definition with its form as they are now and returns their id; the same text has the same id for ever.
func (s *Service) snapshot(ctx context.Context, tx *db.Tx, p *paper, version int64) (int64, error) {
	text, err := json.Marshal(p.d)
	if err != nil {
		return 0, err
	}
	var asked []byte
	if p.form != nil {
		if asked, err = json.Marshal(p.form); err != nil {
			return 0, err
		}
	}
	sum := sha256.Sum256(slices.Concat(text, asked))
	digest := hex.EncodeToString(sum[:])
	id, err := db.One(ctx, tx, db.Value[int64], `select id from matter_flow where digest = $1`, digest)
	if errs.Is(err, errs.NotFound) {
		id, err = db.One(ctx, tx, db.Value[int64], `insert into matter_flow (digest, key, version, definition, form, form_id) values ($1, $2, $3, $4, $5, $6)
			on conflict (digest) do update set key = excluded.key returning id`, digest, p.d.Key, version, string(text), string(asked), p.sheet)
	}
	return id, errs.Wrap(err, "keep the definition %s", p.d.Key)
}

// definition returns the one that a matter runs under.
func (s *Service) definition(ctx context.Context, q db.Queryer, id int64) (*flow.Definition, error) {
	p, err := s.kept(ctx, q, id)
	if err != nil {
		return nil, err
	}
	return p.d, nil
}

// kept returns what a matter runs under.
func (s *Service) kept(ctx context.Context, q db.Queryer, id int64) (*paper, error) {
	s.mu.RLock()
	p := s.papers[id]
	s.mu.RUnlock()
	if p != nil {
		return p, nil
	}
	var text, asked string
	p = &paper{d: &flow.Definition{}}
	if err := q.QueryRow(ctx, `select definition, form, form_id from matter_flow where id = $1`, id).Scan(&text, &asked, &p.sheet); err != nil {
		return nil, errs.Wrap(err, "load definition %d", id)
	}
	if err := json.Unmarshal([]byte(text), p.d); err != nil {
		return nil, errs.Wrap(err, "read definition %d", id)
	}
	if asked != "" {
		p.form = &form.Form{}
		if err := json.Unmarshal([]byte(asked), p.form); err != nil {
			return nil, errs.Wrap(err, "read the form of definition %d", id)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.papers[id] = p
	return p, nil
}

// mostUses is how far matters are counted.
const mostUses = 1000

// FormUse counts the open matters that were opened under any version of a form, up to mostUses, and reports whether there
// is any matter of it at all.
func (s *Service) FormUse(ctx context.Context, sheet int64) (open int, any bool, err error) {
	const of = ` from matter m where m.flow_id in (select id from matter_flow where form_id = $1)`
	open, err = db.One(ctx, s.DB, db.Value[int], `select count(*) from (select 1`+of+` and m.closed_at = 0 limit $2) as found`, sheet, mostUses)
	if err != nil {
		return 0, false, errs.Wrap(err, "count the matters of form %d", sheet)
	}
	n, err := db.One(ctx, s.DB, db.Value[int], `select count(*) from (select 1`+of+` limit 1) as found`, sheet)
	return open, n > 0, errs.Wrap(err, "look for matters of form %d", sheet)
}
