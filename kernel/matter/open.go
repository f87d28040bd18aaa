package matter

import (
	"context"
	"strings"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// OpenIn is a matter that begins. Whether the actor may open it the caller has checked.
type OpenIn struct {
	Flow    string // the definition's key
	Unit    int64
	Account int64 // 0: none
	Title   string
	Citizen int64          // the party outside; 0: the actor if a citizen, else nobody
	Subject Ref            // what it is about
	Values  map[string]any // of the fields of the first step

	// Complete demands with the opening what the first step must have. Else it may be filled in there: a call is
	// registered before it is written up.
	Complete bool

	Contact Contact
	Staff   int64 // who has it first; 0: as the definition's first state says
	Sealed  bool
	Parties []int64 // staff who may see a sealed one besides those whose turn it is
	Key     string  // of idempotency

	parent    int64
	parentRef string
}

// Opened is a matter that was opened. Number and Code together open it for whoever gave it in.
type Opened struct {
	Done
	Number string `json:"number"`
	Code   string `json:"code"`
}

// Validate returns every fault.
func (in *OpenIn) Validate() error {
	in.Title = strings.TrimSpace(in.Title)
	var f faults
	f.title("title", in.Title)
	f.text("key", in.Key, keyLimit)
	f.values(in.Values)
	f.list("parties", len(in.Parties))
	f.text("contact.name", in.Contact.Name, itemLimit)
	f.text("contact.phone", in.Contact.Phone, itemLimit)
	f.text("contact.address", in.Contact.Address, itemLimit)
	if in.Unit <= 0 {
		f.add("unit", "matter.required", nil)
	}
	return errs.InvalidFields(f)
}

// Open begins a matter under the live version of its definition, in one transaction, or not at all.
func (s *Service) Open(ctx context.Context, in OpenIn) (Opened, error) {
	digest, err := digestOf("open", in)
	if err != nil {
		return Opened{}, err
	}
	var out Opened
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		done, found, err := s.claim(ctx, tx, in.Key, digest)
		if err != nil {
			return err
		}
		if found {
			m, err := load(ctx, tx, done.Matter, "")
			out = Opened{done, m.Number, m.Code}
			return err
		}
		if out, err = s.OpenIn(ctx, tx, in); err != nil {
			return err
		}
		return s.remember(ctx, tx, in.Key, out.Done)
	})
	return out, errs.Wrap(err, "open a matter of %s", in.Flow)
}

// OpenIn is Open inside a transaction of the caller's, who sees to idempotency: a module opens its noun and the matter of
// it together.
func (s *Service) OpenIn(ctx context.Context, tx *db.Tx, in OpenIn) (Opened, error) {
	invalid := in.Validate()
	d, version, err := s.Flows.Live(ctx, in.Flow)
	if err != nil {
		return Opened{}, err
	}
	p, err := s.paper(ctx, tx, d)
	if err != nil {
		return Opened{}, err
	}
	g, err := s.first(ctx, tx, &change{m: &Matter{}, d: d, paper: p}, in.Values, in.Complete)
	if err == nil {
		err = g.with(invalid)
	}
	if err != nil {
		return Opened{}, err
	}
	if found, err := s.existing(ctx, []int64{in.Unit}); err != nil || len(found) == 0 {
		return Opened{}, errs.Wrap(orElse(err, errs.InvalidFields([]errs.Field{{Field: "unit", Key: "matter.unit"}})), "unit %d", in.Unit)
	}
	c, err := s.row(ctx, tx, in, p, g, version)
	if err != nil {
		return Opened{}, err
	}
	if err := s.putContact(ctx, tx, c.m, in.Contact); err != nil {
		return Opened{}, err
	}
	by, err := s.person(ctx, access.From(ctx), d, flow.Run{Owner: in.Unit, Unit: in.Unit}, in.Account)
	if err != nil {
		return Opened{}, err
	}
	start := flow.Opening{At: c.at, By: by, Unit: in.Unit}
	start.Filled = g.filled
	if c.m.Citizen != 0 {
		start.Outside = flow.Citizen(c.m.Citizen)
	}
	if in.Staff != 0 {
		start.Staff = flow.Staff(in.Staff)
	}
	if c.record.Events, err = flow.Start(d, start); err != nil {
		return Opened{}, err
	}
	done, err := s.finish(ctx, tx, c)
	return Opened{done, c.m.Number, c.m.Code}, err
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// row inserts the matter's row, with nothing in it yet that its first event says.
func (s *Service) row(ctx context.Context, tx *db.Tx, in OpenIn, p *paper, g filling, version int64) (*change, error) {
	now := s.now()
	m := &Matter{Kind: p.d.Kind, Account: in.Account, Owner: in.Unit, Unit: in.Unit, Opener: actorOf(ctx), Citizen: in.Citizen,
		Subject: in.Subject, Parent: in.parent, parentRef: in.parentRef, Sealed: in.Sealed, OpenedAt: now, YellowAt: never, DueAt: never,
		Title: in.Title, Code: newCode()}
	if who := access.From(ctx); m.Citizen == 0 && who.Kind == access.Citizen {
		m.Citizen = who.ID
	}
	c := &change{m: m, d: p.d, paper: p, at: now, act: "", files: g.files, record: record{Parties: in.Parties}}
	var err error
	if m.FlowID, err = s.snapshot(ctx, tx, p, version); err != nil {
		return nil, err
	}
	if m.Number, err = nextNumber(ctx, tx, m.Kind, clock.FromMillis(now)); err != nil {
		return nil, err
	}
	if c.box, m.seal, err = s.newBox(m.Number, m.Sealed); err != nil {
		return nil, err
	}
	var title string
	if m.Sealed {
		if title, err = c.box.close(titleSeal, m.Title); err != nil {
			return nil, err
		}
	} else {
		c.hide = hidden{}
		title = c.hide.take("title", m.Title)
	}
	if c.record.Values, err = c.take(g.values); err != nil {
		return nil, err
	}
	m.ID, err = db.One(ctx, tx, db.Value[int64], `insert into matter (number, code, kind, flow_id, state, held, version, account_id, owner_id,
		unit_id, assignee_id, opener_kind, opener_id, citizen_id, subject, subject_id, parent_id, parent_ref, sealed, opened_at,
		yellow_at, due_at, closed_at, worst, outcome, updated_at, title, seal, run)
		values ($1, $2, $3, $4, '', 0, 0, $5, $6, $7, null, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, 0, 0, '', $16, $18, $19, '')
		returning id`, m.Number, m.Code, m.Kind, m.FlowID, orNull(m.Account), m.Owner, m.Unit, m.Opener.Kind, m.Opener.ID, orNull(m.Citizen),
		m.Subject.Kind, m.Subject.ID, orNull(m.Parent), m.parentRef, m.Sealed, m.OpenedAt, never, title, m.seal)
	return c, errs.Wrap(err, "keep a new matter")
}

// children opens the sub-matter that an action asks for, and tells a parent that its sub-matter ended.
func (s *Service) children(ctx context.Context, tx *db.Tx, c *change) error {
	for _, e := range c.record.Events {
		switch {
		case e.Kind == flow.EventChildOpened:
			in := OpenIn{Flow: e.Flow, Unit: c.m.Unit, Account: c.m.Account, Title: c.m.Title, Citizen: c.m.Citizen, Sealed: c.m.Sealed,
				parent: c.m.ID, parentRef: e.Child}
			if c.child != nil {
				in.Title, in.Unit = c.child.Title, c.child.Unit
			}
			if in.Unit == 0 {
				in.Unit = c.m.Unit
			}
			if _, err := s.OpenIn(ctx, tx, in); err != nil {
				return errs.Wrap(err, "open the sub-matter %s", e.Child)
			}
		case e.Kind == flow.EventEnded && c.m.Parent != 0:
			if err := s.endChild(ctx, tx, c.m, e.Outcome); err != nil {
				return err
			}
		}
	}
	return nil
}

// endChild tells the parent; it may have gone on without.
func (s *Service) endChild(ctx context.Context, tx *db.Tx, child *Matter, outcome string) error {
	ctx = system(ctx)
	c, err := s.begin(ctx, tx, child.Parent)
	if err != nil {
		return err
	}
	events, err := flow.ChildEnded(c.d, c.before.Run, child.parentRef, outcome, c.at)
	if err != nil || len(events) == 0 {
		return err
	}
	c.record = record{Events: events}
	_, err = s.finish(ctx, tx, c)
	return err
}
