package app

import (
	"context"
	"slices"

	"weizheng/kernel/flow"
	"weizheng/kernel/flow/flowweb"
	"weizheng/kernel/form"
	"weizheng/kernel/matter"
	"weizheng/kernel/org"
	"weizheng/kernel/setting"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

// flowKnown is what a definition may name: what the parts offer, and the fields of the form with that key.
func (h *House) flowKnown(ctx context.Context, key string) (flow.Known, error) {
	known := flow.Known{
		Guards:      set(h.Lists.Guards(), func(g part.Guard) string { return g.Name }),
		Effects:     set(h.Lists.Effects(), func(e part.Effect) string { return e.Name }),
		Permissions: set(h.Lists.Permissions(), func(p part.Permission) string { return p.Key }),
		Texts:       set(flow.NoticeTexts(), func(key string) string { return key }),
		Flows:       map[string]bool{},
		Forms:       map[string]bool{},
	}
	flows, err := h.Flows.Keys(ctx)
	if err != nil {
		return known, err
	}
	for _, k := range flows {
		known.Flows[k] = true
	}
	if key == "" {
		return known, nil // the module that the flow is for brings its fields
	}
	sheet, err := h.Forms.ByKey(ctx, key)
	if errs.Is(err, errs.NotFound) || err == nil && sheet.Live == 0 {
		return known, nil
	}
	if err != nil {
		return known, err
	}
	live, err := h.Forms.Edition(ctx, sheet, 0)
	if err != nil {
		return known, err
	}
	known.Forms[key] = true
	known.Fields = set(flowFields(live.Form), func(f flowweb.FormField) string { return f.Name })
	return known, nil
}

func set[T any](list []T, name func(T) string) map[string]bool {
	names := map[string]bool{}
	for _, x := range list {
		names[name(x)] = true
	}
	return names
}

// flowFields are the fields of a form that ask for something; those of a repeating group belong to the group.
func flowFields(f form.Form) []flowweb.FormField {
	fields := []flowweb.FormField{}
	for _, field := range f.Fields {
		if field.Asks() {
			fields = append(fields, flowweb.FormField{Word: flowweb.Word{Name: field.Name, Text: field.Label}, Required: field.Required && field.Show == nil})
		}
	}
	return fields
}

// mostForms bounds the editor's menu of forms.
const mostForms = 200

// flowForms lists the live forms within reach for the flow editor.
func (h *House) flowForms(ctx context.Context, reach access.Reach) ([]flowweb.Form, error) {
	sheets, err := h.Forms.List(ctx, reach, 0, mostForms)
	if err != nil {
		return nil, err
	}
	forms := []flowweb.Form{}
	for _, s := range sheets {
		if s.Live == 0 {
			continue
		}
		live, err := h.Forms.Edition(ctx, s, 0)
		if err != nil {
			return nil, err
		}
		forms = append(forms, flowweb.Form{Key: s.Key, Title: live.Form.Title, Fields: flowFields(live.Form)})
	}
	return forms, nil
}

// sayKey says a message key with its parameters; the texts are gathered when all parts are built.
func (h *House) sayKey(key string, params map[string]any) string { return h.texts.Say(key, params) }

// flowReviews runs the reviews of flows as matters: flow stands before them.
type flowReviews struct{ h *House }

func (r flowReviews) Wanted(ctx context.Context, unit string) bool {
	return r.h.Settings.Bool(ctx, flowweb.Review, setting.At{Unit: unit})
}

// fewPublishers is enough to find somebody other than one.
const fewPublishers = 2

func (r flowReviews) Another(ctx context.Context, unit string, staff int64) (bool, error) {
	if unit == "" {
		unit = access.From(ctx).Unit // of the whole house: whoever may where the actor works
	}
	list, err := r.h.Org.Holders(ctx, org.HolderFilter{Permission: flowweb.Publish, Reads: matter.Read, Unit: unit, Limit: fewPublishers})
	return slices.ContainsFunc(list, func(x org.Holder) bool { return x.Staff != staff }), err
}

func (r flowReviews) Open(ctx context.Context, tx *db.Tx, unit, id int64, title string) (int64, error) {
	opened, err := r.h.Matters.OpenIn(ctx, tx, matter.OpenIn{Flow: flow.ReviewKey, Unit: unit, Title: title, Subject: matter.Ref{Kind: "flow", ID: id}})
	if err != nil {
		return 0, err
	}
	_, err = r.h.Matters.ActIn(ctx, tx, opened.Matter, "submit", matter.In{})
	return opened.Matter, err
}
