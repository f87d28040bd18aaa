package contract

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
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

func publishRows() []row {
	unknown := func(do func(w *world, id string) error) []refusal {
		return []refusal{
			{label: "no such article", code: 53600, kind: errs.NotFound, action: wechat.ActShow, do: func(w *world) error { return do(w, "abc") }},
			{label: "another account's", code: 53600, kind: errs.NotFound, action: wechat.ActShow, do: func(w *world) error {
				_, done := w.publish("renshe", "社保")
				return do(w, done.ArticleID)
			}},
		}
	}
	submit := func(w *world, id string) error {
		_, err := w.client(main).Publish(w.ctx, id)
		return err
	}
	status := func(w *world, id string) error {
		_, err := w.client(main).PublishStatus(w.ctx, id)
		return err
	}
	list := func(w *world, offset, count int) error {
		_, _, err := w.client(main).PublishedList(w.ctx, offset, count, false)
		return err
	}
	return []row{
		{
			path: "/cgi-bin/freepublish/submit", auth: wechat.AuthToken, s: verified, f: verified, day: 100,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, err := c.Publish(w.ctx, w.draft(account, "一"))
					return err
				}
			},
			effect: publishedArticles,
			refusals: []refusal{
				{label: "no such draft", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error { return submit(w, "abc") }},
				{label: "another account's", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error { return submit(w, w.draft("renshe", "社保")) }},
				{label: "the same twice", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error {
					id := w.draft(main, "一")
					w.wantCode("once", submit(w, id), 0)
					return submit(w, id)
				}},
				{label: "refused at the door", code: 53503, kind: errs.Refused, action: wechat.ActShow, do: func(w *world) error {
					w.play("POST", "/faults", object{"path": "/cgi-bin/freepublish/submit", "kind": "code", "code": 53503})
					return submit(w, w.draft(main, "一"))
				}},
			},
		},
		{
			path: "/cgi-bin/freepublish/get", auth: wechat.AuthToken, s: verified, f: verified, day: 100, again: true,
			rightless: "nothing can be published",
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				job, err := c.Publish(w.ctx, w.draft(account, "一"))
				w.wantCode("publish", err, 0)
				return func() error {
					_, err := c.PublishStatus(w.ctx, job.ID)
					return err
				}
			},
			effect: func(w *world) {
				c := w.client(main)
				job, err := c.Publish(w.ctx, w.draft(main, "一", "二"))
				w.wantCode("publish", err, 0)
				if got, err := c.PublishStatus(w.ctx, job.ID); err != nil || got.Status != client.PublishRunning || got.ArticleID != "" {
					w.Errorf("at once: %+v %v", got, err)
				}
				w.moveCivil(time.Second)
				w.settle()
				if got, err := c.PublishStatus(w.ctx, job.ID); err != nil || got.Status != client.PublishDone || got.ArticleID == "" || len(got.URLs) != 2 {
					w.Errorf("a second later: %+v %v", got, err)
				}
			},
			refusals: []refusal{
				{label: "no such job", code: 40035, kind: errs.Internal, action: wechat.ActFixRequest, do: func(w *world) error { return status(w, "100000000") }},
				{label: "another account's", code: 40035, kind: errs.Internal, action: wechat.ActFixRequest, do: func(w *world) error {
					job, _ := w.publish("renshe", "社保")
					return status(w, job.ID)
				}},
			},
		},
		{
			path: "/cgi-bin/freepublish/delete", auth: wechat.AuthToken, s: verified, f: verified, day: 10,
			rightless: "nothing can be published",
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, done := w.publish(account, "一")
					return c.DeletePublished(w.ctx, done.ArticleID, 0)
				}
			},
			effect: deletedArticles,
			refusals: append(unknown(func(w *world, id string) error { return w.client(main).DeletePublished(w.ctx, id, 0) }),
				refusal{label: "the third of two", code: 40114, kind: errs.Invalid, action: wechat.ActShow, do: func(w *world) error {
					_, done := w.publish(main, "一", "二")
					return w.client(main).DeletePublished(w.ctx, done.ArticleID, 3)
				}}),
		},
		{
			path: "/cgi-bin/freepublish/getarticle", auth: wechat.AuthToken, s: verified, f: verified, day: 100, again: true,
			rightless: "nothing can be published",
			caller: func(w *world, account string) func() error {
				_, done := w.publish(account, "一")
				c := w.client(account)
				return func() error {
					_, err := c.Published(w.ctx, done.ArticleID)
					return err
				}
			},
			effect: func(w *world) {
				_, done := w.publish(main, "一", "二")
				p, err := w.client(main).Published(w.ctx, done.ArticleID)
				if err != nil || len(p.Articles) != 2 || p.Articles[1].Title != "二" || p.Articles[1].URL != done.URLs[1] || p.Articles[0].Content == "" || p.Articles[0].Deleted {
					w.Errorf("%+v %v", p, err)
				}
			},
			refusals: unknown(func(w *world, id string) error {
				_, err := w.client(main).Published(w.ctx, id)
				return err
			}),
		},
		{
			path: "/cgi-bin/freepublish/batchget", auth: wechat.AuthToken, s: verified, f: verified, day: 100, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, _, err := c.PublishedList(w.ctx, 0, 20, true)
					return err
				}
			},
			effect: func(w *world) {
				_, first := w.publish(main, "一")
				_, second := w.publish(main, "二")
				_, third := w.publish(main, "三")
				w.wantCode("delete", w.client(main).DeletePublished(w.ctx, second.ArticleID, 0), 0)
				got, total, err := w.client(main).PublishedList(w.ctx, 0, 20, false)
				if err != nil || total != 2 || len(got) != 2 || got[0].ArticleID != third.ArticleID || got[1].ArticleID != first.ArticleID || got[0].Articles[0].Content == "" {
					w.Errorf("%d %+v %v", total, got, err)
				}
				if got, _, err := w.client(main).PublishedList(w.ctx, 1, 20, true); err != nil || len(got) != 1 || got[0].Articles[0].Content != "" {
					w.Errorf("the second page: %+v %v", got, err)
				}
			},
			refusals: []refusal{
				{label: "21 at once", code: 40097, kind: errs.Internal, action: wechat.ActFixRequest, local: "count:wechat.between",
					do: func(w *world) error { return list(w, 0, 21) },
					raw: func(w *world) wechat.Code {
						return w.raw(main, http.MethodPost, "/cgi-bin/freepublish/batchget", `{"offset":0,"count":21}`)
					}},
				{label: "before the first", code: 40097, kind: errs.Internal, action: wechat.ActFixRequest, do: func(w *world) error { return list(w, -1, 20) }},
			},
		},
	}
}

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

// TestReading: what citizens do with an article is counted, once where once is meant.
func TestReading(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, done := w.publish(main, "一")
	id := articleOf(done.URLs[0])
	do := func(citizen, kind string, more object) object {
		in := object{"citizen": citizen, "kind": kind}
		for k, v := range more {
			in[k] = v
		}
		a, _ := w.play("POST", "/articles/"+id+"/acts", in)["article"].(object)
		return a
	}
	do("zhang", "read", nil)
	do("zhang", "read", object{"scene": "moments"})
	do("li", "read", nil)
	do("zhang", "like", nil)
	do("zhang", "like", nil)
	do("li", "like", nil)
	do("li", "like", object{"undo": true})
	do("li", "favourite", nil)
	do("zhang", "share", object{"scene": "moments"})
	got := do("zhang", "share", nil)
	for name, want := range map[string]float64{"reads": 3, "likes": 1, "favourites": 1, "shares": 2, "comments": 0} {
		if got[name] != want {
			t.Errorf("%s: %v, want %v", name, got[name], want)
		}
	}
	if mine, _ := got["mine"].(object); mine["like"] != true || mine["favourite"] != false {
		t.Errorf("%v", mine)
	}
	for label, in := range map[string]object{
		"an unknown kind": {"citizen": "zhang", "kind": "burn"}, "an unknown scene": {"citizen": "zhang", "kind": "read", "scene": "moon"},
		"nobody": {"citizen": "nobody", "kind": "read"}, "a read taken back": {"citizen": "zhang", "kind": "read", "undo": true},
	} {
		if status := w.tryPlay("POST", "/articles/"+id+"/acts", in); status/100 != 4 {
			t.Errorf("%s: HTTP %d", label, status)
		}
	}
	w.play("POST", "/articles/"+id+"/ban", nil)
	if status := w.tryPlay("POST", "/articles/"+id+"/acts", object{"citizen": "zhang", "kind": "read"}); status != http.StatusConflict {
		t.Errorf("a banned article: HTTP %d", status)
	}
}

// TestButtonShowsArticle: a card in the chat, or the page at once.
func TestButtonShowsArticle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow(main, "zhang")
	_, done := w.publish(main, "一")
	w.wantCode("menu", w.client(main).CreateMenu(w.ctx, client.Menu{Buttons: []client.Button{
		{Type: "article_id", Name: "看卡片", ArticleID: done.ArticleID}, {Type: "article_view_limited", Name: "看文章", ArticleID: done.ArticleID}}}), 0)
	w.moveCivil(10 * time.Minute)
	w.play("POST", "/menu/tap", object{"account": main, "citizen": "zhang", "path": []int{0}})
	if card := w.list(w.last(main, "zhang")["articles"]); len(card) != 1 || card[0]["url"] != done.URLs[0] {
		t.Errorf("%v", card)
	}
	if got := w.play("POST", "/menu/tap", object{"account": main, "citizen": "zhang", "path": []int{1}}); got["kind"] != "page" || got["url"] != done.URLs[0] {
		t.Errorf("%v", got)
	}
}
