package formweb

import (
	"context"
	"fmt"
	"net/http"

	"weizheng/kernel/account"
	"weizheng/kernel/form"
	"weizheng/part"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/db"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
)

// ownRoutes are the pages of forms that stand by themselves, and what all mounted forms share: files and places.
func (f *Faces) ownRoutes() []web.Route {
	const base = "/c/{account}"
	page := func(path string, scope web.Scope, h http.HandlerFunc) web.Route {
		return web.Raw(web.Citizen, http.MethodGet, base+path, web.Self, scope, h)
	}
	routes := []web.Route{
		page("/form/{key}/sent/{code}", f.sentScope, f.showSent),
		page("/form-file/{code}", f.fileScope, f.file),
		page("/form-area", nil, f.areas),
	}
	return append(routes, f.Routes(Mount{Path: base + "/form/{key}", Permission: web.Self, Scope: f.formScope, Begin: f.begin, Submit: f.submit})...)
}

// formScope lets every citizen open a form that the account's pages show.
func (f *Faces) formScope(_ context.Context, r *http.Request) (access.Object, error) {
	t, err := f.begin(r)
	return t.Sheet.Object(), err
}

// sentScope lets the sender see what was sent, fileScope the owner a file; for others there is no such thing.
func (f *Faces) sentScope(_ context.Context, r *http.Request) (access.Object, error) {
	x, _, err := f.sent(r)
	return x.Object(), err
}

func (f *Faces) fileScope(ctx context.Context, r *http.Request) (access.Object, error) {
	_, err := f.Forms.Own(ctx, form.Me(ctx), r.PathValue("code"))
	return access.Object{}, err
}

// account is the account of a page's address; one out of service has no pages.
func (f *Faces) account(r *http.Request) (account.Account, error) {
	a, err := f.Accounts.BySlug(r.Context(), r.PathValue("account"))
	if err == nil && a.Status != account.Active {
		err = errs.New(errs.NotFound, "not_found")
	}
	return a, err
}

// begin finds the live form of an address: of this account's pages only.
func (f *Faces) begin(r *http.Request) (Task, error) {
	a, err := f.account(r)
	if err != nil {
		return Task{}, err
	}
	sheet, err := f.Forms.ByKey(r.Context(), r.PathValue("key"))
	if err == nil && (sheet.Live == 0 || sheet.Account != a.ID) {
		err = errs.New(errs.NotFound, "form.none")
	}
	if err != nil {
		return Task{}, err
	}
	e, err := f.Forms.Edition(r.Context(), sheet, 0)
	if err != nil {
		return Task{}, err
	}
	owner, err := f.owner(r.Context(), sheet)
	return Task{Sheet: sheet, Form: e.Form, Head: web.Head{Title: e.Form.Title, Lead: e.Form.Lead, Owner: owner}}, err
}

// owner is the unit that answers for a form.
func (f *Faces) owner(ctx context.Context, sheet form.Sheet) (string, error) {
	names, err := f.Units.UnitNames(ctx, []int64{sheet.UnitID})
	return names[sheet.UnitID], err
}

func (f *Faces) submit(r *http.Request, t Task, token string, values form.Values) (string, error) {
	sent, err := f.Forms.Submit(r.Context(), form.Me(r.Context()), t.Form, form.SubmitIn{
		Sheet: t.Sheet, Account: t.Sheet.Account, Slot: t.Slot, Token: token, Values: values,
	})
	return fmt.Sprintf("/c/%s/form/%s/sent/%s", r.PathValue("account"), t.Sheet.Key, sent.Code), err
}

// showSent tells the sender that it has come.
func (f *Faces) showSent(w http.ResponseWriter, r *http.Request) {
	a, err := f.account(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	sent, edition, err := f.sent(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	done := look.Done{
		Text: "我们收到了您填的“" + edition.Form.Title + "”。" + edition.Form.Promise,
		Facts: look.Facts{Items: []look.Fact{
			{Label: "编号", Value: sent.Code}, {Label: "提交时间", Value: look.Moment(sent.At, f.Civil.Now())},
		}},
		Actions: []look.Action{{Text: "看看我办过的事", URL: "/c/" + a.Slug + "/me", Primary: true}},
	}
	f.told.Render(w, r, web.Head{Title: "已经收到"}, done)
}

// sent finds a person's own submission by its code.
func (f *Faces) sent(r *http.Request) (form.Submission, form.Edition, error) {
	none := errs.New(errs.NotFound, "form.none")
	list, err := f.Forms.Sent(r.Context(), form.Me(r.Context()), 100)
	if err != nil {
		return form.Submission{}, form.Edition{}, err
	}
	for _, sent := range list {
		if sent.Code != r.PathValue("code") {
			continue
		}
		sheet, err := f.Forms.Get(r.Context(), sent.Form)
		if err != nil || sheet.Key != r.PathValue("key") {
			return sent, form.Edition{}, none.Because(err)
		}
		e, err := f.Forms.Edition(r.Context(), sheet, sent.Number)
		return sent, e, err
	}
	return form.Submission{}, form.Edition{}, none
}

// file shows a person a file that they uploaded.
func (f *Faces) file(w http.ResponseWriter, r *http.Request) {
	file, err := f.Forms.Own(r.Context(), form.Me(r.Context()), r.PathValue("code"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	Serve(w, r, f.Forms, file)
}

// areas lists the places below one, for the script.
func (f *Faces) areas(w http.ResponseWriter, r *http.Request) {
	list, err := f.Forms.Areas(r.Context(), r.URL.Query().Get("of"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	answer(w, list)
}

// targets are the forms that a menu can point at.
func (f *Faces) targets(ctx context.Context, id int64) ([]part.Target, error) {
	a, err := f.Accounts.Known(ctx, id)
	if err != nil {
		return nil, err
	}
	list, err := f.Forms.OfAccount(ctx, id)
	var targets []part.Target
	for _, s := range list {
		targets = append(targets, part.Target{Kind: "form", ID: s.Key, Title: "表单：" + s.Draft.Title, URL: "/c/" + a.Slug + "/form/" + s.Key})
	}
	return targets, err
}

// mine lists what a citizen has begun and sent.
func (f *Faces) mine(ctx context.Context, citizen int64, limit int) ([]part.Line, error) {
	who := form.Owner{Citizen: citizen}
	drafts, err := f.Forms.Drafts(ctx, who, limit)
	if err != nil {
		return nil, err
	}
	var lines []part.Line
	for _, d := range drafts {
		sheet, err := f.Forms.Get(ctx, d.Form)
		if err != nil {
			return nil, err
		}
		if sheet.Live == 0 || sheet.Account == 0 || d.Slot != "" {
			continue
		}
		a, err := f.Accounts.Known(ctx, sheet.Account)
		if err != nil {
			return nil, err
		}
		lines = append(lines, part.Line{Title: sheet.Draft.Title, Note: "没填完，接着填", Mark: "warn", URL: "/c/" + a.Slug + "/form/" + sheet.Key, AtMs: clock.Millis(d.SavedAt)})
	}
	sent, err := f.Forms.Sent(ctx, who, limit)
	if err != nil {
		return nil, err
	}
	for _, x := range sent[:min(len(sent), max(limit-len(lines), 0))] {
		sheet, err := f.Forms.Get(ctx, x.Form)
		if err != nil {
			return nil, err
		}
		a, err := f.Accounts.Known(ctx, x.Account)
		if err != nil {
			return nil, err
		}
		lines = append(lines, part.Line{Title: sheet.Draft.Title, Note: "已提交", Mark: "good", URL: "/c/" + a.Slug + "/form/" + sheet.Key + "/sent/" + x.Code, AtMs: clock.Millis(x.At)})
	}
	return lines, nil
}

// held is this part's share of what is known about a person.
func (f *Faces) held() part.DataHeld {
	return part.DataHeld{Name: "form", Title: "填过的表单",
		Export: func(ctx context.Context, subject part.Ref) ([]part.Line, error) {
			if subject.Kind != "citizen" {
				return nil, nil
			}
			submissions, drafts, files, err := f.Forms.Held(ctx, subject.ID)
			var lines []part.Line
			for _, c := range []struct {
				title string
				n     int64
			}{{"提交的表单", submissions}, {"没填完的表单", drafts}, {"上传的文件和签名", files}} {
				if c.n > 0 {
					lines = append(lines, part.Line{Title: c.title, Note: fmt.Sprintf("%d 份", c.n)})
				}
			}
			return lines, err
		},
		Erase: func(ctx context.Context, tx *db.Tx, subject part.Ref) error {
			if subject.Kind != "citizen" {
				return nil
			}
			return f.Forms.Erase(ctx, tx, subject.ID)
		},
	}
}
