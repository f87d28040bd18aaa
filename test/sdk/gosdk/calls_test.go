package gosdk

import (
	"bytes"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/silenceper/wechat/v2/domain/openapi"
	"github.com/silenceper/wechat/v2/officialaccount/basic"
	"github.com/silenceper/wechat/v2/officialaccount/customerservice"
	"github.com/silenceper/wechat/v2/officialaccount/material"
	"github.com/silenceper/wechat/v2/officialaccount/menu"
	"github.com/silenceper/wechat/v2/officialaccount/message"
	"github.com/silenceper/wechat/v2/officialaccount/user"
)

// TestCalls goes through the SDK's calls, once with each of the two ways to get a token.
func TestCalls(t *testing.T) {
	t.Parallel()
	for id, stable := range map[string]bool{"go-legacy": false, "go-stable": true} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			a := register(t, id, "safe", stable)
			a.tokens()
			a.menus()
			a.users()
			a.tags()
			ids := a.media()
			a.messages(ids)
			a.codes()
			a.authorisation()
			a.jsConfig()
			a.openAPI()
		})
	}
}

func (a *account) tokens() {
	first, err := a.sdk.GetAccessToken()
	a.no("token", err)
	again, err := a.sdk.GetAccessToken()
	if err != nil || again != first || first == "" {
		a.Errorf("token: %q, %q, %v", first, again, err)
	}
	ips, err := a.sdk.GetBasic().GetCallbackIP()
	if err != nil || !slices.Contains(ips, "127.0.0.1") {
		a.Errorf("callback addresses: %v %v", ips, err)
	}
	_, err = a.sdk.GetBasic().GetAPIDomainIP()
	a.no("API addresses", err)
}

func (a *account) menus() {
	m := a.sdk.GetMenu()
	a.no("create", m.SetMenu([]*menu.Button{
		menu.NewSubButton("办事", []*menu.Button{
			menu.NewViewButton("查询<&>", "https://gov.example/?a=1&b=2"), menu.NewClickButton("咨询", "ASK"),
			menu.NewScanCodeWaitMsgButton("扫码", "SCAN"), menu.NewPicWeixinButton("照片", "PIC"), menu.NewLocationSelectButton("网点", "WHERE"),
		}),
		menu.NewMiniprogramButton("小程序", "https://gov.example/", "wx00000000000000aa", "pages/index"),
		menu.NewClickButton("我的", "MINE"),
	}))
	got, err := m.GetMenu()
	if err != nil || len(got.Menu.Button) != 3 || len(got.Menu.Button[0].SubButtons) != 5 || got.Menu.Button[0].SubButtons[0].Name != "查询<&>" {
		a.Errorf("menu: %+v %v", got, err)
	}
	a.play("POST", "/menu/tap", object{"account": a.id, "citizen": a.citizen, "path": []int{2}})
	if c := a.next(); c.Event != message.EventClick || c.EventKey != "MINE" {
		a.Errorf("click: %+v", c)
	}
	if err := m.SetMenu(nil); err == nil || !strings.Contains(err.Error(), "errcode=40016") {
		a.Errorf("an empty menu: %v", err)
	}
	a.no("delete", m.DeleteMenu())
	if _, err := m.GetMenu(); err == nil || !strings.Contains(err.Error(), "errcode=46003") {
		a.Errorf("after the deletion: %v", err)
	}
}

func (a *account) users() {
	u := a.sdk.GetUser()
	list, err := u.ListUserOpenIDs()
	if err != nil || list.Total != 1 || list.Count != 1 || !slices.Equal(list.Data.OpenIDs, []string{a.openid}) {
		a.Errorf("followers: %+v %v", list, err)
	}
	all, err := u.ListAllUserOpenIDs()
	if err != nil || len(all) != 1 {
		a.Errorf("all followers: %v %v", all, err)
	}
	a.no("remark", u.UpdateRemark(a.openid, "老张"))
	info, err := u.GetUserInfo(a.openid)
	if err != nil || info.Subscribe != 1 || info.Remark != "老张" || info.UnionID == "" || info.SubscribeScene != "ADD_SCENE_SEARCH" || info.Nickname != "" {
		a.Errorf("info: %+v %v", info, err)
	}
	batch, err := u.BatchGetUserInfo(user.BatchGetUserInfoParams{UserList: []user.BatchGetUserListItem{{OpenID: a.openid, Lang: "zh_CN"}}})
	if err != nil || len(batch.UserInfoList) != 1 || batch.UserInfoList[0].OpenID != a.openid {
		a.Errorf("batch: %+v %v", batch, err)
	}
	if _, err := u.GetUserInfo("oNobody"); err == nil || !strings.Contains(err.Error(), "errcode=40003") {
		a.Errorf("a stranger: %v", err)
	}
}

func (a *account) tags() {
	u := a.sdk.GetUser()
	tag, err := u.CreateTag("低保户")
	if err != nil || tag.Name != "低保户" || tag.ID <= 2 {
		a.Fatalf("tag: %+v %v", tag, err)
	}
	a.no("tag", u.BatchTag([]string{a.openid}, tag.ID))
	ids, err := u.UserTidList(a.openid)
	if err != nil || !reflect.DeepEqual(ids, []int32{tag.ID}) {
		a.Errorf("tags of the follower: %v %v", ids, err)
	}
	fans, err := u.OpenIDListByTag(tag.ID)
	if err != nil || fans.Count != 1 || !slices.Equal(fans.Data.OpenIDs, []string{a.openid}) {
		a.Errorf("followers of the tag: %+v %v", fans, err)
	}
	a.no("rename", u.UpdateTag(tag.ID, "长者"))
	tags, err := u.GetTag()
	if i := slices.IndexFunc(tags, func(t *user.TagInfo) bool { return t.ID == tag.ID }); err != nil || i < 0 || tags[i].Name != "长者" || tags[i].Count != 1 {
		a.Errorf("tags: %+v %v", tags, err)
	}
	a.no("untag", u.BatchUntag([]string{a.openid}, tag.ID))
	a.no("delete the tag", u.DeleteTag(tag.ID))
	if _, err := u.CreateTag(strings.Repeat("市", 11)); err == nil || !strings.Contains(err.Error(), "45158") {
		a.Errorf("a long name: %v", err)
	}
}

var files = map[material.MediaType][]byte{
	material.MediaTypeImage: []byte("\x89PNG\r\n\x1a\n0000"),
	material.MediaTypeVoice: append([]byte("#!AMR\n"), bytes.Repeat(append([]byte{0x3c}, make([]byte, 31)...), 50)...),
	material.MediaTypeVideo: []byte("\x00\x00\x00\x18ftypmp42aaaa"),
	material.MediaTypeThumb: []byte("\xff\xd8\xff\xe0aaaa"),
}

func (a *account) media() map[material.MediaType]string {
	m := a.sdk.GetMaterial()
	ids := map[material.MediaType]string{}
	for kind, content := range files {
		up, err := m.MediaUploadFromReader(kind, "文件."+string(kind), bytes.NewReader(content))
		if err != nil || up.Type != kind || up.CreatedAt == 0 {
			a.Errorf("upload %s: %+v %v", kind, up, err)
		}
		ids[kind] = up.MediaID
		if kind == material.MediaTypeThumb {
			ids[kind] = up.ThumbMediaID
		}
		address, err := m.GetMediaURL(ids[kind])
		a.no("address", err)
		res, got := a.do("GET", address, nil, "")
		if kind == material.MediaTypeVideo {
			if !strings.Contains(string(got), `"video_url"`) {
				a.Errorf("video: %s", got)
			}
			continue
		}
		if !bytes.Equal(got, content) || res.Header.Get("Content-Disposition") == "" {
			a.Errorf("%s: %d bytes, %v", kind, len(got), res.Header)
		}
	}
	if _, err := m.MediaUploadFromReader(material.MediaTypeImage, "a.png", strings.NewReader("text")); err == nil || !strings.Contains(err.Error(), "40005") {
		a.Errorf("a text as a picture: %v", err)
	}
	return ids
}

func (a *account) messages(ids map[material.MediaType]string) {
	m := a.sdk.GetCustomerMessageManager()
	for _, c := range []struct {
		msg   *message.CustomerMessage
		shows string
	}{
		{message.NewCustomerTextMessage(a.openid, "您好 <&>\n<a href=\"https://gov.example\">网页</a>"), "text"},
		{message.NewCustomerImgMessage(a.openid, ids[material.MediaTypeImage]), "image"},
		{message.NewCustomerVoiceMessage(a.openid, ids[material.MediaTypeVoice]), "voice"},
		{&message.CustomerMessage{ToUser: a.openid, Msgtype: "video", Video: &message.MediaVideo{MediaID: ids[material.MediaTypeVideo], ThumbMediaID: ids[material.MediaTypeThumb], Title: "片"}}, "video"},
		{&message.CustomerMessage{ToUser: a.openid, Msgtype: "music", Music: &message.MediaMusic{Title: "歌", Musicurl: "https://gov.example/m.mp3", ThumbMediaID: ids[material.MediaTypeThumb]}}, "music"},
		{&message.CustomerMessage{ToUser: a.openid, Msgtype: "news", News: &message.MediaNews{Articles: []message.MediaArticles{{Title: "题", URL: "https://gov.example/"}}}}, "news"},
		{&message.CustomerMessage{ToUser: a.openid, Msgtype: "msgmenu", Msgmenu: &message.MediaMsgmenu{HeadContent: "满意吗", List: []message.MsgmenuItem{{ID: "101", Content: "满意"}}, TailContent: "谢谢"}}, "msgmenu"},
		{message.NewCustomerMiniprogrampageMessage(a.openid, "办事", "wx00000000000000aa", "pages/a", ids[material.MediaTypeThumb]), "miniprogram"},
	} {
		a.say("开窗")
		if got := a.next(); got.Content != "开窗" || got.MsgID == 0 {
			a.Errorf("%+v", got)
		}
		a.no("send "+c.shows, m.Send(c.msg))
		if got := a.shown(c.shows); got["origin"] != "custom" || c.shows == "text" && got["content"] != c.msg.Text.Content {
			a.Errorf("shown: %v", got)
		}
	}
	for n := range 5 {
		if err := m.Send(message.NewCustomerTextMessage(a.openid, "x")); (err == nil) != (n < 4) || err != nil && !strings.Contains(err.Error(), "45047") {
			a.Errorf("message %d of the window: %v", n+2, err)
		}
	}
	a.say("在吗")
	a.next()
	c := a.sdk.GetCustomerServiceManager()
	a.no("typing", c.SendTypingStatus(a.openid, customerservice.Typing))
	a.no("no typing", c.SendTypingStatus(a.openid, customerservice.CancelTyping))
}

func (a *account) codes() {
	b := a.sdk.GetBasic()
	for scene, request := range map[string]*basic.Request{
		"7": basic.NewTmpQrRequest(time.Hour, 7), "hall": basic.NewTmpQrRequest(time.Hour, "hall"),
		"8": basic.NewLimitQrRequest(8), "window": basic.NewLimitQrRequest("window"),
	} {
		ticket, err := b.GetQRTicket(request)
		if err != nil || ticket.URL == "" || ticket.ExpireSeconds != request.ExpireSeconds {
			a.Errorf("code %s: %+v %v", scene, ticket, err)
			continue
		}
		if res, content := a.do("GET", basic.ShowQRCode(ticket), nil, ""); res.StatusCode != 200 || !strings.HasPrefix(http.DetectContentType(content), "image/") {
			a.Errorf("picture of code %s: %d", scene, res.StatusCode)
		}
		a.play("POST", "/scan", object{"citizen": a.citizen, "url": ticket.URL})
		if m := a.next(); m.Event != message.EventScan || m.EventKey != scene || m.Ticket != ticket.Ticket {
			a.Errorf("scan: %+v", m)
		}
	}
}

func (a *account) authorisation() {
	o := a.sdk.GetOauth()
	address, err := o.GetRedirectURL(a.server.URL+"/back?x=1", "snsapi_userinfo", "abc")
	a.no("address", err)
	page, _, _ := strings.Cut(a.play("POST", "/open", object{"citizen": a.citizen, "url": address})["url"].(string), "#")
	res, content := a.do("POST", page, strings.NewReader("decision=allow"), "application/x-www-form-urlencoded")
	back, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != http.StatusFound || back.Query().Get("state") != "abc" || back.Query().Get("x") != "1" {
		a.Fatalf("authorisation: %d %v %s", res.StatusCode, res.Header, content)
	}
	code := back.Query().Get("code")
	token, err := o.GetUserAccessToken(code)
	if err != nil || token.OpenID != a.openid || token.Scope != "snsapi_userinfo" || token.UnionID == "" || token.IsSnapShotUser != 0 {
		a.Errorf("token: %+v %v", token, err)
	}
	info, err := o.GetUserInfo(token.AccessToken, token.OpenID, "")
	if err != nil || info.Nickname != "张三" || info.HeadImgURL == "" {
		a.Errorf("user: %+v %v", info, err)
	}
	if ok, err := o.CheckAccessToken(token.AccessToken, token.OpenID); err != nil || !ok {
		a.Errorf("check: %v %v", ok, err)
	}
	again, err := o.RefreshAccessToken(token.RefreshToken)
	if err != nil || again.OpenID != a.openid {
		a.Errorf("refresh: %+v %v", again, err)
	}
	if _, err := o.GetUserAccessToken(code); err == nil || !strings.Contains(err.Error(), "40163") {
		a.Errorf("a used code: %v", err)
	}
}

// jsConfig signs a page and lets the phone's browser check it.
func (a *account) jsConfig() {
	page := a.server.URL + "/page?a=1&b=2"
	c, err := a.sdk.GetJs().GetConfig(page)
	a.no("config", err)
	at, err := url.Parse(a.play("POST", "/open", object{"citizen": a.citizen, "url": page})["url"].(string))
	a.no("open", err)
	check := func(signature string) string {
		raw := `{"appId":"` + c.AppID + `","timestamp":` + strconv.FormatInt(c.Timestamp, 10) + `,"nonceStr":"` + c.NonceStr + `","signature":"` + signature + `","path":"/page?a=1&b=2"}`
		_, answer := a.do("POST", "http://"+at.Host+"/__wechat/config", strings.NewReader(raw), "application/json")
		return string(answer)
	}
	if says := check(c.Signature); !strings.Contains(says, `"config:ok"`) {
		a.Errorf("the page: %s", says)
	}
	if says := check(strings.Repeat("0", 40)); !strings.Contains(says, "invalid signature") {
		a.Errorf("a false signature: %s", says)
	}
}

func (a *account) openAPI() {
	quota, err := a.sdk.GetOpenAPI().GetAPIQuota(openapi.GetAPIQuotaParams{CgiPath: "/cgi-bin/menu/create"})
	if err != nil || quota.Quota.DailyLimit != 1000 || quota.Quota.Used == 0 {
		a.Errorf("quota: %+v %v", quota, err)
	}
}
