package page

import (
	"bytes"
	"context"
	"crypto/subtle"
	_ "embed"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"weizheng/platform/db"
	"weizheng/wechat"
	"weizheng/wechat/sandbox/state"
	"weizheng/wechat/sandbox/wire"
)

var (
	//go:embed js/bridge.js
	bridgeJS []byte
	//go:embed js/browser.js
	browserJS []byte
	//go:embed js/jweixin.js
	jweixinJS []byte
)

// mediaLife is how long a file uploaded by a page lives for the account, in civil milliseconds.
const mediaLife = 3 * 24 * 3600 * 1000

// Script serves the JS-SDK; every published version's name gets the same script.
func (b *Browser) Script(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.PathValue("name"), "jweixin-") || !strings.HasSuffix(r.PathValue("name"), ".js") {
		http.NotFound(w, r)
		return
	}
	script(w, bridgeJS, jweixinJS)
}

func script(w http.ResponseWriter, parts ...[]byte) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	// Each part is a statement; the semicolon keeps two of them apart. A reader that has gone does not matter.
	_, _ = w.Write(bytes.Join(parts, []byte("\n;\n")))
}

// browserScript is the bridge with the origin that the phone's host stands for.
func (b *Browser) browserScript(w http.ResponseWriter, r *http.Request) {
	origin := ""
	if o := b.phone(citizenOf(r).ID).origin; o != nil {
		origin = o.String()
	}
	quoted, err := json.Marshal(origin)
	if err != nil { // a string is always JSON
		quoted = []byte(`""`)
	}
	agent, err := json.Marshal(userAgent)
	if err != nil {
		agent = []byte(`""`)
	}
	w.Header().Set("Cache-Control", "no-store")
	script(w, bridgeJS, []byte("var __weizheng_origin = "+string(quoted)+", __weizheng_agent = "+string(agent)+";"), browserJS)
	w.Header().Set("Cache-Control", "no-store")
}

type configIn struct {
	AppID     string          `json:"appId"`
	Timestamp json.RawMessage `json:"timestamp"` // pages write it as a number or as text
	Nonce     string          `json:"nonceStr"`
	Signature string          `json:"signature"`
	Path      string          `json:"path"` // of the page, with its query
}

// config checks a page's wx.config as WeChat does.
func (b *Browser) config(w http.ResponseWriter, r *http.Request) {
	var in configIn
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&in); err != nil {
		reply(w, map[string]string{"errMsg": "config:fail,Error: invalid request"})
		return
	}
	origin := b.phone(citizenOf(r).ID).origin
	if origin == nil {
		reply(w, map[string]string{"errMsg": "config:fail,Error: no page"})
		return
	}
	address, _, _ := strings.Cut(origin.String()+in.Path, "#")
	msg := b.verify(in, address, origin)
	b.keep(r, in, address, msg)
	reply(w, map[string]string{"errMsg": msg})
}

// verify is the check itself; the answer is the SDK's errMsg.
func (b *Browser) verify(in configIn, address string, origin *url.URL) string {
	a := b.Store.AccountByAppID(in.AppID)
	if a == nil {
		return "config:invalid appid"
	}
	listed := false
	for _, domain := range a.JSDomains {
		listed = listed || inDomain(domain, origin.Host)
	}
	if !listed {
		return "config:invalid url domain"
	}
	timestamp := strings.Trim(string(in.Timestamp), `"`)
	for _, ticket := range b.Store.LiveTickets(a.N) {
		if subtle.ConstantTimeCompare([]byte(in.Signature), []byte(wechat.SignJS(ticket, in.Nonce, timestamp, address))) == 1 {
			return "config:ok"
		}
	}
	return "config:invalid signature"
}

// keep shows developers which address a signature should have been made for.
func (b *Browser) keep(r *http.Request, in configIn, address, msg string) {
	e := wire.Entry{At: b.Wall.Now().UnixMilli(), Dir: "oauth", Citizen: citizenOf(r).ID, Method: "wx.config",
		Path: address, Status: http.StatusOK, Response: msg,
		Request: "noncestr=" + in.Nonce + "&timestamp=" + string(in.Timestamp) + "&url=" + address}
	if a := b.Store.AccountByAppID(in.AppID); a != nil {
		e.Account = a.ID
	}
	if msg != "config:ok" {
		e.Error = msg
	}
	b.Wire.Add(e)
	b.Store.Hint(state.Hint{Topic: "wire", Account: e.Account, Citizen: e.Citizen})
}

// local is a file of the phone, or of the account after a download, as a page sees it.
func (b *Browser) local(w http.ResponseWriter, r *http.Request) {
	m, err := b.Store.ShownMedia(r.Context(), r.PathValue("id"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	content, err := b.Store.Content(m)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", m.MIME)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(content) // a reader that has gone does not matter
}

// upload gives an account its media id of a file of the phone.
func (b *Browser) upload(w http.ResponseWriter, r *http.Request) {
	var in struct {
		AppID string `json:"appid"`
		Media string `json:"media_id"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&in); err != nil {
		reply(w, map[string]string{"error": "invalid request"})
		return
	}
	a := b.Store.AccountByAppID(in.AppID)
	if a == nil {
		reply(w, map[string]string{"error": "invalid appid"})
		return
	}
	shared, err := b.share(r.Context(), a, in.Media)
	if err != nil {
		reply(w, map[string]string{"error": "invalid localId"})
		return
	}
	reply(w, map[string]string{"server_id": shared.ID})
}

func (b *Browser) share(ctx context.Context, a *state.Account, id string) (shared state.Media, err error) {
	m, err := b.Store.ShownMedia(ctx, id)
	if err != nil {
		return m, err
	}
	err = b.Store.Write(ctx, func(tx *db.Tx) error {
		shared, err = b.Store.ShareMedia(ctx, tx, m, a.N, b.Store.Civil()+mediaLife)
		return err
	})
	return shared, err
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(v) // a reader that has gone does not matter
}
