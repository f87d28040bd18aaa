package matterweb

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"weizheng/kernel/form"
	"weizheng/kernel/form/formweb"
	"weizheng/kernel/matter"
	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// uploadTime is how long a file may take on a weak network.
const uploadTime = time.Minute

// uploading makes a route that takes one file as its body.
func uploading(r web.Route) web.Route { return r.Sized(form.MaxFile + 1<<10).Lasting(uploadTime) }

func matterID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("matter"), 10, 64)
	if err != nil {
		return 0, errs.New(errs.NotFound, "matter.none")
	}
	return id, nil
}

// readFile shows a file of a matter to whoever may read the matter, as far as its present step lets them see the field.
func (c console) readFile(w http.ResponseWriter, r *http.Request) {
	file, err := c.findFile(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	formweb.Serve(w, r, c.Forms, file.Filed)
}

func (c console) findFile(r *http.Request) (matter.File, error) {
	id, err := matterID(r)
	if err != nil {
		return matter.File{}, err
	}
	seen, err := c.Matters.View(r.Context(), id)
	if err != nil {
		return matter.File{}, err
	}
	can, code := sightOf(seen), r.PathValue("code")
	i := slices.IndexFunc(seen.Sheet.Files, func(f matter.File) bool { return f.Code == code })
	if i < 0 || seen.Sheet.Files[i].Field != "" && !can.field(seen.Sheet.Files[i].Field) {
		return matter.File{}, errs.New(errs.NotFound, "form.file_none")
	}
	return c.Matters.File(r.Context(), id, code, c.mayReveal(r.Context(), seen.Matter))
}

// addFile keeps a file until an action is done with it: for a field of the matter's form, or, without one, as evidence.
func (c console) addFile(w http.ResponseWriter, r *http.Request) {
	kept, err := c.takeFile(r)
	c.answerFile(w, r, kept, err)
}

func (c console) takeFile(r *http.Request) (form.Filed, error) {
	id, err := matterID(r)
	if err != nil {
		return form.Filed{}, err
	}
	seen, err := c.Matters.View(r.Context(), id)
	if err != nil {
		return form.Filed{}, err
	}
	name := r.URL.Query().Get("field")
	if name == "" {
		return c.takeEvidence(r)
	}
	if seen.Sheet.Form == nil {
		return form.Filed{}, errs.New(errs.NotFound, "form.none")
	}
	sheet, err := c.Forms.Get(r.Context(), seen.Sheet.ID)
	if err != nil {
		return form.Filed{}, err
	}
	return c.upload(r, sheet, *seen.Sheet.Form, name)
}

func (c console) upload(r *http.Request, sheet form.Sheet, f form.Form, name string) (form.Filed, error) {
	field, ok := f.Field(name)
	if !ok || field.Kind != form.File && field.Kind != form.Signature {
		return form.Filed{}, errs.New(errs.NotFound, "form.none")
	}
	return c.Forms.Upload(r.Context(), form.Me(r.Context()), sheet, field, r.URL.Query().Get("name"), r.Body)
}

// takeEvidence keeps a document that proves why something was done; whoever gives it says how far it can be trusted.
func (c console) takeEvidence(r *http.Request) (form.Filed, error) {
	trust := r.URL.Query().Get("trust")
	if !slices.Contains(form.Trusts, trust) {
		return form.Filed{}, errs.InvalidFields([]errs.Field{{Field: "trust", Key: "form.choose"}})
	}
	field := form.Field{Kind: form.File, Purpose: c.words.say("matter.evidence"), Trust: trust}
	return c.Forms.Upload(r.Context(), form.Me(r.Context()), form.Sheet{}, field, r.URL.Query().Get("name"), r.Body)
}

func (c console) answerFile(w http.ResponseWriter, r *http.Request, f form.Filed, err error) {
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(fileView{Code: f.Code, Field: f.Field, Name: f.Name, Type: f.Type, Size: f.Size, Purpose: f.Purpose, Trust: f.Trust,
		CreatedAt: clock.Millis(f.CreatedAt), Open: true}) // the clerk is gone if this fails
}

// addFirstFile keeps a file for a field of the first step of a flow that is about to be begun.
func (c console) addFirstFile(w http.ResponseWriter, r *http.Request) {
	kept, err := c.takeFirstFile(r)
	c.answerFile(w, r, kept, err)
}

func (c console) takeFirstFile(r *http.Request) (form.Filed, error) {
	b, err := c.Matters.Beginning(r.Context(), r.PathValue("flow"))
	if err != nil {
		return form.Filed{}, err
	}
	if b.Form == nil {
		return form.Filed{}, errs.New(errs.NotFound, "form.none")
	}
	return c.upload(r, b.Sheet, *b.Form, r.URL.Query().Get("field"))
}

// flowScope lets people in whose unit begins matters of a flow by hand; for others there is no such flow.
func (c console) flowScope(ctx context.Context, r *http.Request) (access.Object, error) {
	me := access.From(ctx)
	return access.Object{Unit: me.Unit}, c.begins(ctx, r.PathValue("flow"))
}

var errNoBeginning = errs.New(errs.NotFound, "matter.no_beginning")

func (c console) begins(ctx context.Context, key string) error {
	allowed, err := c.beginnings(ctx, nil)
	if err == nil && !slices.ContainsFunc(allowed.Items, func(one beginningView) bool { return one.Key == key }) {
		err = errNoBeginning
	}
	return err
}
