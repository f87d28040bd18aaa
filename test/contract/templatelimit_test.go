package contract

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

func templateRefusals() []refusal {
	const invalid, fix = errs.Invalid, wechat.ActFixTemplate
	bad := func(label, key, value string) refusal {
		return no(label, 47003, invalid, fix, func(w *world) error {
			_, err := w.sendTemplate("zhang", func(m *client.TemplateMessage) {
				m.Data = maps.Clone(progress)
				m.Data[key] = value
			})
			if err == nil || !strings.Contains(err.Error(), "data."+key+".value") {
				w.Errorf("%s: the field is not named: %v", label, err)
			}
			return err
		})
	}
	send := func(change func(*client.TemplateMessage)) func(w *world) error {
		return func(w *world) error { _, err := w.sendTemplate("zhang", change); return err }
	}
	return []refusal{
		bad("21 characters", "thing1", strings.Repeat("长", 21)),
		bad("an empty line", "thing1", ""),
		bad("汉字 in a number", "character_string2", "编号1"),
		bad("no instant", "time3", "明天"),
		bad("not of the choices", "enum5", "随便"),
		no("no data", 47003, invalid, fix, send(func(m *client.TemplateMessage) { m.Data = nil })),
		no("an unknown template", 40037, invalid, fix, send(func(m *client.TemplateMessage) { m.Template = "abc" })),
		no("a mini program that is not linked", 40013, errs.Refused, wechat.ActFixConfig, send(func(m *client.TemplateMessage) { m.Mini = &client.Mini{AppID: "wx00"} })),
		stranger("a stranger", send(func(m *client.TemplateMessage) { m.To = "oNobody" })),
		no("who switched the template off", 43101, errs.Refused, wechat.ActDropChannel, func(w *world) error {
			in := object{"account": main, "citizen": "zhang", "template": w.template(main), "on": false}
			w.play("PUT", "/consents", in)
			defer func() { in["on"] = true; w.play("PUT", "/consents", in) }()
			return send(nil)(w)
		}),
		no("who is on the blacklist", 43019, errs.Refused, wechat.ActDropChannel, func(w *world) error {
			zhang := []string{w.openid(main, "zhang")}
			w.wantCode("block", w.client(main).Block(w.ctx, zhang), 0)
			defer func() { w.wantCode("unblock", w.client(main).Unblock(w.ctx, zhang), 0) }()
			return send(nil)(w)
		}),
		no("who left", 43004, errs.Refused, wechat.ActDropFollower, func(w *world) error {
			w.play("POST", "/unfollow", object{"account": main, "citizen": "zhang"})
			return send(nil)(w)
		}),
	}
}

// TestTemplateValues: what each kind of line takes, and not one character more.
func TestTemplateValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow(main, "zhang")
	c := w.client(main)
	for _, c2 := range []struct {
		tid, word, key string
		good, bad      []string
	}{
		{"1006", "前面人数", "number2", []string{"3", "-2.5", strings.Repeat("9", 32)}, []string{"三", "1a", strings.Repeat("9", 33)}},
		{"1402", "币种", "letter4", []string{"CNY"}, []string{"CNY1", strings.Repeat("a", 33)}},
		{"1402", "备注", "symbol5", []string{"-", "★★★★★"}, []string{"a", "------"}},
		{"1402", "缴费金额", "amount2", []string{"¥56.30", "200元", "1234567890"}, []string{"¥12345678901", "五元"}},
		{"1004", "联系电话", "phone_number5", []string{"+86-0759-12345678"}, []string{"+86-0759-123456789", "电话"}},
		{"1301", "车牌号", "car_number1", []string{"粤G12345", "粤GD12345"}, []string{"粤GD1234567"}},
		{"1004", "预约人", "name6", []string{strings.Repeat("张", 10), strings.Repeat("z", 20)}, []string{strings.Repeat("张", 11), strings.Repeat("z", 21)}},
		{"1002", "办理结果", "phrase3", []string{"准予办理"}, []string{"准予办理事项", "OK"}},
		{"1003", "截止日期", "date4", []string{"2026年11月27日", "2026-11-27", "2026/11/27 09:30"}, []string{"周五", "09:30"}},
		{"1004", "预约时间", "time2", []string{"09:30", "2026年11月20日 09:30~2026年11月20日 10:30", "2026年11月20日"}, []string{"九点半", "2026年11月20日上午"}},
	} {
		id, err := c.AddTemplate(w.ctx, c2.tid, []string{c2.word})
		w.wantCode(c2.key, err, 0)
		send := func(v string) error {
			_, err := c.SendTemplate(w.ctx, client.TemplateMessage{To: w.openid(main, "zhang"), Template: id, Data: map[string]string{c2.key: v}})
			return err
		}
		for _, v := range c2.good {
			w.wantCode(c2.key+" "+v, send(v), 0)
		}
		for _, v := range c2.bad {
			w.wantCode(c2.key+" "+v, send(v), 47003)
		}
	}
}

func addTemplateRefusals() []refusal {
	add := func(id string, words ...string) func(w *world) error {
		return func(w *world) error { _, err := w.client(main).AddTemplate(w.ctx, id, words); return err }
	}
	const invalid, fix = errs.Invalid, wechat.ActFixTemplate
	return []refusal{
		no("an old template", 40247, invalid, fix, add("TM00015", "事项名称")),
		no("an unknown template", 40037, invalid, fix, add("9999", "事项名称")),
		no("of another category", 40037, invalid, fix, add("1101", "证件名称")),
		no("no keyword", 40246, invalid, fix, add("1001")),
		no("a keyword of another template", 40246, invalid, fix, add("1001", "车牌号")),
		no("a keyword twice", 40246, invalid, fix, add("1001", "事项名称", "事项名称")),
		no("a 26th", 45026, errs.Exhausted, wechat.ActShow, func(w *world) error {
			for n := range 25 {
				w.wantCode(fmt.Sprint("template ", n+1), add("1001", "事项名称")(w), 0)
			}
			return add("1001", "事项名称")(w)
		}),
	}
}

// TestCategories: five at most, five changes a month; they say which templates can be taken.
func TestCategories(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set := func(ids ...int) int {
		t.Helper()
		res, _ := w.exchange("PUT", "http://"+boxHost+"/sandbox/api/accounts/"+main+"/categories",
			strings.NewReader(strings.ReplaceAll(fmt.Sprintf(`{"categories":%v}`, ids), " ", ",")), nil)
		return res.StatusCode
	}
	for _, c := range []struct {
		label string
		ids   []int
		want  int
	}{
		{"six", []int{2201, 2202, 2203, 2204, 2205, 2206}, 422}, {"none", []int{}, 422}, {"unknown", []int{7}, 422}, {"twice", []int{2201, 2201}, 422},
		{"first", []int{2202}, 200}, {"second", []int{2201}, 200}, {"third", []int{2202}, 200}, {"fourth", []int{2201}, 200},
		{"fifth", []int{2202, 2207}, 200}, {"sixth", []int{2201}, 409},
	} {
		if got := set(c.ids...); got != c.want {
			t.Errorf("%s: %d, want %d", c.label, got, c.want)
		}
	}
	_, err := w.client(main).AddTemplate(w.ctx, "1101", []string{"证件名称"})
	w.wantCode("of the new category", err, 0)
	_, err = w.client(main).AddTemplate(w.ctx, "1001", progressWords)
	w.wantCode("of the old one", err, 40037)
	w.moveCivil(31 * 24 * time.Hour)
	if got := set(2201); got != 200 {
		t.Errorf("the next month: %d", got)
	}
}
