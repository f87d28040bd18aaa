package contract

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// notice is a text that was not sent before.
func notice() client.Mass { return client.Mass{Message: client.Text{Content: "停水通知 " + rand.Text()}} }

// tagged makes a tag that these citizens have.
func (w *world) tagged(account string, citizens ...string) int {
	w.Helper()
	c := w.client(account)
	t, err := c.CreateTag(w.ctx, rand.Text()[:10])
	w.wantCode("tag", err, 0)
	if len(citizens) > 0 {
		w.follow(account, citizens...)
		ids := make([]string, len(citizens))
		for i, citizen := range citizens {
			ids[i] = w.openid(account, citizen)
		}
		w.wantCode("tagging", c.TagUsers(w.ctx, t.ID, ids), 0)
	}
	return t.ID
}

// citizen makes one more.
func (w *world) citizen(id string) {
	w.Helper()
	w.play("POST", "/citizens", object{"id": id, "name": "王五"})
}

func (w *world) both(account string) []string {
	return []string{w.openid(account, "zhang"), w.openid(account, "li")}
}

// sendAll sends to all and lets it arrive.
func (w *world) sendAll(account string, m client.Mass) client.MassJob {
	w.Helper()
	job, err := w.client(account).SendAll(w.ctx, client.Audience{All: true}, m)
	w.wantCode("send", err, 0)
	w.moveCivil(time.Minute)
	w.settle()
	return job
}

// massRefusals are those that the two ways of sending share.
func massRefusals(path, whom string, send func(w *world, m client.Mass) error) []refusal {
	no := func(label string, code wechat.Code, m func(w *world) client.MassMessage) refusal {
		return refusal{label: label, code: code, kind: code.Kind(), action: code.Action(), do: func(w *world) error { return send(w, client.Mass{Message: m(w)}) }}
	}
	raw := func(body string) func(w *world) wechat.Code {
		return func(w *world) wechat.Code {
			return w.raw(main, http.MethodPost, path, strings.ReplaceAll(body, "WHOM", fmt.Sprintf(whom, w.both(main)[0], w.both(main)[1])))
		}
	}
	return []refusal{
		no("no text", 44004, func(*world) client.MassMessage { return client.Text{} }),
		no("a long text", 45002, func(*world) client.MassMessage { return client.Text{Content: strings.Repeat("a", 2049)} }),
		no("no such draft", 40007, func(*world) client.MassMessage { return client.MPNews{MediaID: "abc"} }),
		no("a picture as draft", 40007, func(w *world) client.MassMessage { return client.MPNews{MediaID: w.material(main).ID} }),
		no("no such voice", 40007, func(*world) client.MassMessage { return client.Voice{MediaID: "abc"} }),
		no("no picture", 40007, func(*world) client.MassMessage { return client.Pictures{} }),
		no("21 pictures", 45008, func(w *world) client.MassMessage {
			id := w.material(main).ID
			return client.Pictures{MediaIDs: strings.Fields(strings.Repeat(id+" ", 21))}
		}),
		no("a video that was not made ready", 40007, func(w *world) client.MassMessage { return client.MPVideo{MediaID: w.files(main)["video"]} }),
		{label: "a card", code: 45113, kind: errs.Invalid, action: wechat.ActFixContent, local: "message:required",
			do: func(w *world) error { return send(w, client.Mass{}) }, raw: raw(`{WHOM,"wxcard":{"card_id":"abc"},"msgtype":"wxcard"}`)},
		{label: "an unknown type", code: 40008, kind: errs.Invalid, action: wechat.ActFixContent, local: "message:required",
			do: func(w *world) error { return send(w, client.Mass{}) }, raw: raw(`{WHOM,"msgtype":"smell"}`)},
		{label: "a long clientmsgid", code: 45067, kind: errs.Internal, action: wechat.ActFixRequest, local: "client_id:wechat.between",
			do: func(w *world) error {
				return send(w, client.Mass{Message: client.Text{Content: "通知"}, ClientID: strings.Repeat("a", 33)})
			},
			raw: raw(`{WHOM,"text":{"content":"通知"},"msgtype":"text","clientmsgid":"` + strings.Repeat("a", 33) + `"}`)},
		{label: "the same again at once", code: 45066, kind: errs.Busy, action: wechat.ActBackOff, do: func(w *world) error {
			m := notice()
			w.wantCode("once", send(w, m), 0)
			err := send(w, m)
			w.wall.pass(61 * time.Second) // the client's own rest ends
			return err
		}},
	}
}

func massRows() []row {
	tagOnce := func() func(w *world, m client.Mass) error {
		tag := 0
		return func(w *world, m client.Mass) error {
			if tag == 0 {
				tag = w.tagged(main)
			}
			_, err := w.client(main).SendAll(w.ctx, client.Audience{Tag: tag}, m)
			return err
		}
	}
	toBoth := func(w *world, m client.Mass) error {
		_, err := w.client(main).SendTo(w.ctx, w.both(main), m)
		return err
	}
	met := func(w *world, account string) { w.follow(account, "zhang", "li") }
	preview := func(w *world, m client.MassMessage) error {
		return w.client(main).PreviewMass(w.ctx, w.openid(main, "zhang"), "", m)
	}
	sent := func(w *world) client.MassJob {
		job, err := w.client(main).SendTo(w.ctx, w.both(main), client.Mass{Message: client.MPNews{MediaID: w.draft(main, "一", "二")}})
		w.wantCode("send", err, 0)
		w.moveCivil(time.Minute)
		w.settle()
		return job
	}
	return []row{
		{
			path: "/cgi-bin/message/mass/sendall", auth: wechat.AuthToken, s: verified, f: verified, minute: 60, prepare: met,
			caller: func(w *world, account string) func() error {
				c, tag := w.client(account), 2
				if a := w.account(account); a.Verified {
					tag = w.tagged(account)
				}
				return func() error {
					_, err := c.SendAll(w.ctx, client.Audience{Tag: tag}, notice())
					return err
				}
			},
			effect: sentToAll,
			refusals: append(massRefusals("/cgi-bin/message/mass/sendall", `"filter":{"is_to_all":true},"unused":["%s","%s"]`, tagOnce()),
				refusal{label: "no such tag", code: 45159, kind: errs.NotFound, action: wechat.ActShow, do: func(w *world) error {
					_, err := w.client(main).SendAll(w.ctx, client.Audience{Tag: 99}, notice())
					return err
				}},
				refusal{label: "twice to all on one day", code: 45028, kind: errs.Exhausted, action: wechat.ActEndPeriod, do: func(w *world) error {
					w.sendAll(main, notice())
					_, err := w.client(main).SendAll(w.ctx, client.Audience{All: true}, notice())
					return err
				}}),
		},
		{
			path: "/cgi-bin/message/mass/send", auth: wechat.AuthToken, s: never, f: verified, minute: 60, prepare: met,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, err := c.SendTo(w.ctx, w.both(account), notice())
					return err
				}
			},
			effect: sentToSome,
			refusals: append(massRefusals("/cgi-bin/message/mass/send", `"touser":["%s","%s"]`, toBoth),
				refusal{label: "to one", code: 40130, kind: errs.Invalid, action: wechat.ActFixRequest, local: "openids:wechat.between",
					do: func(w *world) error {
						_, err := w.client(main).SendTo(w.ctx, w.both(main)[:1], notice())
						return err
					},
					raw: func(w *world) wechat.Code {
						return w.raw(main, http.MethodPost, "/cgi-bin/message/mass/send", `{"touser":["`+w.openid(main, "zhang")+`"],"text":{"content":"a"},"msgtype":"text"}`)
					}},
				refusal{label: "to 10 001", code: 40032, kind: errs.Invalid, action: wechat.ActFixRequest, local: "openids:wechat.between",
					do: func(w *world) error {
						_, err := w.client(main).SendTo(w.ctx, make([]string, 10_001), notice())
						return err
					},
					raw: func(w *world) wechat.Code {
						return w.raw(main, http.MethodPost, "/cgi-bin/message/mass/send", `{"touser":["a"`+strings.Repeat(`,"a"`, 10_000)+`],"text":{"content":"a"},"msgtype":"text"}`)
					}},
				refusal{label: "to another account's", code: 40003, kind: errs.Refused, action: wechat.ActDropFollower, do: func(w *world) error {
					w.follow("renshe", "li")
					_, err := w.client(main).SendTo(w.ctx, []string{w.openid(main, "zhang"), w.openid("renshe", "li")}, notice())
					return err
				}}),
		},
		{
			path: "/cgi-bin/message/mass/preview", auth: wechat.AuthToken, s: verified, f: verified, day: 100, prepare: met,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { return c.PreviewMass(w.ctx, w.openid(account, "zhang"), "", notice().Message) }
			},
			effect: previewed,
			refusals: []refusal{
				{label: "to nobody of that name", code: 40132, kind: errs.Invalid, action: wechat.ActShow, do: func(w *world) error {
					return w.client(main).PreviewMass(w.ctx, "", "nobody", notice().Message)
				}},
				{label: "to an openid of nobody", code: 40003, kind: errs.Refused, action: wechat.ActDropFollower, do: func(w *world) error {
					return w.client(main).PreviewMass(w.ctx, "oabc", "", notice().Message)
				}},
				{label: "to who does not follow any more", code: 43004, kind: errs.Refused, action: wechat.ActDropFollower, do: func(w *world) error {
					w.play("POST", "/unfollow", object{"account": main, "citizen": "li"})
					return w.client(main).PreviewMass(w.ctx, w.openid(main, "li"), "", notice().Message)
				}},
				{label: "no such draft", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error { return preview(w, client.MPNews{MediaID: "abc"}) }},
				{label: "no text", code: 44004, kind: errs.Invalid, action: wechat.ActFixContent, do: func(w *world) error { return preview(w, client.Text{}) }},
			},
		},
		{
			path: "/cgi-bin/message/mass/delete", auth: wechat.AuthToken, s: verified, f: verified, day: 10, again: true,
			rightless: "it has nothing to delete", prepare: met,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					if w.account(account).Kind == wechat.Subscription {
						return c.DeleteMass(w.ctx, w.sendAll(account, client.Mass{Message: client.MPNews{MediaID: w.draft(account, "一")}}).MsgID, 0)
					}
					return c.DeleteMass(w.ctx, sent(w).MsgID, 0)
				}
			},
			effect: deletedMass,
			refusals: []refusal{
				{label: "no such message", code: 40059, kind: errs.NotFound, action: wechat.ActShow, do: func(w *world) error { return w.client(main).DeleteMass(w.ctx, 1, 0) }},
				{label: "no such address", code: 40059, kind: errs.NotFound, action: wechat.ActShow, do: func(w *world) error {
					return w.client(main).DeleteMassArticle(w.ctx, "http://"+boxHost+"/s/abc")
				}},
				{label: "the third of two", code: 40060, kind: errs.Invalid, action: wechat.ActShow, do: func(w *world) error {
					return w.client(main).DeleteMass(w.ctx, sent(w).MsgID, 3)
				}},
				{label: "a text", code: 40008, kind: errs.Invalid, action: wechat.ActFixContent, do: func(w *world) error {
					job, err := w.client(main).SendTo(w.ctx, w.both(main), notice())
					w.wantCode("send", err, 0)
					w.moveCivil(time.Minute)
					w.settle()
					return w.client(main).DeleteMass(w.ctx, job.MsgID, 0)
				}},
			},
		},
		{
			path: "/cgi-bin/message/mass/get", auth: wechat.AuthToken, s: verified, f: verified, again: true, prepare: met,
			rightless: "it has nothing to ask about",
			caller: func(w *world, account string) func() error {
				job, err := w.client(account).SendAll(w.ctx, client.Audience{Tag: w.tagged(account)}, notice())
				w.wantCode("send", err, 0)
				c := w.client(account)
				return func() error {
					_, err := c.MassStatus(w.ctx, job.MsgID)
					return err
				}
			},
			effect: func(w *world) {
				w.follow(main, "zhang", "li")
				c := w.client(main)
				job, err := c.SendTo(w.ctx, w.both(main), client.Mass{Message: client.MPNews{MediaID: w.draft(main, "一")}})
				w.wantCode("send", err, 0)
				for _, want := range []string{client.MassSending, client.MassSent, client.MassDeleted} {
					if got, err := c.MassStatus(w.ctx, job.MsgID); err != nil || got != want {
						w.Errorf("%s %v, want %s", got, err, want)
					}
					w.moveCivil(time.Minute)
					w.settle()
					if want == client.MassSent {
						w.wantCode("delete", c.DeleteMass(w.ctx, job.MsgID, 0), 0)
					}
				}
			},
			refusals: []refusal{{label: "no such message", code: 40059, kind: errs.NotFound, action: wechat.ActShow, do: func(w *world) error {
				_, err := w.client(main).MassStatus(w.ctx, 1)
				return err
			}}},
		},
		{
			path: "/cgi-bin/message/mass/speed/get", auth: wechat.AuthToken, s: verified, f: verified, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, err := c.MassSpeed(w.ctx)
					return err
				}
			},
			effect: func(w *world) {
				c := w.client(main)
				for level, real := range []int{80, 60, 45, 30, 10} {
					w.wantCode("set", c.SetMassSpeed(w.ctx, level), 0)
					if got, err := c.MassSpeed(w.ctx); err != nil || got != (client.MassSpeed{Level: level, PerMinute: real}) {
						w.Errorf("%+v %v", got, err)
					}
				}
			},
		},
		{
			path: "/cgi-bin/message/mass/speed/set", auth: wechat.AuthToken, s: verified, f: verified, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { return c.SetMassSpeed(w.ctx, 4) }
			},
			effect: func(w *world) {
				w.wantCode("set", w.client(main).SetMassSpeed(w.ctx, 4), 0)
				if got, err := w.client("renshe").MassSpeed(w.ctx); err != nil || got.Level != 0 {
					w.Errorf("another account's: %+v %v", got, err)
				}
			},
			refusals: []refusal{
				{label: "too slow", code: 45083, kind: errs.Internal, action: wechat.ActFixRequest, do: func(w *world) error { return w.client(main).SetMassSpeed(w.ctx, 5) }},
				{label: "too fast", code: 45083, kind: errs.Internal, action: wechat.ActFixRequest, do: func(w *world) error { return w.client(main).SetMassSpeed(w.ctx, -1) }},
			},
		},
	}
}

// sentToAll: a moment later the card stands in every follower's chat, once, in its place, unread; the draft is gone, the
// articles are on the history page, and the account hears how many it reached.
func sentToAll(w *world) {
	w.follow(main, "zhang", "li")
	w.say(main, "zhang", "之前")
	w.dev.take()
	c := w.client(main)
	id := w.draft(main, "居住证怎么办", "第二篇")
	job, err := c.SendAll(w.ctx, client.Audience{All: true}, client.Mass{Message: client.MPNews{MediaID: id}})
	if w.wantCode("send", err, 0); job.MsgID == 0 || job.MsgDataID == 0 || job.Repeated {
		w.Errorf("%+v", job)
	}
	if last := w.last(main, "zhang"); last["content"] != "之前" {
		w.Errorf("at once: %v", last)
	}
	w.moveCivil(time.Second)
	m := w.next("the end of the job")
	if m.Event != "MASSSENDJOBFINISH" || m.FromUserName != "mphelper" || m.JobID != job.MsgID || m.Status != "send success" || m.TotalCount != 2 ||
		m.FilterCount != 2 || m.SentCount != 2 || m.ErrorCount != 0 || m.ArticleURLResult == nil || m.ArticleURLResult.Count != 2 || m.CopyrightCheckResult == nil {
		w.Errorf("%+v", m)
	}
	w.say(main, "zhang", "之后")
	items := w.chat(main, "zhang")
	if n := len(items); n != 3 || items[1]["type"] != "news" || items[1]["origin"] != "mass" || items[2]["content"] != "之后" {
		w.Fatalf("%v", items)
	}
	card := w.list(items[1]["articles"])
	if len(card) != 2 || card[0]["title"] != "居住证怎么办" || card[0]["url"] != m.ArticleURLResult.Items[0].URL || card[0]["id"] != articleOf(m.ArticleURLResult.Items[0].URL) {
		w.Errorf("%v", card)
	}
	for range 2 { // looking is not reading, and adds nothing
		chats := w.list(w.play("GET", "/chats?citizen=li", nil)["chats"])
		if len(chats) != 1 || chats[0]["unread"] != float64(1) {
			w.Errorf("%v", chats)
		}
	}
	w.play("POST", "/read", object{"account": main, "citizen": "li"})
	if chats := w.list(w.play("GET", "/chats?citizen=li", nil)["chats"]); chats[0]["unread"] != float64(0) {
		w.Errorf("read: %v", chats)
	}
	w.citizen("later")
	w.follow(main, "later")
	if items := w.chat(main, "later"); len(items) != 0 {
		w.Errorf("who came later: %v", items)
	}
	_, err = c.Draft(w.ctx, id)
	w.wantCode("the draft", err, 40007)
	if list := w.list(w.play("GET", "/articles?account="+main, nil)["articles"]); len(list) != 2 || list[0]["how"] != "mass" {
		w.Errorf("the history page: %v", list)
	}
	if _, page := w.exchange("GET", m.ArticleURLResult.Items[1].URL, nil, nil); !strings.Contains(string(page), "第二篇") {
		w.Errorf("%.300s", page)
	}
}

// sentToSome: every type comes, to those who are meant, and is not on the history page.
func sentToSome(w *world) {
	w.citizen("third")
	w.follow(main, "zhang", "li", "third")
	c := w.client(main)
	video, err := c.MassVideo(w.ctx, w.files(main)["video"], client.About{Title: "办事指南", Introduction: "三步"})
	w.wantCode("video", err, 0)
	picture := w.material(main).ID
	for i, m := range []struct {
		message client.MassMessage
		typ     string
		field   string
	}{
		{client.Text{Content: "停水通知"}, "text", "content"}, {client.Voice{MediaID: w.files(main)["voice"]}, "voice", "url"},
		{client.Pictures{MediaIDs: []string{picture}}, "image", "url"}, {client.Pictures{MediaIDs: []string{picture, picture}, Recommend: "看图"}, "images", "pictures"},
		{client.MPVideo{MediaID: video.ID}, "video", "title"}, {client.MPNews{MediaID: w.draft(main, "一")}, "news", "articles"},
	} {
		if i == 4 {
			w.moveCivil(31 * 24 * time.Hour) // four a month
			video, err = c.MassVideo(w.ctx, w.files(main)["video"], client.About{Title: "办事指南", Introduction: "三步"})
			w.wantCode("video", err, 0)
			m.message = client.MPVideo{MediaID: video.ID}
		}
		job, err := c.SendTo(w.ctx, w.both(main), client.Mass{Message: m.message})
		if w.wantCode(m.typ, err, 0); (job.MsgDataID != 0) != (m.typ == "news") {
			w.Errorf("%s: %+v", m.typ, job)
		}
		w.moveCivil(time.Second)
		w.settle()
		if last := w.last(main, "li"); last["type"] != m.typ || last[m.field] == nil || last["origin"] != "mass" {
			w.Errorf("%s: %v", m.typ, last)
		}
	}
	if items := w.chat(main, "third"); len(items) != 0 {
		w.Errorf("who was not meant: %v", items)
	}
	if list := w.list(w.play("GET", "/articles?account="+main, nil)["articles"]); len(list) != 0 {
		w.Errorf("the history page: %v", list)
	}
}

// previewed: to one person, by openid or name; the draft stays, and no list shows it.
func previewed(w *world) {
	w.follow(main, "zhang", "li")
	c, id := w.client(main), w.draft(main, "预览")
	w.wantCode("by openid", c.PreviewMass(w.ctx, w.openid(main, "zhang"), "", client.MPNews{MediaID: id}), 0)
	w.wantCode("by name", c.PreviewMass(w.ctx, "", "zhang", client.Pictures{MediaIDs: []string{w.material(main).ID}}), 0)
	items := w.chat(main, "zhang")
	if len(items) != 2 || items[0]["origin"] != "preview" || items[1]["type"] != "image" || len(w.chat(main, "li")) != 0 {
		w.Fatalf("%v", items)
	}
	card := w.list(items[0]["articles"])
	address, _ := card[0]["url"].(string)
	if _, page := w.exchange("GET", address, nil, nil); !strings.Contains(string(page), "到窗口办理") {
		w.Errorf("%.300s", page)
	}
	_, err := c.Draft(w.ctx, id)
	w.wantCode("the draft", err, 0)
	if n := len(w.list(w.play("GET", "/articles?all=true&account="+main, nil)["articles"])); n != 0 {
		w.Errorf("%d published", n)
	}
}

// deletedMass: the card stays, the article says that it was deleted; a video is gone.
func deletedMass(w *world) {
	w.follow(main, "zhang", "li")
	w.dev.take()
	c := w.client(main)
	job := w.sendAll(main, client.Mass{Message: client.MPNews{MediaID: w.draft(main, "一", "二")}})
	urls := w.next("the end of the job").ArticleURLResult.Items
	w.wantCode("delete the second", c.DeleteMass(w.ctx, job.MsgID, 2), 0)
	for i, want := range []string{"到窗口办理", "该内容已被发布者删除"} {
		if _, page := w.exchange("GET", urls[i].URL, nil, nil); !strings.Contains(string(page), want) {
			w.Errorf("article %d: %.300s", i+1, page)
		}
	}
	w.wantCode("delete by address", c.DeleteMassArticle(w.ctx, urls[0].URL), 0)
	if got, err := c.MassStatus(w.ctx, job.MsgID); err != nil || got != client.MassDeleted {
		w.Errorf("%s %v", got, err)
	}
	if card := w.list(w.last(main, "zhang")["articles"]); len(card) != 2 {
		w.Errorf("the card: %v", card)
	}
	if list := w.list(w.play("GET", "/articles?account="+main, nil)["articles"]); len(list) != 0 {
		w.Errorf("the history page: %v", list)
	}
	video, err := c.MassVideo(w.ctx, w.files(main)["video"], client.About{Title: "办事指南"})
	w.wantCode("video", err, 0)
	job, err = c.SendTo(w.ctx, w.both(main), client.Mass{Message: client.MPVideo{MediaID: video.ID}})
	w.wantCode("send", err, 0)
	w.moveCivil(time.Minute)
	w.settle()
	address, _ := w.last(main, "zhang")["url"].(string)
	w.wantCode("delete", c.DeleteMass(w.ctx, job.MsgID, 0), 0)
	if res, _ := w.exchange("GET", "http://"+boxHost+address, nil, nil); res.StatusCode != http.StatusNotFound {
		w.Errorf("the video: HTTP %d", res.StatusCode)
	}
}

// TestMassAllowances: a subscription account once a day; a service account four times a month to all, and no follower more
// than four times, whoever was meant.
func TestMassAllowances(t *testing.T) {
	t.Parallel()
	w := newWorld(t) // 20 November, 09:30
	w.follow("renshe", "zhang", "li")
	sub := w.client("renshe")
	w.sendAll("renshe", notice())
	_, err := sub.SendAll(w.ctx, client.Audience{Tag: w.tagged("renshe", "zhang")}, notice())
	w.wantCode("a second one on the day, even by tag", err, 45028)
	w.moveCivil(24 * time.Hour)
	w.play("POST", "/outcomes", object{"account": "renshe", "goal": "mass", "result": "err(20001)"})
	w.sendAll("renshe", notice())
	w.sendAll("renshe", notice()) // the one before failed, and counts not
	if items := w.chat("renshe", "li"); len(items) != 2 {
		t.Errorf("%d arrived", len(items))
	}

	w.follow(main, "zhang", "li")
	c := w.client(main)
	for range 4 {
		w.sendAll(main, notice())
		w.moveCivil(24 * time.Hour)
	}
	_, err = c.SendAll(w.ctx, client.Audience{All: true}, notice())
	w.wantCode("a fifth to all in the month", err, 45028)
	w.citizen("later")
	w.follow(main, "later")
	w.dev.take()
	_, err = c.SendTo(w.ctx, append(w.both(main), w.openid(main, "later")), notice())
	w.wantCode("to some in the same month", err, 0)
	w.moveCivil(time.Minute)
	if m := w.next("the end of the job"); m.TotalCount != 3 || m.FilterCount != 1 || m.SentCount != 1 {
		t.Errorf("%+v", m)
	}
	if a, b := len(w.chat(main, "zhang")), len(w.chat(main, "later")); a != 4 || b != 1 {
		t.Errorf("who had four has %d, who had none %d", a, b)
	}
	w.moveCivil(10 * 24 * time.Hour) // December
	w.sendAll(main, notice())
	if n := len(w.chat(main, "zhang")); n != 5 {
		t.Errorf("in the next month: %d", n)
	}
}

// TestMassLeavesOut: who is blocked, or does not want any.
func TestMassLeavesOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.citizen("third")
	w.follow(main, "zhang", "li", "third")
	c := w.client(main)
	w.wantCode("block", c.Block(w.ctx, []string{w.openid(main, "zhang")}), 0)
	w.play("POST", "/receive", object{"account": main, "citizen": "li", "on": false})
	w.dev.take()
	w.sendAll(main, notice())
	if m := w.next("the end of the job"); m.TotalCount != 3 || m.FilterCount != 1 {
		t.Errorf("%+v", m)
	}
	if n := len(w.chat(main, "third")); n != 1 {
		t.Errorf("%d arrived", n)
	}
}

// TestMassAgain: with the same clientmsgid, or the same content, nothing is sent twice within a day, and the answer says
// what was sent.
func TestMassAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow(main, "zhang", "li")
	for label, m := range map[string]client.Mass{"by clientmsgid": {Message: client.Text{Content: "通知"}, ClientID: "water-2026-11-20"}, "by content": {Message: client.Text{Content: "停水"}}} {
		first, err := w.client(main).SendTo(w.ctx, w.both(main), m)
		w.wantCode(label, err, 0)
		_, err = w.client(main).SendTo(w.ctx, w.both(main), m)
		w.wantCode(label+" at once", err, 45066)
		w.moveCivil(time.Minute)
		if m.ClientID != "" {
			m.Message = client.Text{Content: "改了字"}
		}
		again, err := w.client(main).SendTo(w.ctx, w.both(main), m)
		if err != nil || !again.Repeated || again.MsgID != first.MsgID {
			t.Errorf("%s a minute later: %+v %v, first %+v", label, again, err, first)
		}
		w.moveCivil(24 * time.Hour)
		fresh, err := w.client(main).SendTo(w.ctx, w.both(main), m)
		if err != nil || fresh.Repeated || fresh.MsgID == first.MsgID {
			t.Errorf("%s a day later: %+v %v", label, fresh, err)
		}
	}
}

// TestMassFails: refused by WeChat, or a reprint that nobody wanted; the draft is back.
func TestMassFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow(main, "zhang", "li")
	c := w.client(main)
	for _, o := range []struct {
		label    string
		outcome  object
		reprints bool
		status   string
	}{
		{"refused", object{"result": "err(20001)"}, false, "err(20001)"}, {"failed", object{"result": "send fail"}, false, "send fail"},
		{"a reprint", object{"reprint": []int{1}}, false, "err(30003)"}, {"a reprint, as such", object{"reprint": []int{1}}, true, "send success"},
	} {
		o.outcome["account"], o.outcome["goal"] = main, "mass"
		w.play("POST", "/outcomes", o.outcome)
		id := w.draft(main, "一")
		w.dev.take()
		before := len(w.chat(main, "zhang"))
		_, err := c.SendTo(w.ctx, w.both(main), client.Mass{Message: client.MPNews{MediaID: id}, Reprints: o.reprints})
		w.wantCode(o.label, err, 0)
		w.moveCivil(time.Minute)
		m := w.next("the end of the job")
		if m.Status != o.status || m.TotalCount != 2 || (m.SentCount == 2) != (o.status == "send success") || m.CopyrightCheckResult == nil {
			t.Errorf("%s: %+v", o.label, m)
		}
		_, err = c.Draft(w.ctx, id)
		if arrived := len(w.chat(main, "zhang")) > before; arrived != (o.status == "send success") || arrived == (err == nil) {
			t.Errorf("%s: arrived %v, draft %v", o.label, arrived, err)
		}
	}
}

// TestMassGuard: with the protection on, an administrator says yes or no, within half an hour.
func TestMassGuard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow(main, "zhang", "li")
	w.play("PATCH", "/accounts/"+main, object{"mass_guard": "ask"})
	send := func(m client.Mass) error {
		_, err := w.client(main).SendTo(w.ctx, w.both(main), m)
		return err
	}
	answer := func(allow bool) float64 {
		n, _ := w.play("POST", "/mass/guard", object{"account": main, "allow": allow})["answered"].(float64)
		return n
	}
	yes, no := notice(), notice()
	w.wantCode("asked", send(yes), 89504)
	w.wantCode("still asked", send(yes), 89504)
	if n := answer(true); n != 1 {
		t.Errorf("%v waited", n)
	}
	w.wantCode("allowed", send(yes), 0)
	w.wantCode("another one is asked for", send(no), 89504)
	answer(false)
	w.wantCode("refused", send(no), 89505)
	w.wantCode("asked anew", send(no), 89504)
	w.moveCivil(30 * time.Minute)
	if n := answer(true); n != 0 {
		t.Errorf("%v waited after half an hour", n)
	}
	w.play("PATCH", "/accounts/"+main, object{"mass_guard": "off"})
	w.wantCode("unprotected", send(no), 0)
	if status := w.tryPlay("PATCH", "/accounts/"+main, object{"mass_guard": "maybe"}); status != http.StatusUnprocessableEntity {
		t.Errorf("HTTP %d", status)
	}
}
