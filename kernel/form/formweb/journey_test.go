package formweb

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"weizheng/kernel/form"
)

// aid is the form of the tests.
func aid() form.Form {
	most := 2.0
	return form.Form{Title: "临时救助", Lead: "遇到困难时申请。", Submit: "提交申请", Promise: "5 个工作日内答复。", Fields: []form.Field{
		{Name: "who", Kind: form.Choice, Label: "为谁申请", Required: true, Options: []form.Option{{Value: "self", Label: "本人"}, {Value: "kin", Label: "家人"}}, Other: true},
		{Name: "name", Kind: form.Text, Label: "家人姓名", Rule: "name", Class: form.Personal, Required: true,
			Show: &form.Condition{Terms: []form.Term{{Field: "who", Op: form.Is, Value: "kin"}}}},
		{Name: "phone", Kind: form.Phone, Label: "手机", Class: form.Personal, Required: true, Example: "13812345678"},
		{Name: "income", Kind: form.Money, Label: "月收入"},
		{Name: "home", Kind: form.Place, Label: "住在哪里", Depth: 5},
		{Name: "card", Kind: form.File, Label: "身份证照片", Purpose: "核对身份", Trust: "C", Accept: []string{"image"}, Class: form.Sensitive},
		{Name: "book", Kind: form.File, Label: "户口簿", Shared: true},
		{Name: "kin", Kind: form.Group, Label: "家庭成员", Max: &most, Fields: []form.Field{
			{Name: "kname", Kind: form.Text, Label: "姓名", Required: true}, {Name: "kage", Kind: form.Number, Label: "年龄"}}},
		{Name: "sign", Kind: form.Signature, Label: "签名"},
	}}
}

// live makes and publishes the form through the console, for the account's pages.
func (h *house) live(b *browser) view {
	h.t.Helper()
	var v view
	if status := b.call("POST", "/forms", map[string]any{"key": "aid", "unit_id": 1, "draft": form.Form{Title: "临时救助", Fields: []form.Field{}}}, &v); status != 200 {
		h.t.Fatalf("create: %d %s", status, b.page)
	}
	if status := b.call("PUT", fmt.Sprintf("/forms/%d", v.ID), map[string]any{"version": v.Version, "account_id": 1, "draft": aid()}, &v); status != 200 {
		h.t.Fatalf("save: %d %s", status, b.page)
	}
	if status := b.call("POST", fmt.Sprintf("/forms/%d/publish", v.ID), map[string]any{"version": v.Version}, &v); status != 200 || v.Live != 1 || v.Address != "/c/qingyun/form/aid" {
		h.t.Fatalf("publish: %d %s", status, b.page)
	}
	return v
}

func picture(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 30, 30))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var question = regexp.MustCompile(`data-q="([^"]+)"( hidden)?`)

// asked lists the questions that the page shows.
func (b *browser) asked() string {
	var names []string
	for _, m := range question.FindAllStringSubmatch(b.page, -1) {
		if m[2] == "" {
			names = append(names, m[1])
		}
	}
	return strings.Join(names, " ")
}

func TestACitizenFillsInWithoutScript(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		desk := h.staff(clerk)
		v := h.live(desk)
		_, err := h.forms.ImportAreas(t.Context(), []form.AreaIn{{Code: "9901", Name: "青云市"}, {Code: "990101", Name: "云东区"}, {Code: "990101001", Name: "望云街道"}, {Code: "990101001001", Name: "望云里社区"}})
		h.must(err)

		b := h.citizen(1)
		if status := b.get("/c/qingyun/form/aid"); status != 200 {
			t.Fatalf("%d %s", status, b.page)
		}
		b.shows("<title>临时救助</title>", "遇到困难时申请。", "提交申请", "5 个工作日内答复。", "本页由 青云市民政局 负责", "例：13812345678", "不用您提供，由部门之间共享获取", "办理时请带原件核对")
		if got := b.asked(); got != "who phone income home card book kin sign" {
			t.Errorf("asked: %s", got)
		}

		// Everything is wrong, and said at once; what was typed is kept.
		typed := url.Values{"who": {"kin"}, "name": {"张3"}, "phone": {"138"}, "income": {"很少"}}
		if at := b.send(typed); at != "/c/qingyun/form/aid?check=1" {
			t.Errorf("faults lead to %s", at)
		}
		b.shows("还有 3 处要修改", `href="#f-name"`, "家人姓名：请填身份证上的姓名", `value="张3"`, `value="很少"`, `aria-invalid="true"`, "已自动保存")
		if got := b.asked(); got != "who name phone income home card book kin sign" {
			t.Errorf("asked for kin: %s", got)
		}

		// Rows come and go by buttons.
		typed = url.Values{"who": {"=", ""}, "who.own": {"邻居"}, "phone": {"0571-88886666"}, "income": {"1200.5"}, "_do": {"more:kin"}}
		if at := b.send(typed); at != "/c/qingyun/form/aid#f-kin.0" {
			t.Errorf("a row leads to %s", at)
		}
		b.shows("第 1 行", `value="邻居"`, `value="1200.50"`)
		typed.Set("kin.0", "1")
		typed.Set("kin.0.kname", "甲")
		b.send(typed)
		b.shows("第 2 行")
		b.hides("＋ 添加")
		typed.Set("kin.1", "1")
		typed.Set("_do", "less:kin.0")
		typed.Set("kin.1.kname", "乙")
		b.send(typed)
		b.shows("第 1 行", `value="乙"`)
		b.hides("第 2 行", `value="甲"`)

		// Places level by level; one that is not below is dropped.
		typed.Del("kin.1")
		typed.Set("kin.0.kname", "乙")
		typed.Set("_do", "keep:home")
		typed.Set("home.0", "990100000000")
		b.send(typed)
		b.shows("云东区", `name="home.1"`)
		typed.Set("home.1", "980101000000")
		b.send(typed)
		b.hides(`name="home.2"`)
		typed.Set("home.1", "990101000000")
		typed.Set("home.2", "990101001000")
		typed.Set("home.3", "990101001001")

		// A file that is refused says so; one that is taken stays through everything.
		typed.Set("_do", "upload:card")
		typed.Set("_token", "x")
		b.give(typed, "card.new", "p.pdf", []byte("%PDF-1.7"))
		b.shows("不能用这种文件")
		b.give(typed, "card.new", "我的.png", picture(t))
		b.shows("我的.png")
		code := regexp.MustCompile(`name="card" value="([^"]+)"`).FindStringSubmatch(b.page)[1]
		typed.Set("card", code)
		typed.Set("_do", "sign:sign")
		typed.Set("sign.drawn", "data:image/png;base64,"+base64.StdEncoding.EncodeToString(picture(t)))
		typed.Del("_token")
		b.send(typed)
		b.shows("您的签名")
		typed.Set("sign", regexp.MustCompile(`name="sign" value="([^"]+)"`).FindStringSubmatch(b.page)[1])
		typed.Del("sign.drawn")
		typed.Del("_do")
		typed.Del("_token")
		h.resumedAndSent(b, typed, code)
		h.seenByStaff(desk, v, code)
	})
}

func (h *house) resumedAndSent(b *browser, typed url.Values, code string) {
	h.t.Helper()
	other := h.citizen(2)
	if status := other.get("/c/qingyun/form-file/" + code); status != 404 {
		h.t.Errorf("somebody else's file: %d", status)
	}
	other.get("/c/qingyun/form/aid")
	other.hides("邻居", "已自动保存")

	again := h.citizen(1) // another day, another browser
	again.get("/c/qingyun/form/aid")
	again.shows("已自动保存", `value="邻居"`, "我的.png", "望云里社区")
	if status := again.get("/c/qingyun/form-file/" + code); status != 200 || !strings.HasPrefix(again.page, "\x89PNG") {
		h.t.Errorf("one's own file: %d", status)
	}

	at := b.send(typed)
	if !regexp.MustCompile(`^/c/qingyun/form/aid/sent/[A-Z0-9]{10}$`).MatchString(at) {
		h.t.Fatalf("sent to %s: %s", at, b.page)
	}
	b.shows("我们收到了您填的“临时救助”。5 个工作日内答复。", "编号")
	b.at = "/c/qingyun/form/aid"
	if twice := b.send(typed); twice != at {
		h.t.Errorf("the same page sent twice leads to %s", twice)
	}
	if status := other.get(at); status != 404 {
		h.t.Errorf("somebody else's receipt: %d", status)
	}
	b.get("/c/qingyun/form/aid")
	b.hides("已自动保存", "邻居")
	lines, err := h.part.MyItems[0].List(h.t.Context(), 1, 5)
	if err != nil || len(lines) != 1 || lines[0].URL != at {
		h.t.Errorf("我的: %v %v", lines, err)
	}
}

func (h *house) seenByStaff(desk *browser, v view, code string) {
	h.t.Helper()
	var list sentOut
	desk.call("GET", fmt.Sprintf("/forms/%d/submissions", v.ID), nil, &list)
	if len(list.Items) != 1 {
		h.t.Fatalf("submissions: %s", desk.page)
	}
	path := fmt.Sprintf("/form-submissions/%d", list.Items[0].ID)
	var seen submissionView
	desk.call("GET", path, nil, &seen)
	if seen.Values["phone"] != "057******6666" || !seen.Masked || seen.Values["who"] != "=邻居" || seen.Values["income"] != 120050.0 {
		h.t.Errorf("masked: %s", desk.page)
	}
	desk.shows("望云里社区")
	desk.hides("我的.png")
	for _, who := range []int{reader, stranger} {
		if status := h.staff(who).call("POST", path+"/reveal", map[string]any{"reason": "想看"}, nil); status != 403 && status != 404 {
			h.t.Errorf("reveal by %d: %d", who, status)
		}
		if status := h.staff(who).call("GET", path+"/files/"+code, nil, nil); status != 403 && status != 404 {
			h.t.Errorf("a file by %d: %d", who, status)
		}
	}
	desk.call("POST", path+"/reveal", map[string]any{"reason": "核对电话"}, &seen)
	if seen.Values["phone"] != "0571-88886666" || seen.Masked || len(seen.Files) != 2 {
		h.t.Errorf("revealed: %s", desk.page)
	}
	if status := desk.call("GET", path+"/files/"+code, nil, nil); status != 200 || !strings.HasPrefix(desk.page, "\x89PNG") {
		h.t.Errorf("the file: %d", status)
	}
	var used usageOut
	desk.call("GET", fmt.Sprintf("/forms/%d/usage", v.ID), nil, &used)
	if used.Free || used.Submissions != 1 {
		h.t.Errorf("usage: %+v", used)
	}
	if status := desk.call("DELETE", fmt.Sprintf("/forms/%d?version=%d", v.ID, v.Version), nil, nil); status != 409 {
		h.t.Errorf("deleting an answered form: %d", status)
	}
	if status := desk.call("POST", fmt.Sprintf("/forms/%d/retire", v.ID), map[string]any{"version": v.Version}, nil); status != 200 {
		h.t.Errorf("retire: %d %s", status, desk.page)
	}
	if status := h.citizen(1).get("/c/qingyun/form/aid"); status != 404 {
		h.t.Errorf("a retired form: %d", status)
	}
}

func TestTheScriptIsToldWhatIsAsked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.live(h.staff(clerk))
		b := h.citizen(1)
		save := func(typed url.Values) {
			status, _ := b.do("POST", "/c/qingyun/form/aid/save", "application/x-www-form-urlencoded", strings.NewReader(typed.Encode()))
			if status != 200 {
				t.Fatalf("%d %s", status, b.page)
			}
		}
		save(url.Values{"who": {"kin"}})
		b.shows(`"saved":"已自动保存 `, `"name":true`)
		save(url.Values{"who": {"self"}, "name": {"张三"}})
		b.hides(`"name"`)
		b.get("/c/qingyun/form/aid")
		b.shows(`value="张三"`) // hidden, and there if one changes one's mind
		if got := b.asked(); strings.Contains(got, "name ") {
			t.Errorf("asked: %s", got)
		}
		if status := b.get("/c/qingyun/form/nobody"); status != 404 {
			t.Errorf("no such form: %d", status)
		}
	})
}

func TestTheDesignersPreviewAndJudgement(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		desk := h.staff(clerk)
		v := h.live(desk)
		draft := aid()
		draft.Fields[0].Label = "您为谁申请"
		draft.Fields = append(draft.Fields, form.Field{Name: "more", Kind: form.File, Label: "其他材料", Purpose: "核对", Trust: "D"})
		var judged judgeOut
		if status := desk.call("POST", fmt.Sprintf("/forms/%d/judge", v.ID), map[string]any{"draft": draft}, &judged); status != 200 {
			t.Fatalf("%d %s", status, desk.page)
		}
		if len(judged.Faults) != 1 || judged.Faults[0].Field != "fields.9.label" || !strings.Contains(judged.Faults[0].Text, "兜底") {
			t.Errorf("faults: %+v", judged.Faults)
		}
		if len(judged.Changes) != 2 || judged.Changes[0].Was != "为谁申请" || judged.Changes[1].Op != "added" {
			t.Errorf("changes: %+v", judged.Changes)
		}
		for query, elder := range map[string]bool{"?elder=0": false, "?elder=1": true} {
			if status := desk.call("POST", fmt.Sprintf("/forms/%d/preview%s", v.ID, query), map[string]any{"draft": draft}, nil); status != 200 {
				t.Fatalf("%d %s", status, desk.page)
			}
			desk.shows("您为谁申请", "/s.css", "青云政务")
			desk.hides("<script", "<noscript")
			if strings.Contains(desk.page, `class="elder"`) != elder {
				t.Errorf("%s: elder %v", query, !elder)
			}
		}
		for _, who := range []int{reader, stranger} {
			for path, body := range map[string]any{"/publish": map[string]any{"version": v.Version}, "": map[string]any{"version": v.Version, "account_id": 1, "draft": draft}} {
				method := map[string]string{"/publish": "POST", "": "PUT"}[path]
				if status := h.staff(who).call(method, fmt.Sprintf("/forms/%d%s", v.ID, path), body, nil); status != 403 && status != 404 {
					t.Errorf("%d %s%s: %d", who, method, path, status)
				}
			}
		}
		if status := h.staff(stranger).call("POST", "/forms", map[string]any{"key": "mine", "unit_id": 1, "draft": form.Form{Title: "表", Fields: []form.Field{}}}, nil); status != 403 {
			t.Errorf("a form of another unit: %d", status)
		}
		var mine view
		other := h.staff(stranger)
		if status := other.call("POST", "/forms", map[string]any{"key": "mine", "unit_id": 2, "draft": form.Form{Title: "表", Fields: []form.Field{}}}, &mine); status != 200 {
			t.Fatalf("a form of one's own: %d %s", status, other.page)
		}
		if status := other.call("PUT", fmt.Sprintf("/forms/%d", mine.ID), map[string]any{"version": mine.Version, "account_id": 1, "draft": draft}, nil); status != 403 {
			t.Errorf("on another unit's account: %d", status)
		}
		if status := desk.call("POST", fmt.Sprintf("/forms/%d/check", v.ID), map[string]any{"number": 0, "values": map[string]any{"who": "kin", "kin": []any{map[string]any{}}}}, nil); status != 422 {
			t.Errorf("check: %d", status)
		}
		desk.shows(`"field":"kin.0"`, `"field":"name"`, `"field":"phone"`)
	})
}
