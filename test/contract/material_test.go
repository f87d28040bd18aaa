package contract

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"weizheng/wechat"
	"weizheng/wechat/client"
)

var bmp = append([]byte("BM"), make([]byte, 60)...)

func discard(d client.Download, err error) error {
	if err == nil && d.Body != nil {
		err = d.Body.Close()
	}
	return err
}

// material makes a permanent picture.
func (w *world) material(account string) client.Material {
	w.Helper()
	m, err := w.client(account).AddMaterial(w.ctx, client.MediaImage, file("封面.png", png), client.About{})
	w.wantCode("material", err, 0)
	return m
}

func (w *world) materials(kind client.MediaKind, offset, count int) error {
	_, _, err := w.client(main).Materials(w.ctx, kind, offset, count)
	return err
}

// form uploads a file as no client of ours would.
func (w *world) form(path string, content []byte) wechat.Code {
	w.Helper()
	body := &bytes.Buffer{}
	m := multipart.NewWriter(body)
	part, err := m.CreateFormFile("media", "a.bin")
	if err == nil {
		_, err = part.Write(content)
	}
	if err = firstOf(err, m.Close()); err != nil {
		w.Fatal(err)
	}
	return w.rawWith(main, http.MethodPost, path, body, http.Header{"Content-Type": {m.FormDataContentType()}})
}

// everyMaterial: each kind goes up and comes back as it went, pictures also by an address, videos with their title.
func everyMaterial(w *world) {
	c := w.client(main)
	for _, s := range []struct {
		kind    client.MediaKind
		content []byte
		mime    string
	}{
		{client.MediaImage, png, "image/png"}, {client.MediaImage, bmp, "image/bmp"}, {client.MediaImage, padded(jpeg, 10<<20), "image/jpeg"},
		{client.MediaVoice, amr(60), "audio/amr"}, {client.MediaThumb, jpeg, "image/jpeg"},
	} {
		m, err := c.AddMaterial(w.ctx, s.kind, file("图 a.bin", s.content), client.About{})
		w.wantCode(s.mime, err, 0)
		d, err := c.Material(w.ctx, m.ID)
		if err != nil || d.ContentType != s.mime || d.VideoURL != "" {
			w.Errorf("%s comes back as %+v %v", s.mime, d, err)
			continue
		}
		if got, err := io.ReadAll(d.Body); err != nil || !bytes.Equal(got, s.content) {
			w.Errorf("%s: %d bytes, %v", s.mime, len(got), err)
		}
		w.wantCode("close", d.Body.Close(), 0)
		if picture := strings.HasPrefix(s.mime, "image/"); picture != (m.URL != "") {
			w.Errorf("%s: address %q", s.mime, m.URL)
		} else if picture {
			if _, got := w.exchange("GET", m.URL, nil, nil); !bytes.Equal(got, s.content) {
				w.Errorf("%s at its address: %d bytes", s.mime, len(got))
			}
		}
	}
	film := sampleFiles[client.MediaVideo].content
	m, err := c.AddMaterial(w.ctx, client.MediaVideo, file("a.mp4", film), client.About{Title: "怎么办“居住证”", Introduction: "三步办好"})
	w.wantCode("film", err, 0)
	d, err := c.Material(w.ctx, m.ID)
	if err != nil || d.Body != nil || d.About != (client.About{Title: "怎么办“居住证”", Introduction: "三步办好"}) {
		w.Fatalf("a film comes back as %+v %v", d, err)
	}
	if _, got := w.exchange("GET", d.VideoURL, nil, nil); !bytes.Equal(got, film) {
		w.Errorf("the film at its address: %d bytes", len(got))
	}
	w.follow(main, "zhang")
	w.say(main, "zhang", "你好")
	w.wantCode("a permanent picture in a message", c.SendCustom(w.ctx, w.openid(main, "zhang"), client.Image{MediaID: w.material(main).ID}), 0)
}

// deletedMaterial: it is gone from the lists and for messages, but shows where its address was used.
func deletedMaterial(w *world) {
	c, m := w.client(main), w.material(main)
	w.wantCode("delete", c.DeleteMaterial(w.ctx, m.ID), 0)
	w.wantCode("get", discard(c.Material(w.ctx, m.ID)), 40007)
	if list, total, err := c.Materials(w.ctx, client.MediaImage, 0, 20); err != nil || len(list) != 0 || total != 0 {
		w.Errorf("still there: %v %d %v", list, total, err)
	}
	if _, got := w.exchange("GET", m.URL, nil, nil); !bytes.Equal(got, png) {
		w.Error("articles that use it lost their picture")
	}
}

func countedMaterials(w *world) {
	c := w.client(main)
	for kind, s := range map[client.MediaKind]sample{client.MediaImage: {"a.png", png}, client.MediaThumb: {"t.jpg", jpeg}, client.MediaVoice: {"v.amr", amr(1)}} {
		_, err := c.AddMaterial(w.ctx, kind, file(s.name, s.content), client.About{})
		w.wantCode(string(kind), err, 0)
	}
	w.files(main) // temporary ones are not counted
	w.material("renshe")
	if n, err := c.CountMaterials(w.ctx); err != nil || n != (client.MaterialCounts{Images: 2, Voices: 1}) {
		w.Errorf("%+v %v", n, err)
	}
}

// listedMaterials: the newest first, page by page.
func listedMaterials(w *world) {
	c := w.client(main)
	ids := make([]string, 23)
	for i := range ids {
		ids[i] = w.material(main).ID
		w.moveCivil(time.Second)
	}
	seen := 0
	for offset := 0; offset < 23; offset += 20 {
		list, total, err := c.Materials(w.ctx, client.MediaImage, offset, 20)
		if err != nil || total != 23 || len(list) != min(20, 23-offset) {
			w.Fatalf("from %d: %d of %d, %v", offset, len(list), total, err)
		}
		for _, m := range list {
			seen++
			if m.ID != ids[23-seen] || m.Name != "封面.png" || m.URL == "" || m.UpdatedAt == 0 {
				w.Errorf("%d: %+v", seen, m)
			}
		}
	}
}

// TestButtonShowsMaterial: WeChat itself answers with the picture, and the account hears nothing of it.
func TestButtonShowsMaterial(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow(main, "zhang")
	w.wantCode("menu", w.client(main).CreateMenu(w.ctx, client.Menu{Buttons: []client.Button{{Type: "media_id", Name: "看图", MediaID: w.material(main).ID}}}), 0)
	w.moveCivil(10 * time.Minute)
	w.dev.take()
	w.play("POST", "/menu/tap", object{"account": main, "citizen": "zhang", "path": []int{0}})
	w.settle()
	if item := w.last(main, "zhang"); item["type"] != "image" || item["origin"] != "menu" || len(w.dev.take()) != 0 {
		t.Errorf("%v", item)
	}
}

// articleImages show by their address, count towards no total and are no material.
func articleImages(w *world) {
	c := w.client(main)
	address, err := c.UploadArticleImage(w.ctx, file("图.jpg", padded(jpeg, 1<<20-1)))
	w.wantCode("upload", err, 0)
	if u, err := url.Parse(address); err != nil || u.Host != boxHost {
		w.Fatalf("address %q", address)
	}
	if _, got := w.exchange("GET", address, nil, nil); len(got) != 1<<20-1 {
		w.Errorf("%d bytes", len(got))
	}
	if n, err := c.CountMaterials(w.ctx); err != nil || n.Images != 0 {
		w.Errorf("%+v %v", n, err)
	}
}
