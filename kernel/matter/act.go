package matter

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// Act does what an action of the matter's definition says, as the actor of ctx: it asks the guards, lets flow decide, and
// writes events, run, clocks, deadlines, parties, lists, effects, notices and the audit row in one transaction, or nothing.
//
// NotFound "matter.none": no such matter, or a sealed one of others. Conflict "matter.changed": In.Version is not the
// matter's any more; the parameters say what came between. Conflict "matter.key_used": the key did something else.
// Whatever else is refused is flow's word.
func (s *Service) Act(ctx context.Context, id int64, action string, in In) (Done, error) {
	if err := in.Validate(); err != nil {
		return Done{}, err
	}
	digest, err := digestOf("act", id, action, in)
	if err != nil {
		return Done{}, err
	}
	var done Done
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		var found bool
		if done, found, err = s.claim(ctx, tx, in.Key, digest); found || err != nil {
			return err
		}
		if done, err = s.act(ctx, tx, id, action, in); err != nil {
			return err
		}
		return s.remember(ctx, tx, in.Key, done)
	})
	return done, errs.Wrap(err, "%s matter %d", action, id)
}

// ActIn is Act inside a transaction of the caller's, who sees to idempotency.
func (s *Service) ActIn(ctx context.Context, tx *db.Tx, id int64, action string, in In) (Done, error) {
	if err := in.Validate(); err != nil {
		return Done{}, err
	}
	return s.act(ctx, tx, id, action, in)
}

func (s *Service) act(ctx context.Context, tx *db.Tx, id int64, action string, in In) (Done, error) {
	c, err := s.begin(ctx, tx, id)
	if err != nil {
		return Done{}, err
	}
	if err := s.admit(ctx, tx, c, in.Version); err != nil {
		return Done{}, err
	}
	g, err := s.fields(ctx, tx, c, action, in.Values)
	if err != nil {
		return Done{}, err
	}
	in.Evidence, c.files = in.evidence()
	c.files = append(c.files, g.files...)
	if !c.m.Sealed {
		c.hide = in.redact()
	}
	move, facts, err := s.prepare(ctx, tx, c, action, in)
	if err != nil {
		return Done{}, err
	}
	move.Filled, move.Emptied, facts.Hidden = g.filled, g.emptied, g.hidden
	events, err := flow.Decide(c.d, c.before.Run, move, facts)
	if err = g.with(err); err != nil {
		return Done{}, err
	}
	c.act, c.behalf, c.record, c.child = action, in.Behalf, record{Events: events}, in.Child
	if c.record.Values, err = c.take(g.values); err != nil {
		return Done{}, err
	}
	return s.finish(ctx, tx, c)
}

// begin reads a matter for a change; until the commit nobody else changes it.
func (s *Service) begin(ctx context.Context, tx *db.Tx, id int64) (*change, error) {
	m, err := load(ctx, tx, id, tx.Dialect().ForUpdate())
	if err != nil {
		return nil, err
	}
	c := &change{m: &m, at: s.now()}
	if c.paper, err = s.kept(ctx, tx, m.FlowID); err != nil {
		return nil, err
	}
	c.d = c.paper.d
	if c.box, err = s.box(&m); err != nil {
		return nil, err
	}
	if c.before, err = stand(ctx, tx, &m, c.box, tx.Dialect().ForUpdate()); err != nil {
		return nil, err
	}
	c.at = max(c.at, c.before.Run.At) // another replica's clock may be ahead by a hair
	return c, nil
}

// admit turns away who has no part in a sealed matter, and who looked at an older version.
func (s *Service) admit(ctx context.Context, tx *db.Tx, c *change, version int64) error {
	if c.m.Sealed {
		ok, err := s.mayOpen(ctx, tx, c.m)
		if err != nil {
			return err
		}
		if !ok {
			return errNone
		}
	}
	if version == 0 || version == c.m.Version {
		return nil
	}
	changed := errs.New(errs.Conflict, "matter.changed").With("version", c.m.Version)
	e, err := lastEvent(ctx, tx, c.m.ID)
	if err != nil {
		return err
	}
	act, _ := c.d.Action(e.Act)
	return changed.With("action", act.Title).With("by_kind", e.By.Kind).With("by", e.By.ID).With("at", e.At)
}

// prepare gathers what flow wants to know of a move.
func (s *Service) prepare(ctx context.Context, tx *db.Tx, c *change, action string, in In) (m flow.Move, f flow.Facts, err error) {
	by, err := s.person(ctx, access.From(ctx), c.d, c.before.Run, c.m.Account)
	if err != nil {
		return m, f, err
	}
	m = in.move(action, c.at, by)
	if f.People, err = s.people(ctx, c.d, c.before.Run, c.m.Account, in.named()); err != nil {
		return m, f, err
	}
	if p, known := f.People[flow.Staff(in.Behalf)]; in.Behalf > 0 && known {
		m.For = &p
		if f.Delegated, err = delegated(ctx, tx, in.Behalf, access.From(ctx).ID, c.at); err != nil {
			return m, f, err
		}
	}
	if f.Units, err = s.existing(ctx, append(append([]int64{}, in.Units...), in.Unit)); err != nil {
		return m, f, err
	}
	f.Due = map[string]int64{}
	for _, k := range c.before.Clocks {
		if k.Due < never {
			f.Due[k.Clock] = k.Due
		}
	}
	f.Guards, err = s.guards(ctx, tx, c, action)
	return m, f, err
}

// guards asks the parts about the conditions of an action.
func (s *Service) guards(ctx context.Context, tx *db.Tx, c *change, action string) (map[string]bool, error) {
	a, _ := c.d.Action(action)
	answers := map[string]bool{}
	for _, call := range a.Calls() {
		guard, known := s.Guards(call.Name)
		if !known {
			return nil, errs.New(errs.Internal, "matter.guard").With("name", call.Name)
		}
		holds, err := guard(ctx, tx, c.m.ID, call.Params)
		if err != nil {
			return nil, errs.Wrap(err, "guard %s", call.Name)
		}
		answers[call.ID()] = holds
	}
	return answers, nil
}

// finish applies the record of a change, keeps it, and does what follows: effects, notices, sub-matters, audit row, hint.
func (s *Service) finish(ctx context.Context, tx *db.Tx, c *change) (done Done, err error) {
	if err := s.present(ctx, c); err != nil {
		return done, err
	}
	if err := s.nameThem(ctx, &c.record); err != nil {
		return done, err
	}
	if c.after, err = s.follow(ctx, c); err != nil {
		return done, err
	}
	if err := s.keep(ctx, tx, c); err != nil {
		return done, err
	}
	if err := saveAsked(ctx, tx, c.d, c.m, &c.before, &c.after); err != nil {
		return done, err
	}
	if err := s.hangFiles(ctx, tx, c); err != nil {
		return done, err
	}
	if err := saveAsked(ctx, tx, c.d, c.m, &c.before, &c.after); err != nil {
		return done, err
	}
	if err := s.children(ctx, tx, c); err != nil {
		return done, err
	}
	if err := s.effects(ctx, tx, c); err != nil {
		return done, err
	}
	if err := s.tell(ctx, tx, c); err != nil {
		return done, err
	}
	if err := s.audit(ctx, tx, c); err != nil {
		return done, err
	}
	done = Done{Matter: c.m.ID, Version: c.m.Version, Event: c.event}
	return done, s.Hints.Publish(tx, Topic, c.m.ID, c.m.Version)
}

// follow reckons the clocks that a record's events changed, and applies the whole.
func (s *Service) follow(ctx context.Context, c *change) (after standing, err error) {
	run := c.before.Run
	for _, e := range c.record.Events {
		if run, err = flow.Apply(c.d, run, e); err != nil {
			return after, errs.Wrap(err, "apply %s", e.Kind)
		}
	}
	if c.record.Clocks == nil {
		if c.record.Clocks, err = s.reckon(ctx, c.d, &c.before, run, c.record.Events, c.at); err != nil {
			return after, err
		}
	}
	after = c.before.clone()
	return after, after.apply(c.d, &c.record)
}

func (s *Service) effects(ctx context.Context, tx *db.Tx, c *change) error {
	for _, call := range c.d.Effects(c.record.Events) {
		effect, known := s.Effects(call.Name)
		if !known {
			return errs.New(errs.Internal, "matter.effect").With("name", call.Name)
		}
		if err := effect(ctx, tx, c.m.ID, call.Params); err != nil {
			return errs.Wrap(err, "effect %s", call.Name)
		}
	}
	return nil
}

// audit notes the deed: ids and words of the definition, nothing that was said.
func (s *Service) audit(ctx context.Context, tx *db.Tx, c *change) error {
	verb := c.act
	switch {
	case c.verb != "":
		verb = c.verb
	case c.m.Version == 1:
		verb = "open"
	case verb == "":
		verb = "fall"
	}
	path, err := s.path(ctx, c.m.Unit)
	if err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, audit.Entry{Verb: verb, Object: "matter", ID: c.m.ID, Unit: path, Account: c.m.Account,
		Detail: map[string]any{"kind": c.m.Kind, "state": c.m.State, "version": c.m.Version, "event": c.event, "behalf": c.behalf,
			"at": clock.Day(clock.FromMillis(c.at))}})
}
