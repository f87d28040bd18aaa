package sandbox_test

import (
	"testing"
	"time"
)

// TestKeptRelations: what accounts and citizens made of each other is there after a restart, and what was due comes then.
func TestKeptRelations(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("zhengwu", "zhang", "li")
	zhang, li := w.box.OpenID("zhengwu", "zhang"), w.box.OpenID("zhengwu", "li")
	post := func(label, path string, in object) object {
		t.Helper()
		out := w.api("zhengwu", "POST", path, in)
		w.want(label, out, 0)
		return out
	}
	post("menu", "/cgi-bin/menu/create", object{"button": []object{button("type", "click", "name", "甲", "key", "K")}})
	w.play("GET", "/menu?account=zhengwu&citizen=zhang", nil)
	post("conditional menu", "/cgi-bin/menu/addconditional", object{"button": []object{button("type", "click", "name", "乙", "key", "K")},
		"matchrule": object{"client_platform_type": "2"}})
	w.play("PUT", "/options", object{"menu_minutes": 7})
	post("blacklist", "/cgi-bin/tags/members/batchblacklist", object{"openid_list": []string{li}})
	notice, _ := post("notice", "/wxaapi/newtmpl/addtemplate", object{"tid": "1006", "kidList": []int{1, 2}, "sceneDesc": ""})["priTmplId"].(string)
	w.play("POST", "/subscribe", object{"account": "zhengwu", "citizen": "zhang", "choices": object{notice: "accept"}})
	w.play("PATCH", "/accounts/zhengwu", object{"new_service": true})
	kf := "kf1@" + w.account("zhengwu").OriginalID
	post("worker", "/customservice/kfaccount/add", object{"kf_account": kf, "nickname": "小青"})
	post("invitation", "/customservice/kfaccount/inviteworker", object{"kf_account": kf, "invite_wx": "li"})
	until := w.civil.Now().Add(10 * 24 * time.Hour).Unix()
	w.play("POST", "/events", object{"account": "fabu", "event": "qualification_verify_success", "expired_time": until})
	w.settle()

	w.restart()
	w.dev.take()
	if minutes := w.play("GET", "/options", nil)["menu_minutes"]; minutes != float64(7) {
		t.Errorf("phones keep menus %v minutes", minutes)
	}
	if menu := w.play("GET", "/menu?account=zhengwu&citizen=zhang", nil)["menu"].(object); menu["buttons"].([]any)[0].(object)["name"] != "甲" {
		t.Errorf("the phone forgot its menu: %v", menu)
	}
	if match := post("match", "/cgi-bin/menu/trymatch", object{"user_id": zhang}); match["button"].([]any)[0].(object)["name"] != "乙" {
		t.Errorf("the conditional menu: %v", match)
	}
	if list := post("blacklist", "/cgi-bin/tags/members/getblacklist", object{"begin_openid": ""}); list["total"] != float64(1) {
		t.Errorf("the blacklist: %v", list)
	}
	send := object{"touser": zhang, "template_id": notice, "data": object{"character_string1": object{"value": "A012"}, "number2": object{"value": 3}}}
	post("with the consent", "/cgi-bin/message/subscribe/bizsend", send)
	w.want("it was one", w.api("zhengwu", "POST", "/cgi-bin/message/subscribe/bizsend", send), 43101)
	w.settle()
	if n := w.play("GET", "/notices?citizen=zhang", nil)["unread"]; n != float64(1) {
		t.Errorf("%v notices", n)
	}
	w.play("POST", "/service/invitation", object{"account": "zhengwu", "citizen": "li", "kf": kf, "accept": true})
	if !w.account("fabu").Verified {
		t.Error("the verification is lost")
	}
	w.dev.take()
	w.play("POST", "/clock", object{"advance_ms": (10 * 24 * time.Hour).Milliseconds()})
	w.settle()
	if got := w.dev.take(); len(got) != 1 || got[0].message.Event != "verify_expired" || got[0].message.ExpiredTime != until || w.account("fabu").Verified {
		t.Errorf("%d callbacks at the end of the verification", len(got))
	}
}
