package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/crypt"
	"weizheng/platform/db"
	"weizheng/platform/errs"
)

const (
	// formLife is how long a submitted form's token is remembered: a tab restored after a night still does no harm.
	formLife = 48 * time.Hour
	// formPatience is when a submission that never ended may be tried again: longer than any handler's time limit.
	formPatience = time.Minute
	// formToken is the name of the hidden field.
	formToken = "_token"
)

// Forms makes submitting a form idempotent: each drawn form has a token, and the second submission of one token leads to
// where the first one led.
type Forms struct {
	db    *db.DB
	wall  clock.Clock
	texts Sayer
	log   *slog.Logger
}

// Sayer says a message key with its parameters: Texts, or all the texts of a house that is still being built.
type Sayer interface {
	Say(key string, params map[string]any) string
}

// NewForms makes Forms.
func NewForms(d *db.DB, wall clock.Clock, texts Sayer, log *slog.Logger) *Forms {
	return &Forms{d, wall, texts, log}
}

// Filled is a form as it is drawn: empty at first, or as it was sent with what is wrong.
type Filled[In any] struct {
	Token  string // for the hidden field "_token"
	In     In
	Values url.Values        // as typed, when it was sent
	Faults map[string]string // field → text
	Top    []string          // what is wrong with no single field
}

// Value returns what was typed into a field, or "".
func (f Filled[In]) Value(field string) string { return f.Values.Get(field) }

// Failed reports whether the form came back.
func (f Filled[In]) Failed() bool { return len(f.Faults)+len(f.Top) > 0 }

// FormRoutes declares GET and POST of one form's address. show draws it; send does the work and says where to go then.
// A refused form is drawn again with status 422 and everything that was typed.
func FormRoutes[In any](f *Forms, face Face, path, permission string, scope Scope,
	show func(w http.ResponseWriter, r *http.Request, status int, form Filled[In]),
	send func(r *http.Request, in *In) (location string, err error)) []Route {
	get := func(w http.ResponseWriter, r *http.Request) {
		show(w, r, http.StatusOK, Filled[In]{Token: crypt.RandomToken()})
	}
	post := func(w http.ResponseWriter, r *http.Request) {
		var in In
		values, err := Decode(r, &in)
		location := ""
		if err == nil {
			location, err = f.once(r, values.Get(formToken), func() (string, error) { return send(r, &in) })
		}
		if err == nil {
			http.Redirect(w, r, location, http.StatusSeeOther)
			return
		}
		e := errs.As(err)
		if e.Kind() != errs.Invalid && e.Kind() != errs.Conflict && e.Kind() != errs.Exhausted && e.Kind() != errs.Refused {
			Fail(w, r, err) // nothing the form's reader could mend in it
			return
		}
		form := Filled[In]{Token: crypt.RandomToken(), In: in, Values: values, Faults: map[string]string{}}
		f.explain(e, &form.Faults, &form.Top)
		show(w, r, Status(err), form)
	}
	return []Route{
		Raw(face, "GET", path, permission, scope, get),
		Raw(face, "POST", path, permission, scope, post).Limited(LimitSubmit),
	}
}

func (f *Forms) explain(e *errs.Error, faults *map[string]string, top *[]string) {
	for _, fault := range e.Fields() {
		text := f.texts.Say(fault.Key, fault.Params)
		if fault.Field == "" {
			*top = append(*top, text)
			continue
		}
		if _, more := (*faults)[fault.Field]; !more { // one line under a field is what fits
			(*faults)[fault.Field] = text
		}
	}
	if len(e.Fields()) == 0 {
		*top = append(*top, f.texts.Say(e.Key(), e.Params()))
	}
}

// once runs work for the first submission of a token and remembers where it led.
func (f *Forms) once(r *http.Request, token string, work func() (string, error)) (string, error) {
	if len(token) < 20 || len(token) > 64 {
		return "", errs.New(errs.Invalid, "web.form_token")
	}
	ctx := r.Context()
	key := formKey(r, token)
	location, err := f.claim(ctx, key)
	if err != nil || location != "" {
		return location, err
	}
	settled := false
	defer func() {
		if settled {
			return
		}
		if err := f.forget(context.WithoutCancel(ctx), key); err != nil { // formPatience frees it later
			f.log.WarnContext(ctx, "form token not freed", "error", err.Error())
		}
	}()
	location, err = work()
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(location, "/") || strings.HasPrefix(location, "//") {
		return "", errs.New(errs.Internal, "internal").Because(errors.New("a form must lead to an address of our own"))
	}
	settled = true
	if err := f.settle(context.WithoutCancel(ctx), key, location); err != nil {
		f.log.WarnContext(ctx, "form token not settled", "error", err.Error()) // the work is done: the citizen may go on
	}
	return location, nil
}

// formKey ties a token to its address and session, so that nobody else's submission can be asked about.
func formKey(r *http.Request, token string) string {
	session := ""
	if s, ok := Current(r.Context()); ok {
		session = s.ID
	}
	sum := sha256.Sum256([]byte(r.URL.Path + "\x00" + session + "\x00" + token))
	return hex.EncodeToString(sum[:])
}

// claim takes the token. It returns the place of an earlier submission, or Conflict while that one runs.
func (f *Forms) claim(ctx context.Context, key string) (location string, err error) {
	now := f.wall.Now()
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		location = ""
		n, err := tx.Exec(ctx, `insert into web_form (token_hash, location, created_at) values ($1, '', $2)
			on conflict (token_hash) do nothing`, key, clock.Millis(now))
		if err != nil || n == 1 {
			return err
		}
		location, err = db.One(ctx, tx, db.Value[string], "select location from web_form where token_hash = $1", key)
		if err != nil || location != "" {
			return err
		}
		n, err = tx.Exec(ctx, "update web_form set created_at = $2 where token_hash = $1 and location = '' and created_at < $3",
			key, clock.Millis(now), clock.Millis(now.Add(-formPatience)))
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "web.form_running")
		}
		return err
	})
	return location, err
}

func (f *Forms) settle(ctx context.Context, key, location string) error {
	err := f.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "update web_form set location = $2 where token_hash = $1", key, location)
		return err
	})
	return errs.Wrap(err, "remember the form")
}

func (f *Forms) forget(ctx context.Context, key string) error {
	return f.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "delete from web_form where token_hash = $1 and location = ''", key)
		return err
	})
}
