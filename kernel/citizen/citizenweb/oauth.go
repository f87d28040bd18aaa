package citizenweb

import (
	"net/http"

	"weizheng/kernel/account"
	"weizheng/kernel/citizen"
	"weizheng/platform/errs"
	"weizheng/platform/web"
)

// nonceKey is where the browser's session keeps what ties a web authorisation to it.
const nonceKey = "oauth"

// oauth is both ends of web authorisation: without a state it sends the browser to WeChat, with one it takes the code
// back and logs in. A used code (a page opened again from the history) is sent round once more, once.
func (v visitor) oauth(w http.ResponseWriter, r *http.Request) {
	a, err := v.account(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	q := r.URL.Query()
	if q.Get("state") == "" {
		v.sendOff(w, r, a, q.Get("return"), 0)
		return
	}
	login, err := v.Citizens.Finish(r.Context(), a.ID, q.Get("code"), q.Get("state"), v.Sessions.Get(r.Context(), web.CitizenSession, nonceKey))
	if errs.As(err).Key() == "citizen.oauth_again" {
		v.sendOff(w, r, a, login.ReturnTo, 1)
		return
	}
	to := login.ReturnTo
	if err == nil {
		_, err = v.Sessions.Login(r.Context(), web.CitizenSession, login.Citizen, nil)
	}
	if err == nil && !a.CanAuthorise() {
		to, err = v.orCode(r, a, login)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// orCode leads somebody whom the identity account knows, but not as a follower of this account, to the page that asks for
// a code: no unionid joined them.
func (v visitor) orCode(r *http.Request, a account.Account, login citizen.Login) (string, error) {
	_, err := v.Citizens.In(r.Context(), v.Citizens.DB, login.Citizen, a.ID)
	if errs.Is(err, errs.NotFound) {
		return codeOf(a, login.ReturnTo), nil
	}
	return login.ReturnTo, err
}

// sendOff begins web authorisation and has the browser remember its nonce.
func (v visitor) sendOff(w http.ResponseWriter, r *http.Request, a account.Account, returnTo string, tries int) {
	ctx := r.Context()
	known := v.Sessions.Get(ctx, web.CitizenSession, nonceKey)
	begun, err := v.Citizens.Begin(ctx, a.ID, a.Slug, returnTo, known, tries)
	if errs.As(err).Key() == "account.no_authoriser" {
		http.Redirect(w, r, codeOf(a, returnTo), http.StatusFound)
		return
	}
	if err == nil && begun.Nonce != known {
		err = v.Sessions.Put(ctx, web.CitizenSession, nonceKey, begun.Nonce)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, begun.URL, http.StatusFound)
}
