package sandbox_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"weizheng/wechat"
	"weizheng/wechat/sandbox"
)

// townHall is a developer's server in plain mode: it answers, keeps what was asked and by whom, and has a page with a form.
type townHall struct {
	mu     sync.Mutex
	asked  []string
	posted []string
	silent bool // answers HTTP 500 to every callback
}

func (h *townHall) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case r.URL.Path == "/wx" && r.Method == http.MethodGet:
		fmt.Fprint(w, r.URL.Query().Get("echostr"))
	case r.URL.Path == "/wx":
		h.callback(w, r)
	case r.URL.Path == "/form" && r.URL.Query().Get("code") == "":
		own := "http://" + r.Host + "/form"
		http.Redirect(w, r, "https://open.weixin.qq.com/connect/oauth2/authorize?appid="+r.URL.Query().Get("appid")+
			"&redirect_uri="+own+"&response_type=code&scope=snsapi_userinfo&state=1#wechat_redirect", http.StatusFound)
	case r.URL.Path == "/form" && r.Method == http.MethodGet:
		http.SetCookie(w, &http.Cookie{Name: "who", Value: "known"})
		fmt.Fprint(w, `<html><title>预约</title><form method="post" action="/done"><input type=hidden name=token value="t&amp;1">
			<input name="real_name"><input name="phone" type="tel"><textarea name="why"></textarea>
			<select name="hall"><option value="">请选择</option><option value="east">东</option></select><button>提交</button></form></html>`)
	case r.URL.Path == "/done":
		c, err := r.Cookie("who")
		if err != nil || c.Value != "known" || r.PostFormValue("token") != "t&1" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		h.posted = append(h.posted, r.PostFormValue("real_name")+" "+r.PostFormValue("phone")+" "+r.PostFormValue("hall"))
		fmt.Fprint(w, "<title>已提交</title>")
	default:
		http.NotFound(w, r)
	}
}

// callback answers a text, and nothing to who says nothing of use.
func (h *townHall) callback(w http.ResponseWriter, r *http.Request) {
	if h.silent {
		http.Error(w, "down", http.StatusInternalServerError)
		return
	}
	body, _ := io.ReadAll(r.Body)
	m, err := wechat.ParseMessage(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.asked = append(h.asked, m.FromUserName+" "+m.MsgType+m.Event+" "+m.Content+m.EventKey)
	content := "您好：" + m.Content
	switch {
	case m.Content == "谢谢":
		fmt.Fprint(w, wechat.Success)
		return
	case m.BizMsgMenuID != "":
		content = "谢谢评价"
	case m.Event == "subscribe":
		content = `满意吗？<a href="weixin://bizmsgmenu?msgmenucontent=满意&msgmenuid=5">满意</a>`
	}
	plain, err := wechat.EncodeReply(m.FromUserName, m.ToUserName, time.Unix(m.CreateTime, 0), wechat.Text{Content: content})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Write(plain)
}

// crowdBox is a sandbox alone with one account whose server is a town hall.
type crowdBox struct {
	*testing.T
	base, dir string
	stop      func() error
	hall      *townHall
	server    *httptest.Server
	appid     string
}

func crowdSetup(t *testing.T) *crowdBox {
	t.Helper()
	b := &crowdBox{T: t, dir: t.TempDir(), hall: &townHall{}}
	b.base, b.stop = runAlone(t, b.dir)
	b.server = httptest.NewServer(b.hall)
	t.Cleanup(b.server.Close)
	made := b.call("POST", "/accounts", object{"id": "a", "name": "青云", "kind": "service", "verified": true, "mode": "plain",
		"callback": b.server.URL + "/wx"}, 201)["account"].(object)
	b.appid = made["appid"].(string)
	b.call("PUT", "/accounts/a/menu", object{"buttons": []object{{"name": "预约", "type": "view", "url": b.formURL()}}}, 200)
	return b
}

func (b *crowdBox) formURL() string { return b.server.URL + "/form?appid=" + b.appid }

func (b *crowdBox) call(method, path string, in any, want int) object {
	b.Helper()
	body := ""
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			b.Fatal(err)
		}
		body = string(raw)
	}
	status, answer := ask(b.T, method, b.base+"/sandbox/api"+path, body)
	var out object
	if err := json.Unmarshal([]byte(answer), &out); err != nil || status != want {
		b.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	return out
}

// crowd starts a crowd and waits for its end.
func (b *crowdBox) crowd(order object) object {
	b.Helper()
	id := b.call("POST", "/crowds", order, 201)["crowd"].(object)["id"]
	path := fmt.Sprint("/crowds/", id)
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		if c := b.call("GET", path, nil, 200)["crowd"].(object); c["state"] != "running" {
			return c
		}
	}
	b.Fatal("the crowd does not end")
	return nil
}

// outcomes is how often each outcome of an act stands in the report.
func outcomes(crowd object, kind string) map[string]float64 {
	counts := map[string]float64{}
	for _, l := range crowd["report"].(object)["acts"].([]any) {
		if line := l.(object); line["act"] == kind {
			for outcome, n := range line["outcomes"].(object) {
				counts[outcome] = n.(float64)
			}
		}
	}
	return counts
}

func TestACrowdGoesThroughAScript(t *testing.T) {
	t.Parallel()
	b := crowdSetup(t)
	c := b.crowd(object{"account": "a", "citizens": 3, "seed": 7, "seconds": 1, "script": []object{
		{"act": "follow"}, {"act": "ask", "words": "居住证"}, {"act": "ask", "words": "谢谢"}, {"act": "rate"}, {"act": "tap"},
		{"act": "open", "url": "http://elsewhere.example/"}, {"act": "open", "url": b.server.URL + "/none"},
		{"act": "fill", "values": object{"phone": "13900000000"}}}})
	for kind, want := range map[string]map[string]float64{
		"follow": {"answered": 3}, "ask": {"answered": 3, "nothing": 3}, "rate": {"answered": 3}, "tap": {"answered": 3},
		"open": {"skipped": 3, "refused": 3}, "fill": {"answered": 3},
	} {
		if got := outcomes(c, kind); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v\n%v", kind, got, want, c["report"].(object)["examples"])
		}
	}
	report := c["report"].(object)
	if c["state"] != "done" || report["count"] != float64(24) || len(report["slowest"].([]any)) != 10 {
		t.Errorf("report: %v", c)
	}
	if len(b.hall.posted) != 3 || !strings.HasSuffix(b.hall.posted[0], " 13900000000 east") {
		t.Errorf("forms: %q", b.hall.posted)
	}
	// Down: the citizens read that the service is not available.
	b.hall.mu.Lock()
	b.hall.silent = true
	b.hall.mu.Unlock()
	c = b.crowd(object{"account": "a", "citizens": 2, "seed": 7, "seconds": 1, "script": []object{{"act": "follow"}, {"act": "ask"}}})
	if got := outcomes(c, "ask"); got["unavailable"] != 2 {
		t.Errorf("down: %v", got)
	}
	if got := outcomes(c, "follow"); got["skipped"] != 2 {
		t.Errorf("the same seed brings the same people, who follow already: %v", got)
	}
	if err := b.stop(); err != nil {
		t.Error(err)
	}
}

func TestACrowdIsReproducibleBySeed(t *testing.T) {
	t.Parallel()
	asked := map[string]string{}
	for _, run := range []struct {
		label string
		seed  int
	}{{"first", 1}, {"again", 1}, {"other", 2}} {
		b := crowdSetup(t)
		c := b.crowd(object{"account": "a", "citizens": 5, "seed": run.seed, "rate": 40, "seconds": 1, "mix": object{"ask": 3, "rate": 1},
			"words": []string{"居住证", "社保", "谢谢"}})
		if c["report"].(object)["count"].(float64) < 10 {
			t.Errorf("%s: %v", run.label, c)
		}
		sort.SliceStable(b.hall.asked, func(i, j int) bool { // people do not wait for one another, each has an order of their own
			return strings.Fields(b.hall.asked[i])[0] < strings.Fields(b.hall.asked[j])[0]
		})
		asked[run.label] = strings.Join(b.hall.asked, "\n")
		if err := b.stop(); err != nil {
			t.Error(err)
		}
	}
	if asked["first"] != asked["again"] || asked["first"] == asked["other"] {
		t.Errorf("first:\n%s\nagain:\n%s", asked["first"], asked["again"])
	}
}

func TestACrowdIsStoppedAndRefused(t *testing.T) {
	t.Parallel()
	b := crowdSetup(t)
	long := object{"account": "a", "citizens": 2, "seed": 3, "rate": 5, "seconds": 3600}
	first := b.call("POST", "/crowds", long, 201)["crowd"].(object)
	for label, c := range map[string]struct {
		order  object
		status int
	}{
		"same people twice": {long, 409},
		"nobody's account":  {object{"account": "none"}, 404},
		"too many":          {object{"account": "a", "citizens": 1_000_000}, 422},
		"too fast":          {object{"account": "a", "rate": 1e9}, 422},
		"unknown act":       {object{"account": "a", "script": []object{{"act": "sing"}}}, 422},
		"an empty mix":      {object{"account": "a", "mix": object{"ask": 0}}, 422},
		"no page":           {object{"account": "a", "pages": []string{"file:///etc/passwd"}}, 422},
		"negative seed":     {object{"account": "a", "seed": -1}, 422},
	} {
		if out := b.call("POST", "/crowds", c.order, c.status); out["error"].(object)["message"] == "" {
			t.Errorf("%s: %v", label, out)
		}
	}
	stopped := b.call("DELETE", fmt.Sprint("/crowds/", first["id"]), nil, 200)["crowd"].(object)
	if stopped["state"] != "stopped" {
		t.Errorf("stopped: %v", stopped)
	}
	b.call("GET", "/crowds/99", nil, 404)
	b.call("POST", "/accounts", object{"id": "mute", "name": "无", "kind": "service", "verified": true}, 201)
	b.call("POST", "/crowds", object{"account": "mute"}, 409)

	// A restart cuts a crowd short, and says so.
	second := b.call("POST", "/crowds", long, 201)["crowd"].(object)
	if err := b.stop(); err != nil {
		t.Fatal(err)
	}
	b.base, b.stop = runAlone(t, b.dir)
	if c := b.call("GET", fmt.Sprint("/crowds/", second["id"]), nil, 200)["crowd"].(object); c["state"] != "cut" {
		t.Errorf("after a restart: %v", c)
	}
	states := []any{}
	for _, c := range b.call("GET", "/crowds", nil, 200)["crowds"].([]any) {
		states = append(states, c.(object)["state"])
	}
	if !slices.Equal(states, []any{"cut", "stopped"}) {
		t.Errorf("all crowds: %v", states)
	}
	if err := b.stop(); err != nil {
		t.Error(err)
	}
}

func TestACrowdIsStartedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	b := crowdSetup(t)
	var out strings.Builder
	if err := sandbox.RunCrowd(t.Context(), sandbox.CrowdRun{At: b.base + "/", Out: &out, Order: sandbox.CrowdOrder{Account: "a", Citizens: 2, Seconds: 1,
		Rate: 5, Mix: map[string]int{"ask": 1}, Words: []string{"居住证"}}}); err != nil || !strings.Contains(out.String(), "提问 居住证 → 您好：居住证") ||
		!strings.Contains(out.String(), "提问看到：文字 ") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := sandbox.RunCrowd(t.Context(), sandbox.CrowdRun{At: b.base, Out: &out, Order: sandbox.CrowdOrder{Account: "none"}}); err == nil || !strings.Contains(err.Error(), "没有这个公众号") {
		t.Errorf("nobody's account: %v", err)
	}
	if err := b.stop(); err != nil {
		t.Error(err)
	}
}
