package play

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/netip"

	"github.com/skip2/go-qrcode"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
)

// accountView is an account without its secrets.
type accountView struct {
	ID             string      `json:"id"`
	Name           string      `json:"name"`
	Kind           wechat.Kind `json:"kind"`
	Verified       bool        `json:"verified"`
	OriginalID     string      `json:"original_id"`
	AppID          string      `json:"appid"`
	Avatar         string      `json:"avatar"`
	Intro          string      `json:"intro"`
	Callback       string      `json:"callback"`
	CallbackState  string      `json:"callback_state"`
	CallbackError  string      `json:"callback_error"`
	Mode           wechat.Mode `json:"mode"`
	OAuthDomain    string      `json:"oauth_domain"`
	JSDomains      []string    `json:"js_domains"`
	Principal      string      `json:"principal"`
	IPWhitelist    []string    `json:"ip_whitelist"`
	MiniPrograms   []string    `json:"miniprograms"`
	SecretFrozen   bool        `json:"secret_frozen"`
	LocationReport bool        `json:"location_report"`
	ASR            bool        `json:"asr"`
	CommentsOff    bool        `json:"comments_off"`
	MassGuard      string      `json:"mass_guard"`
	FollowingCount int64       `json:"following_count"`
	QR             string      `json:"qr"`
	QRURL          string      `json:"qr_url"`

	NewService bool   `json:"new_service"`
	WeixinID   string `json:"weixin_id"`

	VerifiedUntil int64 `json:"verified_until_at"`

	Migration  *state.Migration `json:"migration,omitempty"`
	Categories []int            `json:"categories"`

	Administrators []string       `json:"administrators"`
	Standing       state.Standing `json:"standing"`
	CallbackIPs    []string       `json:"callback_ips"`

	OnceTemplate string `json:"once_template"`
}

// secretView adds what only the account's maker is told.
type secretView struct {
	accountView
	Secret         string `json:"secret"`
	Token          string `json:"token"`
	EncodingAESKey string `json:"encoding_aes_key"`
}

func (s *Server) view(a *state.Account) accountView {
	return accountView{
		ID: a.ID, Name: a.Name, Kind: a.Kind, Verified: a.Verified, OriginalID: a.OriginalID, AppID: a.AppID,
		Avatar: base + "/accounts/" + a.ID + "/avatar", Intro: a.Intro, Callback: a.Callback,
		CallbackState: a.CallbackState, CallbackError: a.CallbackError, Mode: a.Mode, OAuthDomain: a.OAuthDomain,
		JSDomains: a.JSDomains, Principal: a.Principal, IPWhitelist: a.IPWhitelist, MiniPrograms: a.MiniPrograms,
		SecretFrozen: a.SecretFrozen, LocationReport: a.LocationReport, ASR: a.ASR,
		CommentsOff: a.CommentsOff, MassGuard: cmp.Or(a.MassGuard, state.GuardOff),
		FollowingCount: s.Store.FollowerCount(a.N), QR: base + "/accounts/" + a.ID + "/qr",
		QRURL: s.Store.OwnQR(a), Migration: a.Migration,
		Categories: a.Categories, Administrators: a.Administrators, Standing: a.Standing, CallbackIPs: a.CallbackIPs, OnceTemplate: s.Store.OnceTemplate(a), NewService: a.NewService, WeixinID: a.WeixinID, VerifiedUntil: a.VerifiedUntil,
	}
}

func (s *Server) accounts(*http.Request) (any, error) {
	list := []accountView{}
	for _, a := range s.Store.Accounts() {
		list = append(list, s.view(a))
	}
	return map[string]any{"accounts": list}, nil
}

func (s *Server) account(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return map[string]any{"account": s.view(a)}, nil
}

// createAccount makes an account and asks its callback address, if it has one, for the echo.
func (s *Server) createAccount(r *http.Request) (any, error) {
	var in state.Account
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	in.CallbackState, in.CallbackError, in.Migration, in.Categories = "", "", nil, nil
	in.VerifiedUntil = 0
	a, err := s.Store.CreateAccount(r.Context(), in)
	if err != nil {
		return nil, err
	}
	if a.Callback != "" {
		if a, err = s.check(r, a); err != nil {
			return nil, err
		}
	}
	return created{map[string]any{"account": secretView{s.view(a), a.Secret, a.Token, a.EncodingAESKey}}}, nil
}

// check asks for the echo and keeps what came of it.
func (s *Server) check(r *http.Request, a *state.Account) (*state.Account, error) {
	next := a.Copy()
	next.CallbackState, next.CallbackError = state.CallbackOK, ""
	if err := s.Push.Check(r.Context(), a); err != nil {
		next.CallbackState, next.CallbackError = state.CallbackFailed, err.Error()
	}
	return s.Store.UpdateAccount(r.Context(), next)
}

// patchAccount changes settings; a callback address or its secrets are taken only when the address answers for them.
func (s *Server) patchAccount(r *http.Request) (any, error) {
	old, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	next := old.Copy()
	if err := decode(r, &next); err != nil {
		return nil, err
	}
	next.ID, next.N, next.Migration, next.Categories = old.ID, old.N, old.Migration, old.Categories
	next.VerifiedUntil = old.VerifiedUntil
	next.CallbackState, next.CallbackError = old.CallbackState, old.CallbackError
	switch {
	case next.Callback == "":
		next.CallbackState, next.CallbackError = state.CallbackNone, ""
	case next.Callback != old.Callback || next.Token != old.Token:
		address := next.Callback
		next.Callback = old.Callback
		next.Turn(address)
		if err := s.Push.Check(r.Context(), &next); err != nil {
			return nil, errs.New(errs.Refused, "sandbox.callback_failed").With("why", err.Error())
		}
		next.CallbackState, next.CallbackError = state.CallbackOK, ""
	}
	a, err := s.Store.UpdateAccount(r.Context(), next)
	if err != nil {
		return nil, err
	}
	return map[string]any{"account": s.view(a)}, nil
}

func (s *Server) verify(r *http.Request) (any, error) {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if a.Callback == "" {
		return nil, invalid("callback", "required")
	}
	if a, err = s.check(r, a); err != nil {
		return nil, err
	}
	out := map[string]any{"ok": a.CallbackState == state.CallbackOK}
	if a.CallbackError != "" {
		out["error"] = a.CallbackError
	}
	return out, nil
}

// decideIP is what the account's administrator answers about an address that asked for a token.
func (s *Server) decideIP(r *http.Request) (any, error) {
	var in struct {
		IP      string `json:"ip"`
		Confirm bool   `json:"confirm"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if _, err := netip.ParseAddr(in.IP); err != nil {
		return nil, invalid("ip", "format")
	}
	a, err := s.Store.DecideIP(r.Context(), r.PathValue("id"), in.IP, in.Confirm)
	if err != nil {
		return nil, err
	}
	return map[string]any{"account": s.view(a)}, nil
}

// ownCode is the picture of an account's own code.
func (s *Server) ownCode(w http.ResponseWriter, r *http.Request) error {
	a, err := s.Store.Account(r.PathValue("id"))
	if err != nil {
		return err
	}
	picture, err := qrcode.Encode(s.Store.OwnQR(a), qrcode.Medium, 430)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, err = w.Write(picture)
	return err
}

// Coverage lists which of WeChat's endpoints are here, as a page or, with ?format=json, as JSON.
func (s *Server) Coverage(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Query().Get("format") != "json" {
		return s.API.CoveragePage(w)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(map[string]any{"endpoints": s.API.Coverage()})
}
