package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

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
		about("unmarkelect", true, elect, func(c *client.Client, w *world, t client.Thread, id int64) error {
			return c.UnelectComment(w.ctx, t, id)
		}, electedComments),
		about("delete", true, nothing, func(c *client.Client, w *world, t client.Thread, id int64) error {
			return c.DeleteComment(w.ctx, t, id)
		}, electedComments),
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
