package sandbox

import (
	"io/fs"
	"net/http"
	"strings"

	"weizheng/web/phone"
	"weizheng/wechat/sandbox/api"
	"weizheng/wechat/sandbox/merchant"
	"weizheng/wechat/sandbox/page"
	"weizheng/wechat/sandbox/play"
)

// route tells by host and path whose a request is: a phone's page, WeChat's API, the sandbox's own API, or the phone in
// the browser.
func route(wechat *api.Server, pay *merchant.Server, browser *page.Browser, own *play.Server) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/sandbox/api/", own)
	mux.HandleFunc("GET /connect/oauth2/authorize", browser.Outside)
	mux.HandleFunc("GET /mp/subscribemsg", browser.Outside)
	mux.HandleFunc("GET /cgi-bin/componentloginpage", browser.Login)
	mux.HandleFunc("GET /safe/bindcomponent", browser.Outside)
	mux.HandleFunc("GET /wxaopen/safe/bindcomponent", browser.Outside)
	mux.HandleFunc("GET /open/js/{name}", browser.Script)
	mux.HandleFunc("GET /docs", serveDocs)
	mux.HandleFunc("GET /docs/", serveDocs)
	mux.HandleFunc("GET /coverage", func(w http.ResponseWriter, r *http.Request) {
		if err := own.Coverage(w, r); err != nil {
			http.Error(w, "coverage failed", http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("GET /s/{id}", own.ReadArticle)
	mux.HandleFunc("GET /s/draft/{media}/{index}", own.ReadDraft)
	mux.HandleFunc("GET /mmbiz/{id}/{size}", own.Picture)
	mux.Handle("/", phoneFiles(phone.Assets()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case page.Citizen(r.Host) != "":
			browser.ServeHTTP(w, r)
		case merchant.Serves(r.URL.Path):
			pay.ServeHTTP(w, r)
		case api.Serves(r.URL.Path) && !api.IsPage(r.URL.Path):
			wechat.ServeHTTP(w, r)
		default:
			mux.ServeHTTP(w, r)
		}
	})
}

// phoneFiles serves the built phone: its page for every path that is no file, hashed files for ever.
func phoneFiles(files fs.FS) http.Handler {
	serve := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if info, err := fs.Stat(files, name); name == "" || err != nil || info.IsDir() {
			if strings.HasPrefix(name, "assets/") {
				http.NotFound(w, r)
				return
			}
			r.URL.Path = "/"
		}
		w.Header().Set("Cache-Control", "no-cache")
		if strings.HasPrefix(name, "assets/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		serve.ServeHTTP(w, r)
	})
}
