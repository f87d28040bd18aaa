package sandbox_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestFriends(t *testing.T) {
	t.Parallel()
	w := setup(t)
	card := object{"citizen": "zhang", "to": "li", "type": "link", "title": "高龄津贴怎么领", "description": "满 80 岁", "url": "http://127.0.0.1:8080/c/zhengwu/x"}
	w.play("POST", "/friends/messages", card)
	w.play("POST", "/friends/messages", object{"citizen": "zhang", "to": "li", "type": "text", "content": "您看看这个"})
	for _, c := range []struct {
		label string
		in    object
		code  int
	}{
		{"to oneself", object{"citizen": "zhang", "to": "zhang", "type": "text", "content": "x"}, 422},
		{"to nobody", object{"citizen": "zhang", "to": "none", "type": "text", "content": "x"}, 404},
		{"without words", object{"citizen": "zhang", "to": "li", "type": "text"}, 422},
		{"a page that no phone opens", object{"citizen": "zhang", "to": "li", "type": "link", "title": "x", "url": "javascript:alert(1)"}, 422},
		{"a page without a title", object{"citizen": "zhang", "to": "li", "type": "link", "url": "http://127.0.0.1/"}, 422},
		{"a kind there is not", object{"citizen": "zhang", "to": "li", "type": "money"}, 422},
	} {
		if status, out := w.tryPlay("POST", "/friends/messages", c.in); status != c.code {
			t.Errorf("%s: %d %v", c.label, status, out)
		}
	}
	w.restart()
	rows := w.play("GET", "/friends?citizen=li", nil)["friends"].([]any)
	if len(rows) != 1 {
		t.Fatalf("talks of li: %v", rows)
	}
	row := rows[0].(object)
	if row["unread"] != 2.0 || row["friend"].(object)["id"] != "zhang" || row["last"].(object)["content"] != "您看看这个" {
		t.Errorf("the row: %v", row)
	}
	talk := w.play("GET", "/friends/chat?citizen=li&friend=zhang", nil)["items"].([]any)
	if len(talk) != 2 || talk[0].(object)["title"] != "高龄津贴怎么领" || talk[0].(object)["from"] != "friend" {
		t.Errorf("the talk as li has it: %v", talk)
	}
	own := w.play("GET", "/friends/chat?citizen=zhang&friend=li&limit=1", nil)
	if item := own["items"].([]any)[0].(object); item["from"] != "citizen" || own["more"] != true {
		t.Errorf("the talk as zhang has it: %v", own)
	}
	w.play("POST", "/friends/read", object{"citizen": "li", "friend": "zhang"})
	if row := w.play("GET", "/friends?citizen=li", nil)["friends"].([]any)[0].(object); row["unread"] != 0.0 {
		t.Errorf("after reading: %v", row)
	}
}

func TestMoments(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := w.play("POST", "/moments", object{"citizen": "zhang", "words": "有用", "card": object{"title": "停水通知", "url": "http://127.0.0.1:8080/p/1"}})
	id := fmt.Sprint(made["moment"].(object)["id"])
	w.play("POST", "/moments", object{"citizen": "li", "words": "今天天气好"})
	for label, in := range map[string]object{
		"nothing to show": {"citizen": "zhang"},
		"too long":        {"citizen": "zhang", "words": strings.Repeat("长", 2001)},
		"no address":      {"citizen": "zhang", "card": object{"title": "x", "url": "here"}},
	} {
		if status, out := w.tryPlay("POST", "/moments", in); status != 422 {
			t.Errorf("%s: %d %v", label, status, out)
		}
	}
	w.play("POST", "/moments/"+id+"/like", object{"citizen": "li", "on": true})
	w.play("POST", "/moments/"+id+"/like", object{"citizen": "li", "on": true})
	w.restart()
	list := w.play("GET", "/moments", nil)["moments"].([]any)
	if len(list) != 2 || list[0].(object)["words"] != "今天天气好" || list[0].(object)["card"] != nil {
		t.Fatalf("moments: %v", list)
	}
	shared := list[1].(object)
	if likes := shared["likes"].([]any); len(likes) != 1 || likes[0].(object)["id"] != "li" || shared["card"].(object)["title"] != "停水通知" {
		t.Errorf("the shared page: %v", shared)
	}
	w.play("POST", "/moments/"+id+"/like", object{"citizen": "li", "on": false})
	if status, _ := w.tryPlay("DELETE", "/moments/"+id+"?citizen=li", nil); status != 404 {
		t.Errorf("somebody else's moment was taken away: %d", status)
	}
	w.play("DELETE", "/moments/"+id+"?citizen=zhang", nil)
	if status, out := w.tryPlay("POST", "/moments/"+id+"/like", object{"citizen": "li", "on": true}); status != 404 {
		t.Errorf("a like for what is gone: %d %v", status, out)
	}
	page := w.play("GET", "/moments?limit=1", nil)
	if len(page["moments"].([]any)) != 1 || page["more"] != false {
		t.Errorf("what is left: %v", page)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("zhengwu", "zhang", "li")
	w.follow("fabu", "zhang")
	w.say("zhengwu", "zhang", "社保卡丢了怎么办")
	w.say("zhengwu", "zhang", "Social Card 在哪里办")
	w.say("fabu", "zhang", "社保卡的新闻")
	w.say("zhengwu", "li", "社保卡是别人的话")
	w.wall.advance(time.Second)
	w.play("POST", "/friends/messages", object{"citizen": "li", "to": "zhang", "type": "text", "content": "你的社保卡在我这里"})
	w.api("zhengwu", "POST", "/cgi-bin/message/custom/send", object{"touser": w.box.OpenID("zhengwu", "zhang"), "msgtype": "text",
		"text": object{"content": `请看<a href="http://127.0.0.1/x">挂失说明</a>`}})
	texts := func(query string) string {
		var all []string
		for _, h := range w.play("GET", "/search?citizen=zhang&"+query, nil)["hits"].([]any) {
			all = append(all, h.(object)["text"].(string))
		}
		return strings.Join(all, "|")
	}
	for _, c := range []struct{ label, query, want string }{
		{"all chats, the newest first, nobody else's", "words=社保卡", "你的社保卡在我这里|社保卡的新闻|社保卡丢了怎么办"},
		{"one chat", "account=zhengwu&words=社保卡", "社保卡丢了怎么办"},
		{"all of several words", "words=社保卡%20丢", "社保卡丢了怎么办"},
		{"capitals do not matter", "words=social", "Social Card 在哪里办"},
		{"what stands in a link, without its marks", "words=挂失", "请看挂失说明"},
		{"an address that nobody sees", "words=127.0.0.1", ""},
		{"nothing", "words=没有的词", ""},
	} {
		if got := texts(c.query); got != c.want {
			t.Errorf("%s: %q, not %q", c.label, got, c.want)
		}
	}
	if out := w.play("GET", "/search?citizen=zhang&words=社保卡&limit=1", nil); len(out["hits"].([]any)) != 1 || out["more"] != true {
		t.Errorf("one at a time: %v", out)
	}
	if status, _ := w.tryPlay("GET", "/search?citizen=zhang&words=%20", nil); status != 422 {
		t.Errorf("no words: %d", status)
	}
}
