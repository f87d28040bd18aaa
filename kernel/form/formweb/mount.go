package formweb

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"weizheng/kernel/form"
	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	look "weizheng/web/citizen"
)

// Task is one form being filled in by one person for one thing.
type Task struct {
	Sheet  form.Sheet
	Form   form.Form // the version that is asked
	Slot   string    // what it is for: one draft a person, form and slot
	Head   web.Head
	Notice *look.Notice // above the form; nil for none
}

// Mount puts a form on a page of another part. Path is the page's, such as "/c/{account}/apply/{item}"; the addresses
// Path and Path + "/save" are the mount's.
type Mount struct {
	Path       string
	Permission string
	Scope      web.Scope

	// Begin says which form a request is about. Its errors are the page's.
	Begin func(r *http.Request) (Task, error)
	// Submit does the work with what was sent and says where to go then. It judges the values itself, in its transaction
	// (form.Service.Judge, Attach, DropDraft); the same token again must lead to the same place.
	Submit func(r *http.Request, t Task, token string, values form.Values) (location string, err error)
}

const (
	// mostPosted is how much one posting may hold: three photos as phones take them.
	mostPosted = 32 << 20
	// postTime is how long a posting may take on a weak network.
	postTime = time.Minute
)

// Routes declares the addresses of a mount.
func (f *Faces) Routes(m Mount) []web.Route {
	return []web.Route{
		web.Raw(web.Citizen, http.MethodGet, m.Path, m.Permission, m.Scope, func(w http.ResponseWriter, r *http.Request) { f.show(w, r, m) }),
		web.Raw(web.Citizen, http.MethodPost, m.Path, m.Permission, m.Scope, func(w http.ResponseWriter, r *http.Request) { f.post(w, r, m) }).
			Sized(mostPosted).Lasting(postTime).Limited(web.LimitSubmit),
		web.Raw(web.Citizen, http.MethodPost, m.Path+"/save", m.Permission, m.Scope, func(w http.ResponseWriter, r *http.Request) { f.save(w, r, m) }),
	}
}

// show draws the form with what was kept; ?check=1 says what is wrong with it.
func (f *Faces) show(w http.ResponseWriter, r *http.Request, m Mount) {
	t, err := m.Begin(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	ctx, who := r.Context(), form.Me(r.Context())
	draft, err := f.Forms.Draft(ctx, who, t.Sheet.ID, t.Slot)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	values := t.Form.Shape(draft.Values)
	if draft.ID == 0 {
		if values, err = f.Forms.Prefill(ctx, who, t.Form, values); err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	var faults []errs.Field
	if r.URL.Query().Get("check") == "1" {
		if _, faults, err = f.Forms.Judge(ctx, who, t.Form, values); err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	if at := r.URL.Query().Get("bad"); at != "" && slices.Contains(uploadFaults, r.URL.Query().Get("why")) {
		faults = append(faults, errs.Field{Field: at, Key: r.URL.Query().Get("why"), Params: map[string]any{"max": form.MaxFile >> 20}})
	}
	f.render(w, r, http.StatusOK, t, draft, values, faults)
}

// uploadFaults are what may be wrong with a file that was just given: the address says so after the redirect.
var uploadFaults = []string{"form.file_type", "form.file_large", "form.upload", "form.sign"}

func (f *Faces) render(w http.ResponseWriter, r *http.Request, status int, t Task, draft form.Draft, values form.Values, faults []errs.Field) {
	d := &drawing{Faces: f, ctx: r.Context(), who: form.Me(r.Context()), files: "/c/" + r.PathValue("account") + "/form-file/"}
	sheet, err := d.draw(t.Form, values, faults)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	sheet.Action, sheet.Token, sheet.Saved = r.URL.Path, crypt.RandomToken(), d.saved(draft)
	sheet.Save, sheet.Areas = r.URL.Path+"/save", "/c/"+r.PathValue("account")+"/form-area"
	f.page.RenderStatus(w, r, status, t.Head, sheetPage{Notice: t.Notice, Sheet: sheet})
}

// post keeps what was typed, does what the button says, and leads on.
func (f *Faces) post(w http.ResponseWriter, r *http.Request, m Mount) {
	t, err := m.Begin(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	posted, err := web.Decode(r, &struct{}{})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	p := posting{f, r, t, decode(t.Form, posted), posted}
	location, err := p.act(m)
	if err == nil {
		http.Redirect(w, r, location, http.StatusSeeOther)
		return
	}
	e := errs.As(err)
	if !slices.Contains([]errs.Kind{errs.Invalid, errs.Conflict, errs.Exhausted, errs.Refused}, e.Kind()) {
		web.Fail(w, r, err) // nothing that could be mended in the form
		return
	}
	faults := e.Fields()
	if len(faults) == 0 {
		faults = []errs.Field{{Key: e.Key(), Params: e.Params()}}
	}
	f.render(w, r, web.Status(err), t, form.Draft{}, t.Form.Shape(p.values), faults)
}

// savedOut is what the script is told after it kept the form: which questions are asked now, and whether they must be
// answered.
type savedOut struct {
	Saved string          `json:"saved"`
	Show  map[string]bool `json:"show"`
}

// save keeps what is typed so far.
func (f *Faces) save(w http.ResponseWriter, r *http.Request, m Mount) {
	t, err := m.Begin(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	posted, err := web.Decode(r, &struct{}{})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	values := decode(t.Form, posted)
	at, err := f.Forms.SaveDraft(r.Context(), form.Me(r.Context()), t.Sheet, t.Form, t.Slot, values)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	answer(w, savedOut{Saved: savedText(at.In(clock.Zone).Format("15:04")), Show: t.Form.Visible(t.Form.Shape(values))})
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v) // the phone is gone if this fails
}
