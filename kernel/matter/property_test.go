package matter

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"weizheng/kernel/flow"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// movesEnv lengthens the random runs: make prove sets it.
const movesEnv = "WEIZHENG_MATTER_MOVES"

func moves() int {
	if n, err := strconv.Atoi(os.Getenv(movesEnv)); err == nil && n > 0 {
		return n
	}
	return 300
}

// Any order of actions by any people, at once and with time passing, people leaving and ended matters going, keeps what the
// package promises: nobody decides on their own work, clocks never run backwards, events alone give the state, and of what
// is gone nothing is left.
func TestAnyOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.years = map[string]int{"errand": 1, "ticket": 1, "reply-review": 1}
		ids := make([]atomic.Int64, 5)
		for i := range ids {
			ids[i].Store(h.another(i))
		}
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		var actors sync.WaitGroup
		for who := range 3 {
			actors.Go(func() {
				w := wild{h, rand.New(rand.NewPCG(seed, uint64(who))), ids}
				for range moves() {
					w.step()
				}
			})
		}
		actors.Wait()
		h.settle()
		h.sound()
		left, err := db.All(t.Context(), h.DB, db.Value[int64], `select id from matter order by id`)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range left {
			h.invariants(id)
		}
		h.gone(left)
		done, err := db.One(t.Context(), h.DB, db.Value[int], `select count(*) from audit_entry where object = 'matter' and verb not in ('open', 'fall', 'purge', 'hand_over')`)
		if err != nil || done < moves()/8 {
			t.Errorf("only %d actions were taken, %v", done, err)
		}
		kinds, err := db.All(t.Context(), h.DB, db.Value[string], `select distinct verb from audit_entry where object = 'matter' order by verb`)
		t.Logf("%d actions, %d matters left, %d gone: %v, %v", done, len(left), len(h.purged), kinds, err)
	})
}

// another opens the nth sort of matter that the games are played with.
func (h *house) another(n int) int64 {
	key := []string{"errand", "ticket-basic", "reply-review", "ticket-basic", "errand"}[n]
	ctx := h.as(deskA)
	if key == "ticket-basic" {
		ctx = h.citizen(wang)
	}
	o, err := h.Open(ctx, OpenIn{Flow: key, Unit: 1, Title: "第" + strconv.Itoa(n) + "件", Sealed: n == 4, Parties: []int64{handA}})
	if err != nil {
		h.t.Error(err)
	}
	h.ready.Store(o.Matter, true)
	return o.Matter
}

// gone fails where something is left of a matter that is not there, or one went that had not ended.
func (h *house) gone(left []int64) {
	h.t.Helper()
	for _, id := range h.purged {
		if rest := h.leftOf(id); rest != "" || slices.Contains(left, id) {
			h.t.Errorf("matter %d is gone but for %s", id, rest)
		}
	}
	details, err := db.All(h.t.Context(), h.DB, db.Value[string], `select detail from audit_entry where object = 'matter' and verb = 'purge'`)
	if err != nil || len(details) != len(h.purged) {
		h.t.Errorf("%d are gone, the audit has %d, %v", len(h.purged), len(details), err)
	}
	for _, d := range details {
		if strings.Contains(d, `"outcome":""`) {
			h.t.Errorf("gone without an end: %s", d)
		}
	}
}

// wild does whatever it may.
type wild struct {
	*house
	r   *rand.Rand
	ids []atomic.Int64 // what the games are about; one that is gone makes room for another
}

func (w wild) step() {
	slot := w.r.IntN(len(w.ids))
	id := w.ids[slot].Load()
	refused := func(what string, err error) {
		if err != nil && !errs.KindOf(err).Retry() {
			w.t.Errorf("%s: %v", what, err)
		}
	}
	switch w.r.IntN(24) {
	case 0, 1:
		w.civil.forward(time.Duration(w.r.IntN(30)) * time.Hour)
		return
	case 2, 3:
		_, err := w.Sweep(w.t.Context(), w.civil.Now())
		refused("sweep", err)
		return
	case 4:
		from, to := w.somebody(), w.somebody()
		ctx := w.as(deskB)
		refused("hand over", w.DB.Write(ctx, func(tx *db.Tx) error { return w.HandOver(ctx, tx, from, to) }))
		return
	case 5:
		if w.r.IntN(max(3, moves()/100)) > 0 { // as often in a long game as in a short one: a calendar does not go on for ever
			return
		}
		w.civil.forward(370 * 24 * time.Hour)
		_, err := w.Purge(w.t.Context(), w.civil.Now())
		refused("purge", err)
		return
	}
	if _, err := load(w.t.Context(), w.DB, id, ""); errs.Is(err, errs.NotFound) {
		w.ids[slot].CompareAndSwap(id, w.another(slot))
		return
	}
	w.move(id)
}

func (w wild) somebody() int64 {
	list := slices.Sorted(maps.Keys(w.staff))
	return list[w.r.IntN(len(list))]
}

// move does something with one matter that somebody may, or now and then may not.
func (w wild) move(id int64) {
	ctx, who := w.citizen(wang), flow.Person{Who: flow.Citizen(wang)}
	m, st, d, err := w.seek(id)
	if errs.Is(err, errs.NotFound) {
		return // meanwhile
	}
	if err != nil {
		w.t.Error(err)
		return
	}
	if w.r.IntN(5) > 0 {
		ctx = w.as(w.somebody())
		if who, err = w.person(ctx, access.From(ctx), d, st.Run, 0); err != nil {
			w.t.Error(err)
		}
	}
	options := flow.Options(d, st.Run, who)
	if len(options) == 0 {
		return
	}
	// Now and then something that is not offered, or by people to whom it is not.
	o := options[w.r.IntN(len(options))]
	for range 3 { // a life that ends at once shows little
		if ends(d, o) && w.r.IntN(4) > 0 {
			o = options[w.r.IntN(len(options))]
		}
	}
	if w.r.IntN(10) == 0 {
		o = flow.Option{Action: d.Actions[w.r.IntN(len(d.Actions))].Name}
	}
	done, err := w.Act(ctx, id, o.Action, w.in(o, st))
	switch {
	case err == nil && done.Version <= m.Version:
		w.t.Errorf("%s: version %d after %d", o.Action, done.Version, m.Version)
	case err != nil && errs.KindOf(err) == errs.Internal:
		w.t.Errorf("%s: %v", o.Action, err)
	}
}

// ends reports whether an option leads to an end.
func ends(d *flow.Definition, o flow.Option) bool {
	return o.Does == flow.Cancel || slices.ContainsFunc(o.To, func(name string) bool { state, _ := d.State(name); return state.End })
}

// look is a matter as it stands.
func (h *house) look(id int64) (Matter, standing, *flow.Definition) {
	h.t.Helper()
	m, st, d, err := h.seek(id)
	if err != nil {
		h.t.Fatal(err)
	}
	return m, st, d
}

// seek is look for a matter that may be gone.
func (h *house) seek(id int64) (m Matter, st standing, d *flow.Definition, err error) {
	if m, err = load(h.t.Context(), h.DB, id, ""); err != nil {
		return m, st, nil, err
	}
	b, err := h.box(&m)
	if err != nil {
		return m, st, nil, err
	}
	if st, err = stand(h.t.Context(), h.DB, &m, b, ""); err != nil {
		return m, st, nil, err
	}
	d, err = h.definition(h.t.Context(), h.DB, m.FlowID)
	return m, st, d, err
}

// in says something fitting with an option.
func (w wild) in(o flow.Option, st standing) In {
	in := In{Branch: o.Branch, Clock: o.Clock, Reason: "有事 13812345678", Evidence: []string{"file:1"}, Values: map[string]any{}}
	for _, f := range o.Fields {
		in.Values[f] = "值" + strconv.Itoa(w.r.IntN(9))
	}
	if len(o.Reasons) > 0 {
		in.Reason = o.Reasons[0]
	}
	if len(o.Steps) > 0 {
		in.State, in.Direct = o.Steps[w.r.IntN(len(o.Steps))], w.r.IntN(2) == 0
	}
	if len(o.Clocks) > 0 {
		in.Clock = o.Clocks[0]
	}
	if st.Run.Signing != nil && len(st.Run.Signing.Slots) > 0 {
		in.Slot = st.Run.Signing.Slots[0].ID
	}
	in.Items, in.Amount, in.Watch = []string{"身份证复印件"}, 1, []int64{w.somebody()}
	for _, ask := range o.Asks {
		switch ask {
		case flow.AskStaff:
			in.Staff = w.somebody()
		case flow.AskUnit, flow.AskAny:
			in.Unit = int64(2 + w.r.IntN(2))
		case flow.AskUnits:
			in.Units = []int64{int64(2 + w.r.IntN(3))}
		case flow.AskSigners:
			in.Signers = []int64{w.somebody()}
		}
	}
	if o.Does == flow.Suspend && w.r.IntN(2) == 0 {
		in.Until = w.civil.Now().Add(20 * time.Hour).UnixMilli()
	}
	return in
}

// settle sweeps until nothing is due.
func (h *house) settle() {
	h.t.Helper()
	for {
		n, err := h.Sweep(h.t.Context(), h.civil.Now())
		if err != nil {
			h.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// invariants looks for what must never be, in the events themselves.
func (h *house) invariants(id int64) {
	h.t.Helper()
	m, st, d := h.look(id)
	b, err := h.box(&m)
	if err != nil {
		h.t.Fatal(err)
	}
	list, err := events(h.t.Context(), h.DB, &m, b)
	if err != nil {
		h.t.Fatal(err)
	}
	var run flow.Run
	ran := map[string]int64{}
	for _, e := range list {
		for _, x := range e.record.Events {
			state, _ := d.State(run.State)
			if x.Kind == flow.EventDid && state.Review && (x.Verdict != "" || x.Does == flow.Agree) && slices.Contains(run.Authors, x.By) {
				h.t.Errorf("matter %d: %s decided on their own work: %+v", id, x.By, x)
			}
			if x.At < run.At {
				h.t.Errorf("matter %d: event %d before the one before it", id, e.ID)
			}
			if run, err = flow.Apply(d, run, x); err != nil {
				h.t.Fatal(err)
			}
		}
		for _, c := range e.record.Clocks {
			if c.Started < ran[c.Clock] {
				h.t.Errorf("matter %d: clock %s went back", id, c.Clock)
			}
			ran[c.Clock] = c.Started
		}
	}
	made, errA := encode(run)
	kept, errB := encode(st.Run)
	if errA != nil || errB != nil || made != kept {
		h.t.Errorf("matter %d: the events give\n%s, kept is\n%s", id, made, kept)
	}
	if st.Run.Ended != 0 && len(st.Deadlines) > 0 {
		h.t.Errorf("matter %d is over and still waits for %+v", id, st.Deadlines)
	}
}
