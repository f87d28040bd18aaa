package api

import (
	"html/template"
	"net/http"
	"strings"

	"weizheng/wechat"
)

// Coverage says of one endpoint of WeChat's whether it is here.
type Coverage struct {
	Method  string `json:"method"`
	Path    string `json:"path"`
	Purpose string `json:"purpose"`
	State   string `json:"state"` // done, refused, missing
	Note    string `json:"note,omitempty"`
}

// refusedOnPurpose are endpoints that will not be built, each with its reason: none at present.
var refusedOnPurpose = map[string]string{}

// elsewhere are pages that other parts of the sandbox serve.
var elsewhere = map[string]string{
	"/connect/oauth2/authorize": "网页授权页，只在手机里打开",
	"/mp/subscribemsg":          "一次性订阅授权页，只在手机里打开",

	"/cgi-bin/componentloginpage": "管理员扫码授权页，在电脑上打开",
	"/wxaopen/safe/bindcomponent": "管理员授权页，只在手机里打开",
}

// IsPage reports whether a path is a page that is served elsewhere.
func IsPage(path string) bool { return elsewhere[path] != "" }

// Coverage lists every row of the table of endpoints.
func (s *Server) Coverage() []Coverage {
	list := []Coverage{}
	for _, e := range wechat.Endpoints() {
		c := Coverage{Method: e.Method, Path: e.Path, Purpose: e.Purpose, State: "missing"}
		if s.handlers[e.Path] != nil {
			c.State = "done"
		}
		if e.Auth == wechat.AuthMerchant && s.Paid != nil && s.Paid(e) {
			c.State, c.Note = "done", "微信支付，由商户签名调用"
		}
		if note, ok := elsewhere[e.Path]; ok {
			c.State, c.Note = "done", note
		}
		if note, ok := refusedOnPurpose[e.Path]; ok {
			c.State, c.Note = "refused", note
		}
		list = append(list, c)
	}
	return list
}

var coveragePage = template.Must(template.New("coverage").Parse(`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>沙箱接口覆盖表</title><style>
body{font:15px/1.6 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1f2329}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #e5e6eb}
code{font-size:13px}.done{color:#0b6e4f}.missing{color:#8f5b00}.refused{color:#646a73}
</style></head><body><h1>沙箱接口覆盖表</h1>
<p>对照微信公众号服务端接口：已实现 {{.Done}}，有意不做 {{.Refused}}，尚未实现 {{.Missing}}。尚未实现的路径返回 404。</p>
<table><thead><tr><th>状态</th><th>方法</th><th>路径</th><th>用途</th><th>说明</th></tr></thead><tbody>
{{range .List}}<tr><td class="{{.State}}">{{if eq .State "done"}}已实现{{else if eq .State "refused"}}有意不做{{else}}尚未实现{{end}}</td><td>{{.Method}}</td><td><code>{{.Path}}</code></td><td>{{.Purpose}}</td><td>{{.Note}}</td></tr>
{{end}}</tbody></table></body></html>
`))

// CoveragePage shows the list as a page.
func (s *Server) CoveragePage(w http.ResponseWriter) error {
	list := s.Coverage()
	count := map[string]int{}
	for _, c := range list {
		count[c.State]++
	}
	var page strings.Builder
	if err := coveragePage.Execute(&page, map[string]any{
		"List": list, "Done": count["done"], "Refused": count["refused"], "Missing": count["missing"],
	}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err := w.Write([]byte(page.String()))
	return err
}
