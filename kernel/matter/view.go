package matter

import (
	"context"
	"crypto/subtle"

	"weizheng/kernel/audit"
	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Seen is one matter as its page shows it.
type Seen struct {
	Matter
	Run       flow.Run
	Flow      *flow.Definition
	Clocks    []Reckoning
	Deadlines []Deadline
	Parties   []Party
	Sheet     Sheet         // what the fields hold
	Options   []flow.Option // what the actor of ctx may do, guards left open
	Behalf    []Standing    // what they may do in the name of others
}

// Party is a member of staff who has to do with a matter.
type Party struct {
	Staff   int64
	Turn    bool
	Watches bool
	ActedAt int64 // civil; 0: never
}

// Standing is what somebody may do for somebody who is away.
type Standing struct {
	For     int64
	Options []flow.Option
}

// View returns a matter whole. A sealed one is NotFound for all but its parties, and each look at it, or try, is audited.
func (s *Service) View(ctx context.Context, id int64) (Seen, error) {
	m, err := s.openFor(ctx, id)
	if err != nil {
		return Seen{}, err
	}
	b, err := s.box(&m)
	if err != nil {
		return Seen{}, err
	}
	st, err := stand(ctx, s.DB, &m, b, "")
	if err != nil {
		return Seen{}, err
	}
	p, err := s.kept(ctx, s.DB, m.FlowID)
	if err != nil {
		return Seen{}, err
	}
	list, err := events(ctx, s.DB, &m, b)
	if err != nil {
		return Seen{}, err
	}
	seen := Seen{Matter: m, Run: st.Run, Flow: p.d, Clocks: st.Clocks, Deadlines: st.Deadlines}
	if seen.Sheet, err = s.sheet(ctx, s.DB, &m, p, list); err != nil {
		return Seen{}, err
	}
	if seen.Title, err = b.open(titleSeal, m.Title); err != nil {
		return Seen{}, err
	}
	for _, p := range st.parties(p.d) {
		seen.Parties = append(seen.Parties, Party{p.Staff, p.Turn, p.Watches, p.Acted})
	}
	return seen, s.offer(ctx, &seen)
}

// offer fills in what the actor may do.
func (s *Service) offer(ctx context.Context, seen *Seen) error {
	who := access.From(ctx)
	if whoOf(who) == "" || who.Kind == access.System {
		return nil
	}
	p, err := s.person(ctx, who, seen.Flow, seen.Run, seen.Account)
	if err != nil {
		return err
	}
	seen.Options = flow.Options(seen.Flow, seen.Run, p)
	if who.Kind != access.Staff {
		return nil
	}
	list, err := s.Deputies(ctx, who.ID)
	if err != nil {
		return err
	}
	now := s.now()
	for _, d := range list {
		if d.Deputy != who.ID || d.From > now {
			continue
		}
		named, err := s.people(ctx, seen.Flow, seen.Run, seen.Account, []flow.Who{flow.Staff(d.Staff)})
		if err != nil {
			return err
		}
		of, known := named[flow.Staff(d.Staff)]
		if !known {
			continue
		}
		if options := flow.OptionsFor(seen.Flow, seen.Run, p, of); len(options) > 0 {
			seen.Behalf = append(seen.Behalf, Standing{d.Staff, options})
		}
	}
	return nil
}

// openFor reads a matter for the actor of ctx.
func (s *Service) openFor(ctx context.Context, id int64) (Matter, error) {
	m, err := load(ctx, s.DB, id, "")
	if err != nil || !m.Sealed {
		return m, err
	}
	may, err := s.mayOpen(ctx, s.DB, &m)
	if err != nil {
		return Matter{}, err
	}
	if err := s.looked(ctx, &m, may); err != nil {
		return Matter{}, err
	}
	if !may {
		return Matter{}, errNone
	}
	return m, nil
}

// looked audits a look at a sealed matter, before anything is shown.
func (s *Service) looked(ctx context.Context, m *Matter, may bool) error {
	path, err := s.path(ctx, m.Unit)
	if err != nil {
		return err
	}
	e := audit.Entry{Verb: "view", Object: "matter", ID: m.ID, Unit: path, Account: m.Account}
	if !may {
		e.Verb, e.Outcome = "ask", audit.Denied
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.Audit.Record(ctx, tx, e) })
}

// valuesOf is what the fields hold after all events.
func valuesOf(list []Event) map[string]any {
	out := map[string]any{}
	for i := range list {
		for key, value := range list[i].record.Values {
			if out[key] = value; value == nil || value == "" {
				delete(out, key)
			}
		}
	}
	return out
}

// Head returns a matter without what was said in it, for scopes and links.
func (s *Service) Head(ctx context.Context, id int64) (Matter, error) {
	m, err := db.One(ctx, s.DB, scanHead, `select `+matterColumns+` from matter m where m.id = $1`, id)
	if m.Sealed {
		m.Title = ""
	}
	return m, errs.Wrap(known(err), "load matter %d", id)
}

var errSlip = errs.New(errs.Invalid, "matter.number")

// Lookup finds a matter for whoever has its number and its code, as people type them. A number that cannot be one is
// Invalid "matter.number"; a wrong code is NotFound, like a number that nobody has.
func (s *Service) Lookup(ctx context.Context, number, code string) (Matter, error) {
	n, ok := CleanNumber(number)
	if !ok {
		return Matter{}, errSlip
	}
	m, err := db.One(ctx, s.DB, scanHead, `select `+matterColumns+` from matter m where m.number = $1`, n)
	if err != nil {
		return Matter{}, errs.Wrap(known(err), "look a number up")
	}
	if subtle.ConstantTimeCompare([]byte(cleanCode(code)), []byte(m.Code)) != 1 {
		return Matter{}, errNone
	}
	if m.Sealed {
		if err := s.looked(ctx, &m, true); err != nil {
			return Matter{}, err
		}
		m.Title = ""
	}
	return m, nil
}

// ByNumber finds a matter by its number for somebody who may see where it hangs; sealed ones are found by nobody.
func (s *Service) ByNumber(ctx context.Context, reach access.Reach, number string) (Matter, error) {
	n, ok := CleanNumber(number)
	if !ok {
		return Matter{}, errSlip
	}
	m, err := db.One(ctx, s.DB, scanHead, `select `+matterColumns+` from matter m where m.number = $1`, n)
	if err != nil || m.Sealed {
		return Matter{}, orElse(known(err), errNone)
	}
	o, err := s.hangs(ctx, &m, reach)
	if err == nil && !reach.Covers(o) {
		err = errNone
	}
	return m, err
}
