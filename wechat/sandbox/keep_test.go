package sandbox_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"weizheng/wechat"
	"weizheng/wechat/sandbox"
)

func TestRestartKeepsEverything(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("zhengwu", "zhang", "li")
	w.dev.answers(func(*wechat.Message) (wechat.Reply, string) { return wechat.Text{Content: "答"}, "" })
	w.say("zhengwu", "zhang", "问")
	w.settle()
	openid := w.box.OpenID("zhengwu", "zhang")
	w.want("tag", w.api("zhengwu", "POST", "/cgi-bin/tags/create", object{"tag": object{"name": "甲"}}), 0)
	w.want("tagging", w.api("zhengwu", "POST", "/cgi-bin/tags/members/batchtagging",
		object{"tagid": 100, "openid_list": []string{openid}}), 0)
	code := w.api("zhengwu", "POST", "/cgi-bin/qrcode/create", object{"action_name": "QR_LIMIT_SCENE", "action_info": object{"scene": object{"scene_id": 7}}})
	image := w.upload("zhengwu", "image", "a.png", png)
	res, _ := w.authorize("zhang", "zhengwu", "snsapi_base", nil)
	oauth := w.exchange("zhengwu", w.code(res))
	before := []any{
		w.chat("zhengwu", "zhang"), w.api("zhengwu", "GET", "/cgi-bin/user/info?openid="+openid, nil),
		w.play("GET", "/accounts", nil), w.play("GET", "/citizens", nil), w.play("GET", "/chats?citizen=zhang", nil),
	}
	w.restart()
	after := []any{
		w.chat("zhengwu", "zhang"), w.api("zhengwu", "GET", "/cgi-bin/user/info?openid="+openid, nil),
		w.play("GET", "/accounts", nil), w.play("GET", "/citizens", nil), w.play("GET", "/chats?citizen=zhang", nil),
	}
	for i := range before {
		if fmt.Sprint(before[i]) != fmt.Sprint(after[i]) {
			t.Errorf("before %v\nafter %v", before[i], after[i])
		}
	}
	if res, _ := w.do("GET", "/cgi-bin/showqrcode?ticket="+url.QueryEscape(code["ticket"].(string)), nil); res.StatusCode != 200 {
		t.Error("the code is gone")
	}
	if _, content := w.do("GET", "/cgi-bin/media/get?media_id="+image+"&access_token="+w.token("zhengwu"), nil); string(content) != string(png) {
		t.Error("the picture is gone")
	}
	w.want("the citizen's token", w.raw("GET", fmt.Sprintf("/sns/auth?access_token=%v&openid=%s", oauth["access_token"], openid), nil), 0)
	w.want("the window", w.api("zhengwu", "POST", "/cgi-bin/message/custom/send",
		object{"touser": openid, "msgtype": "text", "text": object{"content": "x"}}), 0)
	first := w.chat("zhengwu", "zhang")[0]["msg_id"].(string)
	if next := w.say("zhengwu", "zhang", "再问")["msg_id"].(string); len(next) != len(first) || next <= first {
		t.Errorf("MsgId %s after %s", next, first)
	}
}

func TestIDsFollowTheSeed(t *testing.T) {
	t.Parallel()
	one, two := setup(t), setup(t)
	if one.box.OpenID("fabu", "zhang") != two.box.OpenID("fabu", "zhang") || one.account("fabu").AppID != two.account("fabu").AppID {
		t.Error("the same seed makes other ids")
	}
	if one.account("fabu").Secret == two.account("fabu").Secret {
		t.Error("secrets follow the seed")
	}
}

func TestTheWireHidesSecrets(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a := w.account("zhengwu")
	w.follow("zhengwu", "zhang")
	w.raw("GET", "/cgi-bin/token?grant_type=client_credential&appid="+a.AppID+"&secret="+a.Secret, nil)
	w.api("zhengwu", "GET", "/cgi-bin/user/get", nil)
	_, log := w.do("GET", "/sandbox/api/wire", nil)
	for _, secret := range []string{a.Secret, w.token("zhengwu"), a.Token, a.EncodingAESKey} {
		if strings.Contains(string(log), secret) {
			t.Errorf("the wire log holds %q", secret)
		}
	}
	entries := w.asObject(log)["entries"].([]any)
	first := entries[0].(object)
	if first["dir"] != "callback" || !strings.Contains(first["request"].(string), "<Encrypt>") ||
		!strings.Contains(first["request_plain"].(string), "subscribe") || first["citizen"] != "zhang" {
		t.Errorf("callback: %v", first)
	}
	if _, list := w.do("GET", "/sandbox/api/accounts", nil); strings.Contains(string(list), a.Secret) {
		t.Error("the list of accounts holds a secret")
	}
	w.play("DELETE", "/wire", nil)
	if entries := w.play("GET", "/wire", nil)["entries"].([]any); len(entries) != 0 {
		t.Errorf("after forgetting: %v", entries)
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	send := func(header ...string) int {
		res, _ := w.do("POST", "/sandbox/api/follow", strings.NewReader(`{"account":"fabu","citizen":"zhang"}`), header...)
		return res.StatusCode
	}
	if got := send("Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"); got != 403 {
		t.Errorf("another site: %d", got)
	}
	if got := send("Origin", w.visitHost("zhang"), "Sec-Fetch-Site", "cross-site"); got != 403 {
		t.Errorf("a page on the phone: %d", got)
	}
	if got := send("Origin", w.server.URL, "Sec-Fetch-Site", "same-origin"); got != 200 {
		t.Errorf("the phone itself: %d", got)
	}
	if got := send(); got != 200 {
		t.Errorf("a script: %d", got)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	w := setup(t)
	out := w.play("POST", "/clock", object{"advance_ms": 60_000})
	if out["offset_ms"] != float64(60_000) || out["movable"] != true {
		t.Errorf("moved: %v", out)
	}
	for _, in := range []object{{"advance_ms": -1}, {"to": w.wall.Now().UnixMilli()}} {
		if status, out := w.tryPlay("POST", "/clock", in); status != 409 || out["error"].(object)["code"] != "backward" {
			t.Errorf("backward: %d %v", status, out)
		}
	}
	if status, _ := w.tryPlay("POST", "/clock", object{"advance_ms": int64(1) << 60}); status != 422 && status != 409 {
		t.Errorf("beyond all time: %d", status)
	}
}

func TestHints(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("fabu", "zhang", "li")
	req, err := http.NewRequestWithContext(w.ctx, "GET", w.server.URL+"/sandbox/api/stream?citizen=zhang", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var text strings.Builder
	buffer := make([]byte, 4096)
	read := func(until string) {
		for !strings.Contains(text.String(), until) {
			n, err := res.Body.Read(buffer)
			if err != nil {
				t.Fatalf("the stream ends: %v after %s", err, text.String())
			}
			text.Write(buffer[:n])
		}
	}
	read(": hello")
	w.say("fabu", "li", "不是张三")
	w.say("fabu", "zhang", "是张三")
	read(`{"topic":"chat","account":"fabu","citizen":"zhang"}`)
	w.settle()
	w.want("typing", w.api("fabu", "POST", "/cgi-bin/message/custom/typing",
		object{"touser": w.box.OpenID("fabu", "zhang"), "command": "Typing"}), 0)
	read(`{"topic":"typing","account":"fabu","citizen":"zhang","on":true}`)
	if strings.Contains(text.String(), `"li"`) {
		t.Errorf("another citizen's hints: %s", text.String())
	}
}

func TestHostileInput(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.follow("zhengwu", "zhang")
	openid := w.box.OpenID("zhengwu", "zhang")
	random := rand.New(rand.NewPCG(1, 2))
	bodies := []string{"", "{", "null", "[]", "0", `""`, "{}", `{"button":[null]}`, `{"button":[{"sub_button":null}]}`,
		`{"tag":null}`, `{"tag":{"id":-1,"name":"` + strings.Repeat("\x00", 10) + `"}}`, `{"openid_list":[null],"tagid":1e99}`,
		`{"touser":null,"msgtype":"text","text":null}`, `{"touser":"` + openid + `","msgtype":"news","news":{"articles":[null]}}`,
		`{"touser":"` + openid + `","msgtype":"msgmenu","msgmenu":{"list":[{"id":{},"content":1}]}}`,
		`{"action_name":"QR_SCENE","action_info":{"scene":{"scene_id":1.5}}}`, "\xff\xfe", strings.Repeat("[", 20_000),
		`{"user_list":[{"openid":1}]}`, `{"cgi_path":"` + strings.Repeat("/", 5000) + `"}`}
	server := w.box.Handler()
	for _, row := range w.asObject(second(w.do("GET", "/coverage?format=json", nil)))["endpoints"].([]any) {
		row := row.(object)
		for i := range 12 {
			body := bodies[(i+random.IntN(len(bodies)))%len(bodies)]
			method := []string{"GET", "POST", "PUT"}[random.IntN(3)]
			path := row["path"].(string) + "?access_token=" + w.token("zhengwu") + "&openid=%00&media_id=../../etc/passwd&type=image" +
				"&ticket=%ff&next_openid='&appid=%F0&secret=x&code=%&grant_type=authorization_code"
			req := httptest.NewRequest(method, w.server.URL, strings.NewReader(body))
			req.URL.Path, req.URL.RawQuery, _ = strings.Cut(path, "?")
			rec := httptest.NewRecorder()
			server.ServeHTTP(rec, req)                                         // a panic ends the test
			said := rec.Code == 400 && strings.HasPrefix(req.URL.Path, "/v3/") // WeChat Pay says no by the status too
			if rec.Code != 200 && rec.Code != 404 && !said {
				t.Errorf("%s %s: %d %s", method, row["path"], rec.Code, rec.Body)
			}
		}
	}
	for _, path := range []string{"/accounts", "/citizens", "/follow", "/unfollow", "/scan", "/messages", "/events", "/menu/tap",
		"/enter", "/read", "/media", "/clock", "/faults", "/open"} {
		for _, body := range append(bodies, `{"account":"zhengwu","citizen":"zhang","type":"location","lat":1e309}`,
			`{"account":"zhengwu","citizen":"zhang","path":[99999999999]}`, `{"account":"../x","citizen":"'; drop table item"}`) {
			if res, answer := w.do("POST", "/sandbox/api"+path, strings.NewReader(body)); res.StatusCode >= 500 {
				t.Errorf("%s %q: %d %s", path, body, res.StatusCode, answer)
			}
		}
	}
	for _, path := range []string{"/chat?account=zhengwu&citizen=zhang&before=x", "/chat?limit=-1&account=zhengwu&citizen=zhang",
		"/wire?after=x", "/media/..%2f..%2fsandbox.db", "/citizens?after=x&limit=9999"} {
		if res, answer := w.do("GET", "/sandbox/api"+path, nil); res.StatusCode/100 != 4 {
			t.Errorf("%s: %d %s", path, res.StatusCode, answer)
		}
	}
}

// TestSeedingIsFast wants some hundred followers within a second; the same code makes a million.
func TestSeedingIsFast(t *testing.T) {
	t.Parallel()
	w := setup(t)
	const n = 2000
	citizens := make([]sandbox.Citizen, n)
	follows := make([]sandbox.Follow, 0, 2*n)
	for i := range citizens {
		citizens[i] = sandbox.Citizen{ID: fmt.Sprintf("s%d", i), Name: "市民"}
		for _, a := range []string{"zhengwu", "fabu"} {
			follows = append(follows, sandbox.Follow{Account: a, Citizen: citizens[i].ID, At: w.wall.Now()})
		}
	}
	start := time.Now()
	if err := w.box.SeedCitizens(w.ctx, citizens); err != nil {
		t.Fatal(err)
	}
	if err := w.box.SeedFollows(w.ctx, follows); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	t.Logf("%d citizens, %d followers in %v", n, len(follows), took)
	if took > 30*time.Second { // a guard against a lost index, not a measure
		t.Errorf("took %v", took)
	}
	again := w.box.SeedFollows(w.ctx, follows)
	if total := w.api("fabu", "GET", "/cgi-bin/user/get", nil)["total"]; again != nil || total != float64(n) {
		t.Errorf("seeded twice: %v, total %v", again, total)
	}
}
