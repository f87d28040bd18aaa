package contract

import (
	"fmt"
	"strings"
	"testing"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// TestSheet: for which templates the phone asks, and for which not.
func TestSheet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noticed(w, main)
	long, once := w.noticeTemplate(main, "办理进度通知"), w.noticeTemplate(main, "预约成功通知")
	appid := w.account(main).AppID
	ask := func(appid string, ids ...string) (string, []object) {
		t.Helper()
		_, content := w.exchange("GET", "http://"+boxHost+"/sandbox/api/subscribe?citizen=zhang&appid="+appid+"&templates="+strings.Join(ids, ","), nil, nil)
		out := w.asObject(content)
		if failed, ok := out["error"].(object); ok {
			return failed["code"].(string), nil
		}
		return "", w.list(out["templates"])
	}
	if code, list := ask(appid, long); code != "" || len(list) != 1 || list[0]["type"] != "long" || list[0]["always"] != true || list[0]["title"] != "办理进度通知" {
		t.Errorf("%s %v", code, list)
	}
	for _, c := range []struct {
		label, appid, want string
		ids                []string
	}{
		{"one-time and long-term", appid, "subscribe_20002", []string{long, once}},
		{"unknown", appid, "subscribe_20001", []string{"abc"}},
		{"none", appid, "subscribe_10001", nil},
		{"six", appid, "subscribe_20003", []string{"1", "2", "3", "4", "5", "6"}},
		{"an account without the right", w.account("renshe").AppID, "subscribe_20005", []string{long}},
	} {
		if got, _ := ask(c.appid, c.ids...); got != c.want {
			t.Errorf("%s: %q, want %q", c.label, got, c.want)
		}
	}
}

func noticeRefusals() []refusal {
	const invalid, fix = errs.Invalid, wechat.ActFixTemplate
	send := func(data map[string]string, change func(*client.Notice)) func(w *world) error {
		return func(w *world) error { return w.sendNotice("办理进度通知", data, change) }
	}
	return []refusal{
		no("a line too long", 47003, invalid, fix, func(w *world) error {
			long := map[string]string{"thing1": strings.Repeat("长", 21), "character_string2": "1", "time3": "09:30", "enum5": "已受理"}
			err := send(long, nil)(w)
			if err == nil || !strings.Contains(err.Error(), "data.thing1.value") {
				w.Errorf("the field is not named: %v", err)
			}
			return err
		}),
		no("no data", 47003, invalid, fix, send(nil, nil)),
		no("an unknown template", 40037, invalid, fix, send(progress, func(n *client.Notice) { n.Template = "abc" })),
		no("a mini program that is not linked", 40013, errs.Refused, wechat.ActFixConfig, send(progress, func(n *client.Notice) { n.Mini = &client.Mini{AppID: "wx00"} })),
		stranger("a stranger", send(progress, func(n *client.Notice) { n.To = "oNobody" })),
		no("without consent", 43101, errs.Refused, wechat.ActDropChannel, func(w *world) error {
			w.follow(main, "li")
			return send(progress, func(n *client.Notice) { n.To = w.openid(main, "li") })(w)
		}),
	}
}

func addNoticeRefusals() []refusal {
	const invalid, fix, path = errs.Invalid, wechat.ActFixTemplate, "/wxaapi/newtmpl/addtemplate"
	add := func(tid int, scene string, kids ...int) func(w *world) error {
		return func(w *world) error { _, err := w.client(main).AddNoticeTemplate(w.ctx, tid, kids, scene); return err }
	}
	local := func(label, field, body string, code wechat.Code, do func(w *world) error) refusal {
		return refusal{label: label, code: code, kind: invalid, action: fix, local: field + ":wechat.between", do: do,
			raw: func(w *world) wechat.Code { return w.raw(main, "POST", path, body) }}
	}
	return []refusal{
		local("one line", "kids", `{"tid":"1001","kidList":[1]}`, 200020, add(longTID, "", 1)),
		local("six lines", "kids", `{"tid":"1004","kidList":[1,2,3,4,5,6]}`, 200020, add(onceTID, "", 1, 2, 3, 4, 5, 6)),
		local("a scene of 16 characters", "scene", `{"tid":"1001","kidList":[1,2],"sceneDesc":"`+strings.Repeat("场", 16)+`"}`, 200021, add(longTID, strings.Repeat("场", 16), 1, 2)),
		no("an unknown line", 200020, invalid, fix, add(longTID, "", 1, 9)),
		no("a line twice", 200020, invalid, fix, add(longTID, "", 1, 1)),
		no("an unknown template", 200014, invalid, fix, add(7, "", 1, 2)),
		no("of another category", 200014, invalid, fix, add(1101, "", 1, 2)),
		no("a 26th", 200012, errs.Exhausted, wechat.ActShow, func(w *world) error {
			for n := range 25 {
				w.wantCode(fmt.Sprint("template ", n+1), add(longTID, "", 1, 2)(w), 0)
			}
			return add(longTID, "", 1, 2)(w)
		}),
	}
}
