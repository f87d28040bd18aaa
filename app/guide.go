package app

import (
	"embed"
	"io/fs"
	"net"
	"net/http"

	"github.com/pquerna/otp/totp"

	"weizheng/city"
	"weizheng/part"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	"weizheng/web/citizen"
)

//go:embed pages/*.html
var pageFiles embed.FS

// guide is the demo's page /demo: who can log in, with password and the present code of the second factor. It exists
// in the demo only, shows invented people's secrets, and is served to this machine alone.
type guide struct {
	page    web.Page[guideView]
	people  func() *city.City
	sandbox string
	house   *House
}

type guideView struct {
	Notice citizen.Notice
	Doors  citizen.Doors
	Groups []citizen.Cells
}

// guidePart mounts the guide.
func (h *House) guidePart(people func() *city.City, sandbox string) (part.Part, error) {
	files, err := fs.Sub(pageFiles, "pages")
	if err != nil {
		return part.Part{}, err
	}
	page, err := web.NewPage[guideView](h.Pages, files, "demo.html")
	if err != nil {
		return part.Part{}, err
	}
	g := guide{page, people, sandbox, h}
	return part.Part{Name: "demo", Routes: []web.Route{web.Raw(web.Public, http.MethodGet, "/demo", web.Anyone, nil, g.serve)}}, nil
}

func (g guide) serve(w http.ResponseWriter, r *http.Request) {
	c := g.people()
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if ip := net.ParseIP(address); c == nil || err != nil || ip == nil || !ip.IsLoopback() {
		web.Fail(w, r, errs.New(errs.NotFound, "not_found"))
		return
	}
	v := guideView{
		Notice: citizen.Notice{Title: "青云市是虚构的", Text: "下面的人和密码只在这台机器的演示里有效。验证码每 30 秒换一次，过期了刷新本页。"},
		Doors: citizen.Doors{Title: "从这里开始", Items: []citizen.Door{
			{Title: "群众的手机", Desc: "本地微信：关注、提问、看菜单", URL: g.sandbox + "/"},
			{Title: "审核员的手机", Desc: "绑定了 shenhe：有规则待审就会响", URL: g.sandbox + "/?citizen=shenhe-phone&account=qingyun"},
			{Title: "工作人员控制台", Desc: "用下面任一登录名进入", URL: "/console/"},
			{Title: "接口文档", Desc: "控制台与开放接口", URL: "/api/docs"},
		}},
	}
	group := citizen.Cells{Title: "登录名 · 密码 · 验证码"}
	for _, s := range c.Staff {
		code, err := totp.GenerateCode(s.TOTPSecret, g.house.wall.Now())
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		group.Items = append(group.Items, citizen.Cell{
			Title: s.Login + "　" + s.Password + "　" + code, Desc: s.Name + " · " + roleNames[s.Role] + " · " + s.Unit,
		})
	}
	v.Groups = []citizen.Cells{group}
	w.Header().Set("Cache-Control", "no-store")
	g.page.Render(w, r, web.Head{Title: "演示指南", Lead: "一座虚构的城市，一个本地微信。", Site: web.Site{Name: "青云市演示", Owner: "weizheng 演示"}}, v)
}

// roleNames are the demo's roles as staff read them.
var roleNames = map[string]string{
	"system_admin": "系统管理员", "security_admin": "安全管理员", "audit_admin": "审计管理员", "leader": "领导", "supervisor": "监督员",
	"technician": "运维", "editor": "编辑", "reviewer": "审核员", "publisher": "发布员", "agent": "坐席", "handler": "部门经办",
}
