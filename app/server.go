package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"weizheng/platform/access"
	"weizheng/platform/clock"
	"weizheng/platform/job"
	"weizheng/platform/web"
	"weizheng/web/citizen"
	"weizheng/web/console"
	"weizheng/wechat"
)

// buildTexts gathers what the parts say; the words of a message key are asked for when serving.
func (h *House) buildTexts() (err error) {
	var files []json.RawMessage
	for _, p := range h.Parts {
		if len(p.Texts) > 0 {
			files = append(files, p.Texts)
		}
	}
	h.texts, err = web.NewTexts(files...)
	return err
}

// keyCode and a code is how a refusal of WeChat's is kept where only a message key has room; keyAPI is its key elsewhere.
const (
	keyAPI  = "wechat.api"
	keyCode = "wechat.api."
)

// words says a message key that was kept without its parameters: with words of its own for that, where the text needs
// parameters.
func (h *House) words(key string) string {
	if key == "" {
		return ""
	}
	if code, err := strconv.Atoi(strings.TrimPrefix(key, keyCode)); err == nil {
		return h.texts.Say(keyAPI, map[string]any{"code": code, "meaning": wechat.Code(code).Meaning()})
	}
	if kept := key + ".kept"; h.texts.Has(kept) {
		key = kept
	}
	return h.texts.Say(key, nil)
}

// buildPages parses the citizen pages' layouts.
func (h *House) buildPages() (err error) {
	built, err := citizen.Built()
	if err != nil {
		return err
	}
	h.Pages, err = web.NewPages(web.PagesConfig{
		Layouts: citizen.Templates(), Funcs: citizen.Funcs(), Style: built.Style, Script: built.Script, Secure: h.secure(), Site: h.site,
	})
	return err
}

// buildServer mounts every part's routes behind their guards.
func (h *House) buildServer() (err error) {
	c := h.config
	var routes []web.Route
	for _, p := range h.Parts {
		routes = append(routes, p.Routes...)
	}
	pages, err := h.homeRoutes()
	if err != nil {
		return err
	}
	front, err := h.portalRoutes()
	if err != nil {
		return err
	}
	routes = append(append(routes, pages...), front...)
	files, err := assets()
	if err != nil {
		return err
	}
	routes = append(routes, files...)
	h.Server, err = web.New(web.Config{
		Routes: routes, Permissions: h.permissions(), Sessions: h.Sessions, Texts: h.texts, Log: h.log, Wall: h.wall,
		Auth:    web.Auth{Staff: h.Org.Authenticate, Phone: h.Reminders.Authenticate, Citizen: h.citizenActor},
		Metrics: h.Metrics, Denied: h.denied, SignIn: h.signIn, ErrorPage: h.Pages.Error,
		Hub: h.Hub, Topics: h.topics, Checks: h.checks(),
		Admit: c.Admit, PublicURL: c.PublicURL, Origins: c.Origins, TrustedProxies: c.TrustedProxies,
		ConsoleAllow: c.ConsoleAllow, MetricsAllow: c.MetricsAllow, Sources: c.Sources, Limits: c.WebLimits,
		Version: c.Version, Listen: c.Listen, ConsoleListen: c.ConsoleListen, TLSCert: c.TLS.Cert, TLSKey: c.TLS.Key,
	})
	if err != nil {
		return fmt.Errorf("build the server: %w", err)
	}
	return nil
}

// assets are the built front ends.
func assets() ([]web.Route, error) {
	staff, err := web.Files(web.Console, "/console/", console.Assets(), "index.html")
	if err != nil {
		return nil, fmt.Errorf("console files: %w", err)
	}
	pages, err := web.Files(web.Public, citizen.Prefix, citizen.Assets(), "")
	if err != nil {
		return nil, fmt.Errorf("citizen files: %w", err)
	}
	return []web.Route{staff, pages}, nil
}

// denied tells the audit of a request that an actor had no right to.
func (h *House) denied(ctx context.Context, _ access.Actor, rt web.Route, o access.Object) {
	h.Audit.Deny(ctx, rt.Permission, rt.Pattern(), o)
}

func (h *House) viewQueue(s job.QueueStat) queueView {
	v := queueView{
		Name: string(s.Queue), Title: queueTitles[s.Queue], Waiting: s.Waiting, Running: s.Running, Retrying: s.Later, Failed: s.Failed,
	}
	if s.Waiting > 0 {
		v.OldestAt = clock.Millis(h.wall.Now().Add(-s.Oldest))
	}
	return v
}

// site is what every citizen page says about the account it belongs to.
func (h *House) site(ctx context.Context, slug string) (web.Site, error) {
	a, err := h.Accounts.BySlug(ctx, slug)
	if err != nil {
		return web.Site{}, err
	}
	return web.Site{Slug: a.Slug, Name: a.Profile.Name, Owner: a.Profile.Principal, Phone: a.Profile.Contact}, nil
}

// clockText is an instant as people say it.
func clockText(t time.Time) string { return t.In(clock.Zone).Format("1月2日 15:04:05") }

// signInCitizen leads a citizen who opened a page without a session through WeChat's web authorisation and back.
func (h *House) signInCitizen(w http.ResponseWriter, r *http.Request) {
	target := "/c/" + r.PathValue("account") + "/oauth?" + url.Values{"return": {r.URL.RequestURI()}}.Encode()
	http.Redirect(w, r, target, http.StatusFound)
}
