package matter

import (
	"context"
	"errors"
	"maps"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/kernel/form"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Forms is the forms that definitions speak of, and the files that people gave; form.Service is one.
type Forms interface {
	Live(ctx context.Context, q db.Queryer, key string) (form.Sheet, form.Form, error)
	Amend(ctx context.Context, q db.Queryer, who form.Owner, f form.Form, a form.Amendment, hung func(code string) bool) (form.Amended, []errs.Field, error)
	Hang(ctx context.Context, tx *db.Tx, who form.Owner, codes []string) error
	Hung(ctx context.Context, q db.Queryer, codes []string) ([]form.Filed, error)
	Discard(ctx context.Context, tx *db.Tx, codes []string) error
}

// filling is what somebody gives for the fields of a matter, judged by the form that the matter was opened with.
type filling struct {
	values  map[string]any // what changes, clean; nil empties a field
	filled  []string       // fields that get a value, right or wrong
	emptied []string
	hidden  []string // fields that the form does not ask for afterwards
	faults  []errs.Field
	files   []attached
}

// fields judges what is given with an action: only fields that the step leaves open, by the form's types, limits and
// conditions over what the matter holds. Without a form the values are the module's, as they come. It changes nothing.
func (s *Service) fields(ctx context.Context, tx *db.Tx, c *change, action string, given map[string]any) (filling, error) {
	if c.paper.form == nil {
		return plain(given), nil
	}
	open, whole := c.d.Fields(c.before.Run, action)
	if a, _ := c.d.Action(action); len(given) == 0 && (len(open) == 0 || !whole && len(a.Fields) == 0) {
		return filling{}, nil // nothing is given, nothing is asked for
	}
	list, err := events(ctx, tx, c.m, c.box)
	if err != nil {
		return filling{}, err
	}
	real, err := s.reals(ctx, tx, c.m, list)
	if err != nil {
		return filling{}, err
	}
	a := form.Amendment{Held: valuesOf(real), Given: given}
	if whole {
		a.Asked = open
	}
	return s.weigh(ctx, tx, c, a)
}

// first judges what a matter is opened with: the fields of its first step. complete demands all that the step must have.
func (s *Service) first(ctx context.Context, tx *db.Tx, c *change, given map[string]any, complete bool) (filling, error) {
	if c.paper.form == nil {
		return plain(given), nil
	}
	state := c.d.States[0]
	open := slices.Concat(state.Fills, state.Edits)
	a := form.Amendment{Given: given}
	if complete {
		a.Asked, a.Must = open, state.Fills
	}
	g, err := s.weigh(ctx, tx, c, a)
	for _, name := range g.filled {
		if !slices.Contains(open, name) {
			g.faults = append(g.faults, errs.Field{Field: flow.FieldPath(name), Key: "flow.field_closed"})
		}
	}
	return g, err
}

// plain takes values of a definition without a form.
func plain(given map[string]any) filling {
	g := filling{values: given}
	g.filled, g.emptied = filled(given)
	return g
}

// weigh asks the form, and notes which files come with what is given.
func (s *Service) weigh(ctx context.Context, tx *db.Tx, c *change, a form.Amendment) (filling, error) {
	hung, err := filesOf(ctx, tx, c.m.ID)
	if err != nil {
		return filling{}, err
	}
	here := func(code string) bool {
		return slices.ContainsFunc(hung, func(x attached) bool { return x.code == code })
	}
	out, faults, err := s.Forms.Amend(ctx, tx, form.Me(ctx), *c.paper.form, a, here)
	if err != nil {
		return filling{}, errs.Wrap(err, "judge the fields of matter %d", c.m.ID)
	}
	g := filling{values: map[string]any{}, filled: slices.Sorted(maps.Keys(out.Set)), emptied: out.Emptied, hidden: out.Hidden}
	maps.Copy(g.values, out.Set)
	for _, name := range out.Emptied {
		g.values[name] = nil
	}
	for _, f := range faults {
		g.faults = append(g.faults, errs.Field{Field: flow.FieldPath(f.Field), Key: f.Key, Params: f.Params})
	}
	for _, field := range c.paper.form.Fields {
		for _, code := range (form.Form{Fields: []form.Field{field}}).Codes(out.Set) {
			if !here(code) {
				g.files = append(g.files, attached{code: code, field: field.Name, personal: field.Sealed()})
			}
		}
	}
	return g, nil
}

// with joins the form's faults with flow's word about the same move: every fault at once, one for each field, and nothing of
// the form to somebody who may not act at all.
func (g filling) with(err error) error {
	var refused *errs.Error
	if err != nil && (!errors.As(err, &refused) || len(refused.Fields()) == 0) {
		return err
	}
	all := slices.Clone(g.faults)
	if refused != nil {
		for _, f := range refused.Fields() {
			if !slices.ContainsFunc(g.faults, func(x errs.Field) bool { return x.Field == f.Field }) {
				all = append(all, f)
			}
		}
	}
	return errs.InvalidFields(all)
}

// own reports whether the actor is the person whose matter it is: they see what they gave.
func own(ctx context.Context, m *Matter) bool {
	who := access.From(ctx)
	return who.Kind == access.Citizen && who.ID == m.Citizen && m.Citizen != 0
}
