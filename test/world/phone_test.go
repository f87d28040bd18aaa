package world

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"weizheng/platform/web"
)

// handset is a citizen's phone as its pages see it: the sandbox's proxy in front of the house.
type handset struct {
	*Browser
	w  *World
	id string
}

func (w *World) handset(id string) *handset { return &handset{w.Stranger(), w, id} }

// chat is what the account said to the phone, the last of it at the end.
func (h *handset) chat() (said []string) {
	for _, i := range h.w.Chat(h.id, "qingyun") {
		switch {
		case i.From != "account":
		case i.Type == "template":
			text := "template"
			for _, f := range i.Fields {
				text += " " + f.Key + "=" + f.Value
			}
			said = append(said, text+" "+i.URL)
		default:
			said = append(said, i.Content)
		}
	}
	return said
}

func (h *handset) last() string {
	if said := h.chat(); len(said) > 0 {
		return said[len(said)-1]
	}
	return ""
}

// hears waits until the account's last word to the phone holds part, and returns it.
func (h *handset) hears(t *testing.T, part string) string {
	t.Helper()
	var last string
	eventually(t, "the phone hears "+part, func() bool {
		last = h.last()
		return strings.Contains(last, part)
	})
	return last
}

func (h *handset) says(words string) {
	h.w.Phone("/messages", map[string]any{"account": "qingyun", "citizen": h.id, "type": "text", "content": words}, nil)
}

var linkForm = regexp.MustCompile(`http://house\.test(/s/l/[^"\s]+)`)

func linkIn(t *testing.T, text string) string {
	t.Helper()
	m := linkForm.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no link in %q", text)
	}
	return m[1]
}

// opens follows a link as the phone's browser does: the house, WeChat's authorisation as this citizen, the house.
func (h *handset) opens(t *testing.T, path string) (status int, body string) {
	t.Helper()
	for range 8 {
		res, err := h.Open(t.Context(), http.MethodGet, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode/100 != 3 {
			return res.StatusCode, string(raw)
		}
		path = h.along(t, res.Header.Get("Location"))
	}
	t.Fatal("it leads round and round")
	return 0, ""
}

// along answers WeChat's page where a redirect leads there.
func (h *handset) along(t *testing.T, location string) string {
	t.Helper()
	u, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	if u.Host != "wechat.test" {
		return u.RequestURI()
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, location, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = h.id + ".localhost:80"
	res, err := h.w.Network.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	back, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode/100 != 3 {
		body, _ := io.ReadAll(res.Body)
		t.Fatalf("WeChat's page: %d %v %s", res.StatusCode, err, body)
	}
	return back.RequestURI()
}

var tokenForm = regexp.MustCompile(`name="_token" value="([^"]+)"`)

var versionForm = regexp.MustCompile(`name="version" value="([0-9]+)"`)

// submits fills in the form that a page showed.
func (h *handset) submits(t *testing.T, path, page string, values url.Values) (status int, location, body string) {
	t.Helper()
	for name, form := range map[string]*regexp.Regexp{"_token": tokenForm, "version": versionForm} {
		if m := form.FindStringSubmatch(page); m != nil && values.Get(name) == "" {
			values.Set(name, html.UnescapeString(m[1]))
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.w.App+path, strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := h.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Location"), string(raw)
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatal("not within 20 s: " + what)
		case <-tick.C:
		}
	}
}

// binds binds somebody's phone from their desk.
func (h *handset) binds(t *testing.T, desk *Browser) {
	t.Helper()
	var drawn struct{ URL, Word string }
	desk.Must(http.MethodPost, "/console/api/phone/offer", nil, &drawn)
	h.w.Phone("/scan", map[string]any{"citizen": h.id, "url": drawn.URL, "follow": true}, nil)
	h.hears(t, "确认绑定")
	h.says("确认绑定")
	digits := regexp.MustCompile(`[0-9]{4}`).FindString(h.hears(t, "四位数字"))
	desk.Must(http.MethodPost, "/console/api/phone", map[string]any{"digits": digits}, nil)
	h.hears(t, "绑定成功")
}

// TestOnTheWay: somebody binds their phone, is reminded of a rule to be reviewed, opens the link and lets it go live; a
// stranger who got the link is turned away.
func TestOnTheWay(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, w *World) {
		reviewer, editor := w.Staff("shenhe"), desk{w.Staff("bianji"), "供暖缴费"}
		phone := w.handset("shenhe-phone")
		phone.hears(t, "绑定成功")

		rule := editor.creates("每年 11 月 15 日前缴清，菜单里能查。")
		text := phone.hears(t, "【待办提醒】有规则待审")
		if !strings.Contains(text, "应答规则审核 · 待审核") || !strings.Contains(text, "到期：") || strings.Contains(text, "菜单里能查") {
			t.Errorf("the reminder says %q", text)
		}
		link := linkIn(t, text)

		other := w.handset("xiaohe")
		if status, body := other.opens(t, link); status != http.StatusForbidden || !strings.Contains(body, "发给别人的") {
			t.Errorf("a stranger: %d %s", status, body)
		}
		if status, _ := other.opens(t, "/s/"); status != http.StatusUnauthorized {
			t.Errorf("a stranger's list: %d", status)
		}
		status, body := phone.opens(t, link)
		if status != http.StatusOK || !strings.Contains(body, "每年 11 月 15 日前缴清") || !strings.Contains(body, "通过并上线") {
			t.Fatalf("the matter on the phone: %d %s", status, body)
		}
		act := fmt.Sprintf("/s/matter/%d/do/approve", rule.Proposal.Matter)
		status, form := phone.opens(t, act)
		if status != http.StatusOK || !strings.Contains(form, "办理后是“已上线”") {
			t.Fatalf("before approving: %d %s", status, form)
		}
		if status, answer := reviewer.Do(http.MethodPost, fmt.Sprintf("/console/api/matters/%d/actions/note", rule.Proposal.Matter),
			map[string]any{"version": 0, "key": "", "reason": "先放一放"}); status != http.StatusOK {
			t.Fatalf("a word from the desk: %d %s", status, answer)
		}
		status, _, form = phone.submits(t, act, form, url.Values{"reason": {"没看见那句话"}})
		if status != http.StatusConflict || !strings.Contains(form, "刚刚有人办过") || !strings.Contains(form, "批注") || !strings.Contains(form, "没看见那句话") {
			t.Fatalf("deciding on what had changed: %d %s", status, form)
		}
		values := url.Values{"reason": {"核对过了"}}
		status, to, answer := phone.submits(t, act, form, values)
		if status != http.StatusSeeOther || !strings.HasSuffix(to, "?done=approve") {
			t.Fatalf("approving: %d %s %s", status, to, answer)
		}
		if status, again, _ := phone.submits(t, act, form, values); status != http.StatusSeeOther || again != to {
			t.Errorf("the same form again leads to %d %s", status, again)
		}
		if status, body := phone.opens(t, to); status != http.StatusOK || !strings.Contains(body, "已办理：通过并上线") || !strings.Contains(body, "核对过了") {
			t.Errorf("afterwards: %d %s", status, body)
		}
		if heard := editor.hears(); heard != "每年 11 月 15 日前缴清，菜单里能查。" {
			t.Errorf("the rule says %q", heard)
		}

		var devices struct{ Items []struct{ ID, Kind string } }
		reviewer.Must(http.MethodGet, "/console/api/sessions", nil, &devices)
		phones := 0
		for _, d := range devices.Items {
			if d.Kind == "phone" {
				phones++
				reviewer.Must(http.MethodDelete, "/console/api/sessions/"+d.ID, nil, nil)
			}
		}
		if status, _ := phone.opens(t, "/s/"); phones != 1 || status != http.StatusUnauthorized {
			t.Errorf("%d phones among the devices; after one was ended its list answers %d", phones, status)
		}
		if status, _ := phone.opens(t, link); status != http.StatusOK {
			t.Errorf("the link again: %d", status)
		}
		phone.says("解除绑定")
		phone.hears(t, "已解除绑定")
		if status, body := phone.opens(t, link); status != http.StatusForbidden || !strings.Contains(body, "已经失效") {
			t.Errorf("the link of a binding that ended: %d %s", status, body)
		}
	})
}

// TestThePhoneShowsOnlyWhatItsOwnerMaySee walks every page under /s/: without a session, and as somebody of a street.
func TestThePhoneShowsOnlyWhatItsOwnerMaySee(t *testing.T) {
	t.Parallel()
	w := New(t, "")
	ids := w.objects()
	w.Phone("/citizens", map[string]any{"id": "wangyun-phone", "name": "街道的手机", "snapshot": false}, nil)
	phone := w.handset("wangyun-phone")
	phone.binds(t, w.Staff("wangyun"))
	phone.says("待办")
	if status, body := phone.opens(t, linkIn(t, phone.hears(t, "等您办的"))); status != http.StatusOK || !strings.Contains(body, "没有等您办的") {
		t.Fatalf("their list: %d %s", status, body)
	}
	walked := 0
	for _, rt := range w.House.Server.Routes() {
		if rt.Face != web.Staff || rt.Permission == web.Anyone {
			continue
		}
		path := strings.NewReplacer("{matter}", ids["matters"], "{action}", "approve", "{$}", "").Replace(rt.Path)
		if status, body := w.Stranger().Do(rt.Method, path, nil); status != http.StatusUnauthorized {
			t.Errorf("a stranger: %s %s: %d %.200s", rt.Method, path, status, body)
		}
		if !strings.Contains(rt.Path, "{matter}") {
			continue
		}
		walked++
		if status, body := phone.Do(rt.Method, path, nil); status != http.StatusNotFound {
			t.Errorf("the street: %s %s: %d %.200s", rt.Method, path, status, body)
		}
	}
	if walked < 3 {
		t.Errorf("only %d pages of matters were walked", walked)
	}
}

// TestCitizensWordsAreTheirOwn: what staff say to bind and to ask means nothing from those who are not bound.
func TestCitizensWordsAreTheirOwn(t *testing.T) {
	t.Parallel()
	w := New(t, "")
	citizen := w.handset("laochen")
	for _, words := range []string{"待办", "解除绑定", "绑定手机号怎么办", "绑定"} {
		before := len(citizen.chat())
		citizen.says(words)
		eventually(t, "an answer to "+words, func() bool { return len(citizen.chat()) > before })
		if said := citizen.last(); !strings.Contains(said, "一时没有现成的答案") {
			t.Errorf("%s: %s", words, said)
		}
	}
	citizen.says("确认绑定")
	citizen.hears(t, "没有等您确认的绑定")
	citizen.says("绑定 ABC234")
	citizen.hears(t, "已经过期")
}
