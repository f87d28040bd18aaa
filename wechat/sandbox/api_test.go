package sandbox_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

var ridForm = regexp.MustCompile(` rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`)

func TestLegacyTokens(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a := w.account("fabu")
	path := "/cgi-bin/token?grant_type=client_credential&appid=" + a.AppID + "&secret=" + a.Secret
	first := w.raw("GET", path, nil)
	if first["expires_in"] != float64(7200) || first["errcode"] != nil {
		t.Fatalf("first token: %v", first)
	}
	call := func(token any) object {
		return w.raw("GET", "/cgi-bin/getcallbackip?access_token="+token.(string), nil)
	}
	w.want("first works", call(first["access_token"]), 0)
	second := w.raw("GET", path, nil)
	if second["access_token"] == first["access_token"] {
		t.Fatal("the second call gave the first token again")
	}
	w.wall.advance(4 * time.Minute)
	w.want("the former overlaps", call(first["access_token"]), 0)
	w.wall.advance(2 * time.Minute)
	w.want("the former is dead", call(first["access_token"]), 40001)
	w.want("the second lives", call(second["access_token"]), 0)
	w.wall.advance(2 * time.Hour)
	w.want("the second has expired", call(second["access_token"]), 42001)

	for _, c := range []struct {
		label, path string
		code        int
	}{
		{"no grant type", "/cgi-bin/token?appid=" + a.AppID + "&secret=" + a.Secret, 40002},
		{"no appid", "/cgi-bin/token?grant_type=client_credential&secret=x", 41002},
		{"unknown appid", "/cgi-bin/token?grant_type=client_credential&appid=wx1&secret=x", 40013},
		{"no secret", "/cgi-bin/token?grant_type=client_credential&appid=" + a.AppID, 41004},
		{"wrong secret", "/cgi-bin/token?grant_type=client_credential&secret=x&appid=" + a.AppID, 40125},
		{"no token", "/cgi-bin/getcallbackip", 41001},
		{"no token's form", "/cgi-bin/getcallbackip?access_token=abc", 40014},
		{"unknown token", "/cgi-bin/getcallbackip?access_token=98_" + strings.Repeat("a", 100), 40001},
	} {
		w.want(c.label, w.raw("GET", c.path, nil), c.code)
	}
	w.want("POST where GET is wanted", w.raw("POST", path, nil), 43001)
}

func TestStableTokens(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a := w.account("fabu")
	in := object{"grant_type": "client_credential", "appid": a.AppID, "secret": a.Secret}
	first := w.raw("POST", "/cgi-bin/stable_token", in)
	w.wall.advance(1000 * time.Second)
	again := w.raw("POST", "/cgi-bin/stable_token", in)
	if again["access_token"] != first["access_token"] || again["expires_in"] != float64(6200) {
		t.Fatalf("normal mode: %v after %v", again, first)
	}
	legacy := w.raw("GET", "/cgi-bin/token?grant_type=client_credential&appid="+a.AppID+"&secret="+a.Secret, nil)
	w.wall.advance(6 * time.Minute)
	w.want("isolated from the legacy call",
		w.raw("GET", "/cgi-bin/getcallbackip?access_token="+first["access_token"].(string), nil), 0)
	w.want("and the other way round",
		w.raw("GET", "/cgi-bin/getcallbackip?access_token="+legacy["access_token"].(string), nil), 0)

	w.wall.advance(7200*time.Second - 1360*time.Second - 4*time.Minute) // 4 minutes before the end
	renewed := w.raw("POST", "/cgi-bin/stable_token", in)
	if renewed["access_token"] == first["access_token"] {
		t.Fatal("not renewed 5 minutes before the end")
	}
	w.want("the former lives to its end",
		w.raw("GET", "/cgi-bin/getcallbackip?access_token="+first["access_token"].(string), nil), 0)

	in["force_refresh"] = true
	forced := w.raw("POST", "/cgi-bin/stable_token", in)
	if forced["access_token"] == renewed["access_token"] {
		t.Fatal("forced, yet the same token")
	}
	w.want("forced kills the former",
		w.raw("GET", "/cgi-bin/getcallbackip?access_token="+renewed["access_token"].(string), nil), 40001)
	w.want("forced again at once", w.raw("POST", "/cgi-bin/stable_token", in), 45011)
	for i := 2; i <= 20; i++ {
		w.wall.advance(31 * time.Second)
		w.want("forced", w.raw("POST", "/cgi-bin/stable_token", in), 0)
	}
	w.wall.advance(31 * time.Second)
	w.want("forced the 21st time", w.raw("POST", "/cgi-bin/stable_token", in), 45009)

	w.want("GET", w.raw("GET", "/cgi-bin/stable_token", nil), 43002)
	w.want("no body", w.raw("POST", "/cgi-bin/stable_token", ""), 44002)
	w.want("no JSON", w.raw("POST", "/cgi-bin/stable_token", "a=b"), 47001)
}

func TestAddressesAndFrozenSecrets(t *testing.T) {
	t.Parallel()
	w := setup(t)
	a := w.account("fabu")
	path := "/cgi-bin/token?grant_type=client_credential&appid=" + a.AppID + "&secret=" + a.Secret
	w.play("PATCH", "/accounts/fabu", object{"ip_whitelist": []string{"203.0.113.9"}})
	out := w.raw("GET", path, nil)
	w.want("not in the whitelist", out, 40164)
	if !strings.Contains(out["errmsg"].(string), "127.0.0.1") {
		t.Errorf("errmsg does not name the address: %v", out)
	}
	w.play("PATCH", "/accounts/fabu", object{"ip_whitelist": []string{"127.0.0.1"}})
	w.want("in the whitelist", w.raw("GET", path, nil), 0)
	w.play("PATCH", "/accounts/fabu", object{"secret_frozen": true})
	w.want("frozen", w.raw("GET", path, nil), 40243)
	ips := w.api("jiaojing", "GET", "/cgi-bin/getcallbackip", nil)["ip_list"].([]any)
	if len(ips) == 0 || ips[0] != "127.0.0.1" {
		t.Errorf("callback addresses: %v", ips)
	}
	if ips := w.api("jiaojing", "GET", "/cgi-bin/get_api_domain_ip", nil)["ip_list"].([]any); len(ips) == 0 {
		t.Error("no API addresses")
	}
}

func TestRightsByKind(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, c := range []struct {
		account, method, path string
		code                  int
	}{
		{"jiaojing", "GET", "/cgi-bin/menu/get", 48001},
		{"renshe", "GET", "/cgi-bin/menu/get", 46003},
		{"jiaojing", "GET", "/cgi-bin/user/get", 48001},
		{"renshe", "POST", "/cgi-bin/qrcode/create", 48001},
		{"zhengwu", "POST", "/cgi-bin/qrcode/create", 44002},
		{"jiaojing", "POST", "/cgi-bin/message/custom/send", 48001},
		{"jiaojing", "GET", "/cgi-bin/ticket/getticket?type=jsapi", 0},
	} {
		w.want(c.account+" "+c.path, w.api(c.account, c.method, c.path, nil), c.code)
	}
	w.play("PATCH", "/accounts/jiaojing", object{"verified": true})
	w.want("verified now", w.api("jiaojing", "GET", "/cgi-bin/menu/get", nil), 46003)
}

func TestQuota(t *testing.T) {
	t.Parallel()
	w := setup(t)
	get := func(path string) object {
		return w.api("fabu", "POST", "/cgi-bin/openapi/quota/get", object{"cgi_path": path})
	}
	before := get("/cgi-bin/user/get")["quota"].(object)
	if before["daily_limit"] != float64(500) || before["used"] != float64(0) || before["remain"] != float64(500) {
		t.Fatalf("untouched: %v", before)
	}
	for range 500 {
		w.want("within the quota", w.api("fabu", "GET", "/cgi-bin/user/get", nil), 0)
	}
	w.want("beyond", w.api("fabu", "GET", "/cgi-bin/user/get", nil), 45009)
	if after := get("/cgi-bin/user/get")["quota"].(object); after["remain"] != float64(0) {
		t.Errorf("used up: %v", after)
	}
	w.want("another account's is its own", w.api("renshe", "GET", "/cgi-bin/user/get", nil), 0)
	w.want("sns", get("/sns/userinfo"), 76022)
	w.want("unknown", get("/cgi-bin/nothing"), 76021)
	w.want("no slash", get("cgi-bin/user/get"), 76021)
	w.restart()
	w.want("still used up after a restart", w.api("fabu", "GET", "/cgi-bin/user/get", nil), 45009)
	w.play("POST", "/clock", object{"advance_ms": (24 * time.Hour).Milliseconds()})
	w.want("a new civil day", w.api("fabu", "GET", "/cgi-bin/user/get", nil), 0)
	if rate, _ := get("/cgi-bin/stable_token")["rate_limit"].(object); rate["call_count"] != float64(10_000) {
		t.Errorf("rate of stable_token: %v", rate)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, path := range []string{"/cgi-bin/nothing", "/datacube/nothing", "/v3/pay/x"} {
		res, _ := w.do("POST", path, nil)
		if res.StatusCode != 404 {
			t.Errorf("%s: HTTP %d", path, res.StatusCode)
		}
	}
	list := w.asObject(second(w.do("GET", "/coverage?format=json", nil)))["endpoints"].([]any)
	states := map[string]string{}
	for _, row := range list {
		row := row.(object)
		states[row["path"].(string)] = row["state"].(string)
	}
	for path, state := range states {
		if state == "missing" {
			t.Errorf("%s is missing", path)
		}
	}
	for path, want := range map[string]string{
		"/cgi-bin/menu/create": "done", "/sns/oauth2/component/access_token": "done", "/cgi-bin/componentloginpage": "done",
		"/cgi-bin/media/voice/translatecontent": "done", "/cgi-bin/draft/switch": "done",
		"/connect/oauth2/authorize": "done",
	} {
		if states[path] != want {
			t.Errorf("coverage of %s: %q, want %q", path, states[path], want)
		}
	}
	_, page := w.do("GET", "/coverage", nil)
	if !strings.Contains(string(page), "/cgi-bin/menu/create") {
		t.Error("the coverage page lacks a path")
	}
}

func second[A, B any](_ A, b B) B { return b }
