package flow

import (
	"context"

	"weizheng/kernel/audit"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// ReviewKey is the flow that a version goes through before it goes live, where a second pair of eyes is asked for.
const ReviewKey = "flow-review"

// Reviews runs a version's review as a matter: flow stands before matter and knows it by these three only.
type Reviews interface {
	// Wanted reports whether a second pair of eyes is asked for in a unit.
	Wanted(ctx context.Context, unit string) bool
	// Another reports whether somebody other than a member of staff may let flows of a unit go live.
	Another(ctx context.Context, unit string, staff int64) (bool, error)
	// Open begins the review of a flow by its title and sends it to those who may let it go live.
	Open(ctx context.Context, tx *db.Tx, unit, flow int64, title string) (matter int64, err error)
}

// Publishing is how the actor of ctx can bring a draft to life.
type Publishing string

// The ways: at once, because somebody else wrote it or nobody reviews; by asking a colleague; or alone, because there is
// nobody else who may, which is kept in the audit.
const (
	Direct Publishing = "direct"
	ByAsk  Publishing = "ask"
	Alone  Publishing = "alone"
)

// Publishing tells how the actor may let a flow's draft go live: who changed it last is not who approves it.
func (s *Service) Publishing(ctx context.Context, f Sheet) (Publishing, error) {
	who := access.From(ctx)
	if s.Reviews == nil || who.Kind == access.System || who.ID != f.EditedBy || !s.Reviews.Wanted(ctx, f.Unit) {
		return Direct, nil
	}
	another, err := s.Reviews.Another(ctx, f.Unit, who.ID)
	if err != nil || !another {
		return Alone, err
	}
	return ByAsk, nil
}

var (
	errPending   = errs.New(errs.Conflict, "flow.pending")
	errColleague = errs.New(errs.Conflict, "flow.needs_colleague")
)

// Propose sends the draft that the editor saw to a colleague who may let it go live. Refused like Publish; Conflict
// "flow.pending" while an earlier one still waits.
func (s *Service) Propose(ctx context.Context, id, version int64) (Sheet, error) {
	var f Sheet
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if s.Reviews == nil {
			return errs.New(errs.Internal, "internal")
		}
		text, digest, err := s.ready(ctx, tx, id, version, &f)
		if err != nil {
			return err
		}
		number, err := s.issue(ctx, tx, f, text, digest, Local, Proposed)
		if err != nil {
			return err
		}
		unit := f.UnitID
		if unit == 0 {
			unit = access.UnitID(access.From(ctx).Unit)
		}
		matter, err := s.Reviews.Open(ctx, tx, unit, f.ID, f.Draft.Title)
		if err != nil {
			return err
		}
		if err := db.ExpectOne(tx.Exec(ctx, `update flow_version set matter_id = $3 where flow_id = $1 and number = $2`, id, number, matter)); err != nil {
			return err
		}
		return s.record(ctx, tx, "propose", f, map[string]any{"number": number, "digest": digest})
	})
	return f, errs.Wrap(err, "propose flow %d", id)
}

// ready reads the draft that goes live, or to a colleague: the one that the editor saw, sound, and not what is live.
func (s *Service) ready(ctx context.Context, tx *db.Tx, id, version int64, f *Sheet) (text, digest string, err error) {
	if *f, err = get(ctx, tx, id); err != nil {
		return "", "", err
	}
	if f.Version != version {
		return "", "", errs.New(errs.Conflict, "db.stale")
	}
	if _, waits, err := pending(ctx, tx, id); err != nil || waits {
		return "", "", firstOf(err, errPending)
	}
	problems, err := s.Check(ctx, &f.Draft)
	if err != nil {
		return "", "", err
	}
	if err := unsound(problems); err != nil {
		return "", "", err
	}
	if text, digest, err = encode(f.Draft); err != nil {
		return "", "", err
	}
	if before, err := liveDigest(ctx, tx, *f); err != nil || before == digest {
		return "", "", firstOf(err, errs.New(errs.Conflict, "flow.unchanged"))
	}
	return text, digest, nil
}

// Pending returns the version that waits for a colleague.
func (s *Service) Pending(ctx context.Context, id int64) (Edition, bool, error) {
	return pending(ctx, s.DB, id)
}

func pending(ctx context.Context, q db.Queryer, id int64) (Edition, bool, error) {
	list, err := db.All(ctx, q, scanEdition, `select `+editionColumns+` from flow_version where flow_id = $1 and state = $2 order by number desc limit 1`,
		id, string(Proposed))
	if err != nil || len(list) == 0 {
		return Edition{}, false, errs.Wrap(err, "what waits of flow %d", id)
	}
	return list[0], true, nil
}

// reviewed returns the version that a review is about; false while its matter is only just being opened.
func (s *Service) reviewed(ctx context.Context, tx *db.Tx, matter int64) (Sheet, Edition, bool, error) {
	ids, err := db.All(ctx, tx, db.Value[int64], `select flow_id from flow_version where matter_id = $1`, matter)
	if err != nil || len(ids) == 0 {
		return Sheet{}, Edition{}, false, errs.Wrap(err, "the version of matter %d", matter)
	}
	f, err := get(ctx, tx, ids[0])
	if err != nil {
		return Sheet{}, Edition{}, false, err
	}
	e, err := db.One(ctx, tx, scanEdition, `select `+editionColumns+` from flow_version where matter_id = $1`, matter)
	return f, e, err == nil, err
}

// Approved lets the version of a review go live, in the transaction of the verdict; what it names is asked for again,
// because parts may offer less by now.
func (s *Service) Approved(ctx context.Context, tx *db.Tx, matter int64) error {
	f, e, found, err := s.reviewed(ctx, tx, matter)
	if err != nil || !found || e.State != Proposed {
		return firstOf(err, errs.New(errs.Conflict, "flow.nothing"))
	}
	problems, err := s.Check(ctx, &e.Definition)
	if err != nil {
		return err
	}
	if err := unsound(problems); err != nil {
		return err
	}
	if err := settled(ctx, tx, e.ID, Proposed); err != nil {
		return err
	}
	if err := s.goLive(ctx, tx, f, e.Number); err != nil {
		return err
	}
	if f, err = get(ctx, tx, f.ID); err != nil {
		return err
	}
	return s.record(ctx, tx, "publish", f, map[string]any{"number": e.Number, "digest": e.Digest, "proposed_by": e.MadeBy})
}

// Settled notes that a version will not go live: refused, or taken back by who proposed it.
func (s *Service) Settled(ctx context.Context, tx *db.Tx, matter int64, state VersionState) error {
	f, e, found, err := s.reviewed(ctx, tx, matter)
	if err != nil || !found || e.State != Proposed {
		return err
	}
	if state != Refused && state != TakenBack {
		return errs.Wrap(errs.New(errs.Internal, "internal"), "a version cannot become %q", state)
	}
	if err := settled(ctx, tx, e.ID, state); err != nil {
		return err
	}
	verb := map[VersionState]string{Refused: "refuse", TakenBack: "withdraw"}[state]
	return s.Audit.Record(ctx, tx, audit.Entry{Verb: verb, Object: "flow", ID: f.ID, Unit: f.Unit, Detail: map[string]any{"number": e.Number}})
}

func settled(ctx context.Context, tx *db.Tx, id int64, state VersionState) error {
	return db.ExpectOne(tx.Exec(ctx, `update flow_version set state = $2, settled_by = $3 where id = $1`, id, string(state), access.From(ctx).ID))
}
