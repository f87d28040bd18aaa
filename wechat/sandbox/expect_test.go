package sandbox_test

import (
	"fmt"
	"testing"

	"weizheng/wechat"
)

func TestExpectations(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("zhengwu", "zhang")
	w.dev.answers(func(m *wechat.Message) (wechat.Reply, string) {
		return wechat.Text{Content: "您问的是" + m.Content}, ""
	})
	expect := func(in object) string {
		t.Helper()
		return fmt.Sprint("/expectations/", w.play("POST", "/expectations", in)["expectation"].(object)["id"])
	}
	answer := expect(object{"kind": "callback", "account": "zhengwu", "citizen": "zhang",
		"request": object{"contains": "居住证"}, "response": object{"matches": "您问的是居住证"}})
	wrong := expect(object{"kind": "callback", "account": "zhengwu", "response": object{"contains": "社保"}})
	call := expect(object{"kind": "api", "path": "/cgi-bin/message/custom/*", "request": object{"contains": "您好"}, "code": 0, "within_ms": 60_000})
	other := expect(object{"kind": "callback", "account": "fabu"})
	w.say("zhengwu", "zhang", "居住证") // encrypted on the wire: what is expected is the clear text
	w.settle()
	w.want("custom/send", w.api("zhengwu", "POST", "/cgi-bin/message/custom/send", object{"touser": w.box.OpenID("zhengwu", "zhang"),
		"msgtype": "text", "text": object{"content": "您好"}}), 0)

	get := func(path string) object { return w.play("GET", path, nil)["expectation"].(object) }
	if x := get(answer); x["state"] != "met" || x["by"].(object)["wire"] == float64(0) || x["instead"] != nil {
		t.Errorf("an answer that came: %v", x)
	}
	if x := get(call); x["state"] != "met" {
		t.Errorf("a call that came: %v", x)
	}
	if x := get(wrong); x["state"] != "waiting" || x["instead"].([]any)[0].(object)["why"] != "response" {
		t.Errorf("another answer: %v", x)
	}
	w.wall.advance(6_000_000_000)
	if x := get(wrong + "?wait_ms=1000"); x["state"] != "missed" {
		t.Errorf("after its time: %v", x)
	}
	if x := get(other); x["state"] != "missed" || x["instead"] != nil {
		t.Errorf("another account's: %v", x)
	}
	sum := w.play("GET", "/expectations", nil)
	if c := sum["count"].(object); sum["all_met"] != false || c["met"] != 2.0 || c["missed"] != 2.0 {
		t.Errorf("sum: %v", sum)
	}
	w.say("zhengwu", "zhang", "社保") // too late
	w.settle()
	if x := get(wrong); x["state"] != "missed" {
		t.Errorf("what comes late: %v", x)
	}
	// An answer that WeChat does not understand is none.
	w.dev.answers(func(*wechat.Message) (wechat.Reply, string) { return nil, "<html>社保</html>" })
	broken := expect(object{"kind": "callback", "response": object{"contains": "社保"}})
	w.say("zhengwu", "zhang", "社保")
	w.settle()
	if x := get(broken); x["state"] != "waiting" {
		t.Errorf("an answer that nobody sees: %v", x)
	}
	for label, in := range map[string]object{
		"no kind": {}, "a broken pattern": {"kind": "api", "request": object{"matches": "("}}, "for ever": {"kind": "api", "within_ms": 1e12},
		"a callback's path": {"kind": "callback", "path": "/x"},
	} {
		if status, out := w.tryPlay("POST", "/expectations", in); status != 422 {
			t.Errorf("%s: %d %v", label, status, out)
		}
	}
	if status, _ := w.tryPlay("POST", "/expectations", object{"kind": "api", "account": "none"}); status != 404 {
		t.Errorf("nobody's account: %d", status)
	}
	if sum := w.play("DELETE", "/expectations", nil); sum["all_met"] != true {
		t.Errorf("cleared: %v", sum)
	}
	if status, _ := w.tryPlay("GET", answer, nil); status != 404 {
		t.Errorf("forgotten: %d", status)
	}
}
