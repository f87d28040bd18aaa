package sandbox_test

import (
	"fmt"
	"testing"
	"time"
)

// TestManyFollowersAndReaders makes followers and readers without a call each: the lists, tags and statistics are those of
// people who did it one by one, and no callback is made.
func TestManyFollowersAndReaders(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("zhengwu", "zhang")
	w.submitted("zhengwu")
	w.play("POST", "/clock", object{"advance_ms": 1000})
	w.settle()
	w.dev.take()
	tag := w.api("zhengwu", "POST", "/cgi-bin/tags/create", object{"tag": object{"name": "老人"}})["tag"].(object)["id"]
	crew := object{"prefix": "p", "count": 300, "tags": []any{tag}, "how": "ADD_SCENE_QR_CODE"}
	if made := w.play("POST", "/accounts/zhengwu/followers", crew)["made"]; made != float64(300) {
		t.Fatalf("made %v", made)
	}
	if made := w.play("POST", "/accounts/zhengwu/followers", crew)["made"]; made != float64(0) {
		t.Errorf("the same again: made %v", made)
	}
	if total := w.api("zhengwu", "GET", "/cgi-bin/user/get", nil)["total"]; total != float64(301) {
		t.Errorf("total %v", total)
	}
	if list := w.api("zhengwu", "GET", "/cgi-bin/tags/get", nil)["tags"].([]any); fmt.Sprint(list[1].(object)["count"]) != "300" {
		t.Errorf("tags %v", list)
	}
	id := w.play("GET", "/articles?account=zhengwu&all=true", nil)["articles"].([]any)[0].(object)["id"].(string)
	next := w.play("POST", "/articles/"+id+"/readers", object{"count": 200})["next"]
	w.play("POST", "/articles/"+id+"/acts", object{"citizen": "p-300", "kind": "read"})
	if end := w.play("POST", "/articles/"+id+"/readers", object{"count": 200, "after": next})["next"]; end != "" {
		t.Errorf("after the last: %v", end)
	}
	if reads := w.play("GET", "/articles/"+id, nil)["article"].(object)["reads"]; reads != float64(302) {
		t.Errorf("reads %v", reads)
	}
	today := w.civil.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
	w.play("POST", "/clock", object{"advance_ms": 36 * time.Hour.Milliseconds()})
	line := w.api("zhengwu", "POST", "/datacube/getarticlesummary", object{"begin_date": today, "end_date": today})["list"].([]any)[0].(object)
	if line["int_page_read_user"] != float64(301) || line["int_page_read_count"] != float64(302) {
		t.Errorf("%v", line)
	}
	line = w.api("zhengwu", "POST", "/datacube/getusersummary", object{"begin_date": today, "end_date": today})["list"].([]any)[1].(object)
	if line["user_source"] != float64(30) || line["new_user"] != float64(300) {
		t.Errorf("%v", line)
	}
	w.settle()
	if got := w.dev.take(); len(got) != 0 {
		t.Errorf("callbacks: %v", got)
	}
	for label, c := range map[string]struct {
		path string
		in   object
		want int
	}{
		"too many":          {"/accounts/zhengwu/followers", object{"count": 100_001}, 422},
		"none":              {"/accounts/zhengwu/followers", object{}, 422},
		"a bad prefix":      {"/accounts/zhengwu/followers", object{"count": 1, "prefix": "A_"}, 422},
		"a tag of nobody":   {"/accounts/zhengwu/followers", object{"count": 1, "tags": []int{7}}, 422},
		"the future":        {"/accounts/zhengwu/followers", object{"count": 1, "at": int64(1) << 60}, 422},
		"an unknown way":    {"/accounts/zhengwu/followers", object{"count": 1, "how": "x"}, 422},
		"no account":        {"/accounts/none/followers", object{"count": 1}, 404},
		"no article":        {"/articles/none/readers", object{"count": 1}, 404},
		"likes":             {"/articles/" + id + "/readers", object{"count": 1, "kind": "like"}, 422},
		"an unknown scene":  {"/articles/" + id + "/readers", object{"count": 1, "scene": "x"}, 422},
		"after a stranger":  {"/articles/" + id + "/readers", object{"count": 1, "after": "o"}, 422},
		"too many to count": {"/articles/" + id + "/readers", object{"count": 1_000_000}, 422},
	} {
		if status, answer := w.tryPlay("POST", c.path, c.in); status != c.want {
			t.Errorf("%s: %d %v", label, status, answer)
		}
	}
}
