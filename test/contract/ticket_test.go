package contract

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"weizheng/wechat"
	"weizheng/wechat/client"
)

// ticketSigns: a page that signs with the client's ticket passes WeChat's check as long as the ticket lives.
func ticketSigns(w *world) {
	cfg := w.config(main)
	one, two := client.New(cfg), client.New(w.config(main))
	ticket, err := one.JSTicket(w.ctx)
	w.wantCode("ticket", err, 0)
	if same, err := two.JSTicket(w.ctx); err != nil || same != ticket {
		w.Errorf("another replica has another ticket: %v", err)
	}
	const page = "https://" + devHost + "/c/zhengwu/home?a=1&b=%E4%B8%AD"
	sign := func(ticket, address string) object {
		return object{"appId": cfg.AppID, "timestamp": 1763602200, "nonceStr": "n0nce", "path": "/c/zhengwu/home?a=1&b=%E4%B8%AD",
			"signature": wechat.SignJS(ticket, "n0nce", "1763602200", address)}
	}
	with := func(change func(o object)) object { o := sign(ticket, page+"#top"); change(o); return o }
	for _, c := range []struct {
		label string
		in    object
		says  string
	}{
		{"as it should be", sign(ticket, page+"#top"), "config:ok"},
		{"the timestamp as text", with(func(o object) { o["timestamp"] = strconv.Itoa(1763602200) }), "config:ok"},
		{"signed for another page", sign(ticket, "https://"+devHost+"/c/zhengwu/other"), "config:invalid signature"},
		{"signed with the page as it is decoded", sign(ticket, "https://"+devHost+"/c/zhengwu/home?a=1&b=中"), "config:invalid signature"},
		{"with another ticket", sign("x"+ticket, page), "config:invalid signature"},
		{"of another account", with(func(o object) { o["appId"] = w.account("renshe").AppID }), "config:invalid signature"},
		{"of nobody", with(func(o object) { o["appId"] = "wx00" }), "config:invalid appid"},
	} {
		if got := w.wxConfig("zhang", page, c.in); got != c.says {
			w.Errorf("%s: %s, want %s", c.label, got, c.says)
		}
	}
	w.play("PATCH", "/accounts/"+main, object{"js_domains": []string{"other.example"}})
	if got := w.wxConfig("zhang", page, sign(ticket, page)); got != "config:invalid url domain" {
		w.Errorf("a page of another domain: %s", got)
	}
	w.play("PATCH", "/accounts/"+main, object{"js_domains": []string{devHost}})
	ticketAges(w, one, ticket, func(ticket string) string { return w.wxConfig("zhang", page, sign(ticket, page)) })
}

// ticketAges: two hours; another one is ready five minutes before the end, and both sign until then.
func ticketAges(w *world, c *client.Client, first string, check func(ticket string) string) {
	w.wall.pass(115*time.Minute - time.Millisecond)
	if same, err := c.JSTicket(w.ctx); err != nil || same != first {
		w.Errorf("renewed too early: %v", err)
	}
	if got := check(first); got != "config:ok" {
		w.Errorf("before its last five minutes: %s", got)
	}
	w.wall.pass(time.Millisecond)
	second, err := c.JSTicket(w.ctx)
	if err != nil || second == first {
		w.Fatalf("not renewed five minutes early: %v", err)
	}
	w.wall.pass(5*time.Minute - time.Millisecond)
	if a, b := check(first), check(second); a != "config:ok" || b != "config:ok" {
		w.Errorf("in the last five minutes: %s, %s", a, b)
	}
	w.wall.pass(time.Millisecond)
	if a, b := check(first), check(second); a != "config:invalid signature" || b != "config:ok" {
		w.Errorf("after two hours: %s, %s", a, b)
	}
	w.wall.pass(115 * time.Minute) // nobody asked for a third
	if got := check(second); got != "config:invalid signature" {
		w.Errorf("two hours after the second: %s", got)
	}
}

// wxConfig is wx.config of a page on a citizen's phone: what the sandbox's check says.
func (w *world) wxConfig(citizen, page string, in object) string {
	w.Helper()
	at, err := url.Parse(w.onPhone(citizen, page))
	if err != nil {
		w.Fatal(err)
	}
	body, err := json.Marshal(in)
	if err != nil {
		w.Fatal(err)
	}
	_, answer := w.exchange("POST", "http://"+at.Host+"/__wechat/config", bytes.NewReader(body), nil)
	says, _ := w.asObject(answer)["errMsg"].(string)
	return says
}
