package sandbox_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"weizheng/wechat/sandbox"
)

func TestFollowerList(t *testing.T) {
	t.Parallel()
	w := setup(t)
	empty := w.api("fabu", "GET", "/cgi-bin/user/get", nil)
	if empty["total"] != float64(0) || empty["count"] != float64(0) || empty["next_openid"] != "" || empty["data"] != nil {
		t.Errorf("nobody: %v", empty)
	}
	const n = 10_003
	citizens := make([]sandbox.Citizen, n)
	follows := make([]sandbox.Follow, n)
	for i := range citizens {
		citizens[i] = sandbox.Citizen{ID: fmt.Sprintf("p%05d", i), Name: "市民"}
		follows[i] = sandbox.Follow{Account: "fabu", Citizen: citizens[i].ID, At: w.wall.Now().Add(time.Duration(i) * time.Second)}
	}
	if err := w.box.SeedCitizens(w.ctx, citizens); err != nil {
		t.Fatal(err)
	}
	if err := w.box.SeedFollows(w.ctx, follows); err != nil {
		t.Fatal(err)
	}
	first := w.api("fabu", "GET", "/cgi-bin/user/get", nil)
	list := first["data"].(object)["openid"].([]any)
	if first["total"] != float64(n) || first["count"] != float64(10_000) || len(list) != 10_000 {
		t.Fatalf("first page: total %v, count %v", first["total"], first["count"])
	}
	if list[0] != w.box.OpenID("fabu", "p00000") || first["next_openid"] != list[9999] {
		t.Error("not in the order of subscription")
	}
	rest := w.api("fabu", "GET", "/cgi-bin/user/get?next_openid="+first["next_openid"].(string), nil)
	if rest["count"] != float64(3) {
		t.Errorf("second page: %v", rest)
	}
	last := w.api("fabu", "GET", "/cgi-bin/user/get?next_openid="+rest["next_openid"].(string), nil)
	if last["count"] != float64(0) || last["next_openid"] != "" {
		t.Errorf("after the end: %v", last)
	}
	w.want("a stranger as next", w.api("fabu", "GET", "/cgi-bin/user/get?next_openid=o123", nil), 40003)
}

func TestUserInfo(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("zhengwu", "zhang")
	w.follow("renshe", "zhang")
	openid := w.box.OpenID("zhengwu", "zhang")
	if len(openid) != 28 || !strings.HasPrefix(openid, "o") {
		t.Fatalf("openid %q", openid)
	}
	info := w.api("zhengwu", "GET", "/cgi-bin/user/info?lang=zh_CN&openid="+openid, nil)
	var names []string
	for name := range info {
		names = append(names, name)
	}
	slices.Sort(names)
	want := []string{"groupid", "openid", "qr_scene", "qr_scene_str", "remark", "subscribe", "subscribe_scene",
		"subscribe_time", "tagid_list", "unionid"}
	if !slices.Equal(names, want) {
		t.Errorf("fields of today: %v, want %v", names, want)
	}
	if info["subscribe"] != float64(1) || info["subscribe_scene"] != "ADD_SCENE_SEARCH" ||
		info["subscribe_time"] != float64(w.wall.Now().Unix()) {
		t.Errorf("info: %v", info)
	}
	other := w.api("renshe", "GET", "/cgi-bin/user/info?openid="+w.box.OpenID("renshe", "zhang"), nil)
	if other["unionid"] != nil {
		t.Error("an account without principal tells a unionid")
	}
	w.follow("fabu", "zhang")
	same := w.api("fabu", "GET", "/cgi-bin/user/info?openid="+w.box.OpenID("fabu", "zhang"), nil)
	if same["unionid"] != info["unionid"] {
		t.Error("accounts of one principal tell different unionids")
	}
	w.play("POST", "/unfollow", object{"account": "zhengwu", "citizen": "zhang"})
	gone := w.api("zhengwu", "GET", "/cgi-bin/user/info?openid="+openid, nil)
	if gone["subscribe"] != float64(0) || gone["subscribe_time"] != nil {
		t.Errorf("after the unfollow: %v", gone)
	}
	w.want("another account's openid",
		w.api("zhengwu", "GET", "/cgi-bin/user/info?openid="+w.box.OpenID("fabu", "zhang"), nil), 40003)
	w.want("no openid", w.api("zhengwu", "GET", "/cgi-bin/user/info", nil), 40003)

	batch := func(n int) object {
		users := make([]object, n)
		for i := range users {
			users[i] = object{"openid": openid, "lang": "zh_CN"}
		}
		return w.api("zhengwu", "POST", "/cgi-bin/user/info/batchget", object{"user_list": users})
	}
	if list := batch(100)["user_info_list"].([]any); len(list) != 100 {
		t.Errorf("batch of 100: %d", len(list))
	}
	w.want("batch of 101", batch(101), 40032)
	w.want("empty batch", batch(0), 40032)
	w.want("a stranger in the batch", w.api("zhengwu", "POST", "/cgi-bin/user/info/batchget",
		object{"user_list": []object{{"openid": "oNobody"}}}), 40003)
}

func TestRemark(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("fabu", "zhang")
	openid := w.box.OpenID("fabu", "zhang")
	set := func(openid, remark string) object {
		return w.api("fabu", "POST", "/cgi-bin/user/info/updateremark", object{"openid": openid, "remark": remark})
	}
	w.want("29 bytes", set(openid, "老张"+strings.Repeat("x", 23)), 0)
	w.want("30 bytes", set(openid, strings.Repeat("张", 10)), 40035)
	w.want("a stranger", set("oNobody", "x"), 40003)
	if info := w.api("fabu", "GET", "/cgi-bin/user/info?openid="+openid, nil); info["remark"] != "老张"+strings.Repeat("x", 23) {
		t.Errorf("remark: %v", info["remark"])
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	w := setup(t)
	tag := func(verb string, in object) object {
		return w.api("fabu", "POST", "/cgi-bin/tags/"+verb, object{"tag": in})
	}
	made := tag("create", object{"name": "广东"})
	id := made["tag"].(object)["id"]
	if id != float64(100) || made["errcode"] != nil {
		t.Errorf("first tag: %v", made)
	}
	for _, c := range []struct {
		label, verb string
		in          object
		code        int
	}{
		{"the same name", "create", object{"name": "广东"}, 45157},
		{"no name", "create", object{"name": ""}, 45157},
		{"31 bytes", "create", object{"name": strings.Repeat("市", 10) + "x"}, 45158},
		{"30 bytes", "create", object{"name": strings.Repeat("市", 10)}, 0},
		{"rename a reserved one", "update", object{"id": 2, "name": "x"}, 45058},
		{"rename nothing", "update", object{"id": 999, "name": "x"}, 45159},
		{"rename to another's", "update", object{"id": 101, "name": "广东"}, 45157},
		{"rename to its own", "update", object{"id": 100, "name": "广东"}, 0},
		{"rename", "update", object{"id": 100, "name": "广西"}, 0},
		{"delete a reserved one", "delete", object{"id": 0}, 45058},
		{"delete", "delete", object{"id": 101}, 0},
		{"delete again", "delete", object{"id": 101}, 45159},
	} {
		w.want(c.label, tag(c.verb, c.in), c.code)
	}
	for i := 1; i < 100; i++ {
		w.want("tag", tag("create", object{"name": fmt.Sprint("标签", i)}), 0)
	}
	w.want("the 101st", tag("create", object{"name": "太多"}), 45056)
	list := w.api("fabu", "GET", "/cgi-bin/tags/get", nil)["tags"].([]any)
	if len(list) != 101 { // with 星标组
		t.Errorf("%d tags", len(list))
	}
	if row := list[1].(object); row["id"] != float64(100) || row["name"] != "广西" || row["count"] != float64(0) {
		t.Errorf("first own tag: %v", row)
	}
}

func TestTagMembers(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("fabu", "zhang", "li")
	w.follow("zhengwu", "zhang")
	zhang, li := w.box.OpenID("fabu", "zhang"), w.box.OpenID("fabu", "li")
	for i := range 21 {
		w.want("make tag", w.api("fabu", "POST", "/cgi-bin/tags/create", object{"tag": object{"name": fmt.Sprint("t", i)}}), 0)
	}
	change := func(verb string, tag int, openids ...string) object {
		return w.api("fabu", "POST", "/cgi-bin/tags/members/"+verb, object{"tagid": tag, "openid_list": openids})
	}
	w.want("tag two", change("batchtagging", 100, zhang, li), 0)
	w.want("and again", change("batchtagging", 100, zhang), 0)
	for tag := 101; tag < 120; tag++ {
		w.want("more tags", change("batchtagging", tag, zhang), 0)
	}
	w.want("the 21st tag of one follower", change("batchtagging", 120, zhang), 45059)
	w.want("all or none", change("batchtagging", 120, li, zhang), 45059)
	w.want("51 openids", change("batchtagging", 100, slices.Repeat([]string{zhang}, 51)...), 40032)
	w.want("no openids", change("batchtagging", 100), 40032)
	w.want("no such tag", change("batchtagging", 999, zhang), 45159)
	w.want("a reserved tag", change("batchtagging", 2, zhang), 45058)
	w.want("a stranger", change("batchtagging", 100, "oNobody"), 40003)
	w.want("another account's", change("batchtagging", 100, w.box.OpenID("zhengwu", "zhang")), 49003)

	ids := w.api("fabu", "POST", "/cgi-bin/tags/getidlist", object{"openid": li})["tagid_list"].([]any)
	if len(ids) != 1 || ids[0] != float64(100) {
		t.Errorf("tags of li: %v", ids)
	}
	fans := w.api("fabu", "POST", "/cgi-bin/user/tag/get", object{"tagid": 100, "next_openid": ""})
	if fans["count"] != float64(2) || fans["next_openid"] != li {
		t.Errorf("fans of the tag: %v", fans)
	}
	after := w.api("fabu", "POST", "/cgi-bin/user/tag/get", object{"tagid": 100, "next_openid": li})
	if after["count"] != float64(0) {
		t.Errorf("after the last: %v", after)
	}
	w.want("untag", change("batchuntagging", 100, li), 0)
	counted := w.api("fabu", "GET", "/cgi-bin/tags/get", nil)["tags"].([]any)[1].(object)
	if counted["count"] != float64(1) {
		t.Errorf("fans counted: %v", counted)
	}
	info := w.api("fabu", "GET", "/cgi-bin/user/info?openid="+url.QueryEscape(zhang), nil)
	if tags := info["tagid_list"].([]any); len(tags) != 20 || info["groupid"] != float64(100) {
		t.Errorf("tags in the info: %v", tags)
	}
	w.play("POST", "/unfollow", object{"account": "fabu", "citizen": "zhang"})
	counted = w.api("fabu", "GET", "/cgi-bin/tags/get", nil)["tags"].([]any)[1].(object)
	if counted["count"] != float64(0) {
		t.Errorf("an unfollow keeps the tag: %v", counted)
	}
}
