package flow_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"weizheng/kernel/flow"
)

func TestParseIsStrict(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		label, text, key string
		line             int
		path             string
	}{
		{"a key that nobody knows", "key: x\ntitel: y\n", "flow.yaml.unknown_key", 2, "titel"},
		{"one deep inside", "states:\n  - name: a\n    actz: [opener]\n", "flow.yaml.unknown_key", 3, "states.a.actz"},
		{"a key twice", "key: a\nkey: b\n", "flow.yaml.twice", 2, "key"},
		{"a list where a word belongs", "title: [a]\n", "flow.yaml.sort.word", 1, "title"},
		{"a number where a word belongs", "title: 12\n", "flow.yaml.sort.word", 1, "title"},
		{"a word where a number belongs", "clocks:\n  - name: c\n    rule: {amount: five}\n", "flow.yaml.sort.number", 3, "clocks.c.rule.amount"},
		{"a word where a list belongs", "states: none\n", "flow.yaml.sort.list", 1, "states"},
		{"a truth value in words", "separate: ja\n", "flow.yaml.sort.bool", 1, "separate"},
		{"an alias", "title: &a x\nkind: *a\n", "flow.yaml.alias", 1, "title"},
		{"a merge", "roles:\n  - <<: {name: x}\n", "flow.yaml.alias", 2, "roles.0"},
		{"two documents", "key: a\n---\nkey: b\n", "flow.yaml.one_document", 2, ""},
		{"no YAML", "key: [a\n", "flow.yaml.broken", 1, ""},
		{"nothing", "", "flow.yaml.empty", 0, ""},
		{"a comment only", "# nothing\n", "flow.yaml.empty", 0, ""},
		{"a list at the top", "- a\n", "flow.yaml.sort.map", 1, ""},
		{"too much", "key: " + strings.Repeat("a", 300<<10), "flow.yaml.too_long", 0, ""},
	} {
		d, problems := flow.Parse([]byte(c.text))
		if d != nil || len(problems) == 0 {
			t.Errorf("%s: was read", c.label)
			continue
		}
		p := problems[0]
		if p.Key != c.key || p.Path != c.path || c.line > 0 && p.Line != c.line {
			t.Errorf("%s: %+v", c.label, p)
		}
	}
}

// TestValidateFindsEachFault changes a sound definition in one place at a time.
func TestValidateFindsEachFault(t *testing.T) {
	t.Parallel()
	known := flow.Known{
		Guards: map[string]bool{"g": true}, Effects: map[string]bool{"ticket.reply": true}, Fields: nil,
		Permissions: map[string]bool{"ticket.register": true, "ticket.dispatch": true, "ticket.handle": true, "ticket.review": true, "ticket.sign": true, "ticket.supervise": true},
	}
	action := func(d *flow.Definition, name string) *flow.Action {
		return &d.Actions[slices.IndexFunc(d.Actions, func(a flow.Action) bool { return a.Name == name })]
	}
	state := func(d *flow.Definition, name string) *flow.State {
		return &d.States[slices.IndexFunc(d.States, func(s flow.State) bool { return s.Name == name })]
	}
	clock := func(d *flow.Definition, name string) *flow.ClockDef {
		return &d.Clocks[slices.IndexFunc(d.Clocks, func(c flow.ClockDef) bool { return c.Name == name })]
	}
	for _, c := range []struct {
		label, path, key string
		change           func(d *flow.Definition)
	}{
		{"an unreachable state", "states.island", "flow.check.unreachable", func(d *flow.Definition) {
			d.States = append(d.States, flow.State{Name: "island", Title: "孤岛", Acts: []flow.Selector{flow.ByOpener}})
			d.Actions = append(d.Actions, flow.Action{Name: "leave", Title: "离开", From: []string{"island"}, To: "done"})
		}},
		{"a state without a way out", "states.trap", "flow.check.no_way_out", func(d *flow.Definition) {
			d.States = append(d.States, flow.State{Name: "trap", Title: "陷阱", Acts: []flow.Selector{flow.ByOpener}})
			action(d, "accept").To = "trap"
		}},
		{"a clock that runs on at an end", "clocks.handle.stops", "flow.check.clock_runs_on", func(d *flow.Definition) {
			clock(d, "handle").Stops = []flow.Trigger{flow.OnEnter("done")}
		}},
		{"a clock that never starts", "clocks.handle.starts", "flow.check.clock_never", func(d *flow.Definition) { clock(d, "handle").Starts = nil }},
		{"a clock that is started by accident", "clocks.sign_in.starts", "flow.check.clock_twice", func(d *flow.Definition) { clock(d, "sign_in").Again = false }},
		{"review by the author", "actions.approve.by", "flow.check.own_work", func(d *flow.Definition) {
			action(d, "approve").By = []flow.Selector{flow.ByOpener, flow.BySender}
		}},
		{"a verdict outside review", "actions.accept.verdict", "flow.check.verdict_review", func(d *flow.Definition) { action(d, "accept").Verdict = flow.Approve }},
		{"approval by silence", "clocks.accept.due.late.fiction.to", "flow.check.fiction_decides", func(d *flow.Definition) {
			k := clock(d, "accept")
			k.Basis, k.Source = flow.Legal, "某法"
			k.Due[0].Fiction = &flow.Fiction{Title: "视为同意", Source: "某法", From: "registered", To: "done"}
		}},
		{"silence into what a verdict leads to", "clocks.accept.due.late.fiction.to", "flow.check.fiction_decides", func(d *flow.Definition) {
			k := clock(d, "accept")
			k.Basis, k.Source = flow.Legal, "某法"
			k.Due[0].Fiction = &flow.Fiction{Title: "视为同意", Source: "某法", From: "registered", To: "replying"}
		}},
		{"a fiction without its law", "clocks.accept.due.late.fiction.source", "flow.check.fiction_source", func(d *flow.Definition) {
			clock(d, "accept").Due[0].Fiction = &flow.Fiction{Title: "视为受理", From: "registered", To: "accepted"}
		}},
		{"an endless loop without a person", "states.registered", "flow.check.loop_without_person", func(d *flow.Definition) {
			k := clock(d, "accept")
			k.Basis, k.Source = flow.Legal, "某法"
			k.Due = []flow.DueDef{
				{Name: "a", Fiction: &flow.Fiction{Title: "视为受理", Source: "某法", From: "registered", To: "accepted"}},
				{Name: "b", Fiction: &flow.Fiction{Title: "视为退回", Source: "某法", From: "accepted", To: "registered"}},
			}
		}},
		{"a legal clock without source", "clocks.handle.source", "flow.check.no_source", func(d *flow.Definition) { clock(d, "handle").Basis = flow.Legal }},
		{"a rule that cannot be", "clocks.handle.rule.kind", "worktime.kind", func(d *flow.Definition) { clock(d, "handle").Rule.Kind = "lunar" }},
		{"an unknown guard", "actions.accept.guards", "flow.check.unknown_guard", func(d *flow.Definition) {
			action(d, "accept").Guards = []flow.Call{{Name: "moon.full"}}
		}},
		{"an unknown effect", "actions.reply.effects", "flow.check.unknown_effect", func(d *flow.Definition) { action(d, "reply").Effects[0].Name = "nothing" }},
		{"an unknown permission", "roles.chief.permission", "flow.check.unknown_permission", func(d *flow.Definition) {
			d.Roles[slices.IndexFunc(d.Roles, func(r flow.Role) bool { return r.Name == "chief" })].Permission = "moon.walk"
		}},
		{"an unknown role", "states.reviewing.acts", "flow.check.unknown_role", func(d *flow.Definition) { state(d, "reviewing").Acts = []flow.Selector{"role:king"} }},
		{"an unknown selector", "states.reviewing.acts", "flow.check.unknown_selector", func(d *flow.Definition) { state(d, "reviewing").Acts = []flow.Selector{"everybody"} }},
		{"an unknown notice", "actions.accept.notices", "flow.check.unknown_notice", func(d *flow.Definition) { action(d, "accept").Notices = []string{"x"} }},
		{"a step that nobody acts in", "states.accepted.acts", "flow.check.nobody", func(d *flow.Definition) { state(d, "accepted").Acts = nil }},
		{"a suspension without end", "actions.suspend", "flow.check.never_resumes", func(d *flow.Definition) { action(d, "resume").From = []string{"accepted"} }},
		{"correction that cannot be supplied", "actions.ask", "flow.check.never_supplied", func(d *flow.Definition) { action(d, "supply").Does = flow.Go; action(d, "supply").To = "registered" }},
		{"extension that nobody grants", "actions.extend", "flow.check.never_granted", func(d *flow.Definition) { action(d, "grant").Does = flow.Note }},
		{"mended work that cannot come back", "actions.back", "flow.check.never_mended", func(d *flow.Definition) { action(d, "mended").From = []string{"handling"} }},
		{"signing outside review", "states.signing.signing", "flow.check.signing_review", func(d *flow.Definition) { state(d, "signing").Review = false }},
		{"a condition without default", "actions.accept.to", "flow.check.no_default", func(d *flow.Definition) {
			a := action(d, "accept")
			a.Ways, a.To = []flow.Way{{When: flow.Call{Name: "g"}, To: "accepted"}}, ""
		}},
		{"an end that goes on", "actions.accept.from", "flow.check.from_end", func(d *flow.Definition) { action(d, "accept").From = []string{"registered", "done"} }},
		{"cancelling into success", "actions.cancel.to", "flow.check.cancel_to", func(d *flow.Definition) { action(d, "cancel").To = "done" }},
		{"a text that is missing", "states.handling.title", "flow.check.title", func(d *flow.Definition) { state(d, "handling").Title = "" }},
		{"a name twice", "states.done", "flow.check.twice", func(d *flow.Definition) { d.States = append(d.States, *state(d, "done")) }},
		{"a deadline that does nothing", "clocks.handle.due.late", "flow.check.due_nothing", func(d *flow.Definition) { clock(d, "handle").Due[1] = flow.DueDef{Name: "late"} }},
		{"a holder whom nobody can be", "states.replying.acts", "flow.check.no_holder", func(d *flow.Definition) { action(d, "accept").To = "replying" }},
		{"too many states", "states", "flow.check.too_many", func(d *flow.Definition) {
			for range 101 {
				d.States = append(d.States, *state(d, "done"))
			}
		}},
	} {
		d := shipped(t, "ticket-basic")
		c.change(d)
		problems := flow.Validate(d, known)
		if !slices.ContainsFunc(problems, func(p flow.Problem) bool { return p.Path == c.path && p.Key == c.key }) {
			t.Errorf("%s: %s %s is not among %+v", c.label, c.path, c.key, problems)
		}
	}
	if problems := flow.Validate(shipped(t, "ticket-basic"), known); len(problems) > 0 {
		t.Errorf("unchanged: %+v", problems)
	}
}

// TestTheDescriptionNamesEveryVerb holds the API's choice of verbs against the list.
func TestTheDescriptionNamesEveryVerb(t *testing.T) {
	t.Parallel()
	field, _ := reflect.TypeFor[flow.Action]().FieldByName("Does")
	var want []string
	for _, v := range flow.Verbs() {
		want = append(want, string(v))
	}
	if got := field.Tag.Get("enum"); got != strings.Join(want, ",") {
		t.Fatalf("%s\nwant %s", got, strings.Join(want, ","))
	}
}

// FuzzParse: any text gives a definition or problems; a definition can be judged, written and read again.
func FuzzParse(f *testing.F) {
	list, err := flow.Shipped()
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range list {
		f.Add(s.Text)
	}
	f.Add([]byte(smallest))
	f.Add([]byte("states: [{name: a, end: true}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, problems := flow.Parse(text)
		if (d == nil) != (len(problems) > 0) {
			t.Fatalf("definition %v with problems %+v", d, problems)
		}
		if d == nil {
			return
		}
		found := flow.Validate(d, flow.Known{})
		out, err := flow.Format(d)
		if err != nil {
			t.Fatal(err)
		}
		again, problems := flow.Parse(out)
		if len(problems) > 0 {
			t.Fatalf("%s\ndoes not parse: %+v", out, problems)
		}
		if len(flow.Validate(again, flow.Known{})) != len(found) {
			t.Fatal("written and read again it is judged otherwise")
		}
		events, err := flow.Start(d, flow.Opening{At: 1, By: flow.Person{Who: flow.Staff(1)}, Unit: 1})
		if err == nil {
			if _, err := flow.Replay(d, events); err != nil {
				t.Fatal(err)
			}
		}
	})
}
