package contract

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

// news is an article that is right.
func (w *world) news(account, title string) client.Article {
	w.Helper()
	return client.Article{Title: title, Content: "<p>带身份证，到窗口办理。</p>", ThumbMediaID: w.material(account).ID}
}

// draft puts articles of these titles into the draft box.
func (w *world) draft(account string, titles ...string) string {
	w.Helper()
	id, err := w.client(account).AddDraft(w.ctx, w.newsOf(account, titles...))
	w.wantCode("draft", err, 0)
	return id
}

func (w *world) newsOf(account string, titles ...string) []client.Article {
	w.Helper()
	list := make([]client.Article, len(titles))
	for i, title := range titles {
		list[i] = w.news(account, title)
	}
	return list
}

func draftRows() []row {
	no := func(label string, code wechat.Code, change func(w *world, a *client.Article)) refusal {
		return refusal{label: label, code: code, kind: code.Kind(), action: code.Action(), do: func(w *world) error {
			a := w.news(main, "办事指南")
			change(w, &a)
			_, err := w.client(main).AddDraft(w.ctx, []client.Article{a})
			return err
		}}
	}
	gone := func(do func(w *world, id string) error) []refusal {
		return []refusal{
			{label: "no such draft", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error { return do(w, "abc") }},
			{label: "another account's", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error { return do(w, w.draft("renshe", "社保")) }},
		}
	}
	update := func(w *world, id string, index int) error {
		return w.client(main).UpdateDraft(w.ctx, id, index, w.news(main, "新的"))
	}
	get := func(w *world, id string) error {
		_, err := w.client(main).Draft(w.ctx, id)
		return err
	}
	list := func(w *world, offset, count int) error {
		_, _, err := w.client(main).Drafts(w.ctx, offset, count, false)
		return err
	}
	return []row{
		{
			path: "/cgi-bin/draft/add", auth: wechat.AuthToken, s: all, f: all, day: 1000,
			caller: func(w *world, account string) func() error {
				c, a := w.client(account), w.news(account, "办事指南")
				return func() error {
					_, err := c.AddDraft(w.ctx, []client.Article{a})
					return err
				}
			},
			effect: everyDraft,
			refusals: []refusal{
				no("a title of 33 characters", 45003, func(_ *world, a *client.Article) { a.Title = strings.Repeat("办", 33) }),
				no("no title", 45003, func(_ *world, a *client.Article) { a.Title = "" }),
				no("an author of 17 characters", 45110, func(_ *world, a *client.Article) { a.Author = strings.Repeat("张", 17) }),
				no("a digest of 129 characters", 45004, func(_ *world, a *client.Article) { a.Digest = strings.Repeat("要", 129) }),
				no("no content", 44004, func(_ *world, a *client.Article) { a.Content = "" }),
				no("a content of 20 000 characters", 45002, func(_ *world, a *client.Article) { a.Content = strings.Repeat("文", 20_000) }),
				no("a content of 1 MB", 45002, func(_ *world, a *client.Article) { a.Content = strings.Repeat("a", 1<<20) }),
				no("a source address of 1025 bytes", 45005, func(_ *world, a *client.Article) { a.SourceURL = "https://example.com/" + strings.Repeat("a", 1005) }),
				no("no cover", 40007, func(_ *world, a *client.Article) { a.ThumbMediaID = "" }),
				no("a temporary cover", 40007, func(w *world, a *client.Article) { a.ThumbMediaID = w.files(main)["image"] }),
				no("a voice as cover", 40007, func(w *world, a *client.Article) {
					m, err := w.client(main).AddMaterial(w.ctx, client.MediaVoice, file("a.amr", amr(1)), client.About{})
					w.wantCode("voice", err, 0)
					a.ThumbMediaID = m.ID
				}),
				no("a crop that is none", 53402, func(_ *world, a *client.Article) { a.Crop235 = "0.5_0_0.2_1" }),
				no("a crop beyond the picture", 53402, func(_ *world, a *client.Article) { a.Crop11 = "0_0_1.1_1" }),
				no("an unknown type", 40008, func(_ *world, a *client.Article) { a.Type = "poem" }),
				no("pictures without any", 40007, func(_ *world, a *client.Article) { a.Type = client.TypePicture }),
				no("21 pictures", 45008, func(w *world, a *client.Article) {
					a.Type = client.TypePicture
					for range 21 {
						a.Pictures = append(a.Pictures, a.ThumbMediaID)
					}
				}),
				no("a temporary picture", 40007, func(w *world, a *client.Article) {
					a.Type, a.Pictures = client.TypePicture, []string{w.files(main)["image"]}
				}),
				{label: "nine articles", code: 45008, kind: errs.Invalid, action: wechat.ActFixContent, local: "articles:wechat.between",
					do: func(w *world) error {
						_, err := w.client(main).AddDraft(w.ctx, make([]client.Article, 9))
						return err
					},
					raw: func(w *world) wechat.Code {
						return w.raw(main, http.MethodPost, "/cgi-bin/draft/add", `{"articles":[{},{},{},{},{},{},{},{},{}]}`)
					}},
				{label: "no article", code: 44003, kind: errs.Invalid, action: wechat.ActFixContent, local: "articles:wechat.between",
					do: func(w *world) error {
						_, err := w.client(main).AddDraft(w.ctx, nil)
						return err
					},
					raw: func(w *world) wechat.Code {
						return w.raw(main, http.MethodPost, "/cgi-bin/draft/add", `{"articles":[]}`)
					}},
			},
		},
		{
			path: "/cgi-bin/draft/update", auth: wechat.AuthToken, s: all, f: all, day: 1000, again: true,
			caller: func(w *world, account string) func() error {
				c, id, a := w.client(account), w.draft(account, "旧的"), w.news(account, "新的")
				return func() error { return c.UpdateDraft(w.ctx, id, 0, a) }
			},
			effect: func(w *world) {
				id := w.draft(main, "一", "二")
				w.wantCode("update", update(w, id, 1), 0)
				if d, err := w.client(main).Draft(w.ctx, id); err != nil || len(d.Articles) != 2 || d.Articles[0].Title != "一" || d.Articles[1].Title != "新的" {
					w.Errorf("%+v %v", d, err)
				}
			},
			refusals: append(gone(func(w *world, id string) error { return update(w, id, 0) }),
				refusal{label: "the third of two", code: 40114, kind: errs.Invalid, action: wechat.ActShow, do: func(w *world) error { return update(w, w.draft(main, "一", "二"), 2) }},
				refusal{label: "a long title", code: 45003, kind: errs.Invalid, action: wechat.ActFixContent, do: func(w *world) error {
					return w.client(main).UpdateDraft(w.ctx, w.draft(main, "一"), 0, w.news(main, strings.Repeat("办", 33)))
				}}),
		},
		{
			path: "/cgi-bin/draft/get", auth: wechat.AuthToken, s: all, f: all, day: 500, again: true,
			caller: func(w *world, account string) func() error {
				c, id := w.client(account), w.draft(account, "一")
				return func() error {
					_, err := c.Draft(w.ctx, id)
					return err
				}
			},
			effect: func(w *world) { // as it went, whatever is in it
				a := w.news(main, `“引号” & <尖括号>`)
				a.Content = "<p>1 &lt; 2 &amp; “三”</p>"
				id, err := w.client(main).AddDraft(w.ctx, []client.Article{a})
				w.wantCode("draft", err, 0)
				d, err := w.client(main).Draft(w.ctx, id)
				if err != nil || d.Articles[0].Title != a.Title || d.Articles[0].Content != a.Content || d.Articles[0].URL == "" || d.Articles[0].ThumbURL == "" {
					w.Errorf("%+v %v", d, err)
				}
			},
			refusals: gone(get),
		},
		{
			path: "/cgi-bin/draft/delete", auth: wechat.AuthToken, s: all, f: all, day: 1000, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { return c.DeleteDraft(w.ctx, w.draft(account, "一")) }
			},
			effect: func(w *world) {
				id := w.draft(main, "一")
				w.wantCode("delete", w.client(main).DeleteDraft(w.ctx, id), 0)
				w.wantCode("get", get(w, id), 40007)
			},
			refusals: gone(func(w *world, id string) error { return w.client(main).DeleteDraft(w.ctx, id) }),
		},
		{
			path: "/cgi-bin/draft/count", auth: wechat.AuthToken, s: all, f: all, day: 1000, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, err := c.CountDrafts(w.ctx)
					return err
				}
			},
			effect: func(w *world) {
				w.draft(main, "一", "二")
				w.draft(main, "三")
				w.draft("renshe", "四")
				if n, err := w.client(main).CountDrafts(w.ctx); err != nil || n != 2 {
					w.Errorf("%d %v", n, err)
				}
			},
		},
		{
			path: "/cgi-bin/draft/batchget", auth: wechat.AuthToken, s: all, f: all, day: 1000, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, _, err := c.Drafts(w.ctx, 0, 20, true)
					return err
				}
			},
			effect: listedDrafts,
			refusals: []refusal{
				{label: "21 at once", code: 40097, kind: errs.Internal, action: wechat.ActFixRequest, local: "count:wechat.between",
					do: func(w *world) error { return list(w, 0, 21) },
					raw: func(w *world) wechat.Code {
						return w.raw(main, http.MethodPost, "/cgi-bin/draft/batchget", `{"offset":0,"count":21}`)
					}},
				{label: "before the first", code: 40097, kind: errs.Internal, action: wechat.ActFixRequest, do: func(w *world) error { return list(w, -1, 20) }},
			},
		},
		{
			path: "/cgi-bin/draft/switch", auth: wechat.AuthToken, s: all, f: all, day: 1000,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, err := c.DraftBox(w.ctx, false)
					return err
				}
			},
			effect: func(w *world) {
				for _, on := range []bool{false, true} {
					if open, err := w.client(main).DraftBox(w.ctx, on); err != nil || !open {
						w.Errorf("%v: %v %v", on, open, err)
					}
				}
			},
		},
	}
}

// everyDraft: at every limit, both types; what WeChat changes, it changes.
func everyDraft(w *world) {
	c, cover := w.client(main), w.material(main).ID
	picture, err := c.UploadArticleImage(w.ctx, file("a.png", png))
	w.wantCode("picture", err, 0)
	full := client.Article{Title: strings.Repeat("办", 32), Author: strings.Repeat("张", 16), Digest: strings.Repeat("要", 128),
		Content: strings.Repeat("文", 19_999), SourceURL: "https://example.com/" + strings.Repeat("a", 1004), ThumbMediaID: cover,
		Comments: true, CommentsFans: true, Crop235: "0_0.1_1_0.5", Crop11: "0.1945_0_1_0.5236"}
	changed := client.Article{Title: "脚本与外链", ThumbMediaID: cover, Digest: "手写",
		Content: fmt.Sprintf(`<p onclick="x()">文</p><script>alert(1)</script><img src=%q><img src="https://example.com/a.png">`, picture)}
	id, err := c.AddDraft(w.ctx, []client.Article{full, changed, w.news(main, "多图文没有摘要")})
	w.wantCode("draft", err, 0)
	d, err := c.Draft(w.ctx, id)
	w.wantCode("get", err, 0)
	got := d.Articles[0]
	full.Type, full.URL, full.ThumbURL = client.TypeNews, got.URL, got.ThumbURL
	if fmt.Sprint(got) != fmt.Sprint(full) {
		w.Errorf("%.300s", fmt.Sprint(got))
	}
	if want := fmt.Sprintf(`<p>文</p><img src=%q>`, picture); d.Articles[1].Content != want || d.Articles[1].Digest != "手写" {
		w.Errorf("%+v, want %s", d.Articles[1], want)
	}
	if d.Articles[2].Digest != "" {
		w.Errorf("a digest among several: %q", d.Articles[2].Digest)
	}
	single := w.news(main, "单图文")
	single.Content = "<p>" + strings.Repeat("一二三四五六", 10) + "</p>"
	pictures := client.Article{Type: client.TypePicture, Title: "看图", Content: "文字<b>没有</b>标记"}
	for range 20 {
		pictures.Pictures = append(pictures.Pictures, cover)
	}
	for label, a := range map[string]client.Article{"the first 54 characters": single, "pictures": pictures} {
		id, err := c.AddDraft(w.ctx, []client.Article{a})
		w.wantCode(label, err, 0)
		d, err := c.Draft(w.ctx, id)
		w.wantCode(label, err, 0)
		switch got := d.Articles[0]; {
		case a.Type == client.TypePicture && (len(got.Pictures) != 20 || got.Content != "文字没有标记" || got.Type != client.TypePicture):
			w.Errorf("%s: %+v", label, got)
		case a.Type == "" && got.Digest != strings.Repeat("一二三四五六", 9):
			w.Errorf("%s: %q", label, got.Digest)
		}
	}
	if _, content := w.exchange("GET", got.URL, nil, nil); !strings.Contains(string(content), full.Title) {
		w.Errorf("%s shows %.200s", got.URL, content)
	}
}

// listedDrafts: the last changed first, page by page, with or without their texts.
func listedDrafts(w *world) {
	c := w.client(main)
	ids := make([]string, 23)
	for i := range ids {
		ids[i] = w.draft(main, fmt.Sprint("第", i))
		w.moveCivil(time.Second)
	}
	w.wantCode("update", c.UpdateDraft(w.ctx, ids[0], 0, w.news(main, "改过")), 0)
	first, total, err := c.Drafts(w.ctx, 0, 20, false)
	if err != nil || total != 23 || len(first) != 20 || first[0].MediaID != ids[0] || first[1].MediaID != ids[22] || first[0].Articles[0].Content == "" {
		w.Fatalf("%d of %d %v: %+v", len(first), total, err, first)
	}
	rest, total, err := c.Drafts(w.ctx, 20, 20, true)
	if err != nil || total != 23 || len(rest) != 3 || rest[2].MediaID != ids[1] || rest[2].Articles[0].Content != "" || rest[2].Articles[0].Title == "" {
		w.Errorf("%d of %d %v: %+v", len(rest), total, err, rest)
	}
}
