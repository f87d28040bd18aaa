package sandbox_test

import (
	"testing"
	"time"
)

// publishOne publishes an article and returns its public id.
func (w *world) publishOne(account, title string) string {
	w.Helper()
	body, mime := form("media", "a.png", png)
	_, answer := w.do("POST", "/cgi-bin/material/add_material?type=image&access_token="+w.token(account), body, "Content-Type", mime)
	thumb := w.asObject(answer)["media_id"]
	draft := w.api(account, "POST", "/cgi-bin/draft/add", object{"articles": []object{{"title": title, "content": "<p>正文</p>", "thumb_media_id": thumb}}})
	w.api(account, "POST", "/cgi-bin/freepublish/submit", object{"media_id": draft["media_id"]})
	w.play("POST", "/clock", object{"advance_ms": 10_000})
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		for _, a := range w.play("GET", "/articles?all=true&account="+account, nil)["articles"].([]any) {
			if a.(object)["title"] == title {
				return a.(object)["id"].(string)
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	w.Fatal("it is not published")
	return ""
}

func TestLooks(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first, second := w.publishOne("fabu", "停水通知"), w.publishOne("fabu", "高龄津贴")
	w.play("PUT", "/looks/"+first, object{"citizen": "zhang", "on": true})
	w.play("PUT", "/looks/"+first, object{"citizen": "zhang", "on": true})
	w.wall.advance(time.Second)
	w.play("PUT", "/looks/"+second, object{"citizen": "zhang", "on": true})
	w.wall.advance(time.Second)
	w.play("PUT", "/looks/"+first, object{"citizen": "li", "on": true})
	w.restart()
	looks := w.play("GET", "/looks", nil)["looks"].([]any)
	if len(looks) != 2 {
		t.Fatalf("looks: %v", looks)
	}
	top := looks[0].(object)
	if readers := top["readers"].([]any); top["article"].(object)["id"] != first || len(readers) != 2 || readers[0].(object)["id"] != "zhang" {
		t.Errorf("the one chosen last, with its readers in the order of their coming: %v", top)
	}
	w.play("PUT", "/looks/"+first, object{"citizen": "zhang", "on": false})
	if on := w.play("GET", "/looks/"+first+"?citizen=zhang", nil)["on"]; on != false {
		t.Errorf("taken back: %v", on)
	}
	w.play("POST", "/articles/"+second+"/ban", object{})
	for _, c := range []struct {
		label, path string
		in          object
		status      int
	}{
		{"what is gone", second, object{"citizen": "li", "on": true}, 409},
		{"no article", "none", object{"citizen": "li", "on": true}, 404},
		{"nobody", first, object{"citizen": "none", "on": true}, 404},
	} {
		if status, out := w.tryPlay("PUT", "/looks/"+c.path, c.in); status != c.status {
			t.Errorf("%s: %d %v", c.label, status, out)
		}
	}
}
