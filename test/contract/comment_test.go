package contract

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"weizheng/wechat/client"
)

// thread publishes an article whose comments are open; an account that may not gets one that is nowhere.
func (w *world) thread(account string) (t client.Thread, article string) {
	w.Helper()
	if !w.account(account).Verified {
		return client.Thread{MsgDataID: 1}, ""
	}
	c, a := w.client(account), w.news(account, "说说看")
	a.Comments = true
	id, err := c.AddDraft(w.ctx, []client.Article{w.news(account, "第一篇"), a})
	w.wantCode("draft", err, 0)
	job, err := c.Publish(w.ctx, id)
	w.wantCode("publish", err, 0)
	w.moveCivil(time.Second)
	w.settle()
	all := w.list(w.play("GET", "/articles?all=true&limit=1&account="+account, nil)["articles"])
	article, _ = all[0]["id"].(string)
	return client.Thread{MsgDataID: job.MsgDataID, Index: 1}, article
}

// writes has a citizen comment on an article.
func (w *world) writes(article, citizen, content string) int64 {
	w.Helper()
	if article == "" {
		return 1
	}
	made, _ := w.play("POST", "/articles/"+article+"/comments", object{"citizen": citizen, "content": content})["comment"].(object)
	id, _ := made["id"].(float64)
	return int64(id)
}

// openedComments: while they are open citizens write, and to an article for followers only followers do.
func openedComments(w *world) {
	c := w.client(main)
	t, article := w.thread(main)
	try := func(citizen string) int {
		return w.tryPlay("POST", "/articles/"+article+"/comments", object{"citizen": citizen, "content": "好"})
	}
	if status := try("zhang"); status != http.StatusCreated {
		w.Errorf("open: HTTP %d", status)
	}
	w.wantCode("close", c.CloseComments(w.ctx, t), 0)
	if status := try("zhang"); status != http.StatusConflict {
		w.Errorf("closed: HTTP %d", status)
	}
	w.wantCode("open", c.OpenComments(w.ctx, t), 0)
	if status := try("zhang"); status != http.StatusCreated {
		w.Errorf("open again: HTTP %d", status)
	}
	fans := w.news(main, "给粉丝")
	fans.Comments, fans.CommentsFans = true, true
	id, err := c.AddDraft(w.ctx, []client.Article{fans})
	w.wantCode("draft", err, 0)
	_, err = c.Publish(w.ctx, id)
	w.wantCode("publish", err, 0)
	w.moveCivil(time.Second)
	w.settle()
	article, _ = w.list(w.play("GET", "/articles?all=true&limit=1&account="+main, nil)["articles"])[0]["id"].(string)
	if status := try("zhang"); status != http.StatusConflict {
		w.Errorf("a stranger: HTTP %d", status)
	}
	w.follow(main, "zhang")
	if status := try("zhang"); status != http.StatusCreated {
		w.Errorf("a follower: HTTP %d", status)
	}
	if status := w.tryPlay("POST", "/articles/"+article+"/comments", object{"citizen": "zhang", "content": ""}); status != http.StatusUnprocessableEntity {
		w.Errorf("nothing: HTTP %d", status)
	}
}

// listedComments: the oldest first, by kind, page by page.
func listedComments(w *world) {
	c := w.client(main)
	t, article := w.thread(main)
	var ids []int64
	for i := range 60 {
		ids = append(ids, w.writes(article, []string{"zhang", "li"}[i%2], fmt.Sprint("第", i)))
	}
	for _, id := range ids[:3] {
		w.wantCode("elect", c.ElectComment(w.ctx, t, id), 0)
	}
	for _, want := range []struct {
		kind         client.CommentKind
		begin, total int64
		first        int
		length       int
	}{{client.AllComments, 0, 60, 0, 49}, {client.AllComments, 49, 60, 49, 11}, {client.ElectedComments, 0, 3, 0, 3}, {client.PlainComments, 0, 57, 3, 49}} {
		list, total, err := c.Comments(w.ctx, t, want.kind, int(want.begin), 49)
		if err != nil || total != want.total || len(list) != want.length || list[0].ID != ids[want.first] {
			w.Errorf("%+v: %d of %d %v", want, len(list), total, err)
			continue
		}
		if one := list[0]; one.Content != fmt.Sprint("第", want.first) || one.OpenID != w.openid(main, []string{"zhang", "li"}[want.first%2]) || one.At == 0 || (one.Type == 1) != (want.first < 3) {
			w.Errorf("%+v", one)
		}
	}
}

// seen are the comments that a citizen sees under an article.
func (w *world) seen(article, citizen string) []object {
	w.Helper()
	return w.list(w.play("GET", "/articles/"+article+"/comments?citizen="+citizen, nil)["comments"])
}

// electedComments: others see what is elected, the writer always, and nobody what was deleted.
func electedComments(w *world) {
	c := w.client(main)
	t, article := w.thread(main)
	id := w.writes(article, "zhang", "在哪里办？")
	step := func(label string, err error, zhang, li int) {
		w.Helper()
		w.wantCode(label, err, 0)
		if a, b := len(w.seen(article, "zhang")), len(w.seen(article, "li")); a != zhang || b != li {
			w.Errorf("%s: the writer sees %d, others %d", label, a, b)
		}
	}
	step("written", nil, 1, 0)
	step("elected", c.ElectComment(w.ctx, t, id), 1, 1)
	if _, page := w.exchange("GET", "http://"+boxHost+"/s/"+article, nil, nil); !strings.Contains(string(page), "在哪里办？") {
		w.Errorf("the page lacks it: %.200s", page)
	}
	step("elected no more", c.UnelectComment(w.ctx, t, id), 1, 0)
	step("deleted", c.DeleteComment(w.ctx, t, id), 0, 0)
	if a, _ := w.play("GET", "/articles/"+article, nil)["article"].(object); a["comments"] != float64(0) {
		w.Errorf("counted: %v", a["comments"])
	}
}

// repliedComments: the answer stands under the comment, until it is removed.
func repliedComments(w *world) {
	c := w.client(main)
	t, article := w.thread(main)
	id := w.writes(article, "zhang", "在哪里办？")
	w.wantCode("reply", c.ReplyComment(w.ctx, t, id, "到窗口"), 0)
	list, _, err := c.Comments(w.ctx, t, client.AllComments, 0, 49)
	if err != nil || list[0].Reply.Content != "到窗口" || list[0].Reply.At == 0 || w.seen(article, "zhang")[0]["reply"] != "到窗口" {
		w.Errorf("%+v %v", list, err)
	}
	w.wantCode("delete", c.DeleteReply(w.ctx, t, id), 0)
	if w.seen(article, "zhang")[0]["reply"] != nil {
		w.Error("the reply is still there")
	}
}

// TestCommentsOfMass: a message to many is commented on by the same id, and counted among the statistics.
func TestCommentsOfMass(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow(main, "zhang", "li")
	a := w.news(main, "说说看")
	a.Comments = true
	id, err := w.client(main).AddDraft(w.ctx, []client.Article{a})
	w.wantCode("draft", err, 0)
	job := w.sendAll(main, client.Mass{Message: client.MPNews{MediaID: id}})
	card := w.list(w.last(main, "zhang")["articles"])
	article, _ := card[0]["id"].(string)
	w.writes(article, "zhang", "好")
	list, total, err := w.client(main).Comments(w.ctx, client.Thread{MsgDataID: job.MsgDataID}, client.AllComments, 0, 49)
	if err != nil || total != 1 || list[0].Content != "好" {
		t.Errorf("%+v %d %v", list, total, err)
	}
}
