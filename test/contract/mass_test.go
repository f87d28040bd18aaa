package contract

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"weizheng/wechat/client"
)

// notice is a text that was not sent before.
func notice() client.Mass {
	return client.Mass{Message: client.Text{Content: "停水通知 " + rand.Text()}}
}

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
