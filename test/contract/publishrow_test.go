package contract

import (
	"net/http"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

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
