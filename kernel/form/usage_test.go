package form

import (
	"context"
	"testing"

	"weizheng/platform/errs"
)

// A form that something else speaks of cannot go away behind its back: neither whole nor a question of it.
func TestWhatIsUsedStays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		sheet, ctx := h.live("aid", aid()), h.clerk()
		uses := []Use{{Kind: "flow", Title: "流程“救助”", Needs: true, Fields: []string{"name", "why"}}, {Kind: "matter", Title: "2 件在办的事项"}}
		h.Users = []Users{func(_ context.Context, s Sheet) ([]Use, error) {
			if s.Key != "aid" {
				return nil, nil
			}
			return uses, nil
		}}
		if _, err := h.Retire(ctx, sheet.ID, sheet.Version); errs.As(err).Key() != "form.needed" || errs.As(err).Params()["use"] != "流程“救助”" {
			t.Errorf("retired although a flow needs it: %v", err)
		}
		if err := h.Remove(ctx, sheet.ID, sheet.Version); errs.As(err).Key() != "form.used" {
			t.Errorf("removed although it is used: %v", err)
		}
		next := aid()
		next.Fields[2].Name = "reason"
		next.Title = "临时救助申请"
		saved, err := h.Save(ctx, sheet.ID, sheet.Version, 0, next)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Publish(ctx, saved.ID, saved.Version); keys(errs.As(err).Fields()) != "fields form.field_needed" {
			t.Errorf("published without a question that a flow needs: %v", err)
		}
		if now, err := h.Get(ctx, sheet.ID); err != nil || now.Live != 1 {
			t.Errorf("after refusals: %+v, %v", now, err)
		}
		uses = uses[1:] // the flow is out of use: what runs keeps its own version
		if saved, err = h.Publish(ctx, saved.ID, saved.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Retire(ctx, saved.ID, saved.Version); err != nil {
			t.Errorf("what runs must not keep a form in use: %v", err)
		}
	})
}
