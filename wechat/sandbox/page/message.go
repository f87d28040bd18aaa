package page

import (
	"html/template"
	"net/http"
	"strings"
)

var messagePage = template.Must(template.New("message").Parse(`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{{.Title}}</title><style>` + pageStyle + `</style><script src="/__wechat/browser.js"></script></head>
<body><main><h1>{{.Title}}</h1><p>{{.Text}}</p></main></body></html>
`))

const pageStyle = `body{margin:0;font:17px/1.6 system-ui,sans-serif;background:#ededed;color:#191919}
main{max-width:26rem;margin:0 auto;padding:3rem 1.5rem;text-align:center}h1{font-size:1.25rem;font-weight:600}
p{color:#595959;overflow-wrap:anywhere}ul{text-align:left;color:#595959}img{width:64px;height:64px;border-radius:8px}
button{display:block;width:100%;min-height:48px;margin:.75rem 0;border:0;border-radius:8px;font:inherit;font-weight:600}
.yes{background:#0b6e64;color:#fff}.no{background:#fff;color:#191919}`

// message shows a page of the browser's own.
func (b *Browser) message(w http.ResponseWriter, status int, title, text string) {
	var page strings.Builder
	if err := messagePage.Execute(&page, map[string]string{"Title": title, "Text": text}); err != nil {
		b.Log.Error("a page of the sandbox failed", "error", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(page.String())) // a reader that has gone does not matter
}

// Outside is what the page of web authorisation says to a browser that is not WeChat.
func (b *Browser) Outside(w http.ResponseWriter, _ *http.Request) {
	b.message(w, http.StatusOK, "请在微信客户端打开链接", "在沙箱的手机里打开，或把请求的 Host 设为 <市民>.localhost。")
}
