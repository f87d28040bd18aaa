package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
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

func commentRows() []row {
	type act func(c *client.Client, w *world, t client.Thread, id int64) error
	// each of the endpoints about one comment, with what it wants before and the refusals of its own
	about := func(name string, again bool, before, do act, effect func(w *world), more ...refusal) row {
		nowhere := func(t func(w *world) client.Thread) func(w *world) error {
			return func(w *world) error { return do(w.client(main), w, t(w), 1) }
		}
		refusals := []refusal{
			{label: "no such article", code: 88001, kind: errs.NotFound, action: wechat.ActShow, do: nowhere(func(*world) client.Thread { return client.Thread{MsgDataID: 1} })},
			{label: "the third of two", code: 88001, kind: errs.NotFound, action: wechat.ActShow, do: nowhere(func(w *world) client.Thread {
				t, _ := w.thread(main)
				t.Index = 2
				return t
			})},
			{label: "another account's", code: 88001, kind: errs.NotFound, action: wechat.ActShow, do: nowhere(func(w *world) client.Thread {
				t, _ := w.thread("renshe")
				return t
			})},
			{label: "without the privilege", code: 88000, kind: errs.Refused, action: wechat.ActShow, do: func(w *world) error {
				t, _ := w.thread(main)
				w.play("PATCH", "/accounts/"+main, object{"comments_off": true})
				defer w.play("PATCH", "/accounts/"+main, object{"comments_off": false})
				return do(w.client(main), w, t, 1)
			}},
		}
		if before != nil {
			refusals = append(refusals, refusal{label: "no such comment", code: 88008, kind: errs.NotFound, action: wechat.ActShow, do: nowhere(func(w *world) client.Thread {
				t, _ := w.thread(main)
				return t
			})})
		}
		return row{
			path: "/cgi-bin/comment/" + name, auth: wechat.AuthToken, s: verified, f: verified, again: again, effect: effect,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				t, article := w.thread(account)
				return func() error {
					var id int64
					if before != nil {
						if id = w.writes(article, "zhang", "在哪里办？"); article != "" {
							w.wantCode("before", before(w.client(account), w, t, id), 0)
						}
					}
					return do(c, w, t, id)
				}
			},
			refusals: append(refusals, more...),
		}
	}
	nothing := func(*client.Client, *world, client.Thread, int64) error { return nil }
	elect := func(c *client.Client, w *world, t client.Thread, id int64) error { return c.ElectComment(w.ctx, t, id) }
	reply := func(c *client.Client, w *world, t client.Thread, id int64) error {
		return c.ReplyComment(w.ctx, t, id, "带身份证到窗口办理。")
	}
	list := func(w *world, t client.Thread, kind client.CommentKind, begin, count int) error {
		_, _, err := w.client(main).Comments(w.ctx, t, kind, begin, count)
		return err
	}
	count := func(n int) refusal {
		return refusal{label: fmt.Sprint(n, " at once"), code: 88010, kind: errs.Internal, action: wechat.ActFixRequest, local: "count:wechat.between",
			do: func(w *world) error {
				t, _ := w.thread(main)
				return list(w, t, client.AllComments, 0, n)
			},
			raw: func(w *world) wechat.Code {
				t, _ := w.thread(main)
				return w.raw(main, http.MethodPost, "/cgi-bin/comment/list", fmt.Sprintf(`{"msg_data_id":%d,"index":1,"begin":0,"count":%d,"type":0}`, t.MsgDataID, n))
			}}
	}
	replied := func(length int) func(w *world) error {
		return func(w *world) error {
			t, article := w.thread(main)
			return w.client(main).ReplyComment(w.ctx, t, w.writes(article, "zhang", "问"), strings.Repeat("答", length))
		}
	}
	return []row{
		about("open", true, nil, func(c *client.Client, w *world, t client.Thread, _ int64) error { return c.OpenComments(w.ctx, t) }, openedComments),
		about("close", true, nil, func(c *client.Client, w *world, t client.Thread, _ int64) error { return c.CloseComments(w.ctx, t) }, openedComments),
		about("list", true, nil, func(c *client.Client, w *world, t client.Thread, _ int64) error {
			_, _, err := c.Comments(w.ctx, t, client.AllComments, 0, 49)
			return err
		}, listedComments, count(50), count(0), refusal{label: "an unknown kind", code: 40035, kind: errs.Internal, action: wechat.ActFixRequest, do: func(w *world) error {
			t, _ := w.thread(main)
			return list(w, t, 3, 0, 10)
		}}),
		about("markelect", true, nothing, elect, electedComments, refusal{label: "the 101st", code: 88003, kind: errs.Refused, action: wechat.ActShow, do: func(w *world) error {
			t, article := w.thread(main)
			c := w.client(main)
			for range 100 {
				w.wantCode("elect", c.ElectComment(w.ctx, t, w.writes(article, "zhang", "好")), 0)
			}
			return c.ElectComment(w.ctx, t, w.writes(article, "zhang", "好"))
		}}),
		about("unmarkelect", true, elect, func(c *client.Client, w *world, t client.Thread, id int64) error { return c.UnelectComment(w.ctx, t, id) }, electedComments),
		about("delete", true, nothing, func(c *client.Client, w *world, t client.Thread, id int64) error { return c.DeleteComment(w.ctx, t, id) }, electedComments),
		about("reply/add", false, nothing, reply, repliedComments,
			refusal{label: "a second one", code: 88005, kind: errs.Conflict, action: wechat.ActShow, do: func(w *world) error {
				t, article := w.thread(main)
				id := w.writes(article, "zhang", "问")
				w.wantCode("reply", reply(w.client(main), w, t, id), 0)
				return reply(w.client(main), w, t, id)
			}},
			refusal{label: "an empty one", code: 88007, kind: errs.Invalid, action: wechat.ActShow, do: replied(0)},
			refusal{label: "a long one", code: 88007, kind: errs.Invalid, action: wechat.ActShow, do: replied(601)}),
		about("reply/delete", true, reply, func(c *client.Client, w *world, t client.Thread, id int64) error { return c.DeleteReply(w.ctx, t, id) }, repliedComments,
			refusal{label: "no reply", code: 87009, kind: errs.Refused, action: wechat.ActShow, do: func(w *world) error {
				t, article := w.thread(main)
				return w.client(main).DeleteReply(w.ctx, t, w.writes(article, "zhang", "问"))
			}}),
	}
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

func autoreplyRows() []row {
	return []row{{
		path: "/cgi-bin/get_current_autoreply_info", auth: wechat.AuthToken, s: all, f: all, again: true,
		caller: func(w *world, account string) func() error {
			c := w.client(account)
			return func() error {
				_, err := c.AutoReplies(w.ctx)
				return err
			}
		},
		effect: func(w *world) {
			c := w.client(main)
			if got, err := c.AutoReplies(w.ctx); err != nil || got.On != 0 || got.OnFollow != 0 {
				w.Errorf("%+v %v", got, err)
			}
			id := w.material(main).ID
			rules := object{"is_add_friend_reply_open": 1, "is_autoreply_open": 1, "add_friend_autoreply_info": object{"type": "text", "content": "您好"},
				"keyword_autoreply_info": object{"list": []object{{"rule_name": "社保", "create_time": 1_700_000_000, "reply_mode": "reply_all",
					"keyword_list_info": []object{{"type": "text", "match_mode": "contain", "content": "社保"}}, "reply_list_info": []object{{"type": "img", "content": id}}}}}}
			w.play("PUT", "/accounts/"+main+"/autoreply", rules)
			got, err := c.AutoReplies(w.ctx)
			if err != nil || got.On != 1 || got.Follow.Content != "您好" || len(got.Keywords.List) != 1 || got.Keywords.List[0].Keywords[0].Match != "contain" || got.Keywords.List[0].Replies[0].Content != id {
				w.Errorf("%+v %v", got, err)
			}
			w.wantCode("a picture that a rule needs", c.DeleteMaterial(w.ctx, id), 48005)
			if status := w.tryPlay("PUT", "/accounts/"+main+"/autoreply", []int{1}); status != http.StatusUnprocessableEntity {
				w.Errorf("no object: HTTP %d", status)
			}
			w.play("PUT", "/accounts/"+main+"/autoreply", json.RawMessage("null"))
			w.wantCode("without the rule", c.DeleteMaterial(w.ctx, id), 0)
		},
	}}
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
