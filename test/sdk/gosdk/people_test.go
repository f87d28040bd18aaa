package gosdk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silenceper/wechat/v2/officialaccount/menu"
	"github.com/silenceper/wechat/v2/officialaccount/message"
)

// TestPeople goes through the SDK's calls about single citizens: their menu, their notices, who is blocked, who serves.
func TestPeople(t *testing.T) {
	t.Parallel()
	a := register(t, "go-people", "safe", true)
	a.conditionalMenus()
	a.templates()
	a.notices()
	a.blacklist()
	a.workers()
}

// wants fails unless the SDK tells the code.
func (a *account) wants(label string, err error, code string) {
	a.Helper()
	if err == nil || !strings.Contains(err.Error(), code) {
		a.Errorf("%s: %v, want %s", label, err, code)
	}
}

func (a *account) conditionalMenus() {
	m := a.sdk.GetMenu()
	rule := &menu.MatchRule{ClientPlatformType: "2"}
	a.wants("without a menu", m.AddConditional([]*menu.Button{menu.NewClickButton("安卓", "A")}, rule), "65303")
	a.no("create", m.SetMenu([]*menu.Button{menu.NewSubButton("办事", []*menu.Button{menu.NewClickButton("问", "ASK")})}))
	a.no("add", m.AddConditional([]*menu.Button{menu.NewClickButton("安卓", "A")}, rule))
	a.wants("by sex", m.AddConditional([]*menu.Button{menu.NewClickButton("女", "F")}, &menu.MatchRule{Sex: "2"}), "65320")
	got, err := m.GetMenu()
	if err != nil || len(got.Conditionalmenu) != 1 || got.Conditionalmenu[0].MatchRule.ClientPlatformType != "2" || got.Menu.MenuID == 0 {
		a.Fatalf("menus: %+v %v", got, err)
	}
	if buttons, err := m.MenuTryMatch(a.openid); err != nil || len(buttons) != 1 || buttons[0].Name != "安卓" {
		a.Errorf("match: %+v %v", buttons, err)
	}
	info, err := m.GetCurrentSelfMenuInfo()
	if err != nil || info.IsMenuOpen != 1 || info.SelfMenuInfo.Button[0].SubButton.List[0].Key != "ASK" {
		a.Errorf("current: %+v %v", info, err)
	}
	a.no("delete", m.DeleteConditional(got.Conditionalmenu[0].MenuID))
}

func (a *account) templates() {
	tpl := a.sdk.GetTemplate()
	id, err := tpl.Add("1002", []string{"事项名称", "办理结果"})
	a.no("add", err)
	list, err := tpl.List()
	if err != nil || len(list) != 1 || list[0].TemplateID != id || !strings.Contains(list[0].Content, "{{thing1.DATA}}") {
		a.Errorf("list: %+v %v", list, err)
	}
	msg := &message.TemplateMessage{ToUser: a.openid, TemplateID: id, URL: "https://gov.example/1", Data: map[string]*message.TemplateDataItem{
		"thing1": {Value: "居住证办理", Color: "#173177"}, "phrase3": {Value: "准予办理"}}}
	msgID, err := tpl.Send(msg)
	a.no("send", err)
	if m := a.next(); m.Event != message.EventTemplateSendJobFinish || m.Status != "success" || msgID == 0 {
		a.Errorf("what came of it: %+v", m)
	}
	if card := a.shown("template"); card["title"] != "办结通知" {
		a.Errorf("on the phone: %v", card)
	}
	msg.Data["phrase3"].Value = "准予办理这件事"
	_, err = tpl.Send(msg)
	a.wants("too long", err, "47003")
	a.no("delete", tpl.Delete(id))
}

func (a *account) notices() {
	s := a.sdk.GetSubscribe()
	categories, err := s.GetCategory()
	if err != nil || len(categories) == 0 {
		a.Fatalf("categories: %v %v", categories, err)
	}
	n, titles, err := s.GetPublicTemplateTitleList("2201", 0, 30)
	if err != nil || n != len(titles) || n == 0 || titles[0].TitleID != 1001 || titles[0].Type != 3 {
		a.Errorf("library: %d %+v %v", n, titles, err)
	}
	words, err := s.GetPubTplKeyWordsByID("1001")
	if err != nil || words[0].Rule != "thing" {
		a.Errorf("keywords: %+v %v", words, err)
	}
	id, err := s.Add("1001", []int{1, 2}, "办事进度")
	a.no("add", err)
	if list, err := s.List(); err != nil || len(list) != 1 || list[0].PriTmplID != id || list[0].SubType != 3 {
		a.Errorf("list: %+v %v", list, err)
	}
	msg := &message.SubscribeMessage{ToUser: a.openid, TemplateID: id, Data: map[string]*message.SubscribeDataItem{
		"thing1": {Value: "居住证办理"}, "character_string2": {Value: "QY-1"}}}
	a.wants("without consent", s.Send(msg), "43101")
	a.play("POST", "/subscribe", object{"account": a.id, "citizen": a.citizen, "choices": object{id: "accept"}})
	if m := a.next(); m.Event != "subscribe_msg_popup_event" {
		a.Errorf("the sheet: %+v", m)
	}
	a.no("send", s.Send(msg))
	if m := a.next(); m.Event != "subscribe_msg_sent_event" {
		a.Errorf("what came of it: %+v", m)
	}
	a.no("delete", s.Delete(id))
}

func (a *account) blacklist() {
	u := a.sdk.GetUser()
	a.no("block", u.BatchBlackList(a.openid))
	if list, err := u.GetBlackList(); err != nil || list.Total != 1 || list.Data.OpenIDs[0] != a.openid {
		a.Errorf("blacklist: %+v %v", list, err)
	}
	a.no("unblock", u.BatchUnBlackList(a.openid))
	if all, err := u.GetAllBlackList(); err != nil || len(all) != 0 {
		a.Errorf("unblocked: %v %v", all, err)
	}
	_, err := u.ListChangeOpenIDs("wx0000", a.openid)
	a.wants("no migration", err, "63178")
}

func (a *account) workers() {
	csm := a.sdk.GetCustomerServiceManager()
	_, err := csm.List()
	a.wants("switched off", err, "65400")
	weixin := a.play("PATCH", "/accounts/"+a.id, object{"new_service": true})["account"].(object)["weixin_id"].(string)
	kf := "kf1@" + weixin
	a.no("add", csm.Add(kf, "小青"))
	a.no("rename", csm.Update(kf, "小红"))
	a.no("invite", csm.InviteBind(kf, a.citizen))
	list, err := csm.List()
	if err != nil || len(list) != 1 || list[0].KfID != 1001 || list[0].KfNick != "小红" || list[0].InviteStatus != "waiting" {
		a.Errorf("list: %+v %v", list, err)
	}
	a.play("POST", "/service/invitation", object{"account": a.id, "citizen": a.citizen, "kf": kf, "accept": true})
	a.play("POST", "/service/online", object{"account": a.id, "kf": kf, "on": true})
	if online, err := csm.OnlineList(); err != nil || len(online) != 1 || online[0].KfAccount != kf {
		a.Errorf("online: %+v %v", online, err)
	}
	picture := filepath.Join(a.TempDir(), "a.jpg")
	if err := os.WriteFile(picture, []byte("\xff\xd8\xff\xe0aaaa"), 0o600); err != nil {
		a.Fatal(err)
	}
	a.no("picture", csm.UploadHeadImg(kf, picture))
	a.no("delete", csm.Delete(kf))
}
