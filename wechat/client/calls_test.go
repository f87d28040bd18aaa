package client

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weizheng/platform/errs"
	"weizheng/wechat"
)

// TestCalls has a row for each method: what WeChat is asked, in its own words, and what its answer becomes.
func TestCalls(t *testing.T) {
	t.Parallel()
	const ok = `{"errcode":0,"errmsg":"ok"}`
	type row struct {
		label  string
		call   func(ctx context.Context, c *Client) (any, error)
		path   string
		method string
		query  string
		body   string
		answer string
		want   any
	}
	none := func(err error) (any, error) { return nil, err }
	rows := []row{
		{"callback addresses", func(ctx context.Context, c *Client) (any, error) { return c.CallbackIPs(ctx) },
			"/cgi-bin/getcallbackip", "GET", "access_token=tok", "", `{"ip_list":["101.226.62.77","101.226.62.0/24"]}`,
			[]string{"101.226.62.77", "101.226.62.0/24"}},
		{"quota", func(ctx context.Context, c *Client) (any, error) { return c.Quota(ctx, "/cgi-bin/menu/create") },
			"/cgi-bin/openapi/quota/get", "POST", "access_token=tok", `{"cgi_path":"/cgi-bin/menu/create"}`,
			`{"errcode":0,"quota":{"daily_limit":1000,"used":7,"remain":993},"rate_limit":{"call_count":100,"refresh_second":60}}`,
			Quota{DailyLimit: 1000, Used: 7, Remain: 993, Calls: 100, Seconds: 60}},
		{"first followers", func(ctx context.Context, c *Client) (any, error) { return c.Users(ctx, "") },
			"/cgi-bin/user/get", "GET", "access_token=tok", "", `{"total":3,"count":2,"data":{"openid":["o1","o2"]},"next_openid":"o2"}`,
			UserPage{Total: 3, OpenIDs: []string{"o1", "o2"}, Next: "o2"}},
		{"page after the last follower", func(ctx context.Context, c *Client) (any, error) { return c.Users(ctx, "o2") },
			"/cgi-bin/user/get", "GET", "access_token=tok&next_openid=o2", "", `{"total":2,"count":0,"next_openid":"o2"}`,
			UserPage{Total: 2}},
		{"follower", func(ctx context.Context, c *Client) (any, error) { return c.User(ctx, "o1") },
			"/cgi-bin/user/info", "GET", "access_token=tok&lang=zh_CN&openid=o1", "",
			`{"subscribe":1,"openid":"o1","subscribe_time":1382694957,"unionid":"u1","remark":"r","groupid":0,"tagid_list":[128,2],"subscribe_scene":"ADD_SCENE_QR_CODE","qr_scene":98765,"qr_scene_str":""}`,
			User{Subscribe: 1, OpenID: "o1", UnionID: "u1", SubscribeTime: 1382694957, Remark: "r", Tags: []int{128, 2}, SubscribeScene: "ADD_SCENE_QR_CODE", QRScene: 98765}},
		{"followers in a batch", func(ctx context.Context, c *Client) (any, error) { return c.UserBatch(ctx, []string{"o1", "o2"}) },
			"/cgi-bin/user/info/batchget", "POST", "access_token=tok", `{"user_list":[{"openid":"o1","lang":"zh_CN"},{"openid":"o2","lang":"zh_CN"}]}`,
			`{"user_info_list":[{"subscribe":1,"openid":"o1"},{"subscribe":0,"openid":"o2"}]}`,
			[]User{{Subscribe: 1, OpenID: "o1"}, {OpenID: "o2"}}},
		{"remark", func(ctx context.Context, c *Client) (any, error) { return none(c.Remark(ctx, "o1", "王<局>")) },
			"/cgi-bin/user/info/updateremark", "POST", "access_token=tok", `{"openid":"o1","remark":"王<局>"}`, ok, nil},
		{"tags", func(ctx context.Context, c *Client) (any, error) { return c.Tags(ctx) },
			"/cgi-bin/tags/get", "GET", "access_token=tok", "", `{"tags":[{"id":1,"name":"黑名单","count":0}]}`, []Tag{{1, "黑名单", 0}}},
		{"new tag", func(ctx context.Context, c *Client) (any, error) { return c.CreateTag(ctx, "企业") },
			"/cgi-bin/tags/create", "POST", "access_token=tok", `{"tag":{"name":"企业"}}`, `{"tag":{"id":134,"name":"企业"}}`, Tag{ID: 134, Name: "企业"}},
		{"rename tag", func(ctx context.Context, c *Client) (any, error) { return none(c.UpdateTag(ctx, 134, "个体")) },
			"/cgi-bin/tags/update", "POST", "access_token=tok", `{"tag":{"id":134,"name":"个体"}}`, ok, nil},
		{"delete tag", func(ctx context.Context, c *Client) (any, error) { return none(c.DeleteTag(ctx, 134)) },
			"/cgi-bin/tags/delete", "POST", "access_token=tok", `{"tag":{"id":134}}`, ok, nil},
		{"tag followers", func(ctx context.Context, c *Client) (any, error) { return none(c.TagUsers(ctx, 134, []string{"o1"})) },
			"/cgi-bin/tags/members/batchtagging", "POST", "access_token=tok", `{"openid_list":["o1"],"tagid":134}`, ok, nil},
		{"untag followers", func(ctx context.Context, c *Client) (any, error) { return none(c.UntagUsers(ctx, 134, []string{"o1"})) },
			"/cgi-bin/tags/members/batchuntagging", "POST", "access_token=tok", `{"openid_list":["o1"],"tagid":134}`, ok, nil},
		{"new menu", func(ctx context.Context, c *Client) (any, error) {
			return none(c.CreateMenu(ctx, Menu{[]Button{{Name: "办事", Sub: []Button{{Type: "view", Name: "预约", URL: "https://a.cn/?a=1&b=2"}}}, {Type: "click", Name: "咨询", Key: "ask"}}}))
		}, "/cgi-bin/menu/create", "POST", "access_token=tok",
			`{"button":[{"name":"办事","sub_button":[{"type":"view","name":"预约","url":"https://a.cn/?a=1&b=2"}]},{"type":"click","name":"咨询","key":"ask"}]}`, ok, nil},
		{"menu", func(ctx context.Context, c *Client) (any, error) { return c.Menu(ctx) },
			"/cgi-bin/menu/get", "GET", "access_token=tok", "",
			`{"menu":{"button":[{"type":"click","name":"咨询","key":"ask","sub_button":[]}],"menuid":208396938},"conditionalmenu":[{"button":[{"type":"click","name":"x","key":"y"}],"matchrule":{"tag_id":"2"},"menuid":208396993}]}`,
			Menus{Menu{[]Button{{Type: "click", Name: "咨询", Key: "ask", Sub: []Button{}}}},
				[]ConditionalMenu{{208396993, []Button{{Type: "click", Name: "x", Key: "y"}}, MatchRule{TagID: "2"}}}}},
		{"delete menu", func(ctx context.Context, c *Client) (any, error) { return none(c.DeleteMenu(ctx)) },
			"/cgi-bin/menu/delete", "GET", "access_token=tok", "", ok, nil},
		{"typing", func(ctx context.Context, c *Client) (any, error) { return none(c.Typing(ctx, "o1", true)) },
			"/cgi-bin/message/custom/typing", "POST", "access_token=tok", `{"touser":"o1","command":"Typing"}`, ok, nil},
		{"not typing", func(ctx context.Context, c *Client) (any, error) { return none(c.Typing(ctx, "o1", false)) },
			"/cgi-bin/message/custom/typing", "POST", "access_token=tok", `{"touser":"o1","command":"CancelTyping"}`, ok, nil},
		{"code for a token", func(ctx context.Context, c *Client) (any, error) { return bareToken(c.OAuthToken(ctx, "CODE")) },
			"/sns/oauth2/access_token", "GET", "appid=" + testAppID + "&code=CODE&grant_type=authorization_code&secret=" + testSecret, "",
			`{"access_token":"A","expires_in":7200,"refresh_token":"R","openid":"o1","scope":"snsapi_base"}`,
			bare(UserToken{AccessToken: "A", RefreshToken: "R", OpenID: "o1", Scope: "snsapi_base", Life: 2 * time.Hour})},
		{"snapshot user", func(ctx context.Context, c *Client) (any, error) { return bareToken(c.OAuthToken(ctx, "CODE")) },
			"/sns/oauth2/access_token", "GET", "appid=" + testAppID + "&code=CODE&grant_type=authorization_code&secret=" + testSecret, "",
			`{"access_token":"A","expires_in":7200,"refresh_token":"R","openid":"ofake","scope":"snsapi_userinfo","is_snapshotuser":1,"unionid":"ufake"}`,
			bare(UserToken{AccessToken: "A", RefreshToken: "R", OpenID: "ofake", UnionID: "ufake", Scope: "snsapi_userinfo", Life: 2 * time.Hour, Snapshot: true})},
		{"refresh", func(ctx context.Context, c *Client) (any, error) { return bareToken(c.OAuthRefresh(ctx, "R")) },
			"/sns/oauth2/refresh_token", "GET", "appid=" + testAppID + "&grant_type=refresh_token&refresh_token=R", "",
			`{"access_token":"A2","expires_in":7200,"refresh_token":"R","openid":"o1","scope":"snsapi_base"}`,
			bare(UserToken{AccessToken: "A2", RefreshToken: "R", OpenID: "o1", Scope: "snsapi_base", Life: 2 * time.Hour})},
		{"citizen's name with a control character", func(ctx context.Context, c *Client) (any, error) {
			return c.OAuthUser(ctx, UserToken{AccessToken: "A", OpenID: "o1"})
		}, "/sns/userinfo", "GET", "access_token=A&lang=zh_CN&openid=o1", "",
			"{\"openid\":\"o1\",\"nickname\":\"小\x08明\",\"headimgurl\":\"https://h\",\"privilege\":[]}", UserInfo{OpenID: "o1", Nickname: "小 明", HeadImgURL: "https://h"}},
		{"ticket", func(ctx context.Context, c *Client) (any, error) { return c.JSTicket(ctx) },
			"/cgi-bin/ticket/getticket", "GET", "access_token=tok&type=jsapi", "", `{"errcode":0,"ticket":"T","expires_in":7200}`, "T"},
		{"temporary QR code", func(ctx context.Context, c *Client) (any, error) {
			return c.CreateQR(ctx, QR{Action: QRStrScene, Scene: "hall-1", Life: time.Hour})
		}, "/cgi-bin/qrcode/create", "POST", "access_token=tok", `{"action_name":"QR_STR_SCENE","expire_seconds":3600,"action_info":{"scene":{"scene_str":"hall-1"}}}`,
			`{"ticket":"T==","expire_seconds":3600,"url":"http://weixin.qq.com/q/x"}`, QRTicket{"T==", "http://weixin.qq.com/q/x", time.Hour}},
		{"permanent QR code", func(ctx context.Context, c *Client) (any, error) {
			return c.CreateQR(ctx, QR{Action: QRLimitScene, SceneID: 100_000})
		}, "/cgi-bin/qrcode/create", "POST", "access_token=tok", `{"action_name":"QR_LIMIT_SCENE","action_info":{"scene":{"scene_id":100000}}}`,
			`{"ticket":"T","url":"u"}`, QRTicket{"T", "u", 0}},
	}
	for label, m := range map[string]struct {
		message CustomMessage
		body    string
	}{
		"text":    {Text{"a<b>\u2028c"}, `"msgtype":"text","text":{"content":"a<b>` + "\u2028" + `c"}`},
		"image":   {Image{"m"}, `"msgtype":"image","image":{"media_id":"m"}`},
		"voice":   {Voice{"m"}, `"msgtype":"voice","voice":{"media_id":"m"}`},
		"video":   {Video{"m", "th", "t", "d"}, `"msgtype":"video","video":{"media_id":"m","thumb_media_id":"th","title":"t","description":"d"}`},
		"music":   {Music{"t", "d", "u", "h", "th"}, `"msgtype":"music","music":{"title":"t","description":"d","musicurl":"u","hqmusicurl":"h","thumb_media_id":"th"}`},
		"news":    {News{"t", "d", "u", "p"}, `"msgtype":"news","news":{"articles":[{"title":"t","description":"d","url":"u","picurl":"p"}]}`},
		"article": {PublishedArticle{"a"}, `"msgtype":"mpnewsarticle","mpnewsarticle":{"article_id":"a"}`},
		"menu":    {ChoiceMenu{"满意吗", []Choice{{"1", "满意"}}, "谢谢"}, `"msgtype":"msgmenu","msgmenu":{"head_content":"满意吗","list":[{"id":"1","content":"满意"}],"tail_content":"谢谢"}`},
		"page":    {MiniProgramPage{"t", "wx", "p", "th"}, `"msgtype":"miniprogrampage","miniprogrampage":{"title":"t","appid":"wx","pagepath":"p","thumb_media_id":"th"}`},
		"agent":   {FromAgent(Text{"x"}, "a@b"), `"msgtype":"text","text":{"content":"x"},"customservice":{"kf_account":"a@b"}`},
	} {
		rows = append(rows, row{"custom " + label, func(ctx context.Context, c *Client) (any, error) { return none(c.SendCustom(ctx, "o1", m.message)) },
			"/cgi-bin/message/custom/send", "POST", "access_token=tok", `{"touser":"o1",` + m.body + `}`, ok, nil})
	}
	for _, r := range rows {
		t.Run(r.label, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.answers(r.path, r.answer)
			got, err := r.call(short(t), f.client())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r.want, got); diff != "" {
				t.Error(diff)
			}
			calls := f.calls(r.path)
			if len(calls) != 1 {
				t.Fatalf("%d calls of %s", len(calls), r.path)
			}
			if c := calls[0]; c.method != r.method || c.query != r.query {
				t.Errorf("sent %s ?%s, want %s ?%s", c.method, c.query, r.method, r.query)
			}
			if r.method == "POST" {
				sameJSON(t, "body", calls[0].body, r.body)
			} else if calls[0].body != "" {
				t.Errorf("GET with the body %q", calls[0].body)
			}
			if ep, ok := wechat.EndpointOf(r.path); !ok || ep.Method != r.method {
				t.Errorf("the table has %+v", ep)
			}
		})
	}
}

// plainToken is a UserToken whose fields reports may show.
type plainToken UserToken

func bare(t UserToken) any { return plainToken(t) }

func bareToken(t UserToken, err error) (any, error) { return bare(t), err }

// TestInvalidIsNotSent has inputs that break a published limit: errs.Invalid, the fields named, nothing sent.
func TestInvalidIsNotSent(t *testing.T) {
	t.Parallel()
	many := make([]string, 101)
	rows := []struct {
		label string
		call  func(ctx context.Context, c *Client) error
		field string
	}{
		{"remark of 30 bytes", func(ctx context.Context, c *Client) error {
			return c.Remark(ctx, "o", "一二三四五六七八九十")
		}, "remark"},
		{"batch of 101", func(ctx context.Context, c *Client) error { _, err := c.UserBatch(ctx, many); return err }, "openids"},
		{"empty batch", func(ctx context.Context, c *Client) error { _, err := c.UserBatch(ctx, nil); return err }, "openids"},
		{"tagging 51", func(ctx context.Context, c *Client) error { return c.TagUsers(ctx, 5, many[:51]) }, "openids"},
		{"tag without name", func(ctx context.Context, c *Client) error { _, err := c.CreateTag(ctx, ""); return err }, "name"},
		{"tag name of 33 bytes", func(ctx context.Context, c *Client) error {
			_, err := c.CreateTag(ctx, "一二三四五六七八九十一")
			return err
		}, "name"},
		{"WeChat's own tag", func(ctx context.Context, c *Client) error { return c.DeleteTag(ctx, 2) }, "id"},
		{"rename WeChat's own tag", func(ctx context.Context, c *Client) error { return c.UpdateTag(ctx, 0, "x") }, "id"},
		{"QR scene 0", func(ctx context.Context, c *Client) error {
			_, err := c.CreateQR(ctx, QR{Action: QRScene, Life: time.Hour})
			return err
		}, "scene_id"},
		{"QR scene of 33 bits", func(ctx context.Context, c *Client) error {
			_, err := c.CreateQR(ctx, QR{Action: QRScene, SceneID: 1 << 32, Life: time.Hour})
			return err
		}, "scene_id"},
		{"QR for 31 days", func(ctx context.Context, c *Client) error {
			_, err := c.CreateQR(ctx, QR{Action: QRScene, SceneID: 1, Life: 31 * 24 * time.Hour})
			return err
		}, "life"},
		{"temporary QR without a life", func(ctx context.Context, c *Client) error {
			_, err := c.CreateQR(ctx, QR{Action: QRStrScene, Scene: "a"})
			return err
		}, "life"},
		{"permanent QR with a life", func(ctx context.Context, c *Client) error {
			_, err := c.CreateQR(ctx, QR{Action: QRLimitStrScene, Scene: "a", Life: time.Hour})
			return err
		}, "life"},
		{"permanent QR 100 001", func(ctx context.Context, c *Client) error {
			_, err := c.CreateQR(ctx, QR{Action: QRLimitScene, SceneID: 100_001})
			return err
		}, "scene_id"},
		{"QR without scene", func(ctx context.Context, c *Client) error {
			_, err := c.CreateQR(ctx, QR{Action: QRLimitStrScene})
			return err
		}, "scene"},
		{"QR of another kind", func(ctx context.Context, c *Client) error {
			_, err := c.CreateQR(ctx, QR{Action: "QR_CARD"})
			return err
		}, "action"},
		{"media of another kind", func(ctx context.Context, c *Client) error {
			_, err := c.UploadMedia(ctx, "file", File{Name: "a", Size: 1})
			return err
		}, "kind"},
		{"thumb over 64 KB", func(ctx context.Context, c *Client) error {
			_, err := c.UploadMedia(ctx, MediaThumb, File{Name: "a.jpg", Size: 64<<10 + 1})
			return err
		}, "size"},
		{"empty file", func(ctx context.Context, c *Client) error {
			_, err := c.UploadMedia(ctx, MediaImage, File{Name: "a.jpg"})
			return err
		}, "size"},
		{"state with a hyphen", func(_ context.Context, c *Client) error {
			_, err := c.OAuthURL("https://a.cn/", ScopeBase, "a-b")
			return err
		}, "state"},
		{"relative redirect", func(_ context.Context, c *Client) error { _, err := c.OAuthURL("/a", ScopeBase, "a"); return err }, "redirect"},
		{"unknown scope", func(_ context.Context, c *Client) error {
			_, err := c.OAuthURL("https://a.cn/", "snsapi_login", "a")
			return err
		}, "scope"},
	}
	f := newFake(t)
	for _, row := range rows {
		err := row.call(t.Context(), f.client())
		if !errs.Is(err, errs.Invalid) || len(errs.As(err).Fields()) == 0 || errs.As(err).Fields()[0].Field != row.field {
			t.Errorf("%s: %v", row.label, err)
		}
	}
	if len(f.seen) > 0 {
		t.Errorf("sent %v", f.seen)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	c := New(Config{AppID: "wx1"})
	got, err := c.OAuthURL("https://a.cn/c/qy/oauth?next=/我 的&x=1", ScopeUser, "abc123")
	want := "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=https%3A%2F%2Fa.cn%2Fc%2Fqy%2Foauth%3Fnext%3D%2F%E6%88%91%20%E7%9A%84%26x%3D1&response_type=code&scope=snsapi_userinfo&state=abc123#wechat_redirect"
	if err != nil || got != want {
		t.Errorf("OAuthURL = %s, %v", got, err)
	}
	if got := c.QRImageURL("gQ==/+"); got != "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQ%3D%3D%2F%2B" {
		t.Errorf("QRImageURL = %s", got)
	}
}

func TestOfReply(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		reply wechat.Reply
		want  CustomMessage
	}{
		{wechat.Text{Content: "a"}, Text{"a"}},
		{wechat.Image{MediaID: "m"}, Image{"m"}},
		{wechat.Voice{MediaID: "m"}, Voice{"m"}},
		{wechat.Video{MediaID: "m", Title: "t", Description: "d"}, Video{MediaID: "m", Title: "t", Description: "d"}},
		{wechat.Music{URL: "u", ThumbMediaID: "t"}, Music{URL: "u", ThumbMediaID: "t"}},
		{wechat.News{Articles: []wechat.Article{{Title: "t", URL: "u"}}}, News{Title: "t", URL: "u"}},
		{wechat.News{Articles: make([]wechat.Article, 2)}, nil},
		{wechat.TransferToService{}, nil},
		{nil, nil},
	} {
		got, err := OfReply(row.reply)
		if got != row.want || (err == nil) != (row.want != nil) {
			t.Errorf("%+v becomes %+v, %v", row.reply, got, err)
		}
	}
}
