package contract

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"weizheng/wechat/client"
)

// publish has articles of these titles published, and returns what can be asked about them.
func (w *world) publish(account string, titles ...string) (job client.PublishJob, done client.PublishStatus) {
	w.Helper()
	c := w.client(account)
	job, err := c.Publish(w.ctx, w.draft(account, titles...))
	w.wantCode("publish", err, 0)
	w.moveCivil(time.Second)
	w.settle()
	done, err = c.PublishStatus(w.ctx, job.ID)
	w.wantCode("status", err, 0)
	return job, done
}

// articleOf is the id in an article's address.
func articleOf(address string) string { return address[strings.LastIndexByte(address, '/')+1:] }

// publishedArticles: the account hears of it a moment later, the draft is gone, the articles can be read in a browser, but
// nobody was told and the history page does not have them.
func publishedArticles(w *world) {
	w.follow(main, "zhang")
	w.dev.take()
	c := w.client(main)
	id := w.draft(main, "居住证怎么办", "第二篇")
	job, err := c.Publish(w.ctx, id)
	w.wantCode("publish", err, 0)
	w.settle()
	if got := w.dev.take(); len(got) != 0 {
		w.Errorf("told at once: %+v", got)
	}
	w.moveCivil(time.Second)
	m := w.next("the end of the job")
	info := m.PublishEventInfo
	if m.Event != "PUBLISHJOBFINISH" || info == nil || info.PublishID != job.ID || info.Status != 0 || info.ArticleID == "" || info.Count != 2 || len(info.Articles) != 2 || info.Articles[1].Idx != 2 {
		w.Fatalf("%+v %+v", m, info)
	}
	_, err = c.Draft(w.ctx, id)
	w.wantCode("the draft", err, 40007)
	res, page := w.exchange("GET", info.Articles[0].URL, nil, nil)
	if text := string(page); !strings.Contains(text, "居住证怎么办") || !strings.Contains(text, "青云政务") || !strings.Contains(text, "到窗口办理") ||
		!strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		w.Errorf("%v %.400s", res.Header, text)
	}
	if items := w.chat(main, "zhang"); len(items) != 0 {
		w.Errorf("a follower was told: %v", items)
	}
	if n := len(w.list(w.play("GET", "/articles?account="+main, nil)["articles"])); n != 0 {
		w.Errorf("%d on the history page", n)
	}
	all := w.list(w.play("GET", "/articles?all=true&account="+main, nil)["articles"])
	if len(all) != 2 || all[1]["title"] != "居住证怎么办" || all[1]["url"] != info.Articles[0].URL || all[1]["how"] != "publish" {
		w.Errorf("%v", all)
	}
	if job.MsgDataID == 0 || all[1]["msg_data_id"] != float64(job.MsgDataID) {
		w.Errorf("msg_data_id %d, %v", job.MsgDataID, all[1]["msg_data_id"])
	}
	w.wantCode("as a customer message to who wrote", func() error {
		w.say(main, "zhang", "居住证")
		return c.SendCustom(w.ctx, w.openid(main, "zhang"), client.PublishedArticle{ArticleID: info.ArticleID})
	}(), 0)
	card := w.list(w.last(main, "zhang")["articles"])
	if len(card) != 2 || card[0]["id"] != all[1]["id"] || card[0]["url"] != info.Articles[0].URL {
		w.Errorf("the card: %v", card)
	}
}

// deletedArticles: one by one or all, for ever; the page says so.
func deletedArticles(w *world) {
	c := w.client(main)
	job, done := w.publish(main, "一", "二")
	w.wantCode("delete the second", c.DeletePublished(w.ctx, done.ArticleID, 2), 0)
	p, err := c.Published(w.ctx, done.ArticleID)
	if err != nil || p.Articles[0].Deleted || !p.Articles[1].Deleted {
		w.Errorf("%+v %v", p, err)
	}
	for i, want := range []string{"到窗口办理", "该内容已被发布者删除"} {
		if _, page := w.exchange("GET", done.URLs[i], nil, nil); !strings.Contains(string(page), want) {
			w.Errorf("article %d: %.300s", i+1, page)
		}
	}
	if got, err := c.PublishStatus(w.ctx, job.ID); err != nil || got.Status != client.PublishDone {
		w.Errorf("with one left: %+v %v", got, err)
	}
	w.wantCode("delete all", c.DeletePublished(w.ctx, done.ArticleID, 0), 0)
	if got, err := c.PublishStatus(w.ctx, job.ID); err != nil || got.Status != client.PublishDeleted {
		w.Errorf("with none left: %+v %v", got, err)
	}
}

// TestPublishOutcomes: every way in which a publication can end, as the sandbox is told to.
func TestPublishOutcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(main)
	for _, o := range []struct {
		status  int
		failIdx []int
		page    string // "" when nothing was published
	}{
		{client.PublishOriginal, []int{1, 2}, ""}, {client.PublishFailed, nil, ""}, {client.PublishRefused, []int{2}, ""},
		{client.PublishDeleted, nil, "该内容已被发布者删除"}, {client.PublishBanned, nil, "此内容因违规无法查看"}, {client.PublishDone, nil, "到窗口办理"},
	} {
		w.play("POST", "/outcomes", object{"account": main, "goal": "publish", "status": o.status, "fail_idx": o.failIdx, "after_ms": 60_000})
		id := w.draft(main, "一", "二")
		w.dev.take()
		job, err := c.Publish(w.ctx, id)
		w.wantCode("publish", err, 0)
		w.moveCivil(59 * time.Second)
		w.settle()
		if got, err := c.PublishStatus(w.ctx, job.ID); err != nil || got.Status != client.PublishRunning {
			t.Errorf("%d: before its time: %+v %v", o.status, got, err)
		}
		w.moveCivil(time.Second)
		m := w.next("the end of the job")
		got, err := c.PublishStatus(w.ctx, job.ID)
		if err != nil || got.Status != o.status || m.PublishEventInfo.Status != o.status || fmt.Sprint(got.FailIdx) != fmt.Sprint(append([]int{}, o.failIdx...)) {
			t.Errorf("%d: %+v %+v %v", o.status, got, m.PublishEventInfo, err)
		}
		_, err = c.Draft(w.ctx, id)
		if o.page == "" {
			w.wantCode("the draft is back", err, 0)
			continue
		}
		w.wantCode("the draft is gone", err, 40007)
		if _, page := w.exchange("GET", m.PublishEventInfo.Articles[0].URL, nil, nil); !strings.Contains(string(page), o.page) {
			t.Errorf("%d: %.300s", o.status, page)
		}
	}
	if left := w.list(w.play("GET", "/outcomes?account="+main, nil)["outcomes"]); len(left) != 0 {
		t.Errorf("outcomes left: %v", left)
	}
}
