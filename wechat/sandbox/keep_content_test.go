package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// submitted has an article published and returns the job's id.
func (w *world) submitted(account string) string {
	w.Helper()
	body, kind := form("media", "a.png", png)
	res, content := w.do("POST", "/cgi-bin/material/add_material?type=image&access_token="+w.token(account), body, "Content-Type", kind)
	cover, _ := w.asObject(content)["media_id"].(string)
	if res.StatusCode != http.StatusOK || cover == "" {
		w.Fatalf("%s", content)
	}
	draft := w.api(account, "POST", "/cgi-bin/draft/add", object{"articles": []object{{"title": "办事", "content": "<p>到窗口</p>", "thumb_media_id": cover}}})
	job, _ := w.api(account, "POST", "/cgi-bin/freepublish/submit", object{"media_id": draft["media_id"]})["publish_id"].(float64)
	return fmt.Sprintf("%.0f", job)
}

// TestRestartKeepsWhatFallsDue: what was on its way when the sandbox ended arrives after the next start, once; what nobody
// had looked at is there, in its place.
func TestRestartKeepsWhatFallsDue(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("zhengwu", "zhang", "li")
	w.say("zhengwu", "zhang", "之前")
	w.settle()
	w.dev.take()
	job := w.submitted("zhengwu")
	sent := w.api("zhengwu", "POST", "/cgi-bin/message/mass/sendall", object{"filter": object{"is_to_all": true}, "msgtype": "text", "text": object{"content": "停水"}})
	w.want("send", sent, 0)
	w.restart()
	w.play("POST", "/clock", object{"advance_ms": time.Minute.Milliseconds()})
	w.settle()
	events := map[string]int{}
	for _, got := range w.dev.take() {
		events[got.message.Event]++
	}
	if events["PUBLISHJOBFINISH"] != 1 || events["MASSSENDJOBFINISH"] != 1 {
		t.Errorf("%v", events)
	}
	if status := w.api("zhengwu", "POST", "/cgi-bin/freepublish/get", object{"publish_id": job})["publish_status"]; status != float64(0) {
		t.Errorf("publish_status %v", status)
	}
	w.restart()
	w.say("zhengwu", "zhang", "之后")
	items := w.chat("zhengwu", "zhang")
	if len(items) != 3 || items[1]["content"] != "停水" || items[2]["content"] != "之后" {
		t.Errorf("%v", items)
	}
	for range 2 {
		chats, _ := w.play("GET", "/chats?citizen=li", nil)["chats"].([]any)
		if first, _ := chats[0].(object); first["unread"] != float64(1) {
			t.Errorf("%v", chats)
		}
		w.restart()
	}
}

// TestArticlePageIsHarmless: what an account writes is shown and not run.
func TestArticlePageIsHarmless(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.submitted("zhengwu")
	w.play("POST", "/clock", object{"advance_ms": 1000})
	w.settle()
	list, _ := w.play("GET", "/articles?account=zhengwu&all=true", nil)["articles"].([]any)
	article, _ := list[0].(object)
	address, _ := article["url"].(string)
	path := strings.TrimPrefix(address, w.server.URL)
	res, page := w.do("GET", path, nil)
	if policy := res.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script-src") || !strings.Contains(string(page), "到窗口") {
		t.Errorf("%s %.300s", policy, page)
	}
	for path, want := range map[string]int{"/s/nothing": http.StatusNotFound, "/s/draft/nothing/0": http.StatusNotFound, "/mmbiz/nothing/0": http.StatusNotFound} {
		if res, _ := w.do("GET", path, nil); res.StatusCode != want {
			t.Errorf("%s: HTTP %d", path, res.StatusCode)
		}
	}
}
