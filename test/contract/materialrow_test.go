package contract

import (
	"net/http"
	"strings"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

func materialRows() []row {
	missing := func(do func(w *world, id string) error) []refusal {
		return []refusal{
			{label: "no such material", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error { return do(w, "abc") }},
			{label: "no id", code: 41006, kind: errs.Invalid, action: wechat.ActFixContent, do: func(w *world) error { return do(w, "") }},
			{label: "another account's", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error { return do(w, w.material("renshe").ID) }},
			{label: "a temporary one", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error { return do(w, w.files(main)["image"]) }},
		}
	}
	get := func(w *world, id string) error { return discard(w.client(main).Material(w.ctx, id)) }
	del := func(w *world, id string) error { return w.client(main).DeleteMaterial(w.ctx, id) }
	return []row{
		{
			path: "/cgi-bin/material/add_material", auth: wechat.AuthToken, s: all, f: all,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, err := c.AddMaterial(w.ctx, client.MediaImage, file("a.png", png), client.About{})
					return err
				}
			},
			effect: everyMaterial, refusals: materialRefusals(),
		},
		{
			path: "/cgi-bin/material/get_material", auth: wechat.AuthToken, s: all, f: all, again: true,
			caller: func(w *world, account string) func() error {
				id, c := w.material(account).ID, w.client(account)
				return func() error { return discard(c.Material(w.ctx, id)) }
			},
			effect: func(w *world) { // a permanent one outlives the temporary ones
				id := w.material(main).ID
				w.moveCivil(400 * 24 * time.Hour)
				w.wantCode("after a year", get(w, id), 0)
			},
			refusals: missing(get),
		},
		{
			path: "/cgi-bin/material/del_material", auth: wechat.AuthToken, s: all, f: all, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error { return c.DeleteMaterial(w.ctx, w.material(account).ID) }
			},
			effect: deletedMaterial,
			refusals: append(missing(del), refusal{label: "the menu needs it", code: 48005, kind: errs.Conflict, action: wechat.ActShow, do: func(w *world) error {
				id := w.material(main).ID
				w.wantCode("menu", w.client(main).CreateMenu(w.ctx, client.Menu{Buttons: []client.Button{{Type: "media_id", Name: "看图", MediaID: id}}}), 0)
				return del(w, id)
			}}),
		},
		{
			path: "/cgi-bin/material/get_materialcount", auth: wechat.AuthToken, s: all, f: all, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, err := c.CountMaterials(w.ctx)
					return err
				}
			},
			effect: countedMaterials,
		},
		{
			path: "/cgi-bin/material/batchget_material", auth: wechat.AuthToken, s: all, f: all, again: true,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, _, err := c.Materials(w.ctx, client.MediaImage, 0, 20)
					return err
				}
			},
			effect: listedMaterials,
			refusals: []refusal{
				{label: "21 at once", code: 40097, kind: errs.Internal, action: wechat.ActFixRequest, local: "count:wechat.between",
					do: func(w *world) error { return w.materials(client.MediaImage, 0, 21) },
					raw: func(w *world) wechat.Code {
						return w.raw(main, http.MethodPost, "/cgi-bin/material/batchget_material", `{"type":"image","offset":0,"count":21}`)
					}},
				{label: "none", code: 40097, kind: errs.Internal, action: wechat.ActFixRequest, local: "count:wechat.between",
					do: func(w *world) error { return w.materials(client.MediaImage, 0, 0) },
					raw: func(w *world) wechat.Code {
						return w.raw(main, http.MethodPost, "/cgi-bin/material/batchget_material", `{"type":"image","offset":0,"count":0}`)
					}},
				{label: "before the first", code: 40097, kind: errs.Internal, action: wechat.ActFixRequest, do: func(w *world) error { return w.materials(client.MediaImage, -1, 20) }},
				{label: "an unknown kind", code: 40004, kind: errs.Invalid, action: wechat.ActFixContent, do: func(w *world) error { return w.materials("smell", 0, 20) }},
			},
		},
		{
			path: "/cgi-bin/media/uploadimg", auth: wechat.AuthToken, s: all, f: all,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, err := c.UploadArticleImage(w.ctx, file("a.png", png))
					return err
				}
			},
			effect: articleImages,
			refusals: []refusal{
				{label: "1 MB", code: 45001, kind: errs.Invalid, action: wechat.ActFixContent, local: "size:wechat.between",
					do: func(w *world) error {
						_, err := w.client(main).UploadArticleImage(w.ctx, file("a.png", padded(png, 1<<20)))
						return err
					},
					raw: func(w *world) wechat.Code { return w.form("/cgi-bin/media/uploadimg", padded(png, 1<<20)) }},
				{label: "a GIF", code: 40005, kind: errs.Invalid, action: wechat.ActFixContent, do: func(w *world) error {
					_, err := w.client(main).UploadArticleImage(w.ctx, file("a.gif", []byte("GIF89a00")))
					return err
				}},
			},
		},
		{
			path: "/cgi-bin/media/uploadvideo", auth: wechat.AuthToken, s: verified, f: verified,
			caller: func(w *world, account string) func() error {
				id, c := w.files(account)["video"], w.client(account)
				return func() error {
					_, err := c.MassVideo(w.ctx, id, client.About{Title: "办事指南"})
					return err
				}
			},
			effect: func(w *world) {
				m, err := w.client(main).MassVideo(w.ctx, w.files(main)["video"], client.About{Title: "办事指南"})
				if err != nil || m.ID == "" || m.Type != "video" || m.CreatedAt != w.civil.Now().Unix() {
					w.Errorf("%+v %v", m, err)
				}
			},
			refusals: []refusal{{label: "no video", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error {
				_, err := w.client(main).MassVideo(w.ctx, w.files(main)["image"], client.About{})
				return err
			}}},
		},
		{
			path: "/cgi-bin/media/get/jssdk", auth: wechat.AuthToken, s: verified, f: verified, again: true,
			caller: func(w *world, account string) func() error {
				id, c := w.files(account)["voice"], w.client(account)
				return func() error { return discard(c.Voice16K(w.ctx, id)) }
			},
			effect: func(w *world) {
				w.follow(main, "zhang")
				w.dev.take()
				w.play("POST", "/messages", object{"account": main, "citizen": "zhang", "type": "voice", "recognition": "居住证怎么办"})
				d, err := w.client(main).Voice16K(w.ctx, w.next("a voice").MediaID16K)
				if w.wantCode("load", discard(d, err), 0); d.Size == 0 {
					w.Error("an empty voice")
				}
			},
			refusals: []refusal{
				{label: "a picture", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error {
					return discard(w.client(main).Voice16K(w.ctx, w.files(main)["image"]))
				}},
				{label: "no id", code: 41006, kind: errs.Invalid, action: wechat.ActFixContent, do: func(w *world) error { return discard(w.client(main).Voice16K(w.ctx, "")) }},
			},
		},
	}
}

func materialRefusals() []refusal {
	const path = "/cgi-bin/material/add_material"
	send := func(kind client.MediaKind, content []byte, title string) func(w *world) error {
		return func(w *world) error {
			_, err := w.client(main).AddMaterial(w.ctx, kind, file("a.bin", content), client.About{Title: title})
			return err
		}
	}
	foreign := func(kind string, content []byte) func(w *world) wechat.Code {
		return func(w *world) wechat.Code { return w.form(path+"?type="+kind, content) }
	}
	large := func(kind client.MediaKind, content []byte, limit int) refusal {
		content = padded(content, limit+1)
		return refusal{label: "a large " + string(kind), code: 45001, kind: errs.Invalid, action: wechat.ActFixContent,
			local: "size:wechat.between", do: send(kind, content, "办事"), raw: foreign(string(kind), content)}
	}
	wrong := func(kind client.MediaKind, what string, content []byte) refusal {
		return refusal{label: what + " as " + string(kind), code: 40005, kind: errs.Invalid, action: wechat.ActFixContent, do: send(kind, content, "办事")}
	}
	film := sampleFiles[client.MediaVideo].content
	full := func(kind client.MediaKind, mime string, content []byte, n int) refusal {
		return refusal{label: "one " + string(kind) + " too many", code: 45099, kind: errs.Exhausted, action: wechat.ActShow, do: func(w *world) error {
			if err := w.box.SeedMaterials(w.ctx, main, string(kind), mime, content, n); err != nil {
				w.Fatal(err)
			}
			return send(kind, content, "")(w)
		}}
	}
	return []refusal{
		large(client.MediaImage, png, 10<<20), large(client.MediaVoice, amr(1), 2<<20), large(client.MediaVideo, film, 10<<20), large(client.MediaThumb, jpeg, 64<<10),
		wrong(client.MediaImage, "a voice", amr(1)), wrong(client.MediaVoice, "a picture", png), wrong(client.MediaThumb, "a PNG", png),
		{label: "a voice of 61 seconds", code: 45007, kind: errs.Invalid, action: wechat.ActFixContent, do: send(client.MediaVoice, amr(61), "")},
		{label: "a video without a title", code: 40035, kind: errs.Internal, action: wechat.ActFixRequest, local: "title:required", do: send(client.MediaVideo, film, ""), raw: foreign("video", film)},
		{label: "a long title", code: 45003, kind: errs.Invalid, action: wechat.ActFixContent, do: send(client.MediaVideo, film, strings.Repeat("办", 31))},
		{label: "an unknown kind", code: 40004, kind: errs.Invalid, action: wechat.ActFixContent, local: "kind:wechat.media_kind", do: send("smell", png, ""), raw: foreign("smell", png)},
		full(client.MediaVoice, "audio/amr", amr(1), 1000), full(client.MediaImage, "image/png", png, 100_000),
	}
}
