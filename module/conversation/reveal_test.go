package conversation

import (
	"fmt"
	"strings"
	"testing"

	"weizheng/platform/errs"
)

func TestRevealOneValueWithAReason(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says("p1", "我的身份证 11010519491231002X，电话13812345678", false)
		w.says("p2", "没有号码", false)
		list, err := w.List(t.Context(), everywhere, Filter{Limit: 10})
		if err != nil || len(list) != 2 {
			t.Fatalf("%d conversations, %v", len(list), err)
		}
		one, other := list[1], list[0]
		if one.Person != "p1" {
			one, other = other, one
		}
		lines, err := w.Lines(t.Context(), one.ID, 0, 10)
		if err != nil || len(lines) != 1 || strings.Contains(lines[0].Text, "1101") {
			t.Fatalf("lines %+v, %v", lines, err)
		}
		line := lines[0].ID
		ctx := w.as(7)

		value, err := w.Reveal(ctx, one.ID, Ask{Line: line, Reference: "⟦身份证1⟧", Reason: " 核对参保人，他说电话是 13812345678 "})
		if err != nil || value != "11010519491231002X" {
			t.Fatalf("revealed %q, %v", value, err)
		}
		if value, err := w.Reveal(ctx, one.ID, Ask{Line: line, Reference: "电话1", Reason: "回电"}); err != nil || value != "13812345678" {
			t.Errorf("without brackets: %q, %v", value, err)
		}
		if len(w.audit.seen) != 2 {
			t.Fatalf("%d audit rows, want one for each look", len(w.audit.seen))
		}
		e := w.audit.seen[0]
		if e.Verb != "reveal" || e.Object != "conversation" || e.ID != one.ID || e.Account != 1 || e.Unit != "/1/" ||
			e.Detail["line"] != line || e.Detail["reference"] != "身份证1" || e.Detail["reason"] != "核对参保人，他说电话是 ⟦电话1⟧" {
			t.Errorf("audit row %+v", e)
		}
		if all := fmt.Sprint(w.audit.seen); strings.Contains(all, "11010519491231002X") || strings.Contains(all, "13812345678") {
			t.Error("the audit holds a value")
		}

		for _, row := range []struct {
			label string
			id    int64
			ask   Ask
			kind  errs.Kind
			key   string
		}{
			{"no reason", one.ID, Ask{line, "身份证1", " "}, errs.Invalid, "invalid"},
			{"one character", one.ID, Ask{line, "身份证1", "查"}, errs.Invalid, "invalid"},
			{"a reason too long", one.ID, Ask{line, "身份证1", strings.Repeat("查", 201)}, errs.Invalid, "invalid"},
			{"no reference", one.ID, Ask{line, "", "核对"}, errs.Invalid, "invalid"},
			{"a reference that is not there", one.ID, Ask{line, "身份证2", "核对"}, errs.NotFound, "conversation.no_reference"},
			{"another's conversation", other.ID, Ask{line, "身份证1", "核对"}, errs.NotFound, "conversation.no_line"},
			{"no such line", one.ID, Ask{line + 100, "身份证1", "核对"}, errs.NotFound, "conversation.no_line"},
			{"no such conversation", one.ID + 100, Ask{line, "身份证1", "核对"}, errs.NotFound, "not_found"},
		} {
			value, err := w.Reveal(ctx, row.id, row.ask)
			if value != "" || !errs.Is(err, row.kind) || row.key != "not_found" && errs.As(err).Key() != row.key {
				t.Errorf("%s: %q, %v", row.label, value, err)
			}
		}
		if len(w.audit.seen) != 2 {
			t.Error("a refused look was audited as one")
		}
	})
}

func TestALineWithoutHiddenValuesRevealsNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says("p1", "我写的是⟦身份证1⟧", false)
		c := w.only()
		lines, err := w.Lines(t.Context(), c.ID, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Reveal(w.as(7), c.ID, Ask{Line: lines[0].ID, Reference: "身份证1", Reason: "核对"})
		if errs.As(err).Key() != "conversation.no_reference" {
			t.Errorf("a reference that the citizen typed: %v", err)
		}
	})
}
