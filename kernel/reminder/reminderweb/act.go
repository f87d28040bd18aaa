package reminderweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"weizheng/kernel/flow"
	"weizheng/kernel/matter"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
)

// easy reports whether an action can be done with a thumb: it asks for a word and a step at most.
func easy(o flow.Option) bool {
	if len(o.Fields) > 0 {
		return false
	}
	for _, ask := range o.Asks {
		if ask != flow.AskReason && ask != flow.AskState {
			return false
		}
	}
	return true
}

// actIn is what is said with an action.
type actIn struct {
	Reason  string `form:"reason"`
	Step    string `form:"step"`
	Version int64  `form:"version"`
}

// showAct asks before an action is done: what it does to what, a word, a step.
func (p phone) showAct(w http.ResponseWriter, r *http.Request, status int, form web.Filled[actIn]) {
	ctx := r.Context()
	id, err := matterID(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	seen, err := p.Matters.View(ctx, id)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	back := "/s/matter/" + strconv.FormatInt(id, 10)
	state, _ := seen.Flow.State(seen.State)
	o, may := option(seen, r)
	if !may {
		p.told.RenderStatus(w, r, http.StatusConflict, head("这一步已经不能办了", "", back), look.Done{
			Text:    "它现在是“" + state.Title + "”，可能有人刚刚办过。您的操作没有生效。",
			Actions: []look.Action{{Text: "看看现在的情况", URL: back, Primary: true}},
		})
		return
	}
	drawn := p.fields(ctx, seen, o).Fill(form.Token, form.Values, form.Faults, form.Top)
	setHidden(&drawn, "version", strconv.FormatInt(seen.Version, 10)) // a form that came back is about what is shown now
	page := formPage{Form: drawn}
	if slices.Contains(form.Top, p.Say("matter.changed", nil)) {
		page.Notice = p.changed(ctx, id)
	}
	p.form.RenderStatus(w, r, status, head(o.Title, seen.Flow.Title+"“"+seen.Title+"”，现在是“"+state.Title+"”。", back), page)
}

// option is the action of the address, if the reader may do it now.
func option(seen matter.Seen, r *http.Request) (flow.Option, bool) {
	branch, err := strconv.Atoi(r.URL.Query().Get("branch"))
	if err != nil {
		branch = 0
	}
	for _, o := range seen.Options {
		if o.Action == r.PathValue("action") && o.Branch == branch && easy(o) {
			return o, true
		}
	}
	return flow.Option{}, false
}

func (p phone) fields(_ context.Context, seen matter.Seen, o flow.Option) look.Form {
	f := look.Form{Submit: o.Title, Fields: []look.Field{{Name: "version", Kind: look.KindHidden}}}
	if slices.Contains(o.Asks, flow.AskState) {
		step := look.Field{Name: "step", Kind: look.KindRadio, Label: "退到哪一步", Required: true}
		for _, name := range o.Steps {
			state, _ := seen.Flow.State(name)
			step.Options = append(step.Options, look.Option{Value: name, Text: state.Title})
		}
		if len(o.Steps) == 1 {
			step.Value = o.Steps[0]
		}
		f.Fields = append(f.Fields, step)
	}
	must := slices.Contains(o.Asks, flow.AskReason) || o.Does == flow.Note
	if len(o.Reasons) > 0 {
		reason := look.Field{Name: "reason", Kind: look.KindRadio, Label: "理由", Required: true}
		for _, one := range o.Reasons {
			reason.Options = append(reason.Options, look.Option{Value: one, Text: one})
		}
		f.Fields = append(f.Fields, reason)
	} else {
		f.Fields = append(f.Fields, look.Field{Name: "reason", Kind: look.KindArea, Label: "说明", Required: must, Max: 500, Rows: 3})
	}
	if len(o.To) == 1 {
		if to, ok := seen.Flow.State(o.To[0]); ok {
			f.Promise = "办理后是“" + to.Title + "”。"
		}
	}
	return f
}

func setHidden(f *look.Form, name, value string) {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			f.Fields[i].Value = value
		}
	}
}

// changed says who did what meanwhile.
func (p phone) changed(ctx context.Context, id int64) *look.Notice {
	s, err := p.said(ctx, id)
	if err != nil || len(s.Items) == 0 {
		return nil
	}
	last := s.Items[0]
	return &look.Notice{Kind: "warn", Title: "刚刚有人办过", Text: last.Unit + "：" + last.Title + "（" + last.When + "）。请看过再决定，您写的还在。"}
}

// act does it, once for each form that was drawn, and leads back to the matter.
func (p phone) act(r *http.Request, in *actIn) (string, error) {
	ctx := r.Context()
	id, err := matterID(r)
	if err != nil {
		return "", err
	}
	seen, err := p.Matters.View(ctx, id)
	if err != nil {
		return "", err
	}
	if in.Version != seen.Version {
		return "", errs.New(errs.Conflict, "matter.changed")
	}
	o, may := option(seen, r)
	if !may {
		return "", errs.New(errs.Conflict, "reminder.not_now")
	}
	if o.Does == flow.Note && in.Reason == "" {
		return "", errs.InvalidFields([]errs.Field{{Field: "reason", Key: "matter.required"}})
	}
	_, err = p.Matters.Act(ctx, id, o.Action, matter.In{
		Version: in.Version, Key: "phone:" + r.PostForm.Get("_token"), Reason: in.Reason, State: in.Step, Branch: o.Branch, Clock: o.Clock,
	})
	if err != nil {
		return "", err
	}
	return "/s/matter/" + strconv.FormatInt(id, 10) + "?done=" + o.Action, nil
}
