package matterweb

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/kernel/flow"
	"weizheng/kernel/matter"
	"weizheng/platform/access"
)

// A matter from the desk to the bureau and back, as the console sees it.
func TestALife(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		a, b, hand := h.desk(deskA), h.desk(deskB), h.desk(handA)
		var kinds beginningsOut
		a.ask(200, "GET", "matter-flows", nil, &kinds)
		if len(kinds.Items) != 1 || kinds.Items[0].Title != "跑腿" {
			t.Fatalf("what may be registered: %+v", kinds)
		}
		var first, again matter.Opened
		in := body{"flow": "errand", "title": " 修路灯 ", "key": "k"}
		a.ask(200, "POST", "matters", in, &first)
		a.ask(200, "POST", "matters", in, &again)
		if first.Matter != again.Matter || !again.Again || first.Number == "" {
			t.Fatalf("%+v, %+v", first, again)
		}
		for _, wrong := range []body{{"flow": "nonsense", "title": "x", "key": "1"}, {"flow": "errand", "title": " ", "key": "2"}} {
			a.ask(422, "POST", "matters", wrong, nil)
		}
		id := first.Matter

		var d detailOut
		b.ask(200, "GET", one(id, ""), nil, &d)
		if d.Matter.Title != "修路灯" || d.Matter.StateTitle != "收件" || d.Matter.Unit != "青云市" || d.Matter.Light != "green" || len(d.Clocks) != 1 || d.Clocks[0].Basis != "legal" {
			t.Fatalf("%+v", d)
		}
		if actions := names(d); !slices.Contains(actions, "take") || !slices.Contains(actions, "refuse") {
			t.Errorf("the desk may %v", actions)
		}
		var why explainOut
		b.ask(200, "GET", one(id, "/explanation?clock="+"accept%231"), nil, &why)
		if last := why.Steps[len(why.Steps)-1]; why.Kept || !strings.Contains(last, "2026年3月9日") || why.DueAt != d.Clocks[0].DueAt {
			t.Errorf("how it was counted: %+v", why)
		}
		b.ask(404, "GET", one(id, "/explanation?clock=none"), nil, nil)

		b.ask(200, "POST", one(id, "/actions/take"), body{"version": d.Matter.Version, "key": "t"}, nil)
		text := a.ask(409, "POST", one(id, "/actions/take"), body{"version": d.Matter.Version, "key": "u"}, nil)
		if !strings.Contains(text, "刚刚变了") {
			t.Errorf("a conflict says %s", text)
		}
		a.ask(403, "POST", one(id, "/actions/finish"), body{"version": 0, "key": ""}, nil)
		a.ask(404, "POST", one(id, "/actions/nonsense"), body{"version": 0, "key": ""}, nil)
		b.ask(200, "POST", one(id, "/assign"), body{"staff_id": handA, "reason": "请你去"}, nil)

		hand.ask(200, "GET", one(id, ""), nil, &d)
		if d.Matter.Assignee != "李经办" || d.Matter.Unit != "民政局" || len(d.Clocks) != 3 {
			t.Errorf("given: %+v", d.Matter)
		}
		hand.ask(422, "POST", one(id, "/actions/suspend"), body{"version": 0, "key": "", "reason": "等零件"}, nil)
		hand.ask(200, "POST", one(id, "/actions/suspend"), body{"version": 0, "key": "", "reason": "等零件", "evidence": []string{"采购单 3 号"}}, nil)
		hand.ask(200, "GET", one(id, ""), nil, &d)
		if d.Around.HeldBy != "李经办" || d.Run.Hold == nil || d.Run.Hold.Reason != "等零件" {
			t.Errorf("suspended: %+v %+v", d.Around, d.Run.Hold)
		}
		hand.ask(200, "POST", one(id, "/actions/resume"), body{"version": 0, "key": ""}, nil)
		hand.ask(200, "POST", one(id, "/actions/extend"), body{"version": 0, "key": "", "clock": "whole#1", "amount": 3, "reason": "零件没到"}, nil)
		b.ask(200, "GET", one(id, ""), nil, &d)
		if l := d.Around.Longer; l == nil || l.Clock != "法定期限" || l.Amount != 3 || l.By != "李经办" {
			t.Errorf("asked for longer: %+v", l)
		}
		b.ask(200, "POST", one(id, "/actions/grant"), body{"version": 0, "key": ""}, nil)
		hand.ask(200, "POST", one(id, "/actions/finish"), body{"version": 0, "key": ""}, nil)
		b.ask(200, "POST", one(id, "/actions/back"), body{"version": 0, "key": "", "state": "doing", "direct": true, "reason": "照片不清"}, nil)
		hand.ask(200, "GET", one(id, ""), nil, &d)
		if m := d.Around.Mend; m == nil || m.From != "核对" || m.By != "吴主任" || !m.Direct {
			t.Errorf("sent back: %+v", m)
		}
		hand.ask(200, "POST", one(id, "/actions/mended"), body{"version": 0, "key": ""}, nil)
		b.ask(200, "POST", one(id, "/actions/approve"), body{"version": 0, "key": "", "reason": "办好了"}, nil)

		var past historyOut
		a.ask(200, "GET", one(id, "/history"), nil, &past)
		var told []string
		for _, deed := range past.Items {
			told = append(told, deed.By+deed.Action)
		}
		want := []string{"周主任", "吴主任受理", "吴主任派给", "李经办暂停", "李经办恢复", "李经办延期", "吴主任同意延期", "李经办送核对", "吴主任退回", "李经办改好", "吴主任通过"}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Error(diff)
		}
		if past.Items[8].Reason != "照片不清" || !slices.Contains(past.Items[8].Lines, "从“核对”退回“办理”") {
			t.Errorf("%+v", past.Items[8])
		}
	})
}

func names(d detailOut) []string {
	out := []string{}
	for _, o := range d.Options {
		out = append(out, o.Action)
	}
	return out
}

// Who signs first stands first, though others were asked before.
func TestSignersStandInTheirOrder(t *testing.T) {
	t.Parallel()
	slots := []flow.Slot{{ID: 1}, {ID: 2, Waits: []int{1, 3}}, {ID: 3, Waits: []int{1}}, {ID: 4}}
	var ids []int
	for _, s := range inTurn(slots) {
		ids = append(ids, s.ID)
	}
	if !slices.Equal(ids, []int{1, 3, 2, 4}) {
		t.Error(ids)
	}
	if got := inTurn([]flow.Slot{{ID: 1, Waits: []int{2}}, {ID: 2, Waits: []int{1}}}); len(got) != 2 {
		t.Errorf("a ring: %v", got)
	}
}

// What waits, whose it is, and what the lists offer to narrow by.
func TestLists(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.errand("修路灯")
		id := h.given("修井盖", handA)
		h.desk(deskA).ask(204, "POST", one(id, "/watch"), nil, nil)
		for _, c := range []struct {
			label string
			who   int64
			path  string
			want  []string
		}{
			{"a role's", deskB, "tasks", []string{"修路灯"}},
			{"one's own", handA, "tasks?scope=mine", []string{"修井盖"}},
			{"others of the bureau", handB, "tasks", []string{}},
			{"of one kind", handA, "tasks?kind=errand&state=doing", []string{"修井盖"}},
			{"of another state", handA, "tasks?kind=errand&state=received", []string{}},
			{"late ones", handA, "tasks?light=red", []string{}},
			{"watched", deskA, "tasks?scope=watching", []string{"修井盖"}},
			{"done", deskB, "tasks?scope=done", []string{"修井盖"}},
			{"the city's", deskA, "matters?unit=1&order=opened", []string{"修井盖", "修路灯"}},
			{"the bureau's", deskA, "matters?unit=2", []string{"修井盖"}},
			{"all within reach", handA, "matters", []string{"修井盖"}},
			{"beyond reach", handC, "matters", []string{}},
			{"of somebody", deskA, "matters?unit=1&assignee=21", []string{"修井盖"}},
			{"in the pool", deskA, "matters?unit=1&held=pool", []string{"修路灯"}},
		} {
			var p pageOut
			h.desk(c.who).ask(200, "GET", c.path, nil, &p)
			if diff := cmp.Diff(c.want, titles(p)); diff != "" {
				t.Errorf("%s: %s", c.label, diff)
			}
		}
		var p pageOut
		h.desk(deskA).ask(200, "GET", "matters?unit=1&limit=1", nil, &p)
		next := p.Next
		h.desk(deskA).ask(200, "GET", "matters?unit=1&limit=1&cursor="+next, nil, &p)
		if len(p.Items) != 1 || p.Next != "" || next == "" {
			t.Errorf("the second page: %+v", p)
		}
		for _, wrong := range []string{"tasks?cursor=x", "tasks?scope=nonsense", "matters?light=blue", "tasks?limit=0"} {
			h.desk(deskA).ask(422, "GET", wrong, nil, nil)
		}
		var counts countsOut
		h.desk(deskB).ask(200, "GET", "tasks/counts", nil, &counts)
		if counts.Mine != 1 || counts.Pool != 1 || counts.Late != 0 {
			t.Errorf("%+v", counts)
		}
		h.civil.forward(30 * 24 * time.Hour)
		h.desk(handA).ask(200, "GET", "tasks/counts", nil, &counts)
		if counts.Mine != 1 || counts.Late != 1 {
			t.Errorf("a month later: %+v", counts)
		}
		var n countOut
		h.desk(deskA).ask(200, "GET", "matters/count?unit=1&held=open", nil, &n)
		if n.Count != 2 {
			t.Errorf("count %d", n.Count)
		}
		var choices choicesOut
		h.desk(handA).ask(200, "GET", "tasks/choices?scope=mine", nil, &choices)
		want := choicesOut{[]choiceView{{"errand", "跑腿", []wordView{{"doing", "办理"}}}}, []nameView{{handA, "李经办"}}}
		if diff := cmp.Diff(want, choices); diff != "" {
			t.Error(diff)
		}
		h.desk(handA).ask(200, "GET", "tasks/choices?scope=unit&unit=2&held=open", nil, &choices)
		if len(choices.Kinds) != 1 || len(choices.Assignees) != 3 {
			t.Errorf("the bureau's: %+v", choices)
		}
		h.desk(handC).ask(200, "GET", "tasks/choices?scope=unit", nil, &choices)
		if len(choices.Kinds) != 0 {
			t.Errorf("another bureau's: %+v", choices)
		}
	})
}

// Whoever holds nothing is refused on every route; whoever works elsewhere on every route of a matter that is not theirs.
func TestRefusedEverywhere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		id := h.given("修井盖", handA)
		before := h.events(id)
		holdsNothing, elsewhere := h.desk(nobody), []*desk{h.desk(handC), h.desk(street)}
		walked := 0
		for _, r := range h.part.Routes {
			path := strings.TrimPrefix(r.Path, "/console/api/")
			path = strings.NewReplacer("{matter}", one(id, "")[len("matters/"):], "{action}", "claim", "{deputy}", "1", "{change}", "1", "{flow}", "errand", "{file}", "x", "{code}", "x").Replace(path)
			if status, text := holdsNothing.try(r.Method, path, body{}); status != http.StatusForbidden {
				t.Errorf("who holds nothing: %s %s: %d %s", r.Method, path, status, text)
			}
			if !strings.Contains(r.Path, "/matters/{matter}") {
				continue
			}
			for _, d := range elsewhere {
				if status, text := d.try(r.Method, path, body{}); status != http.StatusForbidden && status != http.StatusNotFound {
					t.Errorf("elsewhere: %s %s: %d %s", r.Method, path, status, text)
				}
			}
			walked++
		}
		if walked < 8 {
			t.Errorf("only %d routes of a matter were walked", walked)
		}
		if after := h.events(id); after != before {
			t.Errorf("%d events, %d before", after, before)
		}
	})
}

func (h *house) events(id int64) int {
	h.t.Helper()
	list, err := h.m.History(access.With(h.t.Context(), actorOf(deskA)), id)
	h.must(err)
	return len(list)
}

// A sealed matter is there for its parties alone: others of the same desk hear that there is none, on every route.
func TestSealed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		opened, err := h.m.Open(access.With(t.Context(), actorOf(deskA)), matter.OpenIn{Flow: "errand", Unit: 1, Title: "举报某科长", Staff: deskA, Sealed: true})
		h.must(err)
		id := opened.Matter
		party, other := h.desk(deskA), h.desk(deskB)
		var d detailOut
		party.ask(200, "GET", one(id, ""), nil, &d)
		if !d.Matter.Sealed || d.Matter.Title != "举报某科长" {
			t.Errorf("for its party: %+v", d.Matter)
		}
		party.ask(200, "GET", one(id, "/history"), nil, nil)
		for _, r := range h.part.Routes {
			if !strings.Contains(r.Path, "/matters/{matter}") {
				continue
			}
			path := strings.NewReplacer("{matter}", one(id, "")[len("matters/"):], "{action}", "claim", "{file}", "x", "{code}", "x").Replace(strings.TrimPrefix(r.Path, "/console/api/"))
			if status, text := other.try(r.Method, path, body{}); status != http.StatusNotFound || strings.Contains(string(text), "科长") {
				t.Errorf("%s %s: %d %s", r.Method, path, status, text)
			}
		}
		for _, list := range []string{"tasks", "matters", "matters?unit=1", "tasks?scope=done"} {
			var p pageOut
			other.ask(200, "GET", list, nil, &p)
			if len(p.Items) != 0 {
				t.Errorf("%s shows it: %v", list, titles(p))
			}
		}
		var p pageOut
		party.ask(200, "GET", "tasks", nil, &p)
		if diff := cmp.Diff([]string{"举报某科长"}, titles(p)); diff != "" {
			t.Error(diff)
		}
	})
}

// What somebody was told leads to the matter, and counts until they have seen it.
func TestNotices(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.given("修井盖", handA)
		hand := h.desk(handA)
		h.civil.forward(20 * 24 * time.Hour)
		if _, err := h.m.Sweep(t.Context(), h.civil.Now()); err != nil {
			t.Fatal(err)
		}
		var list noticesOut
		hand.ask(200, "GET", "notices?limit=1", nil, &list)
		if len(list.Items) != 1 || list.Next == "" || list.Items[0].About != "修井盖" || list.Items[0].Number == "" || list.Items[0].ReadAt != 0 {
			t.Fatalf("%+v", list)
		}
		newest := list.Items[0].ID
		hand.ask(200, "GET", "notices?limit=100&cursor="+list.Next, nil, &list)
		if len(list.Items) == 0 || list.Items[0].ID >= newest {
			t.Errorf("the second page: %+v", list)
		}
		var counts countsOut
		hand.ask(200, "GET", "tasks/counts", nil, &counts)
		if counts.Unread != 2 {
			t.Errorf("unread %d", counts.Unread)
		}
		hand.ask(204, "POST", "notices/read", body{"up_to_id": newest}, nil)
		hand.ask(200, "GET", "tasks/counts", nil, &counts)
		if counts.Unread != 0 {
			t.Errorf("unread after reading: %d", counts.Unread)
		}
		h.desk(handC).ask(200, "GET", "notices", nil, &list)
		if len(list.Items) != 0 {
			t.Errorf("another was told: %+v", list)
		}
	})
}

// Somebody away is stood in for: the deputy finds what waits for them and acts in their name, until it is over.
func TestDeputies(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		id := h.given("修井盖", handA)
		away, deputy := h.desk(handA), h.desk(handB)
		now := h.civil.Now().UnixMilli()
		week := int64(7 * 24 * time.Hour / time.Millisecond)
		for _, wrong := range []body{
			{"deputy_id": handA, "from_at": now, "until_at": now + week}, {"deputy_id": 999, "from_at": now, "until_at": now + week},
			{"deputy_id": handB, "from_at": now, "until_at": now}, {"deputy_id": handB, "from_at": now, "until_at": now + 60*week},
		} {
			away.ask(422, "POST", "deputies", wrong, nil)
		}
		deputy.ask(403, "GET", "tasks?behalf=21", nil, nil)
		var d deputyView
		away.ask(200, "POST", "deputies", body{"deputy_id": handB, "from_at": now, "until_at": now + week}, &d)
		if d.Name != "王经办" || !d.Mine || !d.Now {
			t.Errorf("%+v", d)
		}
		var list deputiesOut
		deputy.ask(200, "GET", "deputies", nil, &list)
		if len(list.Items) != 1 || list.Items[0].Mine || list.Items[0].Staff != "李经办" || list.Items[0].Waiting != 1 {
			t.Errorf("for the deputy: %+v", list)
		}
		var p pageOut
		deputy.ask(200, "GET", "tasks?behalf=21", nil, &p)
		if diff := cmp.Diff([]string{"修井盖"}, titles(p)); diff != "" {
			t.Error(diff)
		}
		var seen detailOut
		deputy.ask(200, "GET", one(id, ""), nil, &seen)
		if len(seen.Behalf) != 1 || seen.Behalf[0].Name != "李经办" {
			t.Errorf("in whose name: %+v", seen.Behalf)
		}
		deputy.ask(403, "POST", one(id, "/actions/finish"), body{"version": 0, "key": ""}, nil)
		deputy.ask(200, "POST", one(id, "/actions/finish"), body{"version": 0, "key": "", "behalf": handA}, nil)
		var past historyOut
		away.ask(200, "GET", one(id, "/history"), nil, &past)
		if last := past.Items[len(past.Items)-1]; last.By != "王经办" || last.For != "李经办" {
			t.Errorf("%+v", last)
		}
		deputy.ask(404, "DELETE", "deputies/"+jsonOf(d.ID), nil, nil)
		away.ask(204, "DELETE", "deputies/"+jsonOf(d.ID), nil, nil)
		deputy.ask(403, "GET", "tasks?behalf=21", nil, nil)
		away.ask(200, "GET", "deputies", nil, &list)
		if len(list.Items) != 0 {
			t.Errorf("ended: %+v", list)
		}
	})
}

func jsonOf(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// A change of terms shows what it moves, and somebody else approves it.
func TestChanges(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		id := h.given("修井盖", handA)
		a, b := h.desk(deskA), h.desk(deskB)
		var clocks changeablesOut
		a.ask(200, "GET", "recomputes/clocks", nil, &clocks)
		if len(clocks.Items) != 3 || clocks.Items[1].Name != "法定期限" || clocks.Items[1].Rule.Amount != 20 {
			t.Fatalf("%+v", clocks)
		}
		longer := body{"flow": "errand", "clock": "whole", "rule": body{"kind": "working", "amount": 30}}
		var impact previewOut
		a.ask(200, "POST", "recomputes/preview", longer, &impact)
		if impact.Moved != 1 || len(impact.Sample) != 1 || impact.Sample[0].Title != "修井盖" || impact.Sample[0].Clock != "法定期限" || impact.Sample[0].ToAt <= impact.Sample[0].FromAt {
			t.Errorf("%+v", impact)
		}
		a.ask(422, "POST", "recomputes", longer, nil) // why?
		a.ask(422, "POST", "recomputes", body{"flow": "errand", "clock": "whole", "rule": body{"kind": "nonsense", "amount": 1}, "why": "x"}, nil)
		longer["why"] = "新条例"
		var asked recomputeOut
		a.ask(200, "POST", "recomputes", longer, &asked)
		change := "recomputes/" + jsonOf(asked.ID)
		if text := a.ask(403, "POST", change+"/approve", nil, nil); !strings.Contains(text, "另一位同事") {
			t.Error(text)
		}
		b.ask(200, "GET", change+"/effect", nil, &impact)
		if impact.Moved != 1 {
			t.Errorf("for who approves: %+v", impact)
		}
		b.ask(204, "POST", change+"/approve", nil, nil)
		b.ask(409, "POST", change+"/drop", nil, nil)
		b.ask(404, "POST", "recomputes/99/approve", nil, nil)
		var list recomputesOut
		a.ask(200, "GET", "recomputes", nil, &list)
		if r := list.Items[0]; r.State != "running" || !r.Own || r.By != "周主任" || r.Approver != "吴主任" || r.Title != "跑腿：法定期限" || r.Why != "新条例" {
			t.Errorf("%+v", r)
		}
		h.desk(handA).ask(403, "GET", "recomputes", nil, nil)
		if n := h.events(id); n != 3 {
			t.Errorf("%d events: it moved before the job ran", n)
		}
	})
}

// Contact and hidden numbers are for whoever may and says why.
func TestReveal(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		opened, err := h.m.Open(access.With(t.Context(), actorOf(deskA)), matter.OpenIn{Flow: "errand", Unit: 1, Title: "修路灯", Citizen: 501,
			Contact: matter.Contact{Name: "陈阿婆", Phone: "13800000000"}})
		h.must(err)
		path := one(opened.Matter, "/reveal")
		h.desk(deskA).ask(422, "POST", path, body{"reason": ""}, nil)
		var out revealOut
		h.desk(deskA).ask(200, "POST", path, body{"reason": "回电话问地点"}, &out)
		if out.Name != "陈阿婆" || out.Phone != "13800000000" {
			t.Errorf("%+v", out)
		}
		h.desk(handA).ask(403, "POST", path, body{"reason": "回电话问地点"}, nil)
	})
}

// Whom and where a matter can be given to.
func TestColleagues(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		var found colleaguesOut
		h.desk(handB).ask(200, "GET", "colleagues?q=经办", nil, &found)
		if len(found.Items) != 2 || !found.Items[0].Yours || found.Items[0].Unit != "民政局" {
			t.Errorf("%+v", found)
		}
		h.desk(handC).ask(200, "GET", "colleagues?unit=2", nil, &found)
		if len(found.Items) != 3 || found.Items[0].Yours {
			t.Errorf("of another bureau: %+v", found)
		}
		h.desk(handC).ask(404, "GET", "colleagues?unit=99", nil, nil)
		var places placesOut
		h.desk(handC).ask(200, "GET", "matter-units", nil, &places)
		if len(places.Items) != 4 {
			t.Errorf("%+v", places)
		}
		id := h.errand("修路灯")
		h.desk(deskB).ask(409, "POST", one(id, "/assign"), body{"staff_id": handA}, nil) // not before it was taken
	})
}
