package contract

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"weizheng/platform/errs"
	"weizheng/wechat"
	"weizheng/wechat/client"
)

var (
	png  = []byte("\x89PNG\r\n\x1a\n0000")
	jpeg = []byte("\xff\xd8\xff\xe0aaaa")
)

// amr is a narrow-band voice of that many seconds: 50 frames a second of mode 7, 32 bytes each.
func amr(seconds int) []byte {
	frame := append([]byte{0x3c}, make([]byte, 31)...)
	return append([]byte("#!AMR\n"), bytes.Repeat(frame, 50*seconds)...)
}

type sample struct {
	name    string
	content []byte
}

var sampleFiles = map[client.MediaKind]sample{
	client.MediaImage: {"图.png", png},
	client.MediaVoice: {"v.amr", amr(1)},
	client.MediaVideo: {"v.mp4", []byte("\x00\x00\x00\x18ftypmp42aaaa")},
	client.MediaThumb: {"t.jpg", jpeg},
}

func file(name string, content []byte) client.File {
	return client.File{Name: name, Size: int64(len(content)), Body: bytes.NewReader(content)}
}

// padded is a file of exactly n bytes that begins like content.
func padded(content []byte, n int) []byte {
	return append(bytes.Clone(content), make([]byte, n-len(content))...)
}

func mediaRows() []row {
	const upload, get = "/cgi-bin/media/upload", "/cgi-bin/media/get"
	return []row{
		{
			path: upload, auth: wechat.AuthToken, s: all, f: all, day: 100_000,
			caller: func(w *world, account string) func() error {
				c := w.client(account)
				return func() error {
					_, err := c.UploadMedia(w.ctx, client.MediaImage, file("a.png", png))
					return err
				}
			},
			effect: everyFile, refusals: uploadRefusals(upload),
		},
		{
			path: get, auth: wechat.AuthToken, s: all, f: all, day: 200_000, again: true,
			caller: func(w *world, account string) func() error {
				m, err := w.client(account).UploadMedia(w.ctx, client.MediaImage, file("a.png", png))
				w.wantCode("upload", err, 0)
				c := w.client(account)
				return func() error {
					d, err := c.Media(w.ctx, m.ID)
					if err == nil {
						err = d.Body.Close()
					}
					return err
				}
			},
			effect: citizensFiles,
			refusals: []refusal{
				{label: "no such file", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error { return w.load(main, "abc") }},
				{label: "no id", code: 41006, kind: errs.Invalid, action: wechat.ActFixContent, do: func(w *world) error { return w.load(main, "") }},
				{label: "another account's", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error { return w.load(main, w.files("renshe")["image"]) }},
				{label: "after three days", code: 40007, kind: errs.Invalid, action: wechat.ActRenewMedia, do: func(w *world) error {
					id := w.files(main)["voice"]
					w.moveCivil(3*24*time.Hour - time.Millisecond)
					w.wantCode("just before", w.load(main, id), 0)
					w.moveCivil(time.Millisecond)
					return w.load(main, id)
				}},
			},
		},
	}
}

func (w *world) load(account, id string) error {
	d, err := w.client(account).Media(w.ctx, id)
	if err == nil && d.Body != nil {
		err = d.Body.Close()
	}
	return err
}

// uploadRefusals: what each kind takes, how large and how long. The client measures by itself, WeChat looks inside.
func uploadRefusals(path string) []refusal {
	send := func(kind client.MediaKind, content []byte) func(w *world) error {
		return func(w *world) error {
			_, err := w.client(main).UploadMedia(w.ctx, kind, file("a.bin", content))
			return err
		}
	}
	foreign := func(kind string, content []byte) func(w *world) wechat.Code {
		return func(w *world) wechat.Code {
			body := &bytes.Buffer{}
			m := multipart.NewWriter(body)
			part, err := m.CreateFormFile("media", "a.bin")
			if err == nil {
				_, err = part.Write(content)
			}
			if err = firstOf(err, m.Close()); err != nil {
				w.Fatal(err)
			}
			return w.rawWith(main, http.MethodPost, path+"?type="+kind, body, http.Header{"Content-Type": {m.FormDataContentType()}})
		}
	}
	large := func(kind client.MediaKind, content []byte, limit int) refusal {
		content = padded(content, limit+1)
		return refusal{label: fmt.Sprintf("%s of a byte more than %d", kind, limit), code: 45001, kind: errs.Invalid, action: wechat.ActFixContent,
			local: "size:wechat.between", do: send(kind, content), raw: foreign(string(kind), content)}
	}
	wrong := func(kind client.MediaKind, what string, content []byte) refusal {
		return refusal{label: what + " as " + string(kind), code: 40005, kind: errs.Invalid, action: wechat.ActFixContent, do: send(kind, content)}
	}
	mp4 := sampleFiles[client.MediaVideo].content
	return []refusal{
		large(client.MediaImage, png, 10<<20), large(client.MediaVoice, amr(1), 2<<20),
		large(client.MediaVideo, mp4, 10<<20), large(client.MediaThumb, jpeg, 64<<10),
		wrong(client.MediaImage, "a BMP", []byte("BM000000")), wrong(client.MediaImage, "a voice", amr(1)), wrong(client.MediaVoice, "a WAV", []byte("RIFF0000WAVE")),
		wrong(client.MediaVideo, "a picture", png), wrong(client.MediaThumb, "a PNG", png),
		{label: "a voice of 61 seconds", code: 45007, kind: errs.Invalid, action: wechat.ActFixContent, do: send(client.MediaVoice, amr(61))},
		{label: "an empty file", code: 44001, kind: errs.Invalid, action: wechat.ActFixContent, local: "size:wechat.between", do: send(client.MediaImage, nil), raw: foreign("image", nil)},
		{label: "an unknown kind", code: 40004, kind: errs.Invalid, action: wechat.ActFixContent, local: "kind:wechat.media_kind", do: send("smell", png), raw: foreign("smell", png)},
		{label: "no file", code: 41005, kind: errs.Invalid, action: wechat.ActFixContent, local: "name:required",
			do: func(w *world) error {
				_, err := w.client(main).UploadMedia(w.ctx, client.MediaImage, client.File{Size: 1, Body: strings.NewReader("x")})
				return err
			},
			raw: func(w *world) wechat.Code { return w.raw(main, http.MethodPost, path+"?type=image", "") }},
	}
}

func firstOf(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// everyFile: each kind goes up, at its limit, and comes back as it went; a video comes as an address.
func everyFile(w *world) {
	c := w.client(main)
	for _, s := range []struct {
		kind    client.MediaKind
		content []byte
		mime    string
	}{
		{client.MediaImage, png, "image/png"}, {client.MediaImage, padded(jpeg, 10<<20), "image/jpeg"}, {client.MediaImage, []byte("GIF89a00"), "image/gif"},
		{client.MediaVoice, amr(60), "audio/amr"}, {client.MediaVoice, bytes.Repeat(append([]byte{0xff, 0xfb, 0x90, 0x00}, make([]byte, 413)...), 50), "audio/mpeg"},
		{client.MediaThumb, padded(jpeg, 64<<10), "image/jpeg"},
	} {
		m, err := c.UploadMedia(w.ctx, s.kind, file("图 a.bin", s.content))
		if err != nil || m.ID == "" || m.Type != string(s.kind) || m.CreatedAt != w.civil.Now().Unix() {
			w.Errorf("%s %s: %+v %v", s.kind, s.mime, m, err)
			continue
		}
		d, err := c.Media(w.ctx, m.ID)
		if err != nil || d.ContentType != s.mime || d.VideoURL != "" || d.Name == "" {
			w.Errorf("%s %s comes back as %+v %v", s.kind, s.mime, d, err)
			continue
		}
		if got, err := io.ReadAll(d.Body); err != nil || !bytes.Equal(got, s.content) {
			w.Errorf("%s: %d bytes, %v", s.kind, len(got), err)
		}
		w.wantCode("close", d.Body.Close(), 0)
	}
	film := padded(sampleFiles[client.MediaVideo].content, 10<<20)
	m, err := c.UploadMedia(w.ctx, client.MediaVideo, file("a.mp4", film))
	w.wantCode("film", err, 0)
	d, err := c.Media(w.ctx, m.ID)
	if err != nil || d.Body != nil || d.VideoURL == "" {
		w.Fatalf("a film comes back as %+v %v", d, err)
	}
	if _, got := w.exchange("GET", d.VideoURL, nil, nil); !bytes.Equal(got, film) {
		w.Errorf("the film at its address: %d bytes", len(got))
	}
}

// phoneFile puts a file on a phone.
func (w *world) phoneFile(kind, name string, content []byte) string {
	w.Helper()
	body := &bytes.Buffer{}
	m := multipart.NewWriter(body)
	part, err := m.CreateFormFile("media", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err = firstOf(err, m.Close()); err != nil {
		w.Fatal(err)
	}
	res, answer := w.exchange("POST", "http://"+boxHost+"/sandbox/api/media?type="+kind, body, http.Header{"Content-Type": {m.FormDataContentType()}})
	id, _ := w.asObject(answer)["media_id"].(string)
	if res.StatusCode != http.StatusCreated || id == "" {
		w.Fatalf("%d %s", res.StatusCode, answer)
	}
	return id
}

// citizensFiles: what a citizen sends is loaded by the MediaId of the callback.
func citizensFiles(w *world) {
	w.follow(main, "zhang")
	w.dev.take()
	picture := w.phoneFile("image", "a.png", png)
	w.play("POST", "/messages", object{"account": main, "citizen": "zhang", "type": "image", "media_id": picture})
	got := w.next("a picture")
	d, err := w.client(main).Media(w.ctx, got.MediaID)
	w.wantCode("load", err, 0)
	content, err := io.ReadAll(d.Body)
	if err != nil || !bytes.Equal(content, png) || d.ContentType != "image/png" {
		w.Errorf("%s %v", d.ContentType, err)
	}
	w.wantCode("close", d.Body.Close(), 0)
	if u, err := url.Parse(got.PicURL); err != nil || u.Host != boxHost {
		w.Errorf("PicUrl %q", got.PicURL)
	} else if _, again := w.exchange("GET", got.PicURL, nil, nil); !bytes.Equal(again, png) {
		w.Error("PicUrl shows something else")
	}
	w.play("POST", "/messages", object{"account": main, "citizen": "zhang", "type": "voice", "recognition": "居住证怎么办"})
	voice := w.next("a voice")
	for _, id := range []string{voice.MediaID, voice.MediaID16K} {
		d, err := w.client(main).Media(w.ctx, id)
		if err != nil || d.ContentType != "audio/amr" || voice.Recognition != "居住证怎么办" {
			w.Errorf("%+v %v", d, err)
			continue
		}
		w.wantCode("close", d.Body.Close(), 0)
	}
}

// TestUploadIsRepeated: the file goes again from its start when the token died, also in the middle.
func TestUploadIsRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	content := padded(jpeg, 1<<20)
	w.play("PUT", "/faults", object{"faults": []object{{"path": "/cgi-bin/media/upload", "kind": "revoke"}}})
	m, err := w.client(main).UploadMedia(w.ctx, client.MediaImage, file("a.jpg", content))
	w.wantCode("upload", err, 0)
	d, err := w.client(main).Media(w.ctx, m.ID)
	w.wantCode("load", err, 0)
	if got, err := io.ReadAll(d.Body); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes: %v", len(got), err)
	}
	w.wantCode("close", d.Body.Close(), 0)
}
