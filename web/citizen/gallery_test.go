package citizen_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"weizheng/platform/clock"
	"weizheng/platform/errs"
	"weizheng/platform/web"
	"weizheng/web/citizen"
)

// gallery is a server with a page of every component, in the account 青云政务 (zw).
func gallery(t *testing.T) http.Handler {
	t.Helper()
	built, err := citizen.Built()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := web.NewPages(web.PagesConfig{Layouts: citizen.Templates(), Funcs: citizen.Funcs(), Style: built.Style, Script: built.Script,
		Site: func(context.Context, string) (web.Site, error) {
			return web.Site{Slug: "zw", Name: "青云政务", Accent: "#07727c", Owner: "青云市政务服务数据管理局", Phone: "12345",
				ComplainURL: "/c/zw/complain", PersonURL: "/c/zw/person"}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	files, err := web.Files(web.Public, citizen.Prefix, citizen.Assets(), "")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := web.NewTexts()
	if err != nil {
		t.Fatal(err)
	}
	routes := []web.Route{files,
		show(t, pages, "show.html", "路灯报修", "您 11月18日 提交的诉求，由市城管局办理。", everything()),
		show(t, pages, "form.html", "我要反映", "路灯、井盖、垃圾、噪声等城市管理问题。", askForm().Fill("t", nil, nil, nil)),
		show(t, pages, "refused.html", "我要反映", "路灯、井盖、垃圾、噪声等城市管理问题。", refusedForm()),
		show(t, pages, "done.html", "已经收到", "", received()),
		show(t, pages, "empty.html", "我的诉求", "", citizen.Empty{Title: "您还没有提过诉求", Text: "发现身边的问题，随手反映，5 个工作日内答复。", URL: "/c/zw/form", Action: "我要反映"}),
		web.Raw(web.Public, "GET", "/picture.svg", web.Anyone, nil, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/svg+xml")
			_, _ = w.Write([]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="72" height="72"><rect width="72" height="72" fill="#9cc"/></svg>`))
		}),
		web.Raw(web.Citizen, "GET", "/c/{account}/error", web.Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
			web.Fail(w, r, errs.New(errs.NotFound, "not_found"))
		}),
	}
	s, err := web.New(web.Config{Routes: routes, Texts: texts, Wall: clock.Wall{}, Log: slog.New(slog.DiscardHandler), ErrorPage: pages.Error})
	if err != nil {
		t.Fatal(err)
	}
	return s.Handler()
}

// show makes a route of testdata/<name>; "refused" is the form once more.
func show[D any](t *testing.T, pages *web.Pages, name, title, lead string, data D) web.Route {
	t.Helper()
	page, err := web.NewPage[D](pages, os.DirFS("testdata"), strings.Replace(name, "refused", "form", 1))
	if err != nil {
		t.Fatal(err)
	}
	path := "/c/{account}/" + strings.TrimSuffix(name, ".html")
	return web.Raw(web.Citizen, "GET", path, web.Anyone, nil, func(w http.ResponseWriter, r *http.Request) {
		page.Render(w, r, web.Head{Title: title, Lead: lead}, data)
	})
}

type components struct {
	Warn, Good citizen.Notice
	Steps      citizen.Steps
	Facts      citizen.Facts
	Cells      citizen.Cells
	Articles   citizen.Articles
	Doors      citizen.Doors
	Actions    []citizen.Action
	Pager      citizen.Pager
}

func everything() components {
	return components{
		Warn: citizen.Notice{Kind: "warn", Title: "需要您补充照片", Text: "请在 11月22日 前补充，逾期按现有材料办理。", URL: "/c/zw/form", Link: "去补充"},
		Good: citizen.Notice{Kind: "good", Text: "已按您的评价重新处理。"},
		Steps: citizen.Steps{Title: "办理进度", PromiseLabel: "承诺办结", Promise: "11月27日 周五", Items: []citizen.Step{
			{Title: "受理", Unit: "市 12345 热线", When: "11月18日 周三 09:30", State: citizen.StepDone},
			{Title: "现场核实", Unit: "市城管局", When: "11月19日 周四 14:05", Note: "灯杆编号 QY-0231，线路老化，已约供电公司。", State: citizen.StepNow},
			{Title: "修复", Unit: "市城管局", When: "11月25日 周三前", State: citizen.StepNext},
			{Title: "回访", Unit: "市 12345 热线", State: citizen.StepNext}}},
		Facts: citizen.Facts{Title: "诉求内容", Items: []citizen.Fact{
			{Label: "编号", Value: "QY2026111800231"}, {Label: "地点", Value: "青云区文昌路与学府街交叉口东北角公交站旁", URL: "/c/zw/map"},
			{Label: "状态", Value: "办理中", Mark: &citizen.Mark{Kind: "warn", Text: "还剩 2 天"}}}},
		Cells: citizen.Cells{Title: "相关服务", Tip: "工作日 9:00–17:00 有人值守。", Items: []citizen.Cell{
			{Title: "我的诉求", Note: "3 件", URL: "/c/zw/mine"}, {Title: "社保缴费查询", Desc: "可查近 24 个月", URL: "/c/zw/si", Mark: &citizen.Mark{Kind: "good", Text: "已认证"}},
			{Title: "预约大厅办事", URL: "/c/zw/booking"}, {Title: "公积金", Note: "系统维护中", Mark: &citizen.Mark{Kind: "bad", Text: "暂停"}}}},
		Articles: citizen.Articles{Title: "最近发布", Items: []citizen.Article{
			{Title: "关于 2027 年度城乡居民基本医疗保险参保缴费的通告", Summary: "缴费期至 12月25日，个人缴费 400 元。", URL: "/c/zw/a/1", Source: "市医保局", Day: "11月16日", Picture: "/picture.svg", PictureAlt: "缴费指引图"},
			{Title: "本周末供水管网检修", URL: "/c/zw/a/2", Source: "市水务局", Day: "11月15日"}}},
		Doors:   citizen.Doors{Title: "常用", Items: []citizen.Door{{Title: "我要反映", Desc: "城市管理问题", URL: "/c/zw/form"}, {Title: "办事指南", Desc: "查材料和流程", URL: "/c/zw/x"}, {Title: "预约", URL: "/c/zw/y"}, {Title: "政务公开", URL: "/c/zw/z"}}},
		Actions: []citizen.Action{{Text: "补充材料", URL: "/c/zw/form", Primary: true}, {Text: "撤回诉求", URL: "/c/zw/withdraw"}},
		Pager:   citizen.Pager{Newer: "/c/zw/1", Older: "/c/zw/3"},
	}
}

func askForm() citizen.Form {
	return citizen.Form{Draft: true, Submit: "提交诉求", Promise: "5 个工作日内答复，进度在“我的诉求”里看", Fields: []citizen.Field{
		{Name: "title", Label: "一句话说明", Kind: citizen.KindText, Hint: "例如：文昌路公交站旁的路灯不亮", Required: true, Max: 40},
		{Name: "body", Label: "详细情况", Kind: citizen.KindArea, Required: true, Max: 500},
		{Name: "sort", Label: "属于哪一类", Kind: citizen.KindSelect, Required: true, Options: []citizen.Option{{Value: "light", Text: "路灯照明"}, {Value: "road", Text: "道路井盖"}}},
		{Name: "public", Label: "可以公开答复吗", Kind: citizen.KindRadio, Required: true, Options: []citizen.Option{{Value: "yes", Text: "可以", Desc: "不显示您的姓名和电话"}, {Value: "no", Text: "不公开"}}},
		{Name: "when", Label: "方便联系的时间", Kind: citizen.KindChecks, Options: []citizen.Option{{Value: "am", Text: "上午"}, {Value: "pm", Text: "下午"}}},
		{Name: "day", Label: "哪天发现的", Kind: citizen.KindDate},
		{Name: "phone", Label: "手机号", Kind: citizen.KindPhone, Hint: "只用于办理时联系您", Required: true, Max: 11},
		{Name: "photo", Label: "现场照片", Kind: citizen.KindFile, Accept: "image/*", Multiple: true},
		{Name: "agree", Label: "我同意为办理此事使用以上信息", Kind: citizen.KindConsent, Required: true, URL: "/c/zw/privacy"},
	}}
}

func refusedForm() citizen.Form {
	values := map[string][]string{"title": {"路灯"}, "body": {"从上周起不亮，<晚上>很黑。"}, "sort": {"light"}, "public": {"yes"}, "when": {"am", "pm"}, "phone": {"1380013"}}
	return askForm().Fill("t", values, map[string]string{"title": "至少 6 个字", "phone": "手机号应当是 11 位", "agree": "请先同意", "gone": "请重新上传照片"}, nil)
}

func received() citizen.Done {
	return citizen.Done{Text: "您的诉求已转市城管局办理。", Facts: citizen.Facts{Items: []citizen.Fact{{Label: "编号", Value: "QY2026111800231"}, {Label: "答复期限", Value: "11月25日 周三"}}},
		Actions: []citizen.Action{{Text: "查看进度", URL: "/c/zw/show", Primary: true}, {Text: "再反映一件", URL: "/c/zw/form"}}}
}

func get(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var galleryPages = []string{"show", "form", "refused", "done", "empty", "error"}

func TestEveryPageIsWholeAndReachable(t *testing.T) {
	t.Parallel()
	h := gallery(t)
	for _, name := range galleryPages {
		for _, elder := range []string{"0", "1"} {
			w := get(t, h, "/c/zw/"+name+"?elder="+elder)
			body := w.Body.String()
			if want := map[bool]int{true: 404, false: 200}[name == "error"]; w.Code != want {
				t.Errorf("%s: %d\n%s", name, w.Code, body)
			}
			for _, part := range []string{`<a class="wz-skip" href="#main">`, `<main id="main"`, "<h1>", `lang="zh-CN"`, `style="--accent:#07727c"`, "负责", "我要投诉", "</html>"} {
				if !strings.Contains(body, part) {
					t.Errorf("%s lacks %s", name, part)
				}
			}
			other := map[string]string{"0": "大字版", "1": "标准版"}[elder]
			if !strings.Contains(body, other) || strings.Contains(body, `class="elder"`) != (elder == "1") {
				t.Errorf("%s: the switch is wrong", name)
			}
			if elder == "1" && name != "error" && !strings.Contains(body, "找人工帮忙") {
				t.Errorf("%s: no person at one tap", name)
			}
			for _, never := range []string{"ZgotmplZ", "<no value>", "onclick", "javascript:"} {
				if strings.Contains(body, never) {
					t.Errorf("%s holds %s", name, never)
				}
			}
		}
	}
}

var (
	controls = regexp.MustCompile(`<(?:input|select|textarea)[^>]*>`)
	idOf     = regexp.MustCompile(` id="([^"]+)"`)
	images   = regexp.MustCompile(`<img[^>]*>`)
	refs     = regexp.MustCompile(`aria-describedby="([^"]+)"`)
)

func TestFormsAreLabelled(t *testing.T) {
	t.Parallel()
	h := gallery(t)
	body := get(t, h, "/c/zw/refused").Body.String()
	for _, c := range controls.FindAllString(body, -1) {
		if strings.Contains(c, `type="hidden"`) {
			continue
		}
		id := idOf.FindStringSubmatch(c)
		inLabel := strings.Contains(body, `<label class="wz-choice">`+c)
		if !inLabel && (id == nil || !strings.Contains(body, `for="`+id[1]+`"`)) {
			t.Errorf("no label for %s", c)
		}
	}
	for _, m := range refs.FindAllStringSubmatch(body, -1) {
		for id := range strings.FieldsSeq(m[1]) {
			if !strings.Contains(body, ` id="`+id+`"`) {
				t.Errorf("aria-describedby names %s, which is not there", id)
			}
		}
	}
	for _, part := range []string{
		"还有 4 处要修改", `<a href="#f-title">`, "请重新上传照片", `aria-invalid="true"`, `value="路灯"`, "&lt;晚上&gt;", `value="light" selected`,
		`value="yes" checked`, `value="am" checked`, `id="e-phone"`, `data-private`, `name="_token" value="t"`,
	} {
		if !strings.Contains(body, part) {
			t.Errorf("lacks %s", part)
		}
	}
	if strings.Contains(body, `value="no" checked`) {
		t.Error("an option that was not chosen is")
	}
}

func TestPicturesHoldTheirPlace(t *testing.T) {
	t.Parallel()
	for _, img := range images.FindAllString(get(t, gallery(t), "/c/zw/show").Body.String(), -1) {
		for _, part := range []string{"alt=", "width=", "height=", `loading="lazy"`} {
			if !strings.Contains(img, part) {
				t.Errorf("%s lacks %s", img, part)
			}
		}
	}
}

// TestFirstView keeps what a phone loads for its first page under 30 kB.
func TestFirstView(t *testing.T) {
	t.Parallel()
	built, err := citizen.Built()
	if err != nil {
		t.Fatal(err)
	}
	h := gallery(t)
	for _, name := range galleryPages {
		total := get(t, h, "/c/zw/"+name).Body.Len() // pages are not packed: a proxy may do that
		for _, file := range []string{built.Style, built.Script} {
			w := get(t, h, file)
			if w.Code != 200 {
				t.Fatalf("%s: %d", file, w.Code)
			}
			total += w.Body.Len()
		}
		if total > 30_000 {
			t.Errorf("%s: first view is %d bytes", name, total)
		}
		t.Logf("%s: %d bytes (placeholder: %v)", name, total, built.Placeholder)
	}
}

// TestLookAtGallery serves the gallery for a browser: GALLERY=127.0.0.1:8199 go test -run TestLookAtGallery ./web/citizen.
func TestLookAtGallery(t *testing.T) {
	address := os.Getenv("GALLERY")
	if address == "" {
		t.Skip("GALLERY names no address to serve at")
	}
	server := &http.Server{Addr: address, Handler: gallery(t), ReadHeaderTimeout: 5 * time.Second}
	fmt.Println("http://" + address + "/c/zw/show")
	ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
	defer cancel()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	_ = server.ListenAndServe()
}
